"""Form of a schema: title, key, keywords and one row per field; or the whole schema as JSON."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.forms import BooleanField, CharField, ChoiceField, Form, JSONField, ModelForm, formset_factory
from django.forms.formsets import BaseFormSet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from ingestion.domain.schemas import InvalidSchema, schema_from_json
from ingestion.domain.schemas.kinds import value_types
from ingestion.models import Schema

POSITIONS: tuple[tuple[str, Promise], ...] = (
    ("any", _("anywhere")),
    ("top", _("near the top")),
    ("bottom", _("near the bottom")),
)
MOST_ROWS = 100
BLANK_ROWS = 3


def as_name(title: str) -> str:
    """Return a title as a name: ASCII letters, digits and underscores, "" if nothing is left."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_").lstrip("0123456789_")


def lines_of(text: str) -> list[str]:
    """Return the lines of a text that are not empty."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def kind_choices() -> list[tuple[str, str]]:
    """Return the field types with their titles."""
    return [(key, each.title) for key, each in value_types().items()]


class FieldRowForm(Form):
    """One field of a schema."""

    title = CharField(label=_("Title"), max_length=120, widget=UnfoldAdminTextInputWidget())
    name = CharField(
        label=_("Name"),
        required=False,
        max_length=64,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("In exports and the API. Empty: made from the title."),
    )
    kind = ChoiceField(label=_("Type"), choices=kind_choices, widget=UnfoldAdminSelectWidget(), initial="text")
    labels = CharField(
        label=_("Printed labels"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("Words before the value on the page, one per line, in any language."),
    )
    required = BooleanField(label=_("Required"), required=False, widget=UnfoldBooleanWidget())
    material = BooleanField(
        label=_("An error here counts for the certificate"), required=False, initial=True, widget=UnfoldBooleanWidget()
    )
    position = ChoiceField(
        label=_("Usual position"), required=False, choices=POSITIONS, initial="any", widget=UnfoldAdminSelectWidget()
    )
    pattern = CharField(
        label=_("Pattern"),
        required=False,
        strip=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Regular expression (RE2) of the whole value."),
    )

    def as_field(self) -> dict[str, Any]:
        """Return the field as in the JSON of a schema."""
        given = self.cleaned_data
        return {
            "name": given["name"] or as_name(given["title"]),
            "title": given["title"],
            "kind": given["kind"],
            "labels": lines_of(given["labels"]),
            "required": given["required"],
            "material": given["material"],
            "pattern": given["pattern"] or None,
            "position": given["position"] or "any",
        }


RowFormSet: type[BaseFormSet[FieldRowForm]] = formset_factory(
    FieldRowForm, extra=BLANK_ROWS, can_delete=True, max_num=MOST_ROWS, validate_max=True, absolute_max=MOST_ROWS
)


def form_values(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form's values for a stored schema."""
    rows = [
        {**field, "labels": "\n".join(field.get("labels", [])), "pattern": field.get("pattern") or ""}
        for field in definition.get("fields", [])
    ]
    keywords = "\n".join(definition.get("keywords", []))
    return {"title": definition.get("title"), "key": definition.get("key"), "keywords": keywords, "rows": rows}


class SchemaForm(ModelForm[Schema]):
    """A schema by rows, or as JSON if that is given; every error is reported at its place."""

    title = CharField(
        label=_("Title"),
        required=False,
        max_length=120,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("What people call this kind of document."),
    )
    key = CharField(
        label=_("Key"),
        required=False,
        max_length=40,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Name in the API. Empty: made from the title. A key in use gets another version."),
    )
    keywords = CharField(
        label=_("Keywords"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("Words of such documents, one per line: they decide the kind if the uploader names none."),
    )
    definition = JSONField(
        label=_("The whole schema as JSON"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 12}),
        help_text=_("If this is filled in, the fields above are ignored."),
    )

    class Meta:
        model = Schema
        fields: ClassVar = ("title", "key")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Create the rows from what was sent, or from the version that is changed."""
        super().__init__(*args, **kwargs)
        sent = self.data if "rows-TOTAL_FORMS" in self.data else None
        self.rows = RowFormSet(sent, initial=self.initial.get("rows"), prefix="rows")

    def clean(self) -> dict[str, Any]:
        """Validate the definition as the API does."""
        cleaned = dict(self.cleaned_data)
        if self.errors:
            return cleaned
        as_json = cleaned.get("definition") is not None
        rows = [] if as_json else self._filled_rows()
        if self.errors:
            return cleaned
        cleaned["definition"] = cleaned["definition"] if as_json else self._definition(cleaned, rows)
        try:
            spec = schema_from_json(cleaned["definition"])
        except InvalidSchema as reason:
            self._report(reason.errors, rows, as_json=as_json)
            return cleaned
        return {**cleaned, "key": spec.key, "title": spec.title}

    def _filled_rows(self) -> list[FieldRowForm]:
        if not self.rows.is_bound or not self.rows.is_valid():
            self.add_error(None, _("Fill in at least one field, and correct the fields with a note."))
            return []
        deleted = self.rows.deleted_forms
        return [row for row in self.rows.forms if row not in deleted and row.cleaned_data]

    def _definition(self, cleaned: Mapping[str, Any], rows: list[FieldRowForm]) -> dict[str, Any]:
        return {
            "key": cleaned["key"] or as_name(cleaned["title"]),
            "title": cleaned["title"],
            "keywords": lines_of(cleaned["keywords"]),
            "fields": [row.as_field() for row in rows],
        }

    def _report(self, errors: Mapping[str, str], rows: list[FieldRowForm], *, as_json: bool) -> None:
        """Report each error at its input: the keys are JSON pointers."""
        if as_json:
            self.add_error("definition", ValidationError([": ".join(each) for each in errors.items()]))
            return
        for pointer, what in errors.items():
            _empty, head, *rest = pointer.split("/") if pointer else ("", "")
            if head == "fields" and len(rest) > 1:
                row = rows[int(rest[0])]
                row.add_error(rest[1] if rest[1] in row.fields else None, what)
            else:
                self.add_error(head if head in self.fields else None, what)
        if not self.errors:
            self.add_error(None, _("Correct the fields with a note."))
