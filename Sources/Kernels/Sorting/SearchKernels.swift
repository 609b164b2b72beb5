import CKernels

/// Searches in sorted rows, runs of equal rows, and counts. No operand has gaps. Indices and counts are
/// operands of the type `Int`.
package enum SearchKernels {
  /// Computes the place of each element of `x` in a sorted row: the number of elements before it, or not
  /// after it if `isRight`. There is one row for all elements, or one for each row of `x`.
  package static func search(_ sorted: Operand, _ x: Operand, isRight: Bool, into y: Operand) {
    let length = sorted.extent(sorted.layout.rank - 1), search = x.loops.pointee.searching.search!
    let isShared = sorted.layout.rank == 1
    let width = isShared ? x.count : x.extent(x.layout.rank - 1)
    if isShared || width >= Tuning.leastSearches {
      for row in 0..<x.count / width {
        Parallel.split(width, grain: Tuning.leastSearches) { range in
          let start = row * width + range.lowerBound
          search(
            sorted.at(row * length), length, x.at(start), y.indices + start, range.count, isRight ? 1 : 0)
        }
      }
    } else {
      Parallel.split(x.count / width, grain: max(1, Tuning.leastSearches / width)) { rows in
        for row in rows {
          let start = row * width
          search(sorted.at(row * length), length, x.at(start), y.indices + start, width, isRight ? 1 : 0)
        }
      }
    }
  }

  /// Writes 1 for each element of `x` that a sorted row contains, else 0. The row has at least one element.
  package static func find(_ x: Operand, in sorted: Operand, into y: Operand) {
    let contains = x.loops.pointee.searching.contains!
    Parallel.split(x.count, grain: Tuning.leastSearches) { range in
      contains(
        sorted.address, sorted.count, x.at(range.lowerBound),
        y.at(range.lowerBound).assumingMemoryBound(to: UInt8.self), range.count)
    }
  }

  /// Returns the number of runs of equal rows in a matrix.
  package static func countRuns(_ x: Operand) -> Int {
    x.loops.pointee.searching.countRuns(x.address, x.extent(0), x.extent(1))
  }

  /// Writes the first row of each run of equal rows, the lengths of the runs, and the run of each row: at the
  /// row's index, or at its place if there are no indices.
  package static func listRuns(
    _ x: Operand, at indices: Operand?, into firsts: Operand, counts: Operand, inverse: Operand
  ) {
    x.loops.pointee.searching.listRuns(
      x.address, indices?.indices, x.extent(0), x.extent(1), firsts.address, inverse.indices, counts.indices)
  }

  /// Counts how often each number occurs. The counts are 0 at first, and no number lies outside of them.
  package static func tally(_ x: Operand, into counts: Operand) {
    let numbers = x.indices, y = counts.indices
    for i in 0..<x.count { y[Int(numbers[i])] += 1 }
  }

  /// Counts the elements of `x` in bins, or adds their weights, which become `Double`. Bins lie between
  /// equally spaced edges; the last one has both edges.
  package static func histogram(
    _ x: Operand, weights: Operand?, edges: Operand, into y: Operand
  ) throws(OutOfMemory) {
    let bins = y.count, loop = x.loops.pointee.histogram!
    // Each piece has bins of its own. The number of pieces decides the rounding of weights, and not the
    // number of threads.
    let pieces = max(1, min(16, x.count / max(Tuning.leastElements, 4 * bins)))
    let scratch = try Scratch(bytes: pieces.times(bins).times(8)), sums = scratch.address
    sums.initializeMemory(as: UInt8.self, repeating: 0, count: pieces * bins * 8)
    Parallel.split(pieces, grain: 1) { range in
      for piece in range {
        let start = x.count * piece / pieces, end = x.count * (piece + 1) / pieces
        loop(
          x.at(start), weights.map { UnsafeRawPointer($0.at(start)) }, edges.address, sums + piece * bins * 8,
          end - start, bins)
      }
    }
    y.loops.pointee.reduceColumns[Int(ReduceKernel.sum.rawValue)]!(
      Plane(base: sums, outer: bins, inner: 1), y.address, pieces, bins)
    extendLifetime(scratch)
  }
}
