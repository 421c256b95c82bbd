"""Which documents a batch holds, decided before any is drawn, so that processes can share the work."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from samples.flaws import FLAWS, OF_XML, PAIRED
from samples.schemas import KINDS
from samples.seeds import stream

_RELATIONS = {"exact_duplicate": "duplicate_of", "newer_version": "supersedes", "contradiction": "contradicts"}
_SUFFIXES = {"exact_duplicate": "copy", "newer_version": "revised", "contradiction": "contradicting"}


@dataclass(frozen=True, slots=True)
class Plan:
    """One document to make. `index` names its stream; a paired document has the index of its original."""

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
    xml: bool = False  # a born-digital invoice that carries itself as Factur-X

    @property
    def paired(self) -> str | None:
        """The flaw that ties this document to its original, if one does."""
        return next((flaw for flaw in self.flaws if flaw in PAIRED), None)

    @property
    def relation(self) -> dict[str, str]:
        """The truth's name for the tie, and the original."""
        flaw = self.paired
        return {_RELATIONS[flaw]: self.original or plain_name(self.kind, self.index)} if flaw else {}


def plain_name(kind: str, index: int) -> str:
    """The name of the document at `index`."""
    return f"{kind}-{index:05d}"


def single_plan(
    kind: str, seed: int, index: int, *, scan: bool | None, flaws: tuple[str, ...], xml: bool = False
) -> Plan:
    """Plan one document; `scan` None leaves the source to the stream.

    Raises ValueError for an unknown kind, for a flaw that the kind cannot have, for two paired flaws, and for
    XML in anything but a born-digital invoice, in order or with the flaw of its own.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind}: it must be one of {', '.join(KINDS)}")
    if xml:
        return _hybrid_plan(kind, seed, index, scan=scan, flaws=flaws)
    wrong = [flaw for flaw in flaws if flaw not in FLAWS[kind]]
    if wrong:
        raise ValueError(f"a document of kind {kind} cannot have the flaw {wrong[0]}")
    pairs = [flaw for flaw in flaws if flaw in PAIRED]
    if len(pairs) > 1:
        raise ValueError(f"one document cannot be {' and '.join(pairs)} at once")
    name = plain_name(kind, index) + (f"-{_SUFFIXES[pairs[0]]}" if pairs else "")
    drawn = stream(seed, index, "source").random() < 0.5
    return Plan(kind, seed, index, name, drawn if scan is None else scan, flaws)


def _hybrid_plan(kind: str, seed: int, index: int, *, scan: bool | None, flaws: tuple[str, ...]) -> Plan:
    if kind != "invoice" or scan or flaws not in ((), (OF_XML,)):
        raise ValueError(f"only a born-digital invoice carries XML, with no flaw but {OF_XML}")
    name = f"{plain_name(kind, index)}-xml" + (f"-{OF_XML}" if flaws else "")
    return Plan(kind, seed, index, name, scan=False, flaws=flaws, xml=True)


def with_xml(plans: Sequence[Plan], share: float, flaws: float) -> list[Plan]:
    """Give invoices in order their XML, as often as `share` says, and their page another total as `flaws` says.

    Drawn from streams of their own: the rest of a batch stays as it is, and so do originals of other documents.
    """
    originals = {plan.original for plan in plans}
    return [plan if plan.name in originals else _hybrid(plan, share, flaws) for plan in plans]


def _hybrid(plan: Plan, share: float, flaws: float) -> Plan:
    rng = stream(plan.seed, plan.index, "xml")
    if plan.kind != "invoice" or plan.scan or plan.flaws or rng.random() >= share:
        return plan
    return replace(plan, xml=True, flaws=(OF_XML,) if rng.random() < flaws else ())


def batch_plans(
    seed: int, count: int, *, kinds: Sequence[str] = KINDS, scans: float = 0.5, flaws: float = 0.3
) -> list[Plan]:
    """Plan `count` documents; the plan of one does not depend on how many follow it.

    `scans` and `flaws` are shares, 0..1. A paired flaw refers to an earlier faultless document of the batch; when
    there is none, the document stays faultless.
    """
    plans: list[Plan] = []
    free: dict[str, list[Plan]] = {kind: [] for kind in kinds}
    for index in range(count):
        rng = stream(seed, index, "plan")
        kind = rng.choice(list(kinds))
        scan, flawed, flaw = rng.random() < scans, rng.random() < flaws, rng.choice(FLAWS[kind])
        name = plain_name(kind, index)
        if flawed and flaw in PAIRED and free[kind]:
            base = free[kind].pop()
            plan = Plan(kind, seed, base.index, name, base.scan if flaw == "exact_duplicate" else scan,
                        (flaw,), original=base.name)  # fmt: skip
        else:
            kept = (flaw,) if flawed and flaw not in PAIRED else ()
            plan = Plan(kind, seed, index, name, scan, kept)
        if not plan.flaws:
            free[kind].append(plan)
        plans.append(plan)
    return plans
