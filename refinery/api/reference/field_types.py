"""Reference page of the field types, from their registry."""

from ingestion.domain.extraction.finders import field_type
from ingestion.domain.schemas.kinds import ValueType, value_types
from refinery.api.markdown import code_list, table

INTRODUCTION = """# Field types

The `kind` of a field in a schema is the key of one of these types. It decides how a value is found on the pages,
how it is normalised, validated and compared, and how a reviewer enters it.
[How to add a field type](../howto/add-a-field-type.md).
"""
VALUES = ("Key", "Title", "Normalised form", "Printed", "Normalised", "Validated")
FINDING = ("Key", "Found by", "Same value if equal", "Contradicts another document", "Rows of the input")


def _value_row(each: ValueType) -> tuple[str, ...]:
    printed = code_list(example.printed.replace("\n", "⏎") for example in each.examples)
    normalized = code_list(example.normalized.replace("\n", "⏎") for example in each.examples)
    return f"`{each.key}`", each.title, each.normal_form, printed, normalized, "yes" if each.validate else ""


def _finding_row(each: ValueType) -> tuple[str, ...]:
    own = field_type(each.key).find is not field_type("text").find
    return (
        f"`{each.key}`",
        "its own rules" if own else "label",
        "normalised form" if each.comparison_key else "letters and digits",
        "yes" if each.contradicts else "",
        str(each.widget.rows),
    )


def render() -> str:
    """Return the page."""
    types = value_types().values()
    values, finding = table(VALUES, map(_value_row, types)), table(FINDING, map(_finding_row, types))
    note = "`⏎` is a line break. Whatever its type, a field may have a `pattern` that its normalised value must match."
    return f"{INTRODUCTION}\n{values}\n\n{note}\n\n## Finding and comparing\n\n{finding}\n"
