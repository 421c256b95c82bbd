"""In-memory review desk: tasks, leases, drafts and decisions, as far as the viewer tests need them."""

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any
from uuid import UUID, uuid4

from ingestion.domain.schemas.kinds import value_type
from refinery.core.web.status_badges import mark_of_state
from tests.e2e.harness.invoice_images import HEIGHT, WIDTH, InvoiceImage, invoice, terms

REVIEW_THRESHOLD = 0.85
TITLES = {
    "supplier": "Supplier",
    "address": "Supplier's address",
    "number": "Invoice number",
    "date": "Invoice date",
    "customer": "Customer",
    "net": "Net amount",
    "tax": "VAT",
    "total": "Total",
    "iban": "IBAN",
    "vat_id": "VAT id",
    "order": "Order reference",
}
CONFIDENCE = {"supplier": 0.71, "date": 0.97, "total": 0.62, "tax": 0.44, "order": 0.8, "vat_id": 1.0}
FIELDS_FROM_XML = {"vat_id"}
EINVOICE = {
    "title": "Factur-X 1.0 EXTENDED",
    "mark": mark_of_state("einvoice_valid").as_dict(),
    "words": "",
    "xml": "/v1/documents/1/e-invoice/xml",
}
KINDS = {"address": "address", "date": "date", "net": "money", "tax": "money", "total": "money"}


@dataclass
class HarnessState:
    """State of the harness; `document_pages` are the pages of each document."""

    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    document_pages: dict[str, list[InvoiceImage]] = field(default_factory=dict)
    submitted: list[dict[str, Any]] = field(default_factory=list)
    next_requests: list[dict[str, Any]] = field(default_factory=list)
    drafts: dict[str, dict[str, Any]] = field(default_factory=dict)
    queue: str = "Invoices"
    locked_tasks: int = 0
    regions: dict[str, dict[str, Any]] = field(default_factory=dict)
    held_until: str | None = None
    chosen_queue: str = ""
    accepted_by: str = ""
    too_late: bool = False
    lock: RLock = field(default_factory=RLock)

    def add(self, number: int, flagged: int | None = None) -> str:
        """Add an invoice to the queue; `flagged` fields need a human (default: those below REVIEW_THRESHOLD)."""
        key = str(UUID(int=0x5EED0000 + number))
        sheets = [invoice(number), terms()]
        self.document_pages[key] = sheets
        fields = _fields(sheets, number)
        if flagged is not None:
            for item in fields:
                item["needs_human"] = False
            for item in sorted(fields, key=lambda one: one["confidence"])[:flagged]:
                item["needs_human"] = True
        self.tasks[key] = {"state": "OPEN", "lease": None, "fields": fields, "number": number, "comments": []}
        self.order.append(key)
        return key

    def claim(self, key: str) -> dict[str, str]:
        """Claim a task and return its lease."""
        expires = datetime.now(UTC) + timedelta(seconds=120)
        lease = {"token": str(uuid4()), "expires_at": expires.isoformat()}
        self.tasks[key].update(state="CLAIMED", lease=lease)
        return lease

    def next(self, *, ahead: bool) -> str | None:
        """Return the caller's claimed task, or with `ahead` the second one; otherwise the next open task."""
        held = [key for key in self.order if self.tasks[key]["state"] == "CLAIMED"]
        if len(held) > ahead:
            return held[1 if ahead else 0]
        waiting = [key for key in self.order if self.tasks[key]["state"] == "OPEN"]
        return waiting[0] if waiting else None

    def payload(self, key: str) -> dict[str, Any]:
        """Return the payload described in docs/viewer.md."""
        task = self.tasks[key]
        return {
            "task": {
                "id": key,
                "kind": "password" if task["number"] == self.locked_tasks else "review",
                "queue": self.queue,
                "status": task["state"],
                "due_at": (datetime.now(UTC) + timedelta(minutes=72)).isoformat(),
                "url": f"/review/tasks/{key}/",
                "claimable": task["state"] == "OPEN",
                "held_until": self.held_until,
                "note": "Omar Operator has claimed this document." if self.held_until else "",
            },
            "lease": task["lease"],
            "document": self.document(key),
            "draft": self.drafts.get(key, {"revision": 0, "values": {}}),
            "me": {"id": "u1", "name": "Rina Reviewer"},
            "reasons": [
                {"code": "wrong_document", "title": "Not the right document"},
                {"code": "unreadable", "title": "Cannot be read"},
                {"code": "incomplete", "title": "Pages are missing"},
                {"code": "fraud", "title": "Looks forged"},
                {"code": "other", "title": "Another reason"},
            ],
            "history": [
                {"at": "2024-11-20T09:00:00Z", "what": "Received", "who": "api key mailroom"},
                {"at": "2024-11-20T09:00:09Z", "what": "Read and checked", "who": ""},
            ],
            "comments": task["comments"],
            "undo_seconds": 30,
            "chosen_queue": self.chosen_queue,
            "urls": _urls(key),
        }

    def document(self, key: str) -> dict[str, Any]:
        """Return the document in the payload."""
        task = self.tasks[key]
        pages = [
            {
                "number": n,
                "width": WIDTH,
                "height": HEIGHT,
                "image": f"/pages/{key}/{n}.jpg",
                "thumbnail": f"/pages/{key}/{n}.jpg?thumbnail=1",
                "words_url": f"/v1/documents/{key}/pages/{n}",
                "error": "",
            }
            for n in range(1, len(self.document_pages[key]) + 1)
        ]
        issues = [
            {
                "code": "TOTALS",
                "severity": "major",
                "field": "total",
                "page": 1,
                "bbox": None,
                "fix": "1,485.71",
                "message": "Total does not match the lines",
                "recommendation": "The lines and the tax add up to 1,485.71.",
                "state": "open",
                "accepted_by": "",
            },
            {
                "code": "SUPPLIER_UNKNOWN",
                "severity": "minor",
                "field": "supplier",
                "page": 1,
                "bbox": None,
                "fix": "",
                "message": "This supplier has not been seen before",
                "recommendation": "Compare the IBAN with your records.",
                "state": "open",
                "accepted_by": self.accepted_by,
            },
        ]
        return {
            "id": key,
            "title": f"invoice-2024-{110 + task['number']}.pdf",
            "schema": "invoice",
            "schema_title": "Invoice",
            "status": "IN_REVIEW",
            "status_mark": mark_of_state("IN_REVIEW").as_dict(),
            "url": f"/documents/{key}/",
            "pages": pages,
            "fields": task["fields"],
            "issues": issues,
            "einvoice": EINVOICE if task["number"] == 1 else None,
        }


def _urls(key: str) -> dict[str, str]:
    task = f"/v1/review/tasks/{key}"
    verbs = (
        "claim",
        "heartbeat",
        "release",
        "skip",
        "escalate",
        "submit",
        "undo",
        "postpone",
        "draft",
        "checks",
        "comment",
    )
    return {
        "next": "/v1/review/tasks/next",
        "payload": "/review/tasks/{id}/payload",
        "regions": f"/v1/documents/{key}/pages/{{page}}/regions",
        **{verb: f"{task}/{verb}" for verb in verbs},
    }


def _fields(sheets: list[InvoiceImage], number: int) -> list[dict[str, Any]]:
    found = {}
    for page, sheet in enumerate(sheets, 1):
        for name, box in sheet.boxes.items():
            found[name] = (page, box, " ".join(w["text"] for w in sheet.words if _word_in_box(w["bbox"], box)))
    return [_field(name, *found[name]) for name in TITLES if name in found]


def _word_in_box(word: list[float], box: list[float]) -> bool:
    return (
        box[0] - 1e-9 <= word[0] and word[2] <= box[2] + 1e-9 and box[1] - 1e-9 <= word[1] and word[3] <= box[3] + 1e-9
    )


def _field(name: str, page: int, box: list[float], value: str) -> dict[str, Any]:
    confidence = CONFIDENCE.get(name, 0.98)
    failed = {"code": "SUM", "ok": False, "message": "The lines and the tax add up to 1,485.71"}
    others = [
        {"value": "231.22", "confidence": 0.31, "page": None, "bbox": None},
        {"value": "237.72", "confidence": 0.12, "page": 2, "bbox": [0.1, 0.8, 0.3, 0.82]},
    ]
    return {
        "name": name,
        "title": TITLES[name],
        "kind": KINDS.get(name, "text"),
        "widget": asdict(value_type(KINDS.get(name, "text")).widget),
        "value": value,
        "normalized": value,
        "confidence": confidence,
        "page": page,
        "bbox": box,
        "source": "xml" if name in FIELDS_FROM_XML else "label",
        "alternatives": others if name == "tax" else [],
        "needs_human": confidence < REVIEW_THRESHOLD,
        "required": name in {"number", "total"},
        "validation": [failed] if name == "total" else [],
        "version": 1,
    }
