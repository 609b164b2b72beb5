import CKernels

/// Stable sorts along the last axis. No operand has gaps, and axes have fewer than 2³² elements. Indices are
/// operands of the type `Int`.
package enum SortKernels {
  /// Sorts the rows of `x`, and writes the index that each element had in its row.
  package static func sort(
    _ x: Operand, isDescending: Bool, into values: Operand, indices: Operand
  ) throws(OutOfMemory) {
    let length = x.extent(x.layout.rank - 1), rows = x.count / length
    if length >= 2 * Tuning.leastSortedElements, rows < 2 * Parallel.threads {
      return try sortLongRows(x, isDescending: isDescending, into: values, indices: indices)
    }
    let sort = x.loops.pointee.sorting.rows!
    try Parallel.split(
      rows, grain: max(1, Tuning.leastSortedElements / length),
      scratch: length <= MT_RANKED ? 0 : length.times(8)
    ) { range, scratch in
      let start = range.lowerBound * length
      sort(
        x.at(start), values.at(start), indices.indices + start, scratch.assumingMemoryBound(to: UInt64.self),
        range.count, length, isDescending ? 1 : 0)
    }
  }

  /// Sorts one row after the other, each on several threads.
  private static func sortLongRows(
    _ x: Operand, isDescending: Bool, into values: Operand, indices: Operand
  ) throws(OutOfMemory) {
    let length = x.extent(x.layout.rank - 1)
    let pieces = min(Parallel.threads, length / Tuning.leastSortedElements)
    let scratch = try Scratch(bytes: length.times(8)), counts = try Scratch(bytes: pieces * 256 * 4)
    for start in stride(from: 0, to: x.count, by: length) {
      var row = LongRow(
        loops: x.loops.pointee.sorting,
        state: MTRadixSort(
          x: x.at(start), values: values.at(start), indices: indices.indices + start,
          scratch: scratch.address.assumingMemoryBound(to: UInt64.self),
          counts: counts.address.assumingMemoryBound(to: UInt32.self), count: length, pieces: pieces,
          isDescending: isDescending ? 1 : 0, pairs: nil, held: 0, half: 0, end: 0, shift: 0))
      row.sort(halves: x.size == 8 ? 2 : 1)
    }
    extendLifetime(scratch)
    extendLifetime(counts)
  }

  /// Computes the order of the rows of a matrix: by their first elements, then by the second ones, and so on.
  package static func orderRows(_ x: Operand, into order: Operand) throws(OutOfMemory) {
    let scratch = try Scratch(order.count, of: .i64)
    x.loops.pointee.searching.orderRows(
      x.address, x.extent(0), x.extent(1), order.indices,
      scratch.address.assumingMemoryBound(to: Int64.self))
    extendLifetime(scratch)
  }
}

/// A radix sort whose pieces run on several threads, step by step as `sortRow` in Sorting.c.
private struct LongRow {
  let loops: MTSorting
  var state: MTRadixSort

  mutating func sort(halves: Int32) {
    sort(from: halves - 1, to: halves)
    if halves > 1, state.pairs == nil { sort(from: 0, to: 1) }
    eachPiece(loops.unpack)
    if halves == 1 || settles() { return }
    sort(from: 0, to: halves)
    eachPiece(loops.unpack)
  }

  /// Sorts by some halves of the keys.
  private mutating func sort(from half: Int32, to end: Int32) {
    state.pairs = nil
    state.half = half
    state.end = end
    var moves: Int32
    repeat {
      eachPiece(loops.count)
      moves = loops.place(&state)
      if moves != 0 { eachPiece(loops.move) }
    } while loops.next(&state, moves) != 0
  }

  /// Sorts by insertion. Returns false if an element is far from its place.
  private func settles() -> Bool {
    let failures = Guarded(0)
    eachPiece { state, piece in
      if loops.settle(state, piece) == 0 { failures.withLock { $0 += 1 } }
    }
    var state = state
    return failures.withLock { $0 == 0 } && loops.join(&state) != 0
  }

  private func eachPiece(_ body: (UnsafePointer<MTRadixSort>?, Int) -> Void) {
    withUnsafePointer(to: state) { state in
      Parallel.split(self.state.pieces, grain: 1) { range in
        for piece in range { body(state, piece) }
      }
    }
  }
}
