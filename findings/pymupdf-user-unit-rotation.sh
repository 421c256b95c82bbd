#!/bin/sh
# PyMuPDF 1.28.2: the matrices of a rotated page ignore its UserUnit.
#
# Expected: `Page.rect`, `rotation_matrix` and `transformation_matrix` of a page use one unit, so that a point of the
# unrotated page times `rotation_matrix` lies on the page as it is shown.
# Seen: with UserUnit 2 the page is shown with 1600 x 2000 points, but the matrix has the scale 1 and the offset of a
# page of half the size: the far corner of the page is put at its middle.
# The script fails if the corner comes out in the corner.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pymupdf==1.28.2
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import pymupdf

document = pymupdf.open()
page = document.new_page(width=1000, height=800)
document.xref_set_key(page.xref, "UserUnit", "2")
page.set_rotation(270)
page = pymupdf.open("pdf", document.tobytes())[0]
print("page:  ", page.rect.width, "x", page.rect.height)
print("matrix:", tuple(page.rotation_matrix))
sys.exit(0 if (page.rect.width, page.rect.height) == (1600, 2000) and max(page.rotation_matrix) == 1000 else 1)
PYTHON
# Output seen:
# page:   1600.0 x 2000.0
# matrix: (0.0, -1.0, 1.0, 0.0, 0.0, 1000.0)
