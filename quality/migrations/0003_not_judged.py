"""Let a score be null where nothing could be judged, and take back those that were made up for it.

Until now such a dimension held the overall score, and 0 stood for the confidence of a document without words.
Which checks counted is kept with each assessment, so the rows of every tenant can be set right: by the platform
role, for the tables are closed even to their owner.
"""

from django.db import migrations, models

NAMES = ("overall", "structural", "content", "compliance", "freshness", "ocr_confidence")
FORGET = """
SET LOCAL ROLE refinery_platform;
UPDATE assessment SET
  structural = CASE WHEN 'structural' = ANY (judged.dimensions) THEN structural END,
  content = CASE WHEN 'content' = ANY (judged.dimensions) THEN content END,
  compliance = CASE WHEN 'compliance' = ANY (judged.dimensions) THEN compliance END,
  freshness = CASE WHEN 'freshness' = ANY (judged.dimensions) THEN freshness END,
  overall = CASE WHEN judged.dimensions <> '{}' THEN overall END,
  ocr_confidence = NULLIF(ocr_confidence, 0)
FROM (
  SELECT id, ARRAY(
    SELECT one ->> 'dimension' FROM jsonb_array_elements(outcomes) AS one
    WHERE one ->> 'verdict' IN ('pass', 'fail') AND NOT (one ->> 'shadow')::boolean
  ) AS dimensions FROM assessment
) AS judged
WHERE judged.id = assessment.id;
RESET ROLE;
"""
MAKE_UP = """
SET LOCAL ROLE refinery_platform;
UPDATE assessment SET
  structural = COALESCE(structural, overall, 0), content = COALESCE(content, overall, 0),
  compliance = COALESCE(compliance, overall, 0), freshness = COALESCE(freshness, overall, 0),
  overall = COALESCE(overall, 0), ocr_confidence = COALESCE(ocr_confidence, 0);
RESET ROLE;
"""


class Migration(migrations.Migration):
    dependencies = [("quality", "0002_walls")]

    operations = [
        *(
            migrations.AlterField(model_name="assessment", name=name, field=models.FloatField(null=True))
            for name in NAMES
        ),
        migrations.RunSQL(FORGET, MAKE_UP),
    ]
