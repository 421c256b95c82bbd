"""A13: hostile file names, plus those of a list of naughty strings if it is available."""

import json
from pathlib import Path

RIGHT_TO_LEFT = "\u202e"
NAMES = (
    "",
    ".",
    "..",
    "../../../../etc/passwd",
    "..\\..\\windows\\system32\\cmd.exe",
    "/etc/passwd",
    "C:\\autoexec.bat",
    "\\\\127.0.0.1\\share\\a.pdf",
    "file:///etc/passwd",
    "a\0b.pdf",
    "invoice.pdf\0.exe",
    f"invoice{RIGHT_TO_LEFT}fdp.exe",
    "a.pdf\r\nSet-Cookie: owned=1\r\n\r\n<script>",
    "a\nb.pdf",
    "\x1b[2J\x1b]0;owned\x07.pdf",
    "\ud800.pdf",
    "\ufeff\u200b\u2066.pdf",
    "e\u0301" * 150 + ".pdf",
    "x" * 300 + ".pdf",
    "x." + "y" * 300,
    "💥" * 300,
    "<img src=x onerror=alert(1)>.pdf",
    '"><script>alert(1)</script>.pdf',
    "'; DROP TABLE document;--.pdf",
    "{{ 7*7 }}{% debug %}.pdf",
    "$(touch owned).pdf",
    "-rf .pdf",
    "--help",
    "CON",
    "aux.pdf",
    "=cmd|'/c calc'!A0.pdf",
    "%00%2e%2e%2f.pdf",
    "a" + " " * 200 + ".exe",
    "\U0001d4f2\U0001d4f7\U0001d4ff.pdf",
    "ﷺ" * 200,
)


def hostile_names(corpus: Path | None) -> tuple[str, ...]:
    """Return the built-in names, plus those of the corpus of real documents if it is available."""
    file = corpus / "hostile" / "blns.json" if corpus else None
    more = json.loads(file.read_text(encoding="utf-8")) if file and file.exists() else []
    return (*NAMES, *(str(name) for name in more))
