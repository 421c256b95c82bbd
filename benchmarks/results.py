"""RESULTS.md: one section a benchmark, replaced when it is measured again, the others left as they are."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

PLACE = Path(__file__).parent / "RESULTS.md"
HEAD = """\
# Measured

Each section is what a benchmark printed, with the machine, the command, and the load of the last minute before
and after it. `make bench` measures all of them again, `python -m benchmarks NAME` one; nothing here is asserted
anywhere. A load before the run that is well above zero means that others were at work on the machine: its times
are then too long, and sections with different loads cannot be compared.
"""
SECTION = re.compile(r"^## `(?P<name>[\w.]+)`.*?(?=^## `|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of one benchmark: `text` is what it printed, as Markdown; `load` is that before and after it."""

    name: str
    title: str
    on: date
    machine: str
    load: tuple[float, float]
    command: str
    text: str

    def section(self) -> str:
        """Write its section."""
        return (
            f"## `{self.name}`: {self.title}\n\n"
            f"Measured on {self.on.isoformat()}. {self.machine}. "
            f"Load {self.load[0]:.1f} before, {self.load[1]:.1f} after.\n\n"
            f"```\n{self.command}\n```\n\n{self.text.strip()}\n"
        )


def merged(before: str, measured: Measured, order: tuple[str, ...]) -> str:
    """Put a section into the whole text: in `order`, unknown ones last."""
    sections = {found["name"]: found[0].strip() + "\n" for found in SECTION.finditer(before)}
    sections[measured.name] = measured.section()
    names = sorted(sections, key=lambda name: (order.index(name) if name in order else len(order), name))
    return HEAD + "\n" + "\n".join(sections[name] for name in names)


def keep(measured: Measured, order: tuple[str, ...], place: Path = PLACE) -> None:
    """Write the section into the file, which is made when it is missing."""
    before = place.read_text() if place.exists() else ""
    place.write_text(merged(before, measured, order))
