import MartletCore

// Convolutions, PyTorch's expressions and Martlet's.

extension Gold {
  static var convolutions: Table {
    [
      "F.conv1d(a, b, c)": { $0.a.conv1d(weight: $0.b, bias: $0.c) },
      "F.conv1d(a, b, c, padding=2)": { $0.a.conv1d(weight: $0.b, bias: $0.c, padding: 2) },
      "F.conv1d(a, b, c, stride=2, padding=1)": {
        $0.a.conv1d(weight: $0.b, bias: $0.c, stride: 2, padding: 1)
      },
      "F.conv1d(a, b, c, dilation=2)": { $0.a.conv1d(weight: $0.b, bias: $0.c, dilation: 2) },
      "F.conv1d(a, b, c, padding='same')": { $0.a.conv1d(weight: $0.b, bias: $0.c, padding: .same) },
      "F.conv1d(a, b, c, groups=2)": { $0.a.conv1d(weight: $0.b, bias: $0.c, groups: 2) },
      "F.conv1d(a, b, c, padding=1, groups=3)": {
        $0.a.conv1d(weight: $0.b, bias: $0.c, padding: 1, groups: 3)
      },
      "F.conv1d(a, b, c, stride=3, padding=3, dilation=2)": {
        $0.a.conv1d(weight: $0.b, bias: $0.c, stride: 3, padding: 3, dilation: 2)
      },
      "F.conv1d(a, b, c, padding=1, groups=2)": {
        $0.a.conv1d(weight: $0.b, bias: $0.c, padding: 1, groups: 2)
      },
      "F.conv1d(a, b)": { $0.a.conv1d(weight: $0.b) },
      "F.conv2d(a, b, c)": { $0.a.conv2d(weight: $0.b, bias: $0.c) },
      "F.conv2d(a, b, c, padding=1)": { $0.a.conv2d(weight: $0.b, bias: $0.c, padding: 1) },
      "F.conv2d(a, b, c, stride=2, padding=1)": {
        $0.a.conv2d(weight: $0.b, bias: $0.c, stride: 2, padding: 1)
      },
      "F.conv2d(a, b, c, stride=(1, 2), padding=(2, 1))": {
        $0.a.conv2d(weight: $0.b, bias: $0.c, stride: [1, 2], padding: [2, 1])
      },
      "F.conv2d(a, b, c, padding=(1, 0), dilation=(1, 2))": {
        $0.a.conv2d(weight: $0.b, bias: $0.c, padding: [1, 0], dilation: [1, 2])
      },
      "F.conv2d(a, b, c, padding='same')": { $0.a.conv2d(weight: $0.b, bias: $0.c, padding: .same) },
      "F.conv2d(a, b, c, stride=2)": { $0.a.conv2d(weight: $0.b, bias: $0.c, stride: 2) },
      "F.conv2d(a, b, c, groups=3)": { $0.a.conv2d(weight: $0.b, bias: $0.c, groups: 3) },
      "F.conv2d(a, b, c, stride=2, padding=1, groups=3)": {
        $0.a.conv2d(weight: $0.b, bias: $0.c, stride: 2, padding: 1, groups: 3)
      },
      "F.conv2d(a, b, c, groups=2)": { $0.a.conv2d(weight: $0.b, bias: $0.c, groups: 2) },
      "F.conv2d(a, b)": { $0.a.conv2d(weight: $0.b) },
      "F.conv2d(a.transpose(2, 3), b, c)": { $0.a.transposed(2, 3).conv2d(weight: $0.b, bias: $0.c) },
      "F.conv2d(a, b.flip(0), c)": { $0.a.conv2d(weight: $0.b[.stride(by: -1)], bias: $0.c) },
      "F.conv3d(a, b, c)": { $0.a.conv3d(weight: $0.b, bias: $0.c) },
      "F.conv3d(a, b, c, padding=1)": { $0.a.conv3d(weight: $0.b, bias: $0.c, padding: 1) },
      "F.conv3d(a, b, c, stride=(1, 2, 1), padding=(0, 1, 1))": {
        $0.a.conv3d(weight: $0.b, bias: $0.c, stride: [1, 2, 1], padding: [0, 1, 1])
      },
      "F.conv3d(a, b, c, padding=1, groups=2)": {
        $0.a.conv3d(weight: $0.b, bias: $0.c, padding: 1, groups: 2)
      },
      "F.conv3d(a, b)": { $0.a.conv3d(weight: $0.b) },
    ]
  }

  static var transposedConvolutions: Table {
    [
      "F.conv_transpose1d(a, b, c)": { $0.a.convTranspose1d(weight: $0.b, bias: $0.c) },
      "F.conv_transpose1d(a, b, c, stride=2, padding=1)": {
        $0.a.convTranspose1d(weight: $0.b, bias: $0.c, stride: 2, padding: 1)
      },
      "F.conv_transpose1d(a, b, c, stride=3, output_padding=2)": {
        $0.a.convTranspose1d(weight: $0.b, bias: $0.c, stride: 3, outputPadding: 2)
      },
      "F.conv_transpose1d(a, b, c, groups=2, dilation=2)": {
        $0.a.convTranspose1d(weight: $0.b, bias: $0.c, dilation: 2, groups: 2)
      },
      "F.conv_transpose1d(a, b)": { $0.a.convTranspose1d(weight: $0.b) },
      "F.conv_transpose2d(a, b, c)": { $0.a.convTranspose2d(weight: $0.b, bias: $0.c) },
      "F.conv_transpose2d(a, b, c, padding=1)": {
        $0.a.convTranspose2d(weight: $0.b, bias: $0.c, padding: 1)
      },
      "F.conv_transpose2d(a, b, c, stride=2, padding=1, output_padding=1)": {
        $0.a.convTranspose2d(weight: $0.b, bias: $0.c, stride: 2, padding: 1, outputPadding: 1)
      },
      "F.conv_transpose2d(a, b, c, stride=(2, 1), padding=(1, 0), dilation=(1, 2))": {
        $0.a.convTranspose2d(weight: $0.b, bias: $0.c, stride: [2, 1], padding: [1, 0], dilation: [1, 2])
      },
      "F.conv_transpose2d(a, b, c, stride=2, groups=2)": {
        $0.a.convTranspose2d(weight: $0.b, bias: $0.c, stride: 2, groups: 2)
      },
      "F.conv_transpose2d(a, b)": { $0.a.convTranspose2d(weight: $0.b) },
      "F.conv_transpose3d(a, b, c)": { $0.a.convTranspose3d(weight: $0.b, bias: $0.c) },
      "F.conv_transpose3d(a, b, c, stride=2, padding=1, output_padding=1)": {
        $0.a.convTranspose3d(weight: $0.b, bias: $0.c, stride: 2, padding: 1, outputPadding: 1)
      },
      "F.conv_transpose3d(a, b)": { $0.a.convTranspose3d(weight: $0.b) },
    ]
  }
}
