#!/usr/bin/env bash
# Pin every requirements/*.in into its .txt: one joint resolution, so that the files agree with one another and
# install in one pass. Present pins are kept; `--upgrade` asks for the newest.
# CUDA's own packages stay out of models.txt: torch names them exactly by itself, and a CPU build of torch (no
# graphics card, a tenth of the size) wants none of them.
set -euo pipefail
cd "$(dirname "$0")"
uv=${UV:-uv}
joint=$(mktemp)
trap 'rm -f "$joint"' EXIT

pin() { "$uv" pip compile --quiet --python-version 3.11 --no-header "$@"; }

cat ./*.txt 2>/dev/null | sed -nE 's/^([a-z0-9].*==[^ ]+).*/\1/p' | sort -u >"$joint"
pin "$@" --no-annotate ./*.in --output-file "$joint"
cuda=$(sed -nE 's/^((nvidia|cuda)-[a-z0-9-]+|triton)==.*/--no-emit-package \1/p' "$joint")
for file in *.in; do
  echo "# Pinned from $file by \`make lock\`; edit that file, not this one." >"${file%.in}.txt"
  # shellcheck disable=SC2086  # one option and its value a line
  pin "$file" --constraint "$joint" --annotation-style line $cuda |
    sed -nE "s#(, )?-c $joint(, )?##; /^[a-z0-9]/s/ +# via *(.*)/  \# via \1/p" >>"${file%.in}.txt"
done
