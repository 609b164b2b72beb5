#!/bin/sh
# Makes sure that Swift, OpenBLAS, LAPACKE and zlib are there. Silent when they are; on Debian and Ubuntu it
# installs the libraries, elsewhere it says how to. Swift itself is never installed from here.
set -eu

swift_needed=6.3
swift_advice="install Swift $swift_needed or later from https://www.swift.org/install"
packages="libopenblas-dev liblapacke-dev zlib1g-dev pkg-config"

fail() {
  printf '%s\n' "setup: $1" >&2
  exit 1
}

check_swift() {
  command -v swift >/dev/null 2>&1 ||
    fail "swift not found; $swift_advice"
  found=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
  printf '%s\n' "${found:-0.0}" | awk -F . -v needed="$swift_needed" '
    { split(needed, n, "."); exit !($1 > n[1] || ($1 == n[1] && $2 >= n[2])) }' ||
    fail "found Swift ${found:-of unknown version}; $swift_advice"
}

# Without pkg-config they may still stand where the compiler looks by itself: a program that uses both tells.
has_libraries() {
  pkg-config --exists openblas lapacke zlib 2>/dev/null && return
  for compiler in clang cc; do
    command -v "$compiler" >/dev/null 2>&1 || continue
    printf '%s\n' '#include <openblas_config.h>' '#include <cblas.h>' '#include <lapacke.h>' \
      '#include <zlib.h>' \
      'int main(void) { return (int)LAPACKE_slamch(69) + openblas_get_num_threads() + (int)zlibCompileFlags(); }' |
      "$compiler" -w -x c - -o /dev/null -lopenblas -llapacke -lz 2>/dev/null && return
  done
  return 1
}

install_with_apt() {
  if [ "$(id -u)" -eq 0 ]; then
    as_root=""
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
  else
    fail "OpenBLAS, LAPACKE or zlib is missing; run: sudo apt-get install -y $packages"
  fi
  apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120"
  echo "setup: OpenBLAS, LAPACKE or zlib is missing; installing $packages"
  # The first attempt fails where the lists of packages are absent or old; only the second one's errors count.
  # shellcheck disable=SC2086  # both variables hold several words
  $apt install -y --no-install-recommends $packages </dev/null 2>/dev/null ||
    { $apt update </dev/null && $apt install -y --no-install-recommends $packages </dev/null; } ||
    fail "apt-get failed; run: sudo apt-get update && sudo apt-get install -y $packages"
}

# Homebrew keeps openblas and lapack out of the default paths; pkg-config has to be told where they are.
advise_homebrew() {
  prefix=$(brew --prefix 2>/dev/null || echo /opt/homebrew)
  paths="$prefix/opt/openblas/lib/pkgconfig:$prefix/opt/lapack/lib/pkgconfig"
  [ -d "$(brew --prefix openblas 2>/dev/null)" ] && [ -d "$(brew --prefix lapack 2>/dev/null)" ] &&
    command -v pkg-config >/dev/null 2>&1 ||
    fail "OpenBLAS or LAPACKE is missing; run:
  brew install openblas lapack pkgconf
  export PKG_CONFIG_PATH=\"$paths\""
  fail "OpenBLAS and LAPACKE are installed but not found, since Homebrew keeps them apart; run:
  export PKG_CONFIG_PATH=\"$paths\""
}

check_swift
has_libraries && exit
case "$(uname)" in
  Darwin) advise_homebrew ;;
  *) command -v apt-get >/dev/null 2>&1 ||
    fail "OpenBLAS, LAPACKE or zlib is missing; install them with their headers.
  Debian, Ubuntu: sudo apt-get install -y $packages
  Fedora:         sudo dnf install openblas-devel lapack-devel zlib-devel pkgconf" ;;
esac
install_with_apt
has_libraries || fail "$packages are installed, but OpenBLAS, LAPACKE or zlib is still not found"
