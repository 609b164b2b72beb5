"""Writes Sources/CDigits from the copy of the digits in scikit-learn's wheel.

    pip download scikit-learn==1.9.1 --no-deps
    python3 Scripts/make_digits.py scikit_learn-1.9.1-*.whl

Also prints the CRC-32 of the pixels and of the labels, which DigitsTests compares.
"""

import gzip
import hashlib
import sys
import zipfile
import zlib
from pathlib import Path

TABLE = "sklearn/datasets/data/digits.csv.gz"
TABLE_SHA256 = "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"
COUNT, PIXELS = 1797, 64

ATTRIBUTION = """\
// The 1,797 handwritten digits of the test half of the UCI set "Optical Recognition of Handwritten
// Digits": E. Alpaydin, C. Kaynak, 1998, https://doi.org/10.24432/C50P49, licensed under CC BY 4.0
// (https://creativecommons.org/licenses/by/4.0/). Values unchanged, as packed in scikit-learn 1.9.1.
// Written by Scripts/make_digits.py; not to be edited.
"""

HEADER = f"""
#pragma once
#include <stdint.h>

/// The number of digits.
enum {{ martlet_digit_count = {COUNT} }};

// Pointers, because Swift does not import arrays of more than 4,096 elements.

/// The {COUNT} · {PIXELS} pixels: 8 × 8 of each digit, row by row, from 0 (paper) to 16 (ink).
extern const uint8_t *_Nonnull const martlet_digit_pixels;

/// The {COUNT} labels: the digit that each image shows, 0 to 9.
extern const uint8_t *_Nonnull const martlet_digit_labels;
"""


def read_table(wheel):
    with zipfile.ZipFile(wheel) as archive:
        packed = archive.read(TABLE)
    digest = hashlib.sha256(packed).hexdigest()
    if digest != TABLE_SHA256:
        sys.exit(f"{wheel}: {TABLE} has SHA-256 {digest}; {TABLE_SHA256} expected")
    rows = [[int(float(field)) for field in line.split(",")]
            for line in gzip.decompress(packed).decode("ascii").splitlines()]
    assert len(rows) == COUNT and all(len(row) == PIXELS + 1 for row in rows)
    assert all(0 <= pixel <= 16 for row in rows for pixel in row[:-1])
    assert all(0 <= row[-1] <= 9 for row in rows)
    return bytes(pixel for row in rows for pixel in row[:-1]), bytes(row[-1] for row in rows)


def c_array(declaration, values):
    lines = (values[start:start + 32] for start in range(0, len(values), 32))
    body = ",\n".join(",".join(map(str, line)) for line in lines)
    return f"static const uint8_t {declaration} = {{\n{body}\n}};\n"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    pixels, labels = read_table(sys.argv[1])
    target = Path(__file__).resolve().parent.parent / "Sources" / "CDigits"
    (target / "include").mkdir(parents=True, exist_ok=True)
    (target / "include" / "CDigits.h").write_text(ATTRIBUTION + HEADER, encoding="utf-8")
    (target / "Digits.c").write_text(
        ATTRIBUTION + '\n#include "CDigits.h"\n\n'
        + c_array(f"pixels[{COUNT} * {PIXELS}]", pixels) + "\n"
        + c_array(f"labels[{COUNT}]", labels) + "\n"
        + "const uint8_t *const martlet_digit_pixels = pixels;\n"
        + "const uint8_t *const martlet_digit_labels = labels;\n",
        encoding="utf-8")
    print(f"pixels 0x{zlib.crc32(pixels):08X}, labels 0x{zlib.crc32(labels):08X}")


main()
