// The 1,797 handwritten digits of the test half of the UCI set "Optical Recognition of Handwritten
// Digits": E. Alpaydin, C. Kaynak, 1998, https://doi.org/10.24432/C50P49, licensed under CC BY 4.0
// (https://creativecommons.org/licenses/by/4.0/). Values unchanged, as packed in scikit-learn 1.9.1.
// Written by Scripts/make_digits.py; not to be edited.

#pragma once
#include <stdint.h>

/// The number of digits.
enum { martlet_digit_count = 1797 };

// Pointers, because Swift does not import arrays of more than 4,096 elements.

/// The 1797 · 64 pixels: 8 × 8 of each digit, row by row, from 0 (paper) to 16 (ink).
extern const uint8_t *_Nonnull const martlet_digit_pixels;

/// The 1797 labels: the digit that each image shows, 0 to 9.
extern const uint8_t *_Nonnull const martlet_digit_labels;
