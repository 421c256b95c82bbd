#!/bin/sh
# openpyxl 3.1.5 reads a date whose cell has one of the built-in East Asian formats as a plain number.
#
# Expected: ECMA-376 part 1 (18.8.30) lists 27 to 36 and 50 to 58 as built-in date formats of Japanese, Chinese,
# Korean and Thai; a cell with such a format is a date as one with format 14 is.
# Seen: format 14 gives a datetime, format 31 the number 46085.
# The script writes a valid workbook with both and fails if the second becomes a date.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet openpyxl==3.1.5
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import datetime
import sys
import zipfile
from pathlib import Path

import openpyxl

folder = Path(sys.argv[1])
book = openpyxl.Workbook()
for place in ("A1", "B1"):
    book.active[place] = datetime.datetime(2026, 3, 4)
book.active["A1"].number_format = "mm-dd-yy"  # built-in format 14
book.active["B1"].number_format = "0.00"  # built-in format 2
book.save(folder / "one.xlsx")
with zipfile.ZipFile(folder / "one.xlsx") as source, zipfile.ZipFile(folder / "two.xlsx", "w") as target:
    for name in source.namelist():
        content = source.read(name)
        if name == "xl/styles.xml":
            content = content.replace(b'numFmtId="2"', b'numFmtId="31"')
        target.writestr(name, content)
sheet = openpyxl.load_workbook(folder / "two.xlsx").active
print("A1", repr(sheet["A1"].value))
print("B1", repr(sheet["B1"].value))
sys.exit(0 if isinstance(sheet["A1"].value, datetime.datetime) and sheet["B1"].value == 46085 else 1)
PYTHON
# Output seen:
# A1 datetime.datetime(2026, 3, 4, 0, 0)
# B1 46085
