"""Plans of the documents of a batch, made before any is drawn, so that processes can share the work."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from samples.flaws import FLAWS, PAIRED_FLAWS, XML_FLAW
from samples.schemas import KINDS
from samples.seeds import random_stream

_RELATIONS = {"exact_duplicate": "duplicate_of", "newer_version": "supersedes", "contradiction": "contradicts"}
_SUFFIXES = {"exact_duplicate": "copy", "newer_version": "revised", "contradiction": "contradicting"}


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """Plan of one document. `index` names its stream; a paired document has the index of its original."""

    kind: str
    seed: int
    index: int
    name: str
    scan: bool
    flaws: tuple[str, ...] = ()
    original: str | None = None
    country: str | None = None
    template: str | None = None
    long: bool | None = None
    profile: str | None = None
    extension: str | None = None
    xml: bool = False  # a born-digital invoice with embedded Factur-X

    @property
    def paired(self) -> str | None:
        """Return the flaw that relates this document to its original, if there is one."""
        return next((flaw for flaw in self.flaws if flaw in PAIRED_FLAWS), None)

    @property
    def relation(self) -> dict[str, str]:
        """Return the name of the relation in the ground truth, and the original."""
        flaw = self.paired
        return {_RELATIONS[flaw]: self.original or plain_name(self.kind, self.index)} if flaw else {}


def plain_name(kind: str, index: int) -> str:
    """Return the name of the document at `index`."""
    return f"{kind}-{index:05d}"


def single_plan(
    kind: str, seed: int, index: int, *, scan: bool | None, flaws: tuple[str, ...], xml: bool = False
) -> SamplePlan:
    """Plan one document; `scan` None leaves the source to the stream.

    Raises ValueError for an unknown kind, for a flaw that the kind cannot have, for two paired flaws, and for XML in
    anything but a born-digital invoice that is faultless or has the XML flaw.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind}: it must be one of {', '.join(KINDS)}")
    if xml:
        return _hybrid_plan(kind, seed, index, scan=scan, flaws=flaws)
    wrong = [flaw for flaw in flaws if flaw not in FLAWS[kind]]
    if wrong:
        raise ValueError(f"a document of kind {kind} cannot have the flaw {wrong[0]}")
    pairs = [flaw for flaw in flaws if flaw in PAIRED_FLAWS]
    if len(pairs) > 1:
        raise ValueError(f"one document cannot be {' and '.join(pairs)} at once")
    name = plain_name(kind, index) + (f"-{_SUFFIXES[pairs[0]]}" if pairs else "")
    drawn = random_stream(seed, index, "source").random() < 0.5
    return SamplePlan(kind, seed, index, name, drawn if scan is None else scan, flaws)


def _hybrid_plan(kind: str, seed: int, index: int, *, scan: bool | None, flaws: tuple[str, ...]) -> SamplePlan:
    if kind != "invoice" or scan or flaws not in ((), (XML_FLAW,)):
        raise ValueError(f"only a born-digital invoice carries XML, with no flaw but {XML_FLAW}")
    name = f"{plain_name(kind, index)}-xml" + (f"-{XML_FLAW}" if flaws else "")
    return SamplePlan(kind, seed, index, name, scan=False, flaws=flaws, xml=True)


def with_xml(plans: Sequence[SamplePlan], share: float, flaws: float) -> list[SamplePlan]:
    """Add XML to faultless invoices with probability `share`, and to those a differing total with probability `flaws`.

    Separate streams are used: the rest of a batch does not change, and neither do originals of other documents.
    """
    originals = {plan.original for plan in plans}
    return [plan if plan.name in originals else _hybrid(plan, share, flaws) for plan in plans]


def _hybrid(plan: SamplePlan, share: float, flaws: float) -> SamplePlan:
    rng = random_stream(plan.seed, plan.index, "xml")
    if plan.kind != "invoice" or plan.scan or plan.flaws or rng.random() >= share:
        return plan
    return replace(plan, xml=True, flaws=(XML_FLAW,) if rng.random() < flaws else ())


def batch_plans(
    seed: int, count: int, *, kinds: Sequence[str] = KINDS, scans: float = 0.5, flaws: float = 0.3
) -> list[SamplePlan]:
    """Plan `count` documents; the plan of one does not depend on how many follow it.

    `scans` and `flaws` are shares, 0..1. A paired flaw refers to an earlier faultless document of the batch; if there
    is none, the document stays faultless.
    """
    plans: list[SamplePlan] = []
    free: dict[str, list[SamplePlan]] = {kind: [] for kind in kinds}
    for index in range(count):
        rng = random_stream(seed, index, "plan")
        kind = rng.choice(list(kinds))
        scan, flawed, flaw = rng.random() < scans, rng.random() < flaws, rng.choice(FLAWS[kind])
        name = plain_name(kind, index)
        if flawed and flaw in PAIRED_FLAWS and free[kind]:
            base = free[kind].pop()
            plan = SamplePlan(
                kind,
                seed,
                base.index,
                name,
                base.scan if flaw == "exact_duplicate" else scan,
                (flaw,),
                original=base.name,
            )
        else:
            kept = (flaw,) if flawed and flaw not in PAIRED_FLAWS else ()
            plan = SamplePlan(kind, seed, index, name, scan, kept)
        if not plan.flaws:
            free[kind].append(plan)
        plans.append(plan)
    return plans
