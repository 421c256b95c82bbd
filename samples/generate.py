"""Generation of samples: one, a batch over several processes, or the demonstration set."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from random import Random

from samples.compose import ComposedSample, SampleRequest, compose
from samples.demonstration import DEMONSTRATION_SEED, demonstration_plans
from samples.layout.hybrid import embed_xml
from samples.layout.pdf import render_pdf
from samples.plans import SamplePlan, single_plan
from samples.sample import Sample, Truth
from samples.scan.degradation import Degradation, draw_degradation, limit_skew
from samples.scan.files import MEDIA_TYPES, clean_pages, encode
from samples.scan.geometry import ScanPlacement
from samples.scan.optics import Pixels, degrade
from samples.seeds import random_stream, weighted_choice
from samples.truth import field_truths, locator, word_truths

_FORMATS = {1: (("jpg", 0.4), ("pdf", 0.3), ("png", 0.2), ("tif", 0.1)), 2: (("pdf", 0.75), ("tif", 0.25))}


def make_document(
    kind: str, *, seed: int, index: int, scan: bool | None = None, flaws: tuple[str, ...] = (), xml: bool = False
) -> Sample:
    """Generate the document of `kind` at `index` under `seed`: the same arguments produce the same bytes.

    `scan` None leaves the source to the stream. A paired flaw (exact_duplicate, newer_version, contradiction)
    produces the counterpart of the document without it. `xml` embeds the invoice as Factur-X.
    Raises ValueError for an unknown kind or flaw, and for XML in another kind of document.
    """
    return make_sample(single_plan(kind, seed, index, scan=scan, flaws=flaws, xml=xml))


def demonstration_set(seed: int = DEMONSTRATION_SEED) -> list[Sample]:
    """Generate the demonstration documents: every kind, born-digital and scanned, each deliberate flaw once."""
    return [make_sample(plan) for plan in demonstration_plans(seed)]


def make_samples(plans: Iterable[SamplePlan], jobs: int = 1) -> Iterator[Sample]:
    """Generate the planned samples in order, over `jobs` processes if more than one."""
    if jobs <= 1:
        yield from map(make_sample, plans)
        return
    # Fresh processes: one forked while threads run may wait for a lock that no thread in it holds.
    with ProcessPoolExecutor(max_workers=jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(make_sample, plans, chunksize=4)


def make_sample(plan: SamplePlan) -> Sample:
    """Generate one planned sample."""
    flaws = tuple(flaw for flaw in plan.flaws if flaw != "exact_duplicate")
    wish = SampleRequest(plan.seed, plan.index, flaws, plan.scan, plan.country, plan.template, plan.long)
    composed = compose(plan.kind, wish)
    pdf = render_pdf(composed.drawing, composed.family)
    if plan.xml:
        pdf = embed_xml(pdf, composed.xml)
    if not plan.scan:
        return _sample(plan, composed, pdf, "pdf", None, None)
    rng = random_stream(plan.seed, plan.index, "scan", *flaws)
    sheet = composed.drawing.pages[0]
    degradation = limit_skew(draw_degradation(rng, plan.kind, plan.profile), sheet.height / sheet.width)
    pages, placements = _scan(pdf, degradation, rng)
    extension = plan.extension or _extension(rng, degradation, len(pages))
    return _sample(plan, composed, encode(pages, extension, degradation), extension, degradation, placements)


def _scan(pdf: bytes, degradation: Degradation, rng: Random) -> tuple[list[Pixels], tuple[ScanPlacement, ...]]:
    scanned = [degrade(page, degradation, rng) for page in clean_pages(pdf, degradation.dpi)]
    return [pixels for pixels, _ in scanned], tuple(placement for _, placement in scanned)


def _extension(rng: Random, degradation: Degradation, pages: int) -> str:
    drawn = weighted_choice(rng, _FORMATS[min(pages, 2)])
    return "jpg" if degradation.profile == "photo" else "tif" if degradation.bilevel else drawn


def _sample(
    plan: SamplePlan,
    composed: ComposedSample,
    content: bytes,
    extension: str,
    degradation: Degradation | None,
    placements: tuple[ScanPlacement, ...] | None,
) -> Sample:
    locate = locator(composed.drawing.pages, placements)
    truth = Truth(
        name=plan.name,
        schema=plan.kind,
        family=composed.family,
        language=composed.language,
        source="scan" if plan.scan else "digital",
        pages=len(composed.drawing.pages),
        fields=field_truths(plan.kind, composed, locate),
        words=word_truths(composed, locate),
        flaws=plan.flaws,
        lines=composed.lines,
        tests=composed.tests,
        xml=composed.xml_fields if plan.xml else None,
        degradation=degradation.as_dict() if degradation else None,
        seed=plan.seed,
        index=plan.index,
        **plan.relation,
    )
    return Sample(plan.name, f"{plan.name}.{extension}", MEDIA_TYPES[extension], content, truth.as_dict())
