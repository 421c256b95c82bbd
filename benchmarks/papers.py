"""Documents to send: from the project's own generator, one page each, without deliberate flaws."""

from collections.abc import Iterator
from itertools import count

from samples.generate import make_document
from samples.sample import Sample

SEED = 2_025_011


def invoices(number: int, *, scan: bool, first: int = 0) -> Iterator[Sample]:
    """Generate invoices of one page."""
    made = 0
    for index in count(first):
        sample = make_document("invoice", seed=SEED, index=index, scan=scan)
        if sample.truth["pages"] == 1:
            yield sample
            made += 1
        if made == number:
            return
