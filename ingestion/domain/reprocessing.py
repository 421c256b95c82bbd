"""Comparison of two readings of a file: pages by their words, fields by their values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MAX_EXACT_DIFF_WORDS = 2000  # words of a page: beyond, frequent ones are left out of the alignment


@dataclass(frozen=True, slots=True)
class PageSnapshot:
    """Page in one reading: its words in order, its confidence, and the error if it could not be read."""

    number: int
    words: tuple[str, ...]
    confidence: float
    error: str = ""


@dataclass(frozen=True, slots=True)
class PageChange:
    """Page in two readings; `changed` counts words that were added, removed or read differently."""

    number: int
    changed: int
    words_before: int
    words_after: int
    confidence_before: float | None
    confidence_after: float | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class WordDiffStep:
    """Run of words in two readings, as positions in each: equal, or one replaced by the other."""

    equal: bool
    before: tuple[int, int]
    after: tuple[int, int]

    @property
    def changed(self) -> int:
        """Return the number of words that differ."""
        return 0 if self.equal else max(self.before[1] - self.before[0], self.after[1] - self.after[0])


@dataclass(frozen=True, slots=True)
class FieldSnapshot:
    """Field in one reading; `human` (confirmed, corrected) marks a value that a person set."""

    name: str
    value: str
    confidence: float
    human: str = ""
    normalized: str = ""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """Field in two readings; a value that a person set is kept, independent of the other reading."""

    name: str
    before: FieldSnapshot | None
    after: FieldSnapshot | None

    @property
    def kept(self) -> bool:
        """Return whether a person's value is kept."""
        return self.before is not None and bool(self.before.human)

    @property
    def changed(self) -> bool:
        """Return whether the two readings differ in the value."""
        return (self.before.value if self.before else "") != (self.after.value if self.after else "")

    @property
    def rewritten(self) -> bool:
        """Return whether only the notation of the value differs: "2 791,14" and "2791,14"."""
        if not self.changed or not self.before or not self.after:
            return False
        return bool(self.before.normalized) and self.before.normalized == self.after.normalized

    @property
    def replaces(self) -> bool:
        """Return whether the document's value would be replaced."""
        return self.changed and not self.kept and not self.rewritten


def diff_words(before: Sequence[str], after: Sequence[str]) -> tuple[WordDiffStep, ...]:
    """Align the words of two readings, in order."""
    steps = SequenceMatcher(None, before, after, autojunk=len(before) > MAX_EXACT_DIFF_WORDS).get_opcodes()
    return tuple(WordDiffStep(kind == "equal", (at, to), (here, there)) for kind, at, to, here, there in steps)


def compare_pages(before: Sequence[PageSnapshot], after: Sequence[PageSnapshot]) -> tuple[PageChange, ...]:
    """Compare two readings page by page; a page missing from one of them has no confidence there."""
    old, new = ({page.number: page for page in pages} for pages in (before, after))
    return tuple(_page_change(number, old.get(number), new.get(number)) for number in sorted({*old, *new}))


def _page_change(number: int, old: PageSnapshot | None, new: PageSnapshot | None) -> PageChange:
    before, after = (page.words if page else () for page in (old, new))
    return PageChange(
        number=number,
        changed=sum(step.changed for step in diff_words(before, after)),
        words_before=len(before),
        words_after=len(after),
        confidence_before=old.confidence if old else None,
        confidence_after=new.confidence if new else None,
        error=new.error if new else "",
    )


def compare_fields(before: Sequence[FieldSnapshot], after: Sequence[FieldSnapshot]) -> tuple[FieldChange, ...]:
    """Compare two readings field by field, in the order of the first."""
    old: Mapping[str, FieldSnapshot] = {field.name: field for field in before}
    new: Mapping[str, FieldSnapshot] = {field.name: field for field in after}
    return tuple(FieldChange(name, old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new]))


def is_improvement(fields: Sequence[FieldChange], pages: Sequence[PageChange]) -> bool:
    """Return whether a second reading is better somewhere and worse nowhere, by the confidences of both.

    A replaced value must have a higher confidence, a page with different words at least the same. Values that a person
    set are kept and do not count for either reading.
    """
    replaced = [field for field in fields if field.replaces]
    steps = [_page_gain(page) for page in pages]
    if any(_is_worse_field(field) for field in replaced) or any(step < 0 for step in steps):
        return False
    return bool(replaced) or any(step > 0 for step in steps)


def _is_worse_field(field: FieldChange) -> bool:
    after = field.after
    if after is None or not after.value:
        return True
    return field.before is not None and bool(field.before.value) and after.confidence <= field.before.confidence


def _page_gain(page: PageChange) -> int:
    """Return 1 if a page gains, -1 if it loses, 0 if it is unchanged."""
    if page.error or page.confidence_after is None:
        return -1
    if page.confidence_before is None:
        return 1
    if not page.changed:
        return 0
    return 1 if page.confidence_after > page.confidence_before else -int(page.confidence_after < page.confidence_before)
