"""Versions of the peers, which have to be those that are pinned."""

import importlib.metadata
import pathlib
import platform
import sys

REQUIREMENTS = pathlib.Path(__file__).with_name("requirements.txt")


def check():
    """The versions by name; exits unless they are the pinned ones."""
    versions = {"Python": platform.python_version()}
    for line in REQUIREMENTS.read_text().splitlines():
        name, separator, pinned = line.partition("==")
        if not separator:
            continue
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = "none"
        # A wheel for one device carries a local version, as in 2.13.0+cpu.
        if versions[name].partition("+")[0] != pinned:
            sys.exit(f"{name}: {pinned} is pinned, {versions[name]} is installed")
    return versions


if __name__ == "__main__":
    check()
