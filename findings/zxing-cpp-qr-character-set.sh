#!/bin/sh
# zxing-cpp 3.1.1 returns a guess as the text of a QR code whose content names its character set.
#
# Expected: a payment code of the European Payments Council names the character set of its text in its third line;
# a reader without knowledge of that form would return the bytes, or say that the text is uncertain.
# Seen: `text` decodes bytes in ISO 8859-2 by another set without any sign of doubt, so that the payee's name is wrong.
# `bytes` are right: decoded by the named set, they are the text that was encoded.
# The script fails if `text` becomes right.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet zxing-cpp==3.1.1 numpy==2.2.6
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import numpy
import zxingcpp

SETS = {"2": "iso8859-1", "3": "iso8859-2"}
text = "BCD\n002\n3\nSCT\n\nŽižkov Škoda\nCZ6508000000192000145399\nEUR12.50"
code = zxingcpp.create_barcode(text.encode("iso8859-2"), zxingcpp.BarcodeFormat.QRCode)
picture = numpy.pad(numpy.array(zxingcpp.write_barcode_to_image(code, scale=4)), 20, constant_values=255)
found = zxingcpp.read_barcodes(picture)[0]
decoded = found.bytes.decode(SETS[found.bytes.split(b"\n")[2].decode()])
print("text: ", found.text.split("<LF>")[5])
print("bytes:", decoded.split("\n")[5])
sys.exit(0 if decoded == text and found.text.replace("<LF>", "\n") != text else 1)
PYTHON
# Output seen:
# text:  ®i¾kov ©koda
# bytes: Žižkov Škoda
