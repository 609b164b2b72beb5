#!/bin/sh
# Mutants: applies the patches of Tests/Mutants one at a time to a copy of the tree, builds it, and runs the suites that
# the patch names. Prints the patches that no suite noticed, and fails if there are any.
# mutants.sh <part of the patches' names> <test command>…
set -eu
cd "$(dirname "$0")/.."
only=$1
shift
root=$(pwd -P) tree=$(pwd -P)/.build-mutants/tree
mkdir -p "$tree"
# The copy is no part of this repository: git apply would leave out what lies outside of its own folder.
export GIT_CEILING_DIRECTORIES="$root/.build-mutants"

# Files that are the same stay untouched, so that the copy is built incrementally in a later run too.
git ls-files -co --exclude-standard >"$tree/../files"
(cd "$tree" && find . -type f ! -path './.build/*' | sed 's|^[.]/||') | while read -r file; do
  [ -e "$file" ] || rm "$tree/$file"
done
while read -r file; do
  if [ ! -e "$file" ] || cmp -s "$file" "$tree/$file"; then continue; fi
  mkdir -p "$(dirname "$tree/$file")"
  cp -p "$file" "$tree/$file"
done <"$tree/../files"
cd "$tree"

log=$root/.build-mutants/log limit=''
# A mutant may wait for ever.
if command -v timeout >/dev/null; then limit='timeout 900'; fi
builds() { swift build -Xcc -O2 --build-tests >"$log" 2>&1; }
passes() { named=$1 && shift && $limit "$@" --skip-build --filter "$named" >"$log" 2>&1; }
suites() { sed -n '1s/^Suites: //p' "$@"; }
fail() {
  [ ! -f "$log" ] || tail -n 40 "$log" >&2
  echo "mutants: $1" >&2
  exit 1
}

patches=$(find "$root/Tests/Mutants" -name "*$only*.patch" | LC_ALL=C sort)
[ -n "$patches" ] || fail "no patch is named *$only*"
builds || fail "the tree does not build"
all=$(for patch in $patches; do suites "$patch"; done | tr '|' '\n' | LC_ALL=C sort -u | paste -sd '|' -)
passes "$all" "$@" || fail "the suites fail without a mutant"

survivors=0 count=0
for patch in $patches; do
  name=$(basename "$patch" .patch) count=$((count + 1))
  git apply "$patch" || fail "$name does not apply"
  if ! builds; then
    git apply -R "$patch"
    fail "$name does not build"
  fi
  if passes "$(suites "$patch")" "$@"; then
    survivors=$((survivors + 1))
    echo "$name: survived $(suites "$patch")"
  else
    echo "$name: noticed"
  fi
  git apply -R "$patch"
done
echo "mutants: $survivors of $count survived"
[ "$survivors" = 0 ]
