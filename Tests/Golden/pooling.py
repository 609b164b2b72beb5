"""The cases of pools and unfolded windows for make_modules.py, which describes their form."""

FUNCTIONS = {}

LINE, IMAGE, VOLUME = (2, 3, 9), (2, 3, 6, 7), (1, 2, 4, 5, 4)

CASES = {
    "pooling": [
        ("nn.MaxPool1d(2)", LINE), ("nn.MaxPool1d(3, stride=2, padding=1)", LINE), ("nn.MaxPool1d(3, dilation=2)", LINE),
        ("nn.MaxPool1d(2, ceil_mode=True)", LINE), ("nn.MaxPool1d(2)", (3, 9)),
        ("nn.MaxPool2d(2)", IMAGE), ("nn.MaxPool2d(2)", (1, 2, 8, 38)), ("nn.MaxPool2d(2)", (3, 6, 6)),
        ("nn.MaxPool2d(3, stride=2, padding=1)", IMAGE), ("nn.MaxPool2d((3, 2), stride=(1, 2), padding=(1, 0))", IMAGE),
        ("nn.MaxPool2d(2, dilation=2)", IMAGE), ("nn.MaxPool2d(3, stride=2, padding=1, dilation=2)", IMAGE),
        ("nn.MaxPool2d(2, ceil_mode=True)", IMAGE), ("nn.MaxPool2d(3, stride=2, padding=1, ceil_mode=True)", IMAGE),
        ("nn.MaxPool2d(2)", [[[[1.0, 1, 2, 2], [1, 1, 0, 2], [-1, -2, 0, 0], [-3, -1, 0, 0]]]], "ties"),
        ("nn.MaxPool3d(2)", VOLUME), ("nn.MaxPool3d(3, stride=2, padding=1)", VOLUME),
        ("nn.MaxPool3d((1, 2, 2))", VOLUME),
        ("nn.MaxPool2d(2, return_indices=True)  # m(a)", IMAGE),
        ("nn.MaxPool2d(3, stride=2, padding=1, return_indices=True)  # m(a)", IMAGE),
        ("nn.AvgPool1d(2)", LINE), ("nn.AvgPool1d(3, stride=2, padding=1)", LINE),
        ("nn.AvgPool1d(2, ceil_mode=True)", LINE), ("nn.AvgPool1d(3, padding=1, count_include_pad=False)", LINE),
        ("nn.AvgPool2d(2)", IMAGE), ("nn.AvgPool2d(2)", (3, 6, 6)), ("nn.AvgPool2d(3, stride=2, padding=1)", IMAGE),
        ("nn.AvgPool2d((3, 2), stride=(1, 2), padding=(1, 0))", IMAGE),
        ("nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False)", IMAGE),
        ("nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True)", IMAGE),
        ("nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True, count_include_pad=False)", IMAGE),
        ("nn.AvgPool2d(2, divisor_override=3)", IMAGE), ("nn.AvgPool3d(2)", VOLUME),
        ("nn.AvgPool3d(3, stride=2, padding=1)", VOLUME),
        ("nn.AdaptiveAvgPool1d(4)", LINE), ("nn.AdaptiveAvgPool1d(1)", LINE), ("nn.AdaptiveAvgPool2d(1)", IMAGE),
        ("nn.AdaptiveAvgPool2d((3, 5))", IMAGE), ("nn.AdaptiveAvgPool2d(4)", (3, 6, 7)), ("nn.AdaptiveAvgPool2d(8)", IMAGE),
        ("nn.AdaptiveAvgPool3d((2, 3, 1))", VOLUME),
        ("nn.AdaptiveMaxPool1d(4)", LINE), ("nn.AdaptiveMaxPool2d(1)", IMAGE), ("nn.AdaptiveMaxPool2d((3, 5))", IMAGE),
        ("nn.AdaptiveMaxPool2d(4)", (3, 6, 7)), ("nn.AdaptiveMaxPool3d((2, 3, 1))", VOLUME),
    ],
    "unfolding": [
        ("nn.Unfold(2)", IMAGE), ("nn.Unfold(3, padding=1)", IMAGE), ("nn.Unfold((3, 2), stride=2)", IMAGE),
        ("nn.Unfold(2, dilation=2, padding=1, stride=(2, 1))", IMAGE), ("nn.Unfold(2)", (3, 6, 7)),
        ("nn.Fold((6, 7), 2)", (2, 12, 30)), ("nn.Fold((6, 7), 3, padding=1)", (2, 27, 42)),
        ("nn.Fold((6, 7), (3, 2), stride=2)", (1, 12, 6)),
        ("nn.Fold(6, 2, dilation=2, padding=1, stride=(2, 1))", (2, 8, 18)), ("nn.Fold((4, 4), 2, stride=2)", (8, 4)),
    ],
}
