import CKernels

/// The positions of a resampled axis in the original one: for each, the index of the original position below
/// it, and the weight of the next.
package struct Resampling {
  package let count: Int
  package let lower: [Int64]
  let weights: [Double]

  package init(count: Int, lower: [Int64], weights: [Double]) {
    (self.count, self.lower, self.weights) = (count, lower, weights)
  }
}

package enum ResamplingKernels {
  /// Resamples an axis from `count` positions to those of `map`. With `transposed` it does the reverse: each
  /// element is added to the positions that it was computed from.
  package static func resample(
    _ x: Operand, _ map: Resampling, axis: Int, transposed: Bool, into y: Operand
  ) throws(OutOfMemory) {
    let loop = transposed ? x.loops.pointee.resampleTransposed! : x.loops.pointee.resample!
    let before = x.extent(axis), after = y.extent(axis)
    var outer = 1, inner = 1
    for i in 0..<axis { outer *= x.extent(i) }
    for i in axis + 1..<x.layout.rank { inner *= x.extent(i) }
    let weights = try Scratch(map.weights.count, of: x.element), start = weights.address
    for (i, weight) in map.weights.enumerated() {
      if x.element == .f32 {
        start.storeBytes(of: Float(weight), toByteOffset: i * x.size, as: Float.self)
      } else {
        start.storeBytes(of: weight, toByteOffset: i * x.size, as: Double.self)
      }
    }
    map.lower.withUnsafeBufferPointer { lower in
      Parallel.split(rows: outer, of: max(before, after) * inner) { range in
        let first = range.lowerBound * inner
        loop(
          x.at(first * before), lower.baseAddress, start, y.at(first * after), range.count, map.count,
          lower.count, inner)
      }
    }
    extendLifetime(weights)
  }
}
