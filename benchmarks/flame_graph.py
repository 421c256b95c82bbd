"""Draw recorded stacks as a flame graph: `py-spy record -f raw ... && python -m benchmarks.flame_graph STACKS PICTURE`.

Each line of the recording is a stack (frames from the outermost, separated by semicolons) and its number of samples.
The picture is a static SVG: a bar is a function, its width the share of the samples in it and in what it calls, the
bars on top of it are its callees (Brendan Gregg, "The Flame Graph", 2016). A tooltip shows name and share.
`--root NAME` starts at the frames of this function, so that a server's event loop does not fill the first rows.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

WIDTH, ROW, MARGIN = 1200.0, 16, 4
NARROWEST = 1.5  # pixels; narrower bars are left out
PER_CHARACTER = 6.2  # pixels of a character of a label
LINE_NUMBER = re.compile(r":\d+\)$")
COLOURS = (  # by the place of the code, the first that matches
    (("(refinery/", "(review/", "(ingestion/", "(quality/", "(workers/"), "#0b7a75"),
    (("psycopg", "(django/db/"), "#8a6fb0"),
    (("(django/", "(rest_framework/", "(asgiref/", "(channels/"), "#b5838d"),
)
OTHER_COLOUR = "#9aa0a6"


@dataclass(slots=True)
class Frame:
    """Function in the context of its callers: samples in it and its callees, and the callees by name."""

    samples: int = 0
    callees: dict[str, "Frame"] = field(default_factory=dict)

    def add(self, names: Iterable[str], samples: int) -> None:
        """Count the samples of one stack below this frame."""
        frame = self
        frame.samples += samples
        for name in names:
            frame = frame.callees.setdefault(name, Frame())
            frame.samples += samples

    @property
    def depth(self) -> int:
        """Return the number of rows that the callees need."""
        return 1 + max((callee.depth for callee in self.callees.values()), default=0)


def read_stacks(lines: Iterable[str], root: str = "") -> Frame:
    """Return the tree of the stacks; with `root` only of those that contain a frame whose name starts with it."""
    tree = Frame()
    for line in lines:
        stack, _, samples = line.rstrip().rpartition(" ")
        names = [LINE_NUMBER.sub(")", name) for name in stack.split(";")]
        start = next((place for place, name in enumerate(names) if name.startswith(root)), None)
        if start is not None:
            tree.add(names[start:], int(samples))
    return tree


def draw(tree: Frame, title: str) -> str:
    """Return the SVG. Raises ValueError without samples."""
    if not tree.samples:
        message = "no stack was recorded below this function"
        raise ValueError(message)
    height = (tree.depth + 2) * ROW + 2 * MARGIN
    bars = "\n".join(_bars(tree, 0.0, 1, WIDTH / tree.samples, height, tree.samples))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {height}" font-family="sans-serif"'
        f' font-size="10">\n<title>{escape(title)}</title>\n<rect width="100%" height="100%" fill="#ffffff"/>\n'
        f'<text x="{MARGIN}" y="{ROW}" font-size="13" fill="#1c1c1e">{escape(title)}: {tree.samples} samples</text>\n'
        f"{bars}\n</svg>\n"
    )


def _bars(frame: Frame, left: float, row: int, scale: float, height: int, total: int) -> Iterator[str]:
    """Yield the bars of a frame's callees and of theirs, the widest first."""
    for name, callee in sorted(frame.callees.items(), key=lambda found: -found[1].samples):
        width = callee.samples * scale
        if width >= NARROWEST:
            yield _bar(name, callee.samples / total, left, height - MARGIN - row * ROW, width)
            yield from _bars(callee, left, row + 1, scale, height, total)
        left += width


def _bar(name: str, share: float, left: float, top: float, width: float) -> str:
    room = int((width - 4) / PER_CHARACTER)
    label = name if len(name) <= room else name.partition(" ")[0][: max(0, room)]
    text = f'<text x="{left + 2:.1f}" y="{top + 11:.1f}" fill="#ffffff">{escape(label)}</text>' if room > 2 else ""
    return (
        f'<g><title>{escape(name)}: {share:.1%}</title><rect x="{left:.1f}" y="{top:.1f}" width="{width - 0.5:.1f}"'
        f' height="{ROW - 1}" fill="{_colour(name)}"/>{text}</g>'
    )


def _colour(name: str) -> str:
    return next((colour for places, colour in COLOURS if any(place in name for place in places)), OTHER_COLOUR)


def main() -> int:
    """Read the recording and write the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stacks", type=Path)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--root", default="")
    parser.add_argument("--title", default="")
    options = parser.parse_args()
    tree = read_stacks(options.stacks.read_text().splitlines(), options.root)
    options.picture.write_text(draw(tree, options.title or options.stacks.stem))
    return 0


if __name__ == "__main__":
    sys.exit(main())
