"""Values before and after an administrator's change, as JSON for the audit log."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Model, QuerySet
from django.forms import BaseForm

LONGEST_VALUE: Final = 500
SECRET_PARTS: Final = ("secret", "password", "token", "digest", "email")


def changed_values(forms: Iterable[BaseForm]) -> dict[str, list[Any]]:
    """Return the values before and after of each changed field; of secrets and addresses only that they changed."""
    changes: dict[str, list[Any]] = {}
    for form in forms:
        cleaned = getattr(form, "cleaned_data", {})
        for name in form.changed_data:
            if any(part in name for part in SECRET_PARTS):
                changes[name] = ["(hidden)", "(hidden)"]
            else:
                changes[name] = [_plain(form.get_initial_for_field(form.fields[name], name)), _plain(cleaned.get(name))]
    return changes


def deleted_values(row: Model, names: Iterable[str]) -> dict[str, list[Any]]:
    """Return the last values of a deleted row's fields; None follows, because they are gone."""
    columns = {field.name for field in row._meta.concrete_fields}  # noqa: SLF001 - Django's documented way
    shown = [name for name in names if name in columns and not any(part in name for part in SECRET_PARTS)]
    return {name: [_plain(getattr(row, name)), None] for name in shown}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any field's value
    """Return a value as JSON: a row by its id, a long text cut."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, list | tuple | set | frozenset | QuerySet):
        return [_plain(each) for each in value]
    if isinstance(value, datetime | date | UUID):
        return str(value)
    return str(value)[:LONGEST_VALUE]
