import CKernels

/// The columns of sliding windows. Images are `[n, channels, …]`, and columns are
/// `[n, channels · taps, windows]`.
package enum ColumnKernels {
  /// Unfolds the windows over images to columns.
  package static func unfold(_ images: Operand, _ windows: SlidingWindows, into columns: Operand) {
    let loops = images.loops.pointee.convolution, places = windows.count
    let pixels = windows.pixels, elements = windows.taps * places
    Parallel.split(rows: images.extent(0) * images.extent(1), of: elements) { range in
      withUnsafePointer(to: windows.table) { table in
        for i in range {
          loops.unfold(images.at(i * pixels), columns.at(i * elements), table, 1, 0, places)
        }
      }
    }
  }

  /// Adds columns to the images under their windows.
  package static func fold(
    _ columns: Operand, _ windows: SlidingWindows, into images: Operand
  ) throws(OutOfMemory) {
    if columns.count == 0 { return }
    let loops = images.loops.pointee.convolution, places = windows.count
    let pixels = windows.pixels, elements = windows.taps * places, matrix = elements * columns.size
    // The loop overwrites the columns that it adds, so it gets a copy.
    try Parallel.split(
      images.extent(0) * images.extent(1), grain: max(1, Tuning.leastElements / elements), scratch: matrix
    ) { range, own in
      withUnsafePointer(to: windows.table) { table in
        for i in range {
          own.copyMemory(from: columns.at(i * elements), byteCount: matrix)
          loops.fold(own, images.at(i * pixels), table, 1, 0, places)
        }
      }
    }
  }
}
