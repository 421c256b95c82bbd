"""What a second reading of the same file would change: pages by their words, fields by their values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

PATIENT_TO = 2000  # words of a page: beyond, frequent ones are left out of the search for what fits together


@dataclass(frozen=True, slots=True)
class PageSight:
    """A page as one reading has it: its words in order, how sure it is, and why it could not be read."""

    number: int
    words: tuple[str, ...]
    confidence: float
    error: str = ""


@dataclass(frozen=True, slots=True)
class PageChange:
    """One page in two readings; `changed` counts words that came, went or read otherwise."""

    number: int
    changed: int
    words_before: int
    words_after: int
    confidence_before: float | None
    confidence_after: float | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class WordStep:
    """A stretch of words in two readings, as places in each: alike, or one in place of the other."""

    alike: bool
    before: tuple[int, int]
    after: tuple[int, int]

    @property
    def changed(self) -> int:
        """Count the words that differ."""
        return 0 if self.alike else max(self.before[1] - self.before[0], self.after[1] - self.after[0])


@dataclass(frozen=True, slots=True)
class FieldSight:
    """A field as one reading has it; `human` (confirmed, corrected) says that a person's word stands there."""

    name: str
    value: str
    confidence: float
    human: str = ""
    normalized: str = ""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field in two readings; a value that a person gave stays, whatever the other reading says."""

    name: str
    before: FieldSight | None
    after: FieldSight | None

    @property
    def kept(self) -> bool:
        """Say whether a person's word stands."""
        return self.before is not None and bool(self.before.human)

    @property
    def changed(self) -> bool:
        """Say whether the two readings differ in the value."""
        return (self.before.value if self.before else "") != (self.after.value if self.after else "")

    @property
    def rewritten(self) -> bool:
        """Say whether one value is only written otherwise: "2 791,14" and "2791,14"."""
        if not self.changed or not self.before or not self.after:
            return False
        return bool(self.before.normalized) and self.before.normalized == self.after.normalized

    @property
    def replaces(self) -> bool:
        """Say whether the document's value would be another one."""
        return self.changed and not self.kept and not self.rewritten


def word_steps(before: Sequence[str], after: Sequence[str]) -> tuple[WordStep, ...]:
    """Lay the words of two readings side by side, in order."""
    steps = SequenceMatcher(None, before, after, autojunk=len(before) > PATIENT_TO).get_opcodes()
    return tuple(WordStep(kind == "equal", (at, to), (here, there)) for kind, at, to, here, there in steps)


def compare_pages(before: Sequence[PageSight], after: Sequence[PageSight]) -> tuple[PageChange, ...]:
    """Lay two readings side by side, page by page; a page that one of them lacks has no confidence there."""
    old, new = ({page.number: page for page in pages} for pages in (before, after))
    return tuple(_page_change(number, old.get(number), new.get(number)) for number in sorted({*old, *new}))


def _page_change(number: int, old: PageSight | None, new: PageSight | None) -> PageChange:
    before, after = (page.words if page else () for page in (old, new))
    return PageChange(
        number=number,
        changed=sum(step.changed for step in word_steps(before, after)),
        words_before=len(before),
        words_after=len(after),
        confidence_before=old.confidence if old else None,
        confidence_after=new.confidence if new else None,
        error=new.error if new else "",
    )


def compare_fields(before: Sequence[FieldSight], after: Sequence[FieldSight]) -> tuple[FieldChange, ...]:
    """Lay two readings side by side, field by field, in the order of the first."""
    old: Mapping[str, FieldSight] = {field.name: field for field in before}
    new: Mapping[str, FieldSight] = {field.name: field for field in after}
    return tuple(FieldChange(name, old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new]))


def only_improves(fields: Sequence[FieldChange], pages: Sequence[PageChange]) -> bool:
    """Say whether a second reading is better somewhere and worse nowhere, by what both say of themselves.

    A value that would be replaced needs a surer one in its stead, a page whose words differ as sure a reading.
    What a person said stays, so that it counts on neither side.
    """
    replaced = [field for field in fields if field.replaces]
    steps = [_gain(page) for page in pages]
    if any(_lost(field) for field in replaced) or any(step < 0 for step in steps):
        return False
    return bool(replaced) or any(step > 0 for step in steps)


def _lost(field: FieldChange) -> bool:
    after = field.after
    if after is None or not after.value:
        return True
    return field.before is not None and bool(field.before.value) and after.confidence <= field.before.confidence


def _gain(page: PageChange) -> int:
    """Say whether a page gains (1), loses (-1) or stays as it is."""
    if page.error or page.confidence_after is None:
        return -1
    if page.confidence_before is None:
        return 1
    if not page.changed:
        return 0
    return (
        1
        if page.confidence_after > page.confidence_before
        else -int(page.confidence_after < page.confidence_before)
    )
