"""Values before and after an administrator's change, as JSON for the audit log."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Model, QuerySet
from django.forms import BaseForm

LONGEST_VALUE: Final = 500
HIDDEN: Final = "(hidden)"
SECRET_PARTS: Final = ("secret", "password", "token", "digest", "email")
REMOVED: Final = "DELETE"  # Django's name for the box that removes a row below

Changes = dict[str, list[Any]]


def changed_values(forms: Iterable[BaseForm]) -> Changes:
    """Return the values before and after of each changed field, by its name in the form.

    Of secrets and addresses only the fact is returned.
    """
    changes: Changes = {}
    for form in forms:
        names = form.fields if REMOVED in form.changed_data else form.changed_data
        for name in names:
            before, after = _values(form, name)
            if before != after or before == HIDDEN:
                changes[form.add_prefix(name)] = [before, after]
    return changes


def deleted_values(row: Model, names: Iterable[str]) -> Changes:
    """Return the last values of a deleted row's fields; None follows, because they are gone."""
    columns = {field.name for field in row._meta.concrete_fields}  # noqa: SLF001 - Django's documented way
    shown = [name for name in names if name in columns and not _is_secret(name)]
    return {name: [_plain(getattr(row, name)), None] for name in shown}


def _values(form: BaseForm, name: str) -> tuple[Any, Any]:
    if _is_secret(name):
        return HIDDEN, HIDDEN
    before = _plain(form.get_initial_for_field(form.fields[name], name))
    if REMOVED in form.changed_data:
        return before, None
    return before, _plain(getattr(form, "cleaned_data", {}).get(name))


def _is_secret(name: str) -> bool:
    return any(part in name for part in SECRET_PARTS)


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
    text = str(value)
    return (text.partition("?")[0] if text.startswith("http") else text)[:LONGEST_VALUE]  # a query may hold a token
