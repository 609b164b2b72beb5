#!/bin/sh
# Every patch of Tests/Mutants applies to the tree, and names suites that exist.
set -eu
cd "$(dirname "$0")/.."
failed=0
complain() {
  echo "  $1" >&2
  failed=1
}

suites=$(find Tests -name '*.swift' -exec cat {} + | grep -oE '(struct|class) [A-Za-z]+' | cut -d ' ' -f 2 | sort -u)
for patch in Tests/Mutants/*.patch; do
  git apply --check "$patch" 2>/dev/null || complain "$patch does not apply"
  named=$(sed -n '1s/^Suites: //p' "$patch" | tr '|' '\n')
  [ -n "$named" ] || complain "$patch names no suites in its first line"
  for suite in $named; do
    printf '%s\n' "$suites" | grep -qx "$suite" || complain "$patch names $suite, which is not there"
  done
done
exit $failed
