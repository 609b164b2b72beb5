import Martlet

// Mistakes of MistakeTests: parts, positions and distances. Each closure stands on the line after its message.

extension MistakeTests {
  static let parity = [
    Mistake("squeezed", "axis 2 is out of range for shape [1, 3]; an axis is in -2...1", line: #line + 1) {
      ones([1, 3]).squeezed(axes: [0, 2])
    },
    Mistake("squeezed", "axis -2 is named twice in [0, -2]", line: #line + 1) {
      ones([1, 3]).squeezed(axes: [0, -2])
    },
    Mistake("squeezed", "axes [0, 1] of shape [1, 3] must each have extent 1", line: #line + 1) {
      ones([1, 3]).squeezed(axes: [0, 1])
    },
    Mistake("split", "the number of parts must be in 1...1048576, not 0", line: #line + 1) {
      ones([3]).split(evenlyInto: 0)
    },
    Mistake("split", "axis 1 is out of range for shape [3]; an axis is in -1...0", line: #line + 1) {
      ones([3]).split(evenlyInto: 2, axis: 1)
    },
    Mistake("split", "axis 1 is out of range for shape [3]; an axis is in -1...0", line: #line + 1) {
      ones([3]).split(at: [2], axis: 1)
    },
    Mistake(
      "unraveled", "the indices must be those of the 12 elements of shape [3, 4]", line: #line + 2
    ) {
      Tensor<Int>([0, 12]).unraveled(in: [3, 4])
    },
    Mistake("pdist", "shape [3] must be that of a matrix, and p at least 0, not 2.0", line: #line + 1) {
      ones([3]).pdist()
    },
    Mistake("vecdot", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      ones([2]).vecdot(ones([3]))
    },
    Mistake("vecdot", "axis 1 is out of range for shape [2]; an axis is in -1...0", line: #line + 1) {
      ones([2]).vecdot(ones([2]), axis: 1)
    },
  ]
}
