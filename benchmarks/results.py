"""RESULTS.md: one section per benchmark, replaced when it is measured again; other sections are unchanged."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

RESULTS_FILE = Path(__file__).parent / "RESULTS.md"
HEAD = """\
# Measured

Each section is what a benchmark printed, with the machine, the command, and the load of the last minute before
and after it. `make bench` measures all of them again, `python -m benchmarks NAME` one; no test
asserts these values. A load well above zero before the run means that other programs were busy on the machine: its
times are then too long, and sections with different loads cannot be compared.
"""
SECTION = re.compile(r"^## `(?P<name>[\w.]+)`.*?(?=^## `|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class BenchmarkRun:
    """One run of one benchmark: `text` is its output as Markdown; `load` is that before and after it."""

    name: str
    title: str
    measured_on: date
    machine: str
    load: tuple[float, float]
    command: str
    text: str

    def section(self) -> str:
        """Return its section."""
        return (
            f"## `{self.name}`: {self.title}\n\n"
            f"Measured on {self.measured_on.isoformat()}. {self.machine}. "
            f"Load {self.load[0]:.1f} before, {self.load[1]:.1f} after.\n\n"
            f"```\n{self.command}\n```\n\n{self.text.strip()}\n"
        )


def merge_section(before: str, measured: BenchmarkRun, order: tuple[str, ...]) -> str:
    """Insert or replace a section of the text: in `order`, unknown ones last."""
    sections = {found["name"]: found[0].strip() + "\n" for found in SECTION.finditer(before)}
    sections[measured.name] = measured.section()
    names = sorted(sections, key=lambda name: (order.index(name) if name in order else len(order), name))
    return HEAD + "\n" + "\n".join(sections[name] for name in names)


def write_section(measured: BenchmarkRun, order: tuple[str, ...], place: Path = RESULTS_FILE) -> None:
    """Write the section into the file, which is created if missing."""
    before = place.read_text() if place.exists() else ""
    place.write_text(merge_section(before, measured, order))
