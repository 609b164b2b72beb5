/// Searches for the intervals of a piecewise function.
package enum InterpolationKernels {
  /// Writes the index of the last of some increasing points that is not above each element of `x`, but at most
  /// the last point but one and at least 0. There are at least two points, and no operand has gaps.
  package static func locate(_ x: Operand, among points: Operand, into indices: Operand) {
    func search<Element: BinaryFloatingPoint>(_: Element.Type) {
      let x = x.address.assumingMemoryBound(to: Element.self), last = points.count - 1
      let points = points.address.assumingMemoryBound(to: Element.self), count = indices.count
      let indices = indices.indices
      let steps = Int.bitWidth - last.leadingZeroBitCount
      Parallel.split(rows: count, of: steps) { range in
        for i in range {
          var low = 0, high = last
          while high - low > 1 {
            let middle = (low + high) / 2
            if points[middle] <= x[i] { low = middle } else { high = middle }
          }
          indices[i] = Int64(low)
        }
      }
    }
    if x.element == .f32 { search(Float.self) } else { search(Double.self) }
  }
}
