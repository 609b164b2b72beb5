#!/bin/sh
# Every mistake that Sources can tell is made by a Mistake in Tests/CoreTests/Errors, which an exit test and a
# catching test run: one of its operation, whose parts hold every word of the message between its values.
# Limits: of a message that is no literal (`fault`) only the operation is asked for, and where the operation is no
# literal (`name`) a Mistake of any operation will do.
set -eu
cd "$(dirname "$0")/.."

find Sources Tests/CoreTests/Errors -name '*.swift' ! -path 'Sources/Examples/*' ! -path Sources/Core/Runtime/Failing.swift |
  LC_ALL=C sort | xargs awk '
  # Reads the call whose arguments begin at `start`: its literals, with a tab for each value in them.
  function literals(start, i, c, depth) {
    depth = 1; count = 0; quoted = 0; inner = 0
    for (i = start; depth > 0 && i <= length(text); i++) {
      c = substr(text, i, 1)
      if (inner) {  # in a value within a literal
        if (c == "(") inner++
        if (c == ")") inner--
      } else if (quoted && c == "\\" && substr(text, i + 1, 1) == "(") {
        inner = 1; literal[count] = literal[count] "\t"; i++
      } else if (c == "\"") {
        quoted = !quoted
        if (quoted) literal[++count] = ""
      } else if (quoted) {
        literal[count] = literal[count] c
      } else if (c ~ /[({]/ || c == "[") depth++
      else if (c ~ /[)}]/ || c == "]") depth--
    }
    return count
  }
  function site(start, hasName, message, i) {
    if (!literals(start)) return
    hasName = kind ~ /check/ || substr(text, start) ~ /^[ \n]*"/
    sites++
    place[sites] = name ":" line
    operation[sites] = hasName ? literal[1] : "\t"
    message = ""
    for (i = hasName ? 2 : 1; i <= count; i++) message = message literal[i]
    wanted[sites] = message
  }
  function entry(start, i) {
    literals(start)
    entries++
    made[entries] = literal[1]
    parts[entries] = ""
    for (i = 2; i <= count; i++) parts[entries] = parts[entries] "\t" literal[i]
  }
  # Whether `whole` holds every stretch of `pattern` between tabs that has a letter.
  function holds(whole, pattern, i, stretches, stretch) {
    stretches = split(pattern, stretch, "\t")
    for (i = 1; i <= stretches; i++) {
      sub(/^ +/, "", stretch[i]); sub(/ +$/, "", stretch[i])
      if (stretch[i] ~ /[a-z]/ && !index(whole, stretch[i])) return 0
    }
    return 1
  }
  function read_file(skipped, head) {
    line = 1
    call = name ~ /^Tests/ ? "Mistake[(]" : "(mistake|[.]failed|programError|[ (]check)[(]"
    while (match(text, call)) {
      head = substr(text, 1, RSTART); line += gsub(/\n/, "", head)
      kind = substr(text, RSTART, RLENGTH)
      text = substr(text, RSTART + RLENGTH)
      if (name ~ /^Tests/) entry(1); else if (text !~ /^by:/) site(1)
    }
    text = ""
  }
  FNR == 1 { read_file(); name = FILENAME }
  { sub(/(^|[ ])\/\/.*/, ""); text = text $0 "\n" }
  END {
    read_file()
    for (s = 1; s <= sites; s++) {
      found = 0
      for (e = 1; e <= entries && !found; e++)
        found = (operation[s] ~ /\t/ ? holds(made[e], operation[s]) : made[e] == operation[s]) &&
          holds(parts[e], wanted[s])
      if (found) continue
      gsub(/\t/, "…", operation[s]); gsub(/\t/, "…", wanted[s])
      missing = missing "  " place[s] ": " operation[s] ": " wanted[s] "\n"
    }
    if (!sites || !entries) missing = "  no mistakes found at all\n"
    if (missing == "") exit 0
    printf "told, but not made by a Mistake in Tests/CoreTests/Errors:\n%s", missing > "/dev/stderr"
    exit 1
  }'
