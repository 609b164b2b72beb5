#!/bin/sh
# Comments open with a noun or a verb: fewer than one in a hundred of Sources and Tests may begin with a word that hangs a
# clause in front of the thing that is named. Prints those that do when there are more.
set -eu
cd "$(dirname "$0")/.."

git ls-files -co --exclude-standard Package.swift 'Sources/*.swift' 'Tests/*.swift' 'Benchmarks/*.swift' 'Sources/*.[ch]' |
  grep -v '^Tests/Programs/' | xargs awk '
  FNR == 1 { inside = 0 }
  # The first line of a run of lines that are comments of one kind.
  match($0, /^ *\/\/\/? /) {
    kind = substr($0, RSTART, RLENGTH)
    gsub(/ /, "", kind)
    if (inside != kind) {
      count++
      text = substr($0, RSTART + RLENGTH)
      if (text ~ /^(What|Whether|Where|How|Those|As|Of)[ ,]/) openings[++found] = FILENAME ":" FNR ": " text
    }
    inside = kind
    next
  }
  { inside = 0 }
  END {
    if (found * 100 < count) exit 0
    for (i = 1; i <= found; i++) print openings[i]
    print found " of " count " comments begin with What, Whether, Where, How, Those, As or Of"
    exit 1
  }'
