"""Script that exports the ICD-10-CM codes to a small table: `python -m quality.data.build_icd10`.

The source package (simple-icd-10-cm, MIT; the codes are the public work of CDC and CMS) takes seconds and
190 MB to import, so only this script uses it. The table is front-coded: codes in order, each as the number of
characters shared with the previous code followed by the rest, `!` for a heading; then LZMA.
"""

import lzma
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

EDITION = "ICD-10-CM April 2026"
TABLE = Path(__file__).with_name("icd10cm.txt.xz")


def front_coded(codes: Iterable[tuple[str, bool]]) -> Iterator[str]:
    """Encode each code (without its dot; whether it is billable) relative to the previous one."""
    before = ""
    for code, billable in codes:
        pairs = enumerate(zip(before, code, strict=False))
        shared = next((at for at, (old, new) in pairs if old != new), min(len(before), len(code)))
        yield f"{shared}{code[shared:]}{'' if billable else '!'}"
        before = code


def read_codes() -> list[tuple[str, bool]]:
    """Return the categories and codes of the package in order; chapters and blocks are not codes.

    A block of one category has its name (B20, Z66): `is_block` is then true of both, so it must not exclude any.
    """
    import simple_icd_10_cm as icd  # noqa: PLC0415 - seconds to import, and needed by this script only

    codes = {
        code.replace(".", ""): bool(icd.is_leaf(code))
        for code in icd.get_all_codes(with_dots=True)
        if icd.is_category_or_subcategory(code)
    }
    return sorted(codes.items())


def main() -> None:
    """Write the table and print a summary."""
    codes = read_codes()
    text = "\n".join([EDITION, *front_coded(codes)])
    TABLE.write_bytes(lzma.compress(text.encode("ascii"), preset=9 | lzma.PRESET_EXTREME))
    billable = sum(1 for _, leaf in codes if leaf)
    sys.stdout.write(f"{TABLE.name}: {len(codes)} codes, {billable} billable, {TABLE.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
