#!/bin/sh
# Pillow 13.0.0 opens a 16-bit grey TIFF in which zero is white as its negative.
#
# Expected: TIFF 6.0 (section 3) has the same meaning of PhotometricInterpretation 0 for each number of bits. Pillow
# inverts such files with 1, 2, 4 and 8 bits, so that white paper is white.
# Seen: with 8 bits a pixel of 0 is read as 255, with 16 bits it stays 0, without a warning.
# The script fails if the 16-bit file is inverted too.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pillow==13.0.0
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import struct
import sys
from pathlib import Path

from PIL import Image


def read_zero_pixel(bits):
    """Return the value of a pixel that is stored as 0 in a file whose zero is white."""
    entries = [(256, 3, 1), (257, 3, 1), (258, 3, bits), (259, 3, 1), (262, 3, 0), (273, 4, 130), (277, 3, 1), (278, 3, 1)]
    entries.append((279, 4, bits // 8))
    table = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    head = struct.pack("<2sHIH", b"II", 42, 8, len(entries))
    content = (head + table + struct.pack("<I", 0)).ljust(130, b"\0") + b"\0" * (bits // 8)
    path = Path(sys.argv[1]) / f"{bits}.tif"
    path.write_bytes(content + b"\0\0")
    with Image.open(path) as picture:
        print(bits, "bits:", picture.mode, picture.getpixel((0, 0)))
        return picture.getpixel((0, 0))


sys.exit(0 if read_zero_pixel(8) == 255 and read_zero_pixel(16) == 0 else 1)
PYTHON
# Output seen:
# 8 bits: L 255
# 16 bits: I;16 0
