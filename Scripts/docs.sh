#!/bin/sh
# Builds the documentation as a static site in .build/docs, without warnings or not at all. The umbrella's symbol
# graph holds all that `import Martlet` brings, whichever module it is from; a symbol without a comment is an error.
set -eu
cd "$(dirname "$0")/.."

# tool <name>: where a tool of the toolchain is; on a Mac it need not be on the path.
tool() { command -v "$1" || xcrun --find "$1"; }

symbols=.build/symbols
rm -rf "$symbols" && mkdir -p "$symbols"
swift build -Xcc -O2 --target Martlet

build=$(swift build --show-bin-path)
modules=$(sed -n 's/^@_exported import //p' Sources/Martlet/Exports.swift | paste -s -d , -)
triple=$(swiftc -print-target-info | sed -n 's/^ *"triple": "\(.*\)",/\1/p')
set -- -module-name Martlet -target "$triple" -I "$build/Modules" -minimum-access-level public \
  -experimental-allowed-reexported-modules="$modules" -skip-synthesized-members -pretty-print
for map in "$build"/*.build/module.modulemap Sources/C*/module.modulemap; do
  set -- "$@" -Xcc -fmodule-map-file="$map"
done
if [ "$(uname)" = Darwin ]; then set -- "$@" -sdk "$(xcrun --show-sdk-path)"; fi
"$(tool swift-symbolgraph-extract)" "$@" -output-dir "$symbols"

sh Scripts/check-documentation.sh "$symbols"
catalog=.build/Martlet.docc
rm -rf $catalog && cp -R Sources/Martlet/Martlet.docc $catalog
swift Scripts/topics.swift "$symbols/Martlet.symbols.json" >$catalog/Tensor.md
"$(tool docc)" convert $catalog --additional-symbol-graph-dir "$symbols" \
  --output-path .build/docs --fallback-display-name Martlet --fallback-bundle-identifier martlet \
  --transform-for-static-hosting --warnings-as-errors
# `/` leads to the first page; the one that docc puts there finds nothing.
echo '<!doctype html><meta http-equiv="refresh" content="0; url=documentation/martlet/">' >.build/docs/index.html
