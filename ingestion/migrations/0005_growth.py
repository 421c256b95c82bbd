"""Search of documents by a part of their name, by an index; the newest documents of a batch; fields seen by a person.

The index holds the trigrams of file name and external id, each hashed together with the tenant, so that the entries
of a tenant are found without those of the others. Row level security keeps conditions on arrays out of index scans,
because their operators are not leakproof; the function therefore reads past it and takes the tenant from the
transaction, like the policy.
"""

from django.db import migrations, models

from refinery.core.database.rls import CURRENT_TENANT_SQL, CreatePlatformFunction

TRIGRAMS = """
CREATE FUNCTION trigram_key(tenant uuid, trigram text) RETURNS integer
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN hashtext(tenant::text || trigram);
CREATE FUNCTION name_trigrams(tenant uuid, name text) RETURNS integer[]
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN
  ARRAY(SELECT trigram_key(tenant, substr(name, place, 3)) FROM generate_series(1, length(name) - 2) AS place);
"""
NO_TRIGRAMS = "DROP FUNCTION name_trigrams(uuid, text); DROP FUNCTION trigram_key(uuid, text);"
INDEX = """
CREATE INDEX document_by_name ON document
  USING gin (name_trigrams(tenant_id, upper(filename) || chr(10) || upper(external_id)))
  WITH (gin_pending_list_limit = 256);
"""
# A name that the newest documents often have is found faster by reading the list in its order: no ids are returned.
# Only the rarest trigrams of the text are looked up, because each one costs a search for each candidate; the first 64
# characters have enough of them. The conditions outside of OFFSET 0 decide; it keeps the planner from an index of all
# documents of the tenant, which it takes for short when the plan is made for a small tenant.
DOCUMENTS_NAMED = f"""
WITH given AS (SELECT {CURRENT_TENANT_SQL} AS tenant, upper(wanted) AS text),
newest AS MATERIALIZED (
  SELECT upper(d.filename) || chr(10) || upper(d.external_id) AS name FROM document d
  WHERE d.tenant_id = {CURRENT_TENANT_SQL} ORDER BY d.id DESC LIMIT 200
)
SELECT CASE
  WHEN length(given.text) < 3 OR (SELECT count(*) > 4 FROM newest WHERE strpos(name, given.text) > 0) THEN NULL
  ELSE ARRAY(
    SELECT d.id FROM (
      SELECT id, tenant_id, filename, external_id FROM document
      WHERE name_trigrams(tenant_id, upper(filename) || chr(10) || upper(external_id)) @> ARRAY(
        SELECT trigram_key(given.tenant, rare.trigram)
        FROM (SELECT DISTINCT substr(given.text, place, 3) AS trigram
              FROM generate_series(1, least(length(given.text), 64) - 2) AS place) AS rare
        ORDER BY (SELECT count(*) FROM newest WHERE strpos(name, rare.trigram) > 0)
        LIMIT 4)
      OFFSET 0) AS d
    WHERE d.tenant_id = given.tenant
      AND (strpos(upper(d.filename), given.text) > 0 OR strpos(upper(d.external_id), given.text) > 0)
    LIMIT most)
  END
FROM given
"""  # noqa: S608 - a constant


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0004_object_grants")]

    operations = [
        migrations.RunSQL(TRIGRAMS, NO_TRIGRAMS),
        migrations.RunSQL(INDEX, "DROP INDEX document_by_name;"),
        CreatePlatformFunction("platform_documents_named(wanted text, most integer)", "uuid[]", DOCUMENTS_NAMED),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["tenant_id", "batch", "-id"], name="document_batch_newest"),
        ),
        migrations.AddIndex(
            model_name="field",
            index=models.Index(
                fields=["tenant_id", "document", "human"],
                name="field_by_human",
                condition=models.Q(("human", ""), _negated=True),
            ),
        ),
    ]
