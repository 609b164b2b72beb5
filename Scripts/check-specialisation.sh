#!/bin/sh
# Every public operation of Core/Ops runs code made for Float and Double, also when another module calls it: read from
# a release build, in which the entry of an operation calls its two specialised copies.
set -eu
cd "$(dirname "$0")/.."

build=${1:-.build/release}/MartletCore.build
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

nm --defined-only "$build"/*.o | awk 'NF == 3 && $2 ~ /^[tTwW]$/ { print $3 }' >"$scratch/defined"
# Who calls whom. A call of a function that the compiler merged of several names its place in a section.
for object in "$build"/*.o; do
  objdump -dr --no-show-raw-insn "$object"
done | awk '
  function number(hex,    i, value) {
    for (i = 1; i <= length(hex); i++) value = 16 * value + index("0123456789abcdef", substr(hex, i, 1)) - 1
    return value
  }
  /file format/ { object = $1; next }
  /^Disassembly of section/ { section = substr($4, 1, length($4) - 1); next }
  /^[0-9a-f]+ </ { from = substr($2, 2, length($2) - 3); at[object, section, number($1)] = from; next }
  /R_[A-Z0-9_]+/ && match($0, /\$s[A-Za-z0-9_]+/) { print from, substr($0, RSTART, RLENGTH); next }
  /(call|jmp) / && match($0, /<\$s[A-Za-z0-9_]+>/) { print from, substr($0, RSTART + 1, RLENGTH - 2); next }
  # The place is counted from four bytes further on: that of the first function of a section is written as -0x4.
  /R_[A-Z0-9_]+/ && match($NF, /[+-]0x/) {
    caller[++count] = from
    place = number(substr($NF, RSTART + 3))
    if (substr($NF, RSTART, 1) == "-") place = -place
    target[count] = object SUBSEP substr($NF, 1, RSTART - 1) SUBSEP (place + 4)
  }
  END { for (i = 1; i <= count; i++) if (target[i] in at) print caller[i], at[target[i]] }' |
  sort -u >"$scratch/calls"
# Functions and properties that no other module may call, as mangled names have them: 4relu.
find Sources/Core/Ops Sources/Core/Tape -name '*.swift' -exec awk '
  function named() { sub(/.*(func|var) /, ""); sub(/[^A-Za-z0-9_].*/, ""); return $0 }
  /^  (static )?(func|var) [a-z]/ { hidden[named()] = 1; next }
  /public .*(func|var) [a-z]/ { shown[named()] = 1 }
  END { for (name in hidden) if (!(name in shown)) print length(name) name }' {} + >"$scratch/internal"
# Mangled names: x stands for the generic element, Rsz for one that is fixed, SzRz for an integer; A_ ends a default.
# What makes a tensor of numbers is called once for many operations and left out.
for source in Sources/Core/Ops/*/*.swift Sources/Core/Tape/Backward.swift; do
  case $source in
  */Creation.swift | */Sampling.swift | */Casting.swift) continue ;;
  # Launches are called by operations only.
  *Launch*.swift) continue ;;
  # A scalar becomes a tensor there, and the tensor's subscript does the rest.
  */ScalarAssignment.swift) continue ;;
  esac
  nm -g --defined-only "$build/$(basename "$source").o"
done | awk '$NF ~ /^\$s11MartletCore6TensorC/ && $NF ~ /x/ && $NF !~ /Rsz|SzRz|A[0-9]*_$/ && $2 == "T" { print $NF }' |
  grep -vF -f "$scratch/internal" >"$scratch/entries"

# The suffix of a copy for Float is Sf_T… (of two types Sf_SfT…), and …Tm where one was merged of both. An entry may hand
# on to another, as x + 1 does to x + Element(1).
missing=$(awk '
  function note(text, entry) {
    if (text ~ /Sf_(Sf|.*ComplexVySfG)?T|Sd_(Sd)?T.*Tm$/) float[entry] = 1
    if (text ~ /Sd_(Sd|.*ComplexVySdG)?T|Sf_(Sf)?T.*Tm$/) double[entry] = 1
    if (float[entry] && double[entry]) right[entry] = 1
  }
  FILENAME ~ /defined$/ {
    if (i = match($1, /S[fd]_(S[fd]|[0-9A]*Kernels7ComplexVyS[fd]G)?T/)) {
      note(substr($1, i), substr($1, 1, i - 1))
      copied[substr($1, 1, i - 1)] = 1
    }
    next
  }
  FILENAME ~ /calls$/ { note($2, $1); caller[++calls] = $1; callee[calls] = $2; next }
  { entries[$1] = 1 }
  END {
    do {
      found = 0
      for (i = 1; i <= calls; i++)
        if (right[callee[i]] && !right[caller[i]] &&
            (callee[i] in entries || callee[i] in copied || callee[i] ~ /T(m|f4[a-z_]*)$/))
          found = right[caller[i]] = 1
    } while (found)
    for (entry in entries) if (!right[entry]) print entry
  }' "$scratch/defined" "$scratch/calls" "$scratch/entries" | swift demangle --simplified | sort)
[ -s "$scratch/entries" ] && [ -z "$missing" ] && exit 0
printf '%s\n%s\n' "called by other modules without a copy for Float and Double:" "$missing" >&2
exit 1
