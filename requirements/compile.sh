#!/usr/bin/env bash
# Pin every requirements/*.in into its .txt, with the hashes of all its files, for every platform: one joint
# resolution, so that the files agree with one another and install in one pass. Present pins are kept; `--upgrade`
# asks for the newest.
# torch and CUDA's packages have a file of their own: setup may take torch's CPU build in their place (no graphics
# card, a tenth of the size), which comes from another index, with other hashes.
set -euo pipefail
cd "$(dirname "$0")"
uv=${UV:-uv}
joint=$(mktemp)
trap 'rm -f "$joint"' EXIT

pin() { "$uv" pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --no-header "$@"; }

# A `via` line of its own follows the hashes of a package.
write() {
  local name=$1 source=$2
  shift 2
  echo "# Pinned from $source by \`make lock\`; edit that file, not this one." >"$name.txt"
  pin "$source" --constraint "$joint" --generate-hashes --annotation-style line "$@" |
    sed -E "s#,? ?-c $joint##; s# via,? ?,? # via #; s#([a-z0-9])-r #\1, -r #; / # via *\$/d; /^$/,$ d" >>"$name.txt"
}

names() { sed -nE 's/^([a-z0-9-]+)(\[.*\])?==.*/\1/p' "$1" | sort -u; }

cat ./*.txt 2>/dev/null | sed -nE 's/^([a-z0-9][^ ]*==[^ ]+).*/\1/p' | sort -u >"$joint"
pin "$@" --no-annotate ./*.in --output-file "$joint"
torch=$(names "$joint" | grep -E '^(nvidia|cuda)-|^(torch|triton)$')
for file in *.in; do
  # shellcheck disable=SC2046  # one option and its value a line
  write "${file%.in}" "$file" $(printf -- '--no-emit-package %s\n' $torch)
done
# shellcheck disable=SC2046
write torch models.in $(names models.txt | sed 's/^/--no-emit-package /')
