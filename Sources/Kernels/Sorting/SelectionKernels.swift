import CKernels

/// Elements that a sort along the last axis would put at certain places. No operand has gaps, and axes have
/// fewer than 2³² elements. Indices are operands of the type `Int`.
package enum SelectionKernels {
  /// Picks an element of each row of `x`: that at place `k` of its order, or the median.
  package static func pick(
    _ place: OrderPlace, _ k: Int, _ x: Operand, into values: Operand, indices: Operand
  ) throws(OutOfMemory) {
    let length = x.extent(x.layout.rank - 1), pick = x.loops.pointee.selection.pick!
    try split(values.count, of: length, scratch: length.times(4)) { range, scratch in
      pick(
        x.at(range.lowerBound * length), values.at(range.lowerBound), indices.indices + range.lowerBound,
        scratch,
        range.count, length, k, place)
    }
  }

  /// Picks the first elements of the order of each row of `x`, as many as fit a row of `values`.
  package static func top(
    _ x: Operand, isLargest: Bool, into values: Operand, indices: Operand
  ) throws(OutOfMemory) {
    let axis = x.layout.rank - 1, length = x.extent(axis), k = values.extent(axis)
    let top = x.loops.pointee.selection.top!, words = (length + 1) / 2
    try split(values.count / k, of: length, scratch: words.plus(max(words, 2 * k)).times(8)) {
      range, scratch in
      let start = range.lowerBound * k
      top(
        x.at(range.lowerBound * length), values.at(start), indices.indices + start,
        scratch.assumingMemoryBound(to: UInt64.self), range.count, length, k, isLargest ? 1 : 0)
    }
  }

  /// Picks the most frequent element of each sorted row, and the last of its indices.
  package static func mode(_ sorted: Operand, _ indices: Operand, into values: Operand, places: Operand) {
    let length = sorted.extent(sorted.layout.rank - 1), mode = sorted.loops.pointee.selection.mode!
    Parallel.split(rows: values.count, of: length) { range in
      let start = range.lowerBound * length
      mode(
        sorted.at(start), indices.indices + start, values.at(range.lowerBound),
        places.indices + range.lowerBound, range.count, length)
    }
  }

  private static func split(
    _ rows: Int, of length: Int, scratch bytes: Int, _ body: (Range<Int>, UnsafeMutableRawPointer) -> Void
  ) throws(OutOfMemory) {
    try Parallel.split(rows, grain: max(1, Tuning.leastSortedElements / length), scratch: bytes, body)
  }
}
