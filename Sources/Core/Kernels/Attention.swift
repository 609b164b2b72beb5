import CKernels

/// The extents of an attention of `[n, heads, queries, depth]` to `[n, keyHeads, keys, depth]` and `[n, keyHeads, keys,
/// width]`, and what its scores are made by.
struct AttentionGeometry {
  let images: Int, heads: Int, keyHeads: Int, queries: Int, keys: Int, depth: Int, width: Int
  /// What products of queries and keys are multiplied by.
  let scale: Double
  /// Query i sees the keys up to i and so many more; nil for all.
  let lead: Int?
  /// What drops weights; nil for none.
  let dropout: AttentionDropout?

  /// Scores that are in the cache at once, twice on the way back.
  var queryTile: Int { Swift.min(queries, 128) }
  var keyTile: Int { Swift.min(keys, 256) }

  /// The number of keys that some query of a tile sees.
  func seen(from tile: Range<Int>) -> Int {
    guard let lead else { return keys }
    return Swift.min(keys, tile.upperBound + lead)
  }

  /// Whether there is nothing to compute: what would be made is empty or 0.
  var isEmpty: Bool { images * heads * queries * keys * width == 0 }

  /// The number of scores of a tile, with those of what drops its weights, and of a row of it besides.
  func scratch(tiles: Int) -> TensorShape {
    [queryTile * (keyTile * (tiles + (dropout == nil ? 0 : 1)) + 1)]
  }

  /// Multiplications of the products of one head's tile of queries with all keys.
  var tileWork: Int { queryTile &* keys &* (depth + width) }
}

/// A probability with which weights are dropped, and the counters of the numbers that say which: one for each of
/// `[n, heads, queries, keys]`, so that the way back drops the same.
struct AttentionDropout {
  let probability: Double, state: RandomGenerator.State

  /// Uniform numbers for a tile, whose first query is row `row` of all heads' and whose first key is `key`.
  fileprivate func fill<Element: DifferentiableScalar>(
    _ units: UnsafeMutableRawPointer, _ row: Int, _ key: Int, _ keys: Int, rows: Int, columns: Int,
    of: Element.Type
  ) {
    let isWhole = columns == keys
    for i in 0..<(isWhole ? 1 : rows) {
      Tensor<Element>.fill(
        units + i * columns * MemoryLayout<Element>.stride, isWhole ? rows * columns : columns, from: 0,
        to: 1, at: state, offset: state.offset &+ UInt64((row + i) * keys + key))
    }
  }
}

/// Which keys a query attends to, broadcast to `[n, heads, queries, keys]`: those where a mask holds, or all, with a
/// number added to each score.
enum AttentionMask<Element: DifferentiableScalar> {
  case none
  case allowed(Tensor<Bool>)
  case added(Tensor<Element>)
}

extension AttentionMask {
  /// What makes the scores of a tile whose first query and key are these.
  fileprivate func scores(
    _ geometry: AttentionGeometry, _ image: Int, _ head: Int, _ query: Int, _ key: Int
  ) -> MTScores {
    let reach = geometry.lead.map { query + $0 + 1 - key } ?? geometry.keys
    var scores = MTScores(
      scale: geometry.scale, allowed: nil, bias: nil, maskRow: 0, maskColumn: 0, reach: reach)
    func place(_ layout: Layout) -> Int {
      let strides = layout.strides
      (scores.maskRow, scores.maskColumn) = (strides[2], strides[3])
      return image * strides[0] + head * strides[1] + query * strides[2] + key * strides[3]
    }
    switch self {
    case .none: break
    case .allowed(let mask):
      scores.allowed = UnsafePointer(mask.address.assumingMemoryBound(to: UInt8.self)) + place(mask.layout)
    case .added(let bias):
      scores.bias = UnsafeRawPointer(bias.address + place(bias.layout) * MemoryLayout<Element>.stride)
    }
    return scores
  }
}

/// The matrices `[n, heads, rows, columns]` of a tensor as BLAS takes them, wherever they lie.
private struct Heads<Element: DifferentiableScalar> {
  /// What holds the memory: the tensor, or a copy that BLAS can take.
  private let tensor: Tensor<Element>
  private let first: BLASOperand

  /// `inRows`: the elements of a row are to follow one another.
  init(_ tensor: Tensor<Element>, inRows: Bool = false) {
    let operand = BLASOperand(tensor.address, MatrixAxes(tensor.layout, isTransposed: false))
    if let operand, !(inRows && operand.isTransposed) {
      (self.tensor, first) = (tensor, operand)
    } else {
      self.tensor = tensor.copied()
      first = BLASOperand(self.tensor.address, leading: Swift.max(tensor.layout.shape.extents[3], 1))
    }
  }

  var failure: Failure? { tensor.failure }
  /// The elements from one row to the next, where these follow one another.
  var row: Int { first.leading }

  /// The matrix of a head from a row on.
  func callAsFunction(_ image: Int, _ head: Int, from row: Int = 0) -> BLASOperand {
    let strides = tensor.layout.strides, stride = MemoryLayout<Element>.stride
    return first.moved(by: (image * strides[0] + head * strides[1]) * stride).row(row, stride)
  }
}

extension BLASOperand {
  fileprivate var transposed: BLASOperand {
    BLASOperand(pointer, leading: leading, isTransposed: !isTransposed)
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Zeros of `[n, heads, rows, width]`, with the heads side by side in memory, `[n, rows, heads, width]`, where those
  /// of this are. Other arrangements are row-major.
  private func zeroHeads(width: Int) -> Tensor {
    let shape: TensorShape = [layout.shape[0], layout.shape[1], layout.shape[2], width]
    let zeros = Tensor.zeroed(shape)
    if zeros.isFailed || layout.strides[1] >= layout.strides[2] { return zeros }
    var strides = Dimensions()
    strides[0] = zeros.layout.strides[0]
    (strides[1], strides[2], strides[3]) = (width, shape[1] * width, 1)
    return Tensor(storage: zeros.storage.shared(), layout: Layout(shape, strides: strides, offset: 0))
  }

  /// softmax(this · keyᵀ · scale + mask) · value, of tile after tile of the scores; and of each row the logarithm of
  /// its sum, `[n, heads, queries]`, by which ``attentionGradients(_:_:_:_:_:_:_:_:)`` makes the weights again. Not
  /// recorded; shapes are checked.
  ///
  /// By Dao, Fu, Ermon, Rudra & Ré 2022, arXiv:2205.14135.
  func attended(
    _ key: Tensor, _ value: Tensor, _ mask: AttentionMask<Element>, _ geometry: AttentionGeometry
  ) -> (value: Tensor, logTotals: Tensor) {
    let result = zeroHeads(width: geometry.width)
    let logTotals = Tensor(uninitialized: [geometry.images, geometry.heads, geometry.queries])
    if result.isFailed || logTotals.isFailed || geometry.isEmpty { return (result, logTotals) }
    let q = Heads(self), k = Heads(key), v = Heads(value), y = Heads(result)
    if let failure = q.failure ?? k.failure ?? v.failure { return (.failed(by: failure), logTotals) }
    let loops = Element.kernels.loops.pointee.attention, stride = MemoryLayout<Element>.stride
    let product = PieceProduct<Element>(), logs = logTotals.address
    let (depth, width) = (geometry.depth, geometry.width)
    let (queryTile, keyTile) = (geometry.queryTile, geometry.keyTile)
    let tiles = (geometry.queries + queryTile - 1) / queryTile, share = geometry.heads / geometry.keyHeads
    let units = geometry.images * geometry.heads * tiles
    Parallel.split(products: units, of: geometry.tileWork) { range in
      let scratch = Tensor(uninitialized: geometry.scratch(tiles: 1))
      if scratch.isFailed { return }
      let tile = scratch.address, largest = tile + queryTile * keyTile * stride
      let units = largest + queryTile * stride
      for i in range {
        let (all, number) = i.quotientAndRemainder(dividingBy: tiles)
        let (image, head) = all.quotientAndRemainder(dividingBy: geometry.heads)
        let rows = number * queryTile..<Swift.min((number + 1) * queryTile, geometry.queries)
        let totals = logs + (all * geometry.queries + rows.lowerBound) * stride
        let output = y(image, head, from: rows.lowerBound).pointer
        for first in Swift.stride(from: 0, to: geometry.seen(from: rows), by: keyTile) {
          let columns = Swift.min(keyTile, geometry.keys - first)
          product(
            q(image, head, from: rows.lowerBound), k(image, head / share, from: first).transposed,
            into: tile, row: columns, m: rows.count, n: columns, k: depth, adds: false)
          loops.weigh(
            tile, mask.scores(geometry, image, head, rows.lowerBound, first), largest, totals, output, y.row,
            rows.count, columns, width, first == 0 ? 1 : 0)
          if let dropout = geometry.dropout {
            dropout.fill(
              units, all * geometry.queries + rows.lowerBound, first, geometry.keys, rows: rows.count,
              columns: columns, of: Element.self)
            loops.drop(tile, units, dropout.probability, rows.count * columns)
          }
          product(
            BLASOperand(tile, leading: columns), v(image, head / share, from: first), into: output,
            row: y.row, m: rows.count, n: width, k: columns, adds: first > 0)
        }
        loops.finish(largest, totals, output, y.row, rows.count, width)
      }
    }
    return (result, logTotals)
  }

  /// The gradients of queries (this), keys, values and of what was added to the scores, `[n, heads, queries, keys]`,
  /// where they are asked for: the weights are made again tile by tile.
  func attentionGradients(
    _ key: Tensor, _ value: Tensor, _ mask: AttentionMask<Element>, _ geometry: AttentionGeometry,
    _ output: Tensor, _ logTotals: Tensor, _ gradient: Tensor, _ isNeeded: [Bool]
  ) -> [Tensor?] {
    let results = [
      isNeeded[0] ? zeroHeads(width: geometry.depth) : nil,
      isNeeded[1] ? key.zeroHeads(width: geometry.depth) : nil,
      isNeeded[2] ? value.zeroHeads(width: geometry.width) : nil,
      isNeeded.count > 3 && isNeeded[3]
        ? .zeroed([geometry.images, geometry.heads, geometry.queries, geometry.keys]) : nil,
    ]
    if geometry.isEmpty || results.contains(where: { $0?.isFailed ?? false }) { return results }
    let pass = AttentionBackward(
      geometry: geometry, mask: mask, q: Heads(self), k: Heads(key), v: Heads(value),
      y: Heads(output, inRows: true), g: Heads(gradient, inRows: true), dq: results[0].map { Heads($0) },
      dk: results[1].map { Heads($0) }, dv: results[2].map { Heads($0) }, dbias: results[3],
      logs: logTotals.address)
    if let failure = pass.failure { return results.map { $0.map { _ in .failed(by: failure) } } }
    let tiles = (geometry.queries + geometry.queryTile - 1) / geometry.queryTile
    // Heads that share their keys are one thread's, which adds up the gradients of these.
    let share = geometry.heads / geometry.keyHeads
    Parallel.split(products: geometry.images * geometry.keyHeads, of: 3 * geometry.tileWork * tiles * share) {
      let scratch = Tensor(uninitialized: geometry.scratch(tiles: 2))
      if scratch.isFailed { return }
      for i in $0 {
        let (image, keyHead) = i.quotientAndRemainder(dividingBy: geometry.keyHeads)
        for head in keyHead * share..<(keyHead + 1) * share {
          for number in 0..<tiles { pass.addTile(image, head, keyHead, number, in: scratch.address) }
        }
      }
    }
    return results
  }
}

/// The operands of the way back through an attention.
private struct AttentionBackward<Element: DifferentiableScalar> {
  let geometry: AttentionGeometry, mask: AttentionMask<Element>
  let q: Heads<Element>, k: Heads<Element>, v: Heads<Element>, y: Heads<Element>, g: Heads<Element>
  let dq: Heads<Element>?, dk: Heads<Element>?, dv: Heads<Element>?, dbias: Tensor<Element>?
  let logs: UnsafeMutableRawPointer

  private let loops = Element.kernels.loops.pointee.attention, product = PieceProduct<Element>()

  init(
    geometry: AttentionGeometry, mask: AttentionMask<Element>, q: Heads<Element>, k: Heads<Element>,
    v: Heads<Element>, y: Heads<Element>, g: Heads<Element>, dq: Heads<Element>?, dk: Heads<Element>?,
    dv: Heads<Element>?, dbias: Tensor<Element>?, logs: UnsafeMutableRawPointer
  ) {
    (self.geometry, self.mask, self.logs) = (geometry, mask, logs)
    (self.q, self.k, self.v, self.y, self.g) = (q, k, v, y, g)
    (self.dq, self.dk, self.dv, self.dbias) = (dq, dk, dv, dbias)
  }

  var failure: Failure? { q.failure ?? k.failure ?? v.failure ?? y.failure ?? g.failure }

  /// Adds what a tile of a head's queries gives to the gradients.
  func addTile(_ image: Int, _ head: Int, _ keyHead: Int, _ number: Int, in scratch: UnsafeMutableRawPointer)
  {
    let stride = MemoryLayout<Element>.stride, all = image * geometry.heads + head
    let first = number * geometry.queryTile, rows = Swift.min(geometry.queryTile, geometry.queries - first)
    let weights = scratch, slopes = weights + geometry.queryTile * geometry.keyTile * stride
    let along = slopes + geometry.queryTile * geometry.keyTile * stride
    let units = along + geometry.queryTile * stride
    let (depth, width) = (geometry.depth, geometry.width)
    let queries = q(image, head, from: first), gradient = g(image, head, from: first)
    loops.along(
      gradient.pointer, g.row, y(image, head, from: first).pointer, y.row, along, rows, width)
    for key in Swift.stride(from: 0, to: geometry.seen(from: first..<first + rows), by: geometry.keyTile) {
      let columns = Swift.min(geometry.keyTile, geometry.keys - key), keys = k(image, keyHead, from: key)
      product(
        queries, keys.transposed, into: weights, row: columns, m: rows, n: columns, k: depth, adds: false)
      product(
        gradient, v(image, keyHead, from: key).transposed, into: slopes, row: columns, m: rows, n: columns,
        k: width, adds: false)
      if let dropout = geometry.dropout {
        dropout.fill(
          units, all * geometry.queries + first, key, geometry.keys, rows: rows, columns: columns,
          of: Element.self)
        loops.drop(slopes, units, dropout.probability, rows * columns)
      }
      let biasSlopes = dbias.map {
        $0.address + ((all * geometry.queries + first) * geometry.keys + key) * stride
      }
      loops.slopes(
        weights, slopes, mask.scores(geometry, image, head, first, key),
        logs + (all * geometry.queries + first) * stride, along, biasSlopes, geometry.keys, rows, columns)
      if let dropout = geometry.dropout {
        loops.drop(weights, units, dropout.probability, rows * columns)
      }
      let w = BLASOperand(weights, leading: columns), s = BLASOperand(slopes, leading: columns)
      if let dv {
        product(
          w.transposed, gradient, into: dv(image, keyHead, from: key).pointer, row: dv.row, m: columns,
          n: width, k: rows, adds: true)
      }
      if let dk {
        product(
          s.transposed, queries, into: dk(image, keyHead, from: key).pointer, row: dk.row, m: columns,
          n: depth, k: rows, adds: true)
      }
      if let dq {
        product(
          s, keys, into: dq(image, head, from: first).pointer, row: dq.row, m: rows, n: depth, k: columns,
          adds: true)
      }
    }
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Rows whose pairs are turned by the angles of their position along an axis. Not recorded; shapes are checked.
  func pairs(
    turnedBy cosines: Tensor, _ sines: Tensor, _ axis: Int, _ isInterleaved: Bool
  ) -> Tensor {
    let x = contiguous(), c = cosines.contiguous(), s = sines.contiguous()
    let result = Tensor(uninitialized: layout.shape)
    if let failure = x.failure ?? c.failure ?? s.failure ?? result.failure { return .failed(by: failure) }
    if layout.count == 0 { return result }
    let loop = Element.kernels.loops.pointee.attention.rotate!, stride = MemoryLayout<Element>.stride
    let width = layout.shape[-1], span = layout.shape.dropFirst(axis + 1).dropLast().reduce(1, *)
    let positions = layout.shape[axis], from = x.address, to = result.address
    let (cosine, sine) = (c.address, s.address)
    // Blocks of all positions: what begins a block is the first.
    let block = positions * span
    Parallel.split(rows: layout.count / width / block, of: block * width) { range in
      let start = range.lowerBound * block * width * stride
      loop(
        from + start, cosine, sine, to + start, range.count * block, positions, span, width / 2,
        isInterleaved ? 1 : 0)
    }
    return result
  }
}
