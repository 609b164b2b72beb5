"""The cases of sampling at grids and of fractional pools for make_operations.py, whose table describes their form."""

IMAGE, GRID = (2, 3, 4, 5), (2, 3, 2, 2)
VOLUME, PLACES = (1, 2, 3, 4, 2), (1, 2, 1, 4, 3)
MODES, PADDINGS = ("bilinear", "nearest", "bicubic"), ("zeros", "border", "reflection")


def sample(mode, padding, aligned):
    return f"F.grid_sample(a, b, mode='{mode}', padding_mode='{padding}', align_corners={aligned})"


CASES = {
    "grid sampling": [
        *[(sample(mode, padding, aligned), IMAGE, GRID)
          for mode in MODES for padding in PADDINGS for aligned in (False, True)],
        *[(sample(mode, padding, aligned), VOLUME, PLACES)
          for mode in MODES[:2] for padding in PADDINGS for aligned in (False, True)],
        (sample("bilinear", "zeros", False), (1, 1, 1, 1), (1, 1, 4, 2)),
        (sample("bilinear", "reflection", True), (1, 1, 1, 3), (1, 2, 3, 2)),
        ("F.affine_grid(a, (2, 3, 2, 4), align_corners=False)", (2, 2, 3)),
        ("F.affine_grid(a, (1, 1, 3, 1), align_corners=True)", (1, 2, 3)),
        ("F.affine_grid(a, (1, 2, 2, 3, 1), align_corners=False)", (1, 3, 4)),
        ("F.affine_grid(a, (1, 2, 2, 3, 1), align_corners=True)", (1, 3, 4)),
    ],
    "fractional pools": [
        ("F.fractional_max_pool2d(a, 2, output_size=(3, 4), _random_samples=i.to(a) / 16)", (2, 2, 5, 7),
         {"i": [[[3, 11], [0, 15]], [[8, 5], [14, 1]]]}),
        ("F.fractional_max_pool2d(a, (1, 3), output_size=(5, 1), _random_samples=i.to(a) / 16)", (1, 1, 5, 4),
         {"i": [[[9, 2]]]}),
        ("F.fractional_max_pool3d(a, 2, output_size=(2, 3, 4), _random_samples=i.to(a) / 16)", (1, 2, 4, 5, 6),
         {"i": [[[3, 11, 6], [15, 2, 8]]]}),
    ],
}
