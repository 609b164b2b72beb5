#!/bin/sh
# Every derivative recorded in Core/Ops: its name, file and line, and the rule, which is the rest of the call. A node
# with a class of its own shows what it hands up; a name that depends on a condition is listed for each it may be.
set -eu
cd "$(dirname "$0")/.."

find Sources/Core/Ops -name '*.swift' | LC_ALL=C sort | while read -r file; do
  awk '
    # Where a call ends whose arguments begin at `start`: after its parenthesis and the closures that trail.
    function end(start, i, c, depth, quoted) {
      depth = 1
      for (i = start; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (c == "\"" && substr(text, i - 1, 1) != "\\") quoted = !quoted
        if (quoted) continue
        if (c ~ /[({]/ || c == "[") depth++
        if (c !~ /[)}]/ && c != "]") continue
        depth--
        if (depth == 0 && substr(text, i + 1) !~ /^[ \n]*([A-Za-z]+:[ \n]*)?[{]/) return i
      }
      return length(text)
    }
    { sub(/(^|[ ])\/\/.*/, ""); text = text $0 "\n" }
    END {
      line = 1
      while (match(text, /(recorded|Tensor[.]record|super[.]init)[(][^,]*/)) {
        head = substr(text, 1, RSTART)
        line += gsub(/\n/, "", head)
        names = split(substr(text, RSTART, RLENGTH), part, "\"")
        body = RSTART + RLENGTH
        rule = substr(text, body, end(body) - body + 1)
        gsub(/[ \n]+/, " ", rule); sub(/^, /, "", rule); sub(/[)]$/, "", rule)
        for (i = 2; i <= names; i += 2) print part[i] "\t" FILENAME ":" line "\t" rule
        if (names < 2) print "(no-literal)\t" FILENAME ":" line "\t" rule
        # The search goes on inside the call, whose closures may record as well.
        skipped = substr(text, RSTART + 1, body - RSTART - 1)
        line += gsub(/\n/, "", skipped)
        text = substr(text, body)
      }
    }' "$file"
done | awk -F '\t' '
  { name[NR] = $1; place[NR] = $2; rule[NR] = $3 }
  length($1) > names { names = length($1) }
  length($2) > places { places = length($2) }
  END { for (i = 1; i <= NR; i++) printf "%-*s  %-*s  %s\n", names, name[i], places, place[i], rule[i] }'
