import CKernels

/// A pool over images or volumes, with windows of one size at random starts.
package struct FractionalPool {
  let size: [Int], kernel: [Int], out: [Int]

  package init(size: [Int], kernel: [Int], out: [Int]) {
    (self.size, self.kernel, self.out) = (size, kernel, out)
  }

  /// The extents as tables for the gradient. It knows the place of each element, so the windows are empty.
  package var tables: PoolTables {
    PoolTables(
      zip(size, out).map { size, count in
        let starts = Array(repeating: 0, count: count)
        return PoolTables.Axis(
          size: size, lower: starts, upper: starts, share: starts.map(Double.init), step: 1)
      })
  }

  /// The extents in the format of the loop. The samples of images begin with that of the last axis.
  fileprivate var table: MTFractionalPool {
    func three(_ list: [Int]) -> (Int, Int, Int) {
      (list.count > 2 ? list[0] : 1, list[list.count - 2], list.last!)
    }
    return MTFractionalPool(
      size: three(size), kernel: three(kernel), out: three(out),
      sample: size.count > 2 ? (0, 1, 2) : (0, 1, 0),
      samples: size.count)
  }
}

extension PoolingKernels {
  /// Finds the largest element of each window, and its position in the image.
  package static func largest(
    _ x: Operand, _ pool: FractionalPool, at samples: Operand, into values: Operand, _ places: Operand
  ) {
    let loop = x.loops.pointee.fractionalPool!, pixels = pool.size.reduce(1, *), count = pool.out.reduce(1, *)
    withUnsafePointer(to: pool.table) { table in
      Parallel.split(rows: x.extent(0) * x.extent(1), of: count * pool.kernel.reduce(1, *)) { range in
        let start = range.lowerBound
        loop(
          x.at(start * pixels), samples.at(start * pool.size.count), values.at(start * count),
          places.numbers + start * count, table, range.count)
      }
    }
  }
}
