#!/bin/sh
# check-documentation <folder>: names each public symbol without a comment in the folder's symbol graphs, which
# are printed a key a line, and then fails. Of what the compiler makes there is no location, and it is passed over.
set -eu
awk '
  /^    [{]/ { title = place = ""; documented = 0 }
  /^        "title": / && title == "" { title = $2 }
  /^      "docComment": / { documented = 1 }
  /^      "location": / { getline; place = $2; getline; getline; place = place $2 }
  /^    [}]/ && place != "" {
    symbols++
    gsub(/[",]/, "", title); sub(/.*\/Sources\//, "Sources/", place); sub(/",/, ":", place); sub(/,/, "", place)
    if (!documented) { print "  " title " (" place ")"; missing++ }
  }
  END {
    print symbols + 0 " public symbols, " missing + 0 " without a comment"
    exit missing > 0 || symbols == 0
  }' "$1"/*.symbols.json >&2
