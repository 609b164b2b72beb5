"""The cases of padding and resampling for make_operations.py, whose table describes their form."""

UP = "F.interpolate(a, scale_factor=2)"
LINE, IMAGE = (2, 3, 4), (1, 2, 3, 4)

CASES = {
    "padding": [
        ("F.pad(a, (1, 2))", (3,)), ("F.pad(a, (1, 2))", (2, 3)), ("F.pad(a, (0, 1, 2, 0))", (2, 3)),
        ("F.pad(a, (1, 1, 0, 2), value=-1.5)", IMAGE), ("F.pad(a, (1, 1))", (2, 0)),
        ("F.pad(a.mT, (1, 2))", (2, 3)), ("F.pad(a, (2, 1), mode='reflect')", LINE),
        ("F.pad(a, (2, 3, 1, 2), mode='reflect')", IMAGE), ("F.pad(a, (2, 1), mode='replicate')", LINE),
        ("F.pad(a, (0, 3, 4, 2), mode='replicate')", IMAGE), ("F.pad(a, (2, 1), mode='circular')", LINE),
        ("F.pad(a, (4, 3, 0, 2), mode='circular')", IMAGE),
        ("F.pad(a, (1, 0, 0, 1, 1, 1), mode='reflect')", (1, 1, 2, 2, 3)),
    ],
    "resampling": [
        (UP, LINE), (UP, IMAGE), (UP, (1, 1, 2, 2, 2)), ("F.interpolate(a, scale_factor=1.5)", LINE),
        ("F.interpolate(a, scale_factor=0.5)", IMAGE), ("F.interpolate(a, size=(2, 7))", IMAGE),
        ("F.interpolate(a, scale_factor=2, mode='linear')", LINE),
        ("F.interpolate(a, scale_factor=2, mode='bilinear')", IMAGE),
        ("F.interpolate(a, scale_factor=2.5, mode='bilinear')", IMAGE),
        ("F.interpolate(a, scale_factor=2, mode='bilinear', align_corners=True)", IMAGE),
        ("F.interpolate(a, size=(5, 2), mode='bilinear')", IMAGE),
        ("F.interpolate(a, size=(1, 6), mode='bilinear', align_corners=True)", IMAGE),
        ("F.interpolate(a, scale_factor=2, mode='trilinear')", (1, 1, 2, 2, 3)),
        ("F.interpolate(a.mT, scale_factor=2, mode='bilinear')", IMAGE),
        ("F.pixel_shuffle(a, 2)", (2, 8, 1, 3)), ("F.pixel_shuffle(a, 3)", (9, 2, 2)),
        ("F.pixel_unshuffle(a, 2)", (1, 2, 4, 2)), ("F.pixel_unshuffle(a, 1)", (2, 2, 2)),
    ],
}
