"""The page reader: foreign bytes go into a child process, checked pages come out."""

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ingestion.adapters.reader.received_einvoice import received_einvoice
from ingestion.adapters.reader.wire import page_from_json, word_from_json
from ingestion.adapters.sandbox.frames import Frame
from ingestion.adapters.sandbox.pool import Child, ChildDied, Nursery
from ingestion.domain import errors
from ingestion.domain.einvoice import FoundEInvoice
from ingestion.domain.page.elements import PageReading, Word
from ingestion.domain.ports import ReadingOptions, ReadPage
from refinery.core.types import BoundingBox

_TRIES = 2
_LOST_TO = 5
_SPENT_TO = 1
_BY_CODE = {
    kind.code: kind
    for kind in (
        errors.CorruptFile,
        errors.EmptyFile,
        errors.UnsupportedFile,
        errors.TooLarge,
        errors.NeedsPassword,
        errors.WrongPassword,
        errors.ResourceLimit,
        errors.PolicyViolation,
    )
}
_SUFFIX = {"image/jpeg": ".jpg", "image/webp": ".webp"}
_MAGIC = {"image/jpeg": b"\xff\xd8\xff", "image/webp": b"RIFF"}


@dataclass(slots=True)
class _Course:
    """How far a document's reading has come, over all the children that it took."""

    following: int
    total: int = 0
    lost: dict[int, str] = field(default_factory=dict)
    deaths: dict[int, int] = field(default_factory=dict)
    spent: int = 0
    done: bool = False
    einvoice: FoundEInvoice | None = None
    known: frozenset[int] = frozenset()

    def go_on(self) -> None:
        """Go to the next page that is not known."""
        self.following += 1
        self.pass_known()

    def pass_known(self) -> None:
        """Pass over what is known."""
        while self.following in self.known:
            self.following += 1

    def handed(self, page: ReadPage) -> ReadPage:
        """Give the page with what was found before it, which goes along once."""
        page, self.einvoice = replace(page, einvoice=self.einvoice), None
        return page

    def note_death(self, death: ChildDied) -> None:
        """Try a page twice, then give it up; raises ReadingError when the file as a whole is to blame.

        One that takes all its processor time is given up at once: another child would need as much. With a second
        one that does, the file is.
        """
        self.spent += death.spent
        place = self.following if self.total else 0
        self.deaths[place] = self.deaths.get(place, 0) + 1
        if self.deaths[place] < _TRIES and not death.spent:
            return
        failure = verdict(death)
        if not place or self.total == 1 or self.spent > _SPENT_TO or len(self.lost) >= _LOST_TO:
            raise failure from death
        self.lost[place] = failure.code


def verdict(death: ChildDied) -> errors.ReadingError:
    """Give the typed error for a file over which children die."""
    if death.spent:
        return errors.TimeSpent("Reading this file takes more processor time than is allowed.")
    if death.exhausted:
        return errors.ResourceLimit("Reading this file takes more memory or time than is allowed.")
    return errors.CorruptFile("This file makes its reader crash.")


@dataclass(slots=True)
class SandboxedPageReader:
    """Implements ports.PageReader. One child reads one document; a page that kills two children is given up."""

    nursery: Nursery = field(default_factory=Nursery)

    def read(self, source: Path, folder: Path, options: ReadingOptions) -> Generator[ReadPage, None, None]:
        """Yield pages as they are read; images are written below `folder`. Raises ReadingError subclasses."""
        course = _Course(options.first_page, known=frozenset(options.known))
        course.pass_known()
        with opened(source) as descriptor:
            while not course.done:
                try:
                    with self._child() as child:
                        child.ask(_request(options, course), descriptor)
                        yield from _pages(child, folder, course)
                except ChildDied as death:
                    course.note_death(death)

    def reread_region(
        self, source: Path, page: int, bbox: BoundingBox, options: ReadingOptions
    ) -> tuple[Word, ...]:
        """Read a part of a page again from its picture; boxes are those of the page. Raises ReadingError."""
        request = {**_wishes(options), "kind": "region", "page": page, "bbox": bbox.as_list()}
        try:
            with opened(source) as descriptor, self._child() as child:
                child.ask(Frame(request), descriptor)
                head = checked(child.answer()).head
                return tuple(word_from_json(word) for word in head["words"])
        except ChildDied as death:
            raise verdict(death) from death
        except (KeyError, TypeError, ValueError) as nonsense:
            raise errors.CorruptFile("The reader gave no sensible answer.") from nonsense

    def prepare(self) -> None:
        """Have a child ready before the first document comes; returns at once."""
        self.nursery.prepare()

    def close(self) -> None:
        """End the waiting child."""
        self.nursery.close()

    @contextmanager
    def _child(self) -> Iterator[Child]:
        child = self.nursery.take()
        try:
            yield child
        finally:
            self.nursery.retire(child)


@contextmanager
def opened(source: Path) -> Iterator[int]:
    """Open a file to be handed to a child."""
    descriptor = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _wishes(options: ReadingOptions) -> dict[str, Any]:
    return {
        "media_type": options.media_type, "engines": list(options.engines), "language": options.language,
        "mode": options.mode, "password": options.password, "made": options.made,
        "turns": [list(turn) for turn in options.turns],
    }  # fmt: skip


def _request(options: ReadingOptions, course: _Course) -> Frame:
    return Frame({
        **_wishes(options), "kind": "read", "first_page": course.following, "max_pages": options.max_pages,
        "known": sorted(course.known), "lost": {str(number): code for number, code in course.lost.items()},
        "einvoice": 0 not in course.deaths, "hurried": bool(course.deaths),
    })  # fmt: skip


def _pages(child: Child, folder: Path, course: _Course) -> Iterator[ReadPage]:
    while True:
        frame = checked(child.answer())
        if frame.kind == "opened":
            course.total = int(frame.head["total"])
        elif frame.kind == "einvoice":
            course.einvoice = _einvoice(frame, folder)
        elif frame.kind == "done":
            course.done = True
            return
        else:
            page = _stored(frame, folder, course)
            course.go_on()
            yield course.handed(page)


def checked(frame: Frame) -> Frame:
    """Turn the child's own verdict into the error that it names."""
    if frame.kind == "failed":
        kind = _BY_CODE.get(str(frame.head.get("code")), errors.CorruptFile)
        raise kind(str(frame.head.get("message", ""))[:300])
    return frame


def _einvoice(frame: Frame, folder: Path) -> FoundEInvoice:
    try:
        return received_einvoice(frame, folder)
    except (KeyError, TypeError, ValueError) as nonsense:
        raise ChildDied(exhausted=False) from nonsense


def _stored(frame: Frame, folder: Path, course: _Course) -> ReadPage:
    try:
        reading = page_from_json(frame.head["page"])
        image, thumbnail = frame.parts
        image_type = str(frame.head["image_type"])
        honest = image.startswith(_MAGIC[image_type]) and thumbnail.startswith(_MAGIC["image/jpeg"])
    except (KeyError, TypeError, ValueError) as nonsense:
        raise ChildDied(exhausted=False) from nonsense
    if not honest or reading.number != course.following:
        raise ChildDied(exhausted=False)
    attachments = max(0, int(frame.head.get("attachments") or 0))
    page = _written(reading, image, thumbnail, image_type, folder, course.total)
    return replace(page, attachments=attachments) if attachments else page


def _written(
    reading: PageReading, image: bytes, thumbnail: bytes, image_type: str, folder: Path, total: int
) -> ReadPage:
    place = folder / f"page-{reading.number:05d}{_SUFFIX[image_type]}"
    small = folder / f"page-{reading.number:05d}-small.jpg"
    place.write_bytes(image)
    small.write_bytes(thumbnail)
    return ReadPage(reading, total, place, small, image_type)
