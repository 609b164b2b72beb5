import Martlet

// Mistakes of MistakeTests: several indices, scatters, and views by strides.

extension MistakeTests {
  static let indexing = [
    Mistake("subscript", "indices of shapes [2] and [3] do not broadcast", line: #line + 1) {
      ones([3, 4])[[0, 1], [0, 1, 2]]
    },
    Mistake("subscript", "index 4 is out of range for axis 1 of shape [3, 4]", line: #line + 1) {
      ones([3, 4])[.all, [0, 4]]
    },
    Mistake(
      "subscript", "a mask of shape [3] does not fit shape [3, 4] from axis 1 on; the extents must be equal",
      line: #line + 2
    ) {
      ones([3, 4])[.all, [true, false, true]]
    },
    Mistake("subscript", "shape [1099511627776, 1048576] has too many elements", line: #line + 1) {
      ones([1, 1]).broadcast(to: [1 << 40, 1])[.all, Tensor<Int>.zeros([1 << 20])]
    },
    Mistake("subscript", "shape [3] does not broadcast to the chosen elements' shape [2]", line: #line + 2) {
      let x = ones([3, 4])
      x[[0, 1], 0] = ones([3])
      return x
    },
    Mistake("scattered", "axis 1 is out of range for shape [2]; an axis is in -1...0", line: #line + 1) {
      ones([2]).scattered(Tensor<Int>([0]), ones([1]), axis: 1)
    },
    Mistake(
      "scattered",
      "indices of shape [3] and values of shape [2] do not fit shape [4] along axis 0; the other extents must be equal, and the values broadcast to the indices",
      line: #line + 2
    ) {
      ones([4]).scattered(Tensor<Int>([0, 1, 2]), ones([2]), axis: 0, reduction: .maximum)
    },
    Mistake("scattered", "index 4 is out of range for axis 0 of shape [4]", line: #line + 1) {
      ones([4]).scattered(Tensor<Int>([0, 4]), ones([2]), axis: 0, reduction: .mean)
    },
    Mistake(
      "indexCopied",
      "indices of shape [2] and values of shape [3] do not fit axis 0 of shape [4]; they must be [n] and broadcast to [2]",
      line: #line + 2
    ) {
      ones([4]).indexCopied(Tensor<Int>([0, 1]), ones([3]))
    },
    Mistake("taken", "index 6 is out of range for axis 0 of shape [6]", line: #line + 1) {
      ones([2, 3]).taken(Tensor<Int>([6]))
    },
    Mistake("put", "index -7 is out of range for axis 0 of shape [6]", line: #line + 1) {
      ones([2, 3]).put(Tensor<Int>([-7]), ones([]))
    },
    Mistake("put", "shape [3] does not broadcast to the indices' shape [2]", line: #line + 1) {
      ones([2, 3]).put(Tensor<Int>([0, 1]), ones([3]))
    },
    Mistake(
      "asStrided",
      "shape [2] is invalid or does not fit strides [1, 1]; there must be a stride for each axis",
      line: #line + 2
    ) {
      ones([6]).asStrided([2], strides: [1, 1])
    },
    Mistake(
      "asStrided", "shape [3, 2] by strides [2, 1] from 1 reaches beyond the 6 elements of shape [2, 3]",
      line: #line + 2
    ) {
      ones([2, 3]).asStrided([3, 2], strides: [2, 1], offset: 1)
    },
    Mistake(
      "asStrided",
      "shape [3] by strides [-9223372036854775808] from 5 reaches beyond the 6 elements of shape [6]",
      line: #line + 2
    ) {
      ones([6]).asStrided([3], strides: [.min], offset: 5)
    },
    Mistake("windows", "axis 1 is out of range for shape [6]; an axis is in -1...0", line: #line + 1) {
      ones([6]).windows(of: 2, axis: 1)
    },
    Mistake(
      "windows",
      "size 7 and step 1 do not fit axis -1 of shape [6]; the size must be in 0...6, the step at least 1, and the limits are 8 axes and the memory",
      line: #line + 2
    ) {
      ones([6]).windows(of: 7)
    },
    Mistake(
      "windows",
      "size 1073741824 and step 1 do not fit axis 0 of shape [1099511627776]; the size must be in 0...1099511627776, the step at least 1, and the limits are 8 axes and the memory",
      line: #line + 2
    ) {
      ones([1]).broadcast(to: [1 << 40]).windows(of: 1 << 30, axis: 0)
    },
    Mistake("broadcast", "shapes [[2], [3]] do not broadcast; extents must be equal or 1", line: #line + 1) {
      Tensor.broadcast([ones([2]), ones([3])])
    },
    Mistake(
      "broadcast", "shapes [[2, 1], [3, 3]] do not broadcast; extents must be equal or 1", line: #line + 2
    ) {
      TensorShape.broadcast([[2, 1], [3, 3]])
    },
  ]
}
