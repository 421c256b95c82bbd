"""Command line: `python -m samples --out DIR --count N --seed S`, or `--demo` for the demonstration set."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from samples.demonstration import DEMONSTRATION_SEED, demonstration_plans
from samples.generate import make_samples
from samples.plans import batch_plans, with_xml
from samples.schemas import KINDS


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not a share between 0 and 1")
    return value


def _kinds(text: str) -> list[str]:
    kinds = [kind.strip() for kind in text.split(",") if kind.strip()]
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown or not kinds:
        raise argparse.ArgumentTypeError(f"unknown kind {', '.join(unknown) or text!r}: choose from {', '.join(KINDS)}")
    return kinds


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m samples", description="Make demonstration documents and truth.")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to, made when missing")
    parser.add_argument("--count", type=_positive, default=100, help="how many documents (100)")
    parser.add_argument("--seed", type=int, default=DEMONSTRATION_SEED, help="the same seed gives the same bytes")
    parser.add_argument("--kinds", type=_kinds, default=list(KINDS), help="comma separated (all)")
    parser.add_argument("--scans", type=_share, default=0.5, help="share of scans, 0..1 (0.5)")
    parser.add_argument("--flaws", type=_share, default=0.3, help="share of documents with a flaw, 0..1 (0.3)")
    parser.add_argument("--e-invoices", type=_share, default=0.0, help="share of invoices with their XML, 0..1 (0)")
    parser.add_argument("--jobs", type=_positive, default=1, help="processes (1)")
    parser.add_argument("--demo", action="store_true", help="the fixed demonstration set instead of a batch")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Generate the documents requested by the arguments and return the exit status."""
    options = _parser().parse_args(argv)
    options.out.mkdir(parents=True, exist_ok=True)
    if options.demo:
        plans = demonstration_plans(options.seed)
    else:
        plans = batch_plans(options.seed, options.count, kinds=options.kinds, scans=options.scans, flaws=options.flaws)
        plans = with_xml(plans, options.e_invoices, options.flaws)
    for sample in make_samples(plans, options.jobs):
        sample.write(options.out)
    sys.stdout.write(f"{len(plans)} documents with their truth in {options.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
