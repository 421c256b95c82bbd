"""Read a document again by other means, beside what stands: as its own reading, and it changes nothing of it."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from temporalio import activity

from ingestion.blobs import fetch, paper_folder
from ingestion.domain.page.rotation import turned_settings
from ingestion.domain.ports import PageReader, ReadingOptions
from ingestion.services.reading import known_pages
from refinery.core.types import TenantId
from review.contracts import CandidateSource
from review.domain.reprocessing_status import THIRD
from review.services.reprocessing_steps import (
    begin_candidate,
    fail_candidate,
    finish_candidate,
    run_of,
    store_candidate_page,
    take_over_candidate,
    take_scattered_candidate,
)
from workers.activities.heartbeat import Pulse, beating, leave_if_asked
from workers.activities.reuse_pages import Named, taken_over, unnamed
from workers.activities.sealed_password import password_in
from workers.messages import CandidateFailure, CandidateOrder


class CandidateActivities:
    """Reading, on the cpu queue."""

    def __init__(self, reader: PageReader, folder: Path | None = None, named: Named = unnamed) -> None:
        """Take the reader and what names its settings; `folder` holds what is read meanwhile."""
        self._reader = reader
        self._folder = folder
        self._named = named

    @activity.defn
    def read_candidate(self, order: CandidateOrder) -> None:
        """Read every page that is not read yet; one that nobody waits for any more is left alone."""
        source = begin_candidate(tenant_id=TenantId(UUID(order.tenant)), rereading_id=UUID(order.rereading))
        if source is None:
            return
        with (
            beating() as pulse,
            TemporaryDirectory(prefix="candidate-", dir=self._folder, ignore_cleanup_errors=True) as name,
        ):
            self._read(source, order.sealed, Path(name), pulse)

    def _read(self, source: CandidateSource, sealed: str, folder: Path, pulse: Pulse) -> None:
        ref = run_of(source)
        pulse.starts_at(known_pages(ref)[0])
        options = replace(_options(source), password=password_in(sealed))
        settings = self._named(options)
        total = self._take_over(source, settings, pulse)
        done, known = known_pages(ref)
        if done >= total > 0:
            return
        original = fetch(source.blob_key, folder / "original")
        images = folder / "pages"
        images.mkdir()
        options = replace(options, first_page=done + 1, known=known)
        for page in self._reader.read(original, images, options):
            turn = source.turns.get(page.reading.number, 0)
            store_candidate_page(source, page, turned_settings(settings, turn))
            for image in (page.image, page.thumbnail):
                image.unlink(missing_ok=True)
            pulse.reached(page.reading.number)
            leave_if_asked()

    def _take_over(self, source: CandidateSource, settings: str, pulse: Pulse) -> int:
        """Take over what was read before, as a document does for itself; gives how many pages the file has."""
        if not settings:
            return source.pages
        done, total = taken_over(
            lambda after: take_over_candidate(source, settings, after=after),
            source.blob_key,
            known_pages(run_of(source))[0],
            source.pages,
            pulse,
        )
        while not done or done < total:
            taken = take_scattered_candidate(source, settings, after=done)
            if taken is None:
                break
            done, total = taken.last, taken.total
            leave_if_asked()
        return total


def _options(source: CandidateSource) -> ReadingOptions:
    paper, turns = paper_folder(source.blob_key), tuple(source.turns.items())
    options = ReadingOptions(media_type=source.media_type, mode=source.means.mode, paper=paper, turns=turns)
    engines = tuple(engine for engine in source.means.engines if engine != THIRD)  # which reads what these find
    return replace(options, engines=engines) if engines else options


class CandidateRecords:
    """What becomes of a candidate once it is read, or cannot be; wherever workflows run."""

    @activity.defn
    def weigh_candidate(self, order: CandidateOrder) -> str:
        """Weigh it against what stands; gives its status."""
        return finish_candidate(tenant_id=TenantId(UUID(order.tenant)), rereading_id=UUID(order.rereading))

    @activity.defn
    def give_up_candidate(self, failure: CandidateFailure) -> str:
        """Tell who waits."""
        order = failure.order
        return fail_candidate(
            tenant_id=TenantId(UUID(order.tenant)), rereading_id=UUID(order.rereading), code=failure.code
        )
