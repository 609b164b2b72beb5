import MartletCore

// Operations that only move elements. PyTorch has no negative strides, so it flips a copy where Martlet
// reverses a view.

extension Gold {
  static var reshaping: Table {
    [
      "a.reshape(3, 2)": { $0.a.reshaped([3, 2]) },
      "a.reshape(-1, 2)": { $0.a.reshaped([-1, 2]) },
      "a.reshape(())": { $0.a.reshaped([]) },
      "a.reshape(1, 1)": { $0.a.reshaped([1, 1]) },
      "a.reshape(3, 0, 5)": { $0.a.reshaped([3, 0, 5]) },
      "a.flatten()": { $0.a.flattened() },
      "a.t().flatten()": { $0.a.transposed().flattened() },
      "a.flip(0).reshape(3, 2)": { $0.a[.stride(by: -1)].reshaped([3, 2]) },
      "a.t()": { $0.a.transposed() },
      "a.transpose(0, 2)": { $0.a.transposed(0, 2) },
      "a.permute(2, 0, 1)": { $0.a.permuted([2, 0, 1]) },
      "a.permute(1, 2, 0).reshape(6, 2)": { $0.a.permuted([1, 2, 0]).reshaped([6, 2]) },
      "a.unsqueeze(0)": { $0.a.expandedDims(axis: 0) },
      "a.unsqueeze(-1)": { $0.a.expandedDims(axis: -1) },
      "a.squeeze(1)": { $0.a.squeezed(axis: 1) },
      "a.squeeze()": { $0.a.squeezed() },
      "a.expand(4, 3)": { $0.a.broadcast(to: [4, 3]) },
      "a.expand(2, 3)": { $0.a.broadcast(to: [2, 3]) },
      "a.expand(2, 2)": { $0.a.broadcast(to: [2, 2]) },
      "a.expand(0, 3)": { $0.a.broadcast(to: [0, 3]) },
      "a.expand(2, 3).t()": { $0.a.broadcast(to: [2, 3]).transposed() },
      "a.unsqueeze(0).repeat(4, 1, 1)": { $0.a.repeated(4, insertingAxisAt: 0) },
      "a.unsqueeze(1).repeat(1, 3)": { $0.a.repeated(3, insertingAxisAt: 1) },
      "a.unsqueeze(-1).repeat(1, 2)": { $0.a.repeated(2, insertingAxisAt: -1) },
      "a.clone()": { $0.a.cloned() },
      "a.t().clone()": { $0.a.transposed().cloned() },
    ]
  }

  static var slicing: Table {
    [
      "a[1]": { $0.a[1] },
      "a[-1]": { $0.a[-1] },
      "a[1, 2]": { $0.a[1, 2] },
      "a[:, 1]": { $0.a[0..., 1] },
      "a[1:3]": { $0.a[1..<3] },
      "a[1:]": { $0.a[1...] },
      "a[:-1]": { $0.a[..<(-1)] },
      "a[::2]": { $0.a[.stride(by: 2)] },
      "a[1::2, ::3]": { $0.a[.stride(from: 1, by: 2), .stride(by: 3)] },
      "a[2:2]": { $0.a[2..<2] },
      "a[..., 0]": { $0.a[.ellipsis, 0] },
      "a[0, ..., 1]": { $0.a[0, .ellipsis, 1] },
      "a[None, 0]": { $0.a[.newAxis, 0] },
      "a[:, None]": { $0.a[0..., .newAxis] },
      "a.flip(0)": { $0.a[.stride(by: -1)] },
      "a.flip(0, 1)": { $0.a[.stride(by: -1), .stride(by: -1)] },
      "a.flip(0)[::2]": { $0.a[.stride(by: -2)] },
      "a.flip(0)[1:3]": { $0.a[.stride(by: -1)][1..<3] },
      "a.t()[::2]": { $0.a.transposed()[.stride(by: 2)] },
      "a[1][::2]": { $0.a[1][.stride(by: 2)] },
      "a[0:2] + a[1:3]": { $0.a[0..<2] + $0.a[1..<3] },
      "a[0] * a[1]": { $0.a[0] * $0.a[1] },
      "a.expand(3, 4)[1]": { $0.a.broadcast(to: [3, 4])[1] },
    ]
  }

  static var gathering: Table {
    [
      "a[i]": { $0.a[$0.i] },
      "F.embedding(i, a)": { $0.a[$0.i] },
      "a.t()[i]": { $0.a.transposed()[$0.i] },
      "a.flip(0)[i]": { $0.a[.stride(by: -1)][$0.i] },
      "a[i][i]": { $0.a[$0.i][$0.i] },
      "a[i] * a[i]": { $0.a[$0.i] * $0.a[$0.i] },
      "a.expand(3, 2)[i]": { $0.a.broadcast(to: [3, 2])[$0.i] },
      "a[m]": { $0.a[$0.m] },
      "a.t()[m]": { $0.a.transposed()[$0.m] },
      "a.flip(0)[m]": { $0.a[.stride(by: -1)][$0.m] },
    ]
  }

  static var joining: Table {
    [
      "torch.cat([a, b])": { .concatenated([$0.a, $0.b]) },
      "torch.cat([a, b], 1)": { .concatenated([$0.a, $0.b], axis: 1) },
      "torch.cat([a, b, a], -1)": { .concatenated([$0.a, $0.b, $0.a], axis: -1) },
      "torch.cat([a.t(), b])": { .concatenated([$0.a.transposed(), $0.b]) },
      "torch.cat([a.expand(2, 2), b.flip(0)], 1)": {
        .concatenated([$0.a.broadcast(to: [2, 2]), $0.b[.stride(by: -1)]], axis: 1)
      },
      "torch.stack([a, b])": { .stacked([$0.a, $0.b]) },
      "torch.stack([a, b], 1)": { .stacked([$0.a, $0.b], axis: 1) },
      "torch.stack([a, b, a], -1)": { .stacked([$0.a, $0.b, $0.a], axis: -1) },
      "a.split([1, 2], 1)[1]": { $0.a.split(sizes: [1, 2], axis: 1)[1] },
      "a.split([1, 3])[0]": { $0.a.split(sizes: [1, 3])[0] },
      "a.split([0, 2])[0]": { $0.a.split(sizes: [0, 2])[0] },
      "torch.cat(a.split([1, 2])[::-1])": { .concatenated($0.a.split(sizes: [1, 2]).reversed()) },
      "a.split([2, 2])[0] * a.split([2, 2])[1]": {
        let halves = $0.a.split(sizes: [2, 2])
        return halves[0] * halves[1]
      },
    ]
  }
}
