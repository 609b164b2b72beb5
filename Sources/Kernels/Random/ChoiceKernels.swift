/// Choices of entries of a row, from random numbers.
package enum ChoiceKernels {
  /// For each row of uniform numbers in 0 ..< 1 `[rows, count]`, finds the entries whose share of the row's
  /// last cumulative weight contains the number. The weights `[rows, n]` are of the type `Double`; the last
  /// one of each row is above 0.
  package static func choose(_ cumulative: Operand, _ units: Operand, rows: Int, into y: Operand) {
    let n = cumulative.count / rows, count = y.count / rows
    Parallel.split(rows: rows, of: count) { range in
      for row in range {
        let weights = cumulative.doubles(from: row * n, count: n)
        let units = units.doubles(from: row * count, count: count), chosen = y.indices + row * count
        for k in 0..<count {
          // A product that is rounded up to the total would lie behind the last entry.
          let place = min(units[k] * weights[n - 1], weights[n - 1].nextDown)
          chosen[k] = Int64(firstIndex(in: weights, above: place))
        }
      }
    }
  }

  /// Finds the indices of the `count` smallest keys of each row `[rows, n]`, in the order of the keys. The keys
  /// are of the type `Double`, and none is NaN.
  package static func smallest(_ keys: Operand, rows: Int, into y: Operand) {
    let n = keys.count / rows, count = y.count / rows
    Parallel.split(rows: rows, of: n) { range in
      for row in range {
        let keys = keys.doubles(from: row * n, count: n)
        let heap = UnsafeMutableBufferPointer(start: y.indices + row * count, count: count)
        selectSmallest(of: keys, into: heap)
      }
    }
  }

  /// Returns the first index of a number above a bound, in numbers that do not fall. The last one is above it.
  private static func firstIndex(in numbers: UnsafeBufferPointer<Double>, above bound: Double) -> Int {
    var lower = 0, upper = numbers.count - 1
    while lower < upper {
      let middle = lower + (upper - lower) / 2
      if numbers[middle] > bound { upper = middle } else { lower = middle + 1 }
    }
    return lower
  }

  /// Keeps the smallest keys in a heap with the largest of them at its root, and sorts it at the end.
  private static func selectSmallest(
    of keys: UnsafeBufferPointer<Double>, into heap: UnsafeMutableBufferPointer<Int64>
  ) {
    func isLess(_ a: Int64, _ b: Int64) -> Bool { (keys[Int(a)], a) < (keys[Int(b)], b) }
    func sink(_ entry: Int64, below count: Int, from start: Int) {
      var place = start
      while 2 * place + 1 < count {
        var child = 2 * place + 1
        if child + 1 < count, isLess(heap[child], heap[child + 1]) { child += 1 }
        if !isLess(entry, heap[child]) { break }
        heap[place] = heap[child]
        place = child
      }
      heap[place] = entry
    }
    for i in heap.indices { heap[i] = Int64(i) }
    for i in heap.indices.reversed() { sink(heap[i], below: heap.count, from: i) }
    for i in heap.count..<keys.count where isLess(Int64(i), heap[0]) {
      sink(Int64(i), below: heap.count, from: 0)
    }
    for end in heap.indices.dropFirst().reversed() {
      let last = heap[end]
      heap[end] = heap[0]
      sink(last, below: end, from: 0)
    }
  }
}

extension Operand {
  /// Adjacent elements of an operand of the type `Double`.
  fileprivate func doubles(from start: Int, count: Int) -> UnsafeBufferPointer<Double> {
    UnsafeBufferPointer(start: at(start).assumingMemoryBound(to: Double.self), count: count)
  }
}
