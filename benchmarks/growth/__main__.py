"""Pages, lists and counters at growing numbers of rows: `python -m benchmarks.growth --tasks 10000 200000 1000000`.

One program, filled step by step (see growth.rows); each address is requested by one client with an API key. The
table has the median of each address at each size, and its ratio to the first size.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence

from benchmarks.client import Client
from benchmarks.desk.__main__ import read_templates
from benchmarks.figures import milliseconds, spread, table
from benchmarks.papers import invoices
from benchmarks.running import RunningProgram, running_program

UPLOAD = "upload"
RARE, COMMON, NOWHERE, SHORT = "000042-", "invoice", "zzqqzzqq", "42"


def addresses(batch: str, document: str) -> dict[str, str]:
    """Return the measured addresses by name; `batch` has all copies, `document` is one of them."""
    return {
        "desk": "/",
        "desk, searched": f"/?q={RARE}",
        "desk, searched, no match": f"/?q={NOWHERE}",
        "documents page": "/documents/",
        "documents page, of one status": "/documents/?status=APPROVED",
        "documents page, of an unused schema": "/documents/?schema=purchase_order",
        "documents page, searched": f"/documents/?q={RARE}",
        "documents page, searched, no match": f"/documents/?q={NOWHERE}",
        "documents page, searched, many matches": f"/documents/?q={COMMON}",
        "documents page, two characters": f"/documents/?q={SHORT}",
        "search of the palette": f"/documents/search?q={RARE}",
        "documents of the API, searched": f"/v1/documents?search={RARE}",
        "documents of the API": "/v1/documents?limit=50&status=IN_REVIEW",
        "documents of a batch": f"/v1/documents?limit=50&batch={batch}",
        "batches page": "/batches/",
        "batch page": f"/batches/{batch}/",
        "batch of the API": f"/v1/batches/{batch}",
        "document page": f"/documents/{document}/",
        "reprocessings page": "/documents/reprocessings/",
        "tasks of the API": "/v1/review/tasks?limit=50",
        "webhooks": "/v1/webhooks",
        "models page": "/models/",
        "training examples": "/v1/training-examples?limit=50",
        "metrics of quality": "/v1/metrics/quality?days=30",
        "metrics of the queues": "/v1/metrics/sla?days=30",
    }


def measure(program: RunningProgram, key: str, paths: Mapping[str, str], times: int, first: int) -> dict[str, float]:
    """Return the median seconds of each address, and of uploads of new files that begin with number `first`."""
    client, medians = Client(program.url, key), {}
    for name, path in paths.items():
        client.get(path)
        medians[name] = spread(client.get(path).seconds for _ in range(times)).p50
    files = invoices(times, scan=False, first=first)
    uploads = [client.upload(file.filename, file.content, file.media_type).seconds for file in files]
    return medians | {UPLOAD: spread(uploads).p50}


def report(sizes: Sequence[int], found: Sequence[Mapping[str, float]]) -> str:
    """Return the table; a ratio follows each size after the first."""
    head = ["request, p50 ms", f"{sizes[0]:,}"]
    for size in sizes[1:]:
        head += [f"{size:,}", "ratio"]
    rows = []
    for name, base in found[0].items():
        row = [name, milliseconds(base)]
        for medians in found[1:]:
            row += [milliseconds(medians[name]), f"{medians[name] / base:.2f}"]
        rows.append(row)
    return table(head, rows)


def main() -> int:
    """Fill the program to each size, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, nargs="+", default=[10_000, 200_000])
    parser.add_argument("--times", type=int, default=30, help="requests of each address (30)")
    options = parser.parse_args()
    sizes, found, filled = sorted(options.tasks), [], 0
    with running_program() as program:
        read_templates(program, program.keys("operator")[0])
        key = program.keys("org_admin")[0]
        for step, size in enumerate(sizes):
            ids = program.python("benchmarks.growth.rows", "--first", str(filled + 1), "--documents", str(size)).split()
            filled = size
            found.append(measure(program, key, addresses(*ids), options.times, 20_000 + 1000 * step))
    print(report(sizes, found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
