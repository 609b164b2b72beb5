/// The split of a pass of a convolution over threads. Its units do not depend on one another. If there are
/// fewer units than threads, the channels of each unit are split into pieces too.
struct ConvolutionSplit {
  /// One piece of a unit, which one thread computes.
  struct Piece {
    let unit: Int, channels: Range<Int>
    /// True if the piece is the first of its unit that uses this scratch memory.
    let isFirst: Bool
  }

  private let units: Int, channels: Int, pieces: Int
  /// The number of multiplications of a unit.
  private let work: Int

  init(units: Int, channels: Int, work: Int) {
    (self.units, self.channels, self.work) = (units, channels, work)
    pieces = units < Parallel.threads ? Parallel.parts(channels, of: work) : 1
  }

  /// The largest number of channels of a piece.
  var share: Int { (channels + pieces - 1) / pieces }

  /// Calls `body` for each piece, with `bytes` of scratch memory. Successive pieces of a unit share the
  /// memory if one thread computes them.
  func run(
    scratch bytes: Int, _ body: (Piece, UnsafeMutableRawPointer) -> Void
  ) throws(OutOfMemory) {
    try Parallel.split(products: units * pieces, of: work / pieces, scratch: bytes) { range, memory in
      for i in range {
        let (unit, piece) = i.quotientAndRemainder(dividingBy: pieces)
        let part = channels * piece / pieces..<channels * (piece + 1) / pieces
        body(Piece(unit: unit, channels: part, isFirst: piece == 0 || i == range.lowerBound), memory)
      }
    }
  }
}
