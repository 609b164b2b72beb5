#!/bin/sh
# The order of the floors that the compiler does not hold, since Core is one module: who may import the C
# modules, who may touch raw memory, who may know of operations and of the tape. Prints each offending line, and then
# fails. Operators are beyond it: in Core/Tape the compiler refuses those of `Element: TensorScalar`.
set -eu
cd "$(dirname "$0")/.."
failed=0

# forbid <message> <pattern> <find arguments>…: no Swift file found so has the pattern outside a comment or literal.
forbid() {
  message=$1 pattern=$2
  shift 2
  lines=$(find "$@" -exec awk -v pattern="$pattern" '
    { code = $0; gsub(/"([^"\\]|\\.)*"/, "", code); sub(/\/\/.*/, "", code) }
    code ~ pattern { sub(/^ +/, ""); print "  " FILENAME ":" FNR ": " $0 }' {} +)
  [ -n "$lines" ] || return 0
  printf '%s\n%s\n' "$message:" "$lines" >&2
  failed=1
}

# importing <alternatives>: an import of one of these modules, or of a declaration in one.
importing() {
  printf '%s' "(^|[ ;])import +((struct|class|enum|protocol|typealias|func|let|var) +)?($1)([^A-Za-z0-9_]|\$)"
}

# functions <public|internal> <type> <folder>: the functions that such a type offers to other files, a line each.
functions() {
  find "$3" -name '*.swift' -exec awk -v access="$1" -v type="$2" '
    /^[a-z@].*[{]$/ { isInside = $0 ~ "(extension|struct|enum|class|protocol) " type "([^A-Za-z0-9_]|$)" }
    !isInside || !/^  .*func / || /(private|mutating|override) / || (/public /) != (access == "public") { next }
    { sub(/.*func +`?/, ""); sub(/[^A-Za-z0-9_].*/, "") }
    /./' {} + | LC_ALL=C sort -u
}

# one_of <names>…: a pattern for a word that is one of the names, which are given a line each.
one_of() { printf '(^|[^A-Za-z0-9_])(%s)([^A-Za-z0-9_]|$)' "$(printf '%s\n' "$@" | paste -sd '|' -)"; }

# calling <names>: a call of one of these functions, as a method.
calling() { printf '[.](%s)[(]' "$(printf '%s\n' "$1" | paste -sd '|' -)"; }

core=Sources/Core
forbid "only Kernels imports the C loops, OpenBLAS and LAPACKE" \
  "$(importing 'CKernels|COpenBLAS|CLAPACKE')" Sources -name '*.swift' ! -path 'Sources/Kernels/*'
forbid "only Kernels and Core's Runtime and Tape import CRuntime" "$(importing CRuntime)" \
  Sources -name '*.swift' ! -path 'Sources/Kernels/*' ! -path "$core/Runtime/*" ! -path "$core/Tape/*"
forbid "raw memory ends at Kernels, Core/Launch and Tensor+Memory.swift" \
  '(^|[^A-Za-z0-9_])Unsafe[A-Za-z]*Pointer|withUnsafe|[.]pointer([^A-Za-z0-9_]|$)' \
  Sources -name '*.swift' '(' -path "$core/Ops/*" -o -path "$core/Tape/*" -o -path "$core/Functional/*" \
  -o -path "$core/Tensor*.swift" -o -path 'Sources/Layers/*' -o -path 'Sources/Optimizers/*' \
  -o -path 'Sources/Training/*' ')' ! -name 'Tensor+Memory.swift'

operations=$(functions public Tensor "$core/Ops")
# The tape adds two gradients, sums one back to a shape, copies one that it keeps, and begins with ones.
helpers=$(functions internal Tensor "$core/Ops")
others=$(printf '%s\n' "$operations" "$helpers" | grep -vxE 'added|accumulate|summed|cloned|ones')
forbid "Core/Tape knows of the operations only + and the sum back to a shape" "$(calling "$others")" \
  "$core/Tape" -name '*.swift'

hidden=$(printf '%s\n' "$helpers" "$(functions internal Tensor "$core/Launch")" | grep -vxF "$operations")
forbid "Core/Functional uses public operations only" "$(calling "$hidden")|[.](storage|layout)([^A-Za-z0-9_]|\$)" \
  "$core/Functional" -name '*.swift'
forbid "Layers knows neither optimizers nor training" "$(importing 'MartletOptimizers|MartletTraining')" \
  Sources -name '*.swift' -path 'Sources/Layers/*'
forbid "Foundation stays out of Sources" "$(importing 'Foundation[A-Za-z]*')" Sources -name '*.swift'
forbid "a package with unsafeFlags is refused as a dependency" 'unsafeFlags' \
  . -maxdepth 1 -name 'Package*.swift'

# The caller's line is found by the names of the modules.
for module in $(sed -n 's/.*[.]martlet("\([A-Za-z]*\)".*/\1/p' Package.swift); do
  grep -q "\"Martlet$module\"" $core/Runtime/CallerLocation.swift || {
    echo "CallerLocation.modules lacks Martlet$module" >&2
    failed=1
  }
done
exit $failed
