#!/bin/sh
# Babel 2.18.0: get_currency_precision returns CLDR's digits for printing prices, not the minor units of ISO 4217.
#
# Expected: a function named so, used to store amounts, returns the minor units of ISO 4217: 3 for the Iraqi dinar,
# 2 for the Serbian dinar, the Albanian lek and the Lebanese pound.
# Seen: 0 for all of them, because CLDR records how such prices are usually printed. Money that is rounded by it loses
# its decimals without an error. KWD (3) and JPY (0) agree with ISO 4217.
# The script fails if the digits change.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet babel==2.18.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys

from babel.numbers import get_currency_precision

digits = {code: get_currency_precision(code) for code in ("IQD", "RSD", "ALL", "LBP", "KWD", "JPY")}
print(digits)
sys.exit(0 if digits == {"IQD": 0, "RSD": 0, "ALL": 0, "LBP": 0, "KWD": 3, "JPY": 0} else 1)
PYTHON
# Output seen: {'IQD': 0, 'RSD': 0, 'ALL': 0, 'LBP': 0, 'KWD': 3, 'JPY': 0}
