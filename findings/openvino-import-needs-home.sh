#!/bin/sh
# `import openvino` (2026.4.1) sets up its telemetry client, and fails for a user without a home directory.
#
# Expected: importing an inference library neither prepares telemetry nor looks for a home directory; service accounts
# and sandboxes often have none.
# Seen: the package's __init__ imports its model converter, which creates a client of openvino-telemetry; that asks for
# the home directory and raises RuntimeError if there is none. Without the package openvino-telemetry, which the wheel
# requires, a stub is used and the import succeeds.
# The script imports it in a process that has no HOME and a user id without an entry in the user database.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
python3 -m venv --copies "$folder/venv"
"$folder/venv/bin/pip" install --quiet openvino==2026.4.1
cat >"$folder/without_home.py" <<'PYTHON'
import os
import pwd


def missing(*_):
    raise KeyError("no such user")


os.environ.pop("HOME", None)
pwd.getpwuid = missing  # as for an account that exists only as a number
try:
    import openvino
except RuntimeError as reason:
    print(f"RuntimeError: {reason}")
else:
    print("imported")
PYTHON
"$folder/venv/bin/python" -c 'import openvino, sys; print("telemetry client:", "openvino_telemetry" in sys.modules)'
first=$("$folder/venv/bin/python" "$folder/without_home.py")
echo "without a home directory: $first"
"$folder/venv/bin/pip" uninstall --quiet --yes openvino-telemetry
second=$("$folder/venv/bin/python" "$folder/without_home.py")
echo "without openvino-telemetry: $second"
[ "$first" = "RuntimeError: Could not determine home directory." ] && [ "$second" = "imported" ]
# Output seen:
# telemetry client: True
# without a home directory: RuntimeError: Could not determine home directory.
# without openvino-telemetry: imported
