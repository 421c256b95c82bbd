"""Figures of peers for the same operations, measured by us earlier on two shared cores: quoted, not measured.

10,000 tasks with one box each, p50 in milliseconds with one client; they are only as comparable to ours as two
machines of two cores are. `-`: the peer has no such function, or it was not measured.
"""

from typing import Final

from benchmarks.desk.reviewer import NEXT, OPEN, SUBMIT

LIST, FILTERED = "list of 50", "filtered list of 50"

PEERS: Final[dict[str, dict[str, str]]] = {
    "Label Studio 1.23, SQLite": {NEXT: "104", OPEN: "128", SUBMIT: "184", LIST: "256", FILTERED: "325"},
    "Label Studio 1.23, PostgreSQL": {NEXT: "188", OPEN: "196", SUBMIT: "264", LIST: "517", FILTERED: "604"},
    "doccano 1.8 (no lock on a task)": {NEXT: "80", OPEN: "37", SUBMIT: "36 + 29", LIST: "335", FILTERED: "239"},
}
AT_EIGHT: Final[dict[str, tuple[str, str]]] = {
    "Label Studio 1.23, SQLite": ("9.6", "3.6"),
    "Label Studio 1.23, PostgreSQL": ("10.5", "4.6"),
}
