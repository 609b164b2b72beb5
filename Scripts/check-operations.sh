#!/bin/sh
# Every name recorded in Core/Ops has an OpCase of that name in Tests, so that no derivative goes unchecked; or a Mistake
# of the backward pass, if it has none.
set -eu
cd "$(dirname "$0")/.."

recorded=$(sh Scripts/derivatives.sh)
[ -n "$recorded" ] || {
  echo "check-operations: no recorded operation found in Sources/Core/Ops" >&2
  exit 1
}
tests=$(find Tests -name '*.swift' -exec cat {} + | tr '\n' ' ')
cases=$(printf '%s' "$tests" | grep -oE 'OpCase(<[^>]*>)?\( *"[^"]*"' | cut -d '"' -f 2 | sort -u)
refused=$(printf '%s' "$tests" | grep -oE 'Mistake\( *"backward", *"[a-z]+ has no derivative' | cut -d '"' -f 4 | cut -d ' ' -f 1)
missing=$(printf '%s\n' "$recorded" | awk -v cases="$cases" -v refused="$refused" '
  BEGIN {
    count = split(cases, names, "\n"); for (i = 1; i <= count; i++) tested[names[i]] = 1
    count = split(refused, names, "\n"); for (i = 1; i <= count; i++) refuses[names[i]] = 1
  }
  !($1 in tested) && !(tolower($1) in refuses) { print "  " $1 " (" $2 ")" }')
[ -n "$missing" ] || exit 0
printf '%s\n%s\n' "recorded without an OpCase in Tests:" "$missing" >&2
exit 1
