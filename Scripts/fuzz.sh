#!/bin/sh
# Gives each reader of files changed inputs for some seconds (60, or the first argument) under the address sanitizer. It
# fails at the first crash, hang of 10 s or gigabyte of memory, and leaves the input in .build-fuzz.
set -eu
cd "$(dirname "$0")/.."

swift build -c release --package-path Tests/Fuzz --scratch-path .build-fuzz -Xswiftc -enable-testing \
  --sanitize=fuzzer --sanitize=address --product fuzz
for corpus in Tests/Fuzz/Corpus/*; do
  reader=$(basename "$corpus")
  echo "fuzz: $reader"
  # New inputs go to the first folder, so that the committed ones stay few.
  mkdir -p ".build-fuzz/corpus/$reader"
  MARTLET_FUZZ=$reader SWIFT_BACKTRACE=enable=no .build-fuzz/release/fuzz -max_total_time="${1:-60}" -timeout=10 \
    -rss_limit_mb=1024 -max_len=8192 -verbosity=0 -print_final_stats=1 -artifact_prefix=.build-fuzz/ \
    ".build-fuzz/corpus/$reader" "$corpus"
done
