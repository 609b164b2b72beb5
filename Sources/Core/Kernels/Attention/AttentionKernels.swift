import CKernels

/// The extents and options of an attention of queries `[n, heads, queries, depth]` to keys `[n, keyHeads,
/// keys, depth]` and values `[n, keyHeads, keys, width]`.
struct AttentionGeometry {
  let images: Int, heads: Int, keyHeads: Int, queries: Int, keys: Int, depth: Int, width: Int
  /// The factor of the products of queries and keys.
  let scale: Double
  /// The causal limit: query i sees the keys up to i + `lead`. Nil if every query sees all keys.
  let lead: Int?
  /// The dropout of the weights; nil for none.
  let dropout: AttentionDropout?

  /// The extents of a tile of scores, which stays in the cache. The backward pass uses two tiles.
  var queryTile: Int { Swift.min(queries, 128) }
  var keyTile: Int { Swift.min(keys, 256) }

  /// Returns the number of keys that any query of a tile sees.
  fileprivate func seen(from tile: QueryTile) -> Int {
    guard let lead else { return keys }
    return Swift.min(keys, tile.first + tile.count + lead)
  }

  /// The number of tiles of a head's queries.
  var queryTiles: Int { (queries + queryTile - 1) / queryTile }

  /// The number of query heads that share a key head.
  var share: Int { heads / keyHeads }

  fileprivate func tile(_ number: Int, image: Int, head: Int) -> QueryTile {
    let first = number * queryTile
    return QueryTile(
      image: image, head: head, keyHead: head / share, first: first,
      count: Swift.min(queryTile, queries - first), row: (image * heads + head) * queries + first)
  }

  /// True if there is nothing to compute: the output is empty or 0.
  var isEmpty: Bool { images * heads * queries * keys * width == 0 }

  /// Returns the number of scratch elements for `tiles` tiles of scores, a tile of random numbers if there is
  /// dropout, and one more element for each row.
  func scratch(tiles: Int) -> Int { queryTile * (keyTile * (tiles + (dropout == nil ? 0 : 1)) + 1) }

  /// The number of multiplications of the products of one head's tile of queries with all keys.
  var tileWork: Int { queryTile &* keys &* (depth + width) }
}

/// A block of `count` consecutive queries of one head, starting at query `first`. `row` is the index of that
/// query over all images and heads.
private struct QueryTile {
  let image: Int, head: Int, keyHead: Int, first: Int, count: Int, row: Int
}

/// The probability of dropping a weight, and the state of the random numbers. There is one random number for
/// each of `[n, heads, queries, keys]`, so that the backward pass drops the same weights.
struct AttentionDropout {
  let probability: Double, state: RandomGenerator.State

  /// Fills `units` with uniform numbers for a tile of queries and `columns` keys, starting at `key`.
  fileprivate func fill<Element: DifferentiableScalar>(
    _ units: UnsafeMutableRawPointer, _ tile: QueryTile, _ key: Int, _ columns: Int, of keys: Int,
    as: Element.Type
  ) {
    let isWhole = columns == keys
    for i in 0..<(isWhole ? 1 : tile.count) {
      Tensor<Element>.fill(
        units + i * columns * MemoryLayout<Element>.stride, isWhole ? tile.count * columns : columns, from: 0,
        to: 1, at: state, offset: state.offset &+ UInt64((tile.row + i) * keys + key))
    }
  }
}

/// The keys that a query attends to, broadcast to `[n, heads, queries, keys]`: all, or those where a mask is
/// true, or all with a number added to each score.
enum AttentionMask<Element: DifferentiableScalar> {
  case none
  case allowed(Tensor<Bool>)
  case added(Tensor<Element>)
}

extension AttentionMask {
  fileprivate var failure: Failure? {
    switch self {
    case .none: nil
    case .allowed(let mask): mask.failure
    case .added(let bias): bias.failure
    }
  }

  /// Returns the parameters of the scores of a tile of queries by keys, starting at `key`.
  fileprivate func scores(_ geometry: AttentionGeometry, _ tile: QueryTile, _ key: Int) -> MTScores {
    let reach = geometry.lead.map { tile.first + $0 + 1 - key } ?? geometry.keys
    var scores = MTScores(
      scale: geometry.scale, allowed: nil, bias: nil, maskRow: 0, maskColumn: 0, reach: reach)
    func place(_ layout: Layout) -> Int {
      let strides = layout.strides
      (scores.maskRow, scores.maskColumn) = (strides[2], strides[3])
      return tile.image * strides[0] + tile.head * strides[1] + tile.first * strides[2] + key * strides[3]
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

/// The matrices `[n, heads, rows, columns]` of a tensor as BLAS operands, for any layout that BLAS accepts.
private struct Heads<Element: DifferentiableScalar> {
  /// The tensor that holds the memory: the original, or a copy in a layout that BLAS accepts.
  private let tensor: Tensor<Element>
  private let first: BLASOperand

  /// Creates the operands. With `inRows` the elements of each row are adjacent in memory.
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
  /// The number of elements from one row to the next, if the elements of a row are adjacent.
  var row: Int { first.leading }

  /// Returns the matrix of a head, starting at a row.
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
  /// Returns zeros of `[n, heads, rows, width]`. If this tensor lies in memory as `[n, rows, heads, width]`,
  /// so does the result; otherwise the result is row-major.
  private func zeroHeads(width: Int) -> Tensor {
    let shape: TensorShape = [layout.shape[0], layout.shape[1], layout.shape[2], width]
    let zeros = Tensor.zeroed(shape)
    if zeros.isFailed || layout.strides[1] >= layout.strides[2] { return zeros }
    var strides = Dimensions()
    strides[0] = zeros.layout.strides[0]
    (strides[1], strides[2], strides[3]) = (width, shape[1] * width, 1)
    return Tensor(storage: zeros.storage.shared(), layout: Layout(shape, strides: strides, offset: 0))
  }

  /// Returns softmax(this · keyᵀ · scale + mask) · value, computed tile by tile. Also returns the logarithm
  /// of the sum of each row, `[n, heads, queries]`, from which ``attentionGradients(_:_:_:_:_:_:_:_:)``
  /// recomputes the weights. The operation is not recorded; the caller has checked the shapes.
  ///
  /// Dao, Fu, Ermon, Rudra & Ré 2022, arXiv:2205.14135.
  func attended(
    _ key: Tensor, _ value: Tensor, _ mask: AttentionMask<Element>, _ geometry: AttentionGeometry
  ) -> (value: Tensor, logTotals: Tensor) {
    let result = zeroHeads(width: geometry.width)
    let logTotals = Tensor(uninitialized: [geometry.images, geometry.heads, geometry.queries])
    if result.isFailed || logTotals.isFailed || geometry.isEmpty { return (result, logTotals) }
    let pass = AttentionForward(
      geometry: geometry, mask: mask, q: Heads(self), k: Heads(key), v: Heads(value), y: Heads(result),
      logs: logTotals.address)
    if let failure = pass.failure { return (.failed(by: failure), logTotals) }
    let tiles = geometry.queryTiles
    let failure = Parallel.split(
      products: geometry.images * geometry.heads * tiles, of: geometry.tileWork,
      scratch: geometry.scratch(tiles: 1) * MemoryLayout<Element>.stride
    ) { range, scratch in
      for i in range {
        let (all, number) = i.quotientAndRemainder(dividingBy: tiles)
        let (image, head) = all.quotientAndRemainder(dividingBy: geometry.heads)
        pass.compute(geometry.tile(number, image: image, head: head), in: scratch)
      }
    }
    return (failure.map { .failed(by: $0) } ?? result, logTotals)
  }

  /// Returns the gradients that are needed: of the queries (this), the keys, the values and the bias added to
  /// the scores, `[n, heads, queries, keys]`. The weights are recomputed tile by tile.
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
    let tiles = geometry.queryTiles, share = geometry.share
    // One thread computes all heads that share keys, because it adds up the gradients of these keys.
    let failure = Parallel.split(
      products: geometry.images * geometry.keyHeads, of: 3 &* geometry.tileWork &* tiles &* share,
      scratch: geometry.scratch(tiles: 2) * MemoryLayout<Element>.stride
    ) { range, scratch in
      for i in range {
        let (image, keyHead) = i.quotientAndRemainder(dividingBy: geometry.keyHeads)
        for head in keyHead * share..<(keyHead + 1) * share {
          for number in 0..<tiles {
            pass.add(geometry.tile(number, image: image, head: head), in: scratch)
          }
        }
      }
    }
    if let failure { return results.map { $0.map { _ in .failed(by: failure) } } }
    return results
  }
}

/// The operands of an attention's forward pass.
private struct AttentionForward<Element: DifferentiableScalar> {
  let geometry: AttentionGeometry, mask: AttentionMask<Element>
  let q: Heads<Element>, k: Heads<Element>, v: Heads<Element>, y: Heads<Element>
  let logs: UnsafeMutableRawPointer

  let loops = Element.kernels.loops.pointee.attention, product = PieceProduct<Element>()

  var failure: Failure? { q.failure ?? k.failure ?? v.failure ?? mask.failure }

  /// Computes the output of a tile of queries over all keys that it sees.
  func compute(_ queries: QueryTile, in scratch: UnsafeMutableRawPointer) {
    let stride = MemoryLayout<Element>.stride, rows = queries.count, width = geometry.width
    let largest = scratch + geometry.queryTile * geometry.keyTile * stride
    let units = largest + geometry.queryTile * stride, totals = logs + queries.row * stride
    let output = y(queries.image, queries.head, from: queries.first).pointer
    for key in Swift.stride(from: 0, to: geometry.seen(from: queries), by: geometry.keyTile) {
      let columns = Swift.min(geometry.keyTile, geometry.keys - key)
      product(
        q(queries.image, queries.head, from: queries.first),
        k(queries.image, queries.keyHead, from: key).transposed, into: scratch, row: columns, m: rows,
        n: columns, k: geometry.depth, adds: false)
      loops.weigh(
        scratch, mask.scores(geometry, queries, key), largest, totals, output, y.row, rows, columns, width,
        key == 0 ? 1 : 0)
      if let dropout = geometry.dropout {
        dropout.fill(units, queries, key, columns, of: geometry.keys, as: Element.self)
        loops.drop(scratch, units, dropout.probability, rows * columns)
      }
      product(
        BLASOperand(scratch, leading: columns), v(queries.image, queries.keyHead, from: key), into: output,
        row: y.row, m: rows, n: width, k: columns, adds: key > 0)
    }
    loops.finish(largest, totals, output, y.row, rows, width)
  }
}

/// The operands of an attention's backward pass.
private struct AttentionBackward<Element: DifferentiableScalar> {
  let geometry: AttentionGeometry, mask: AttentionMask<Element>
  let q: Heads<Element>, k: Heads<Element>, v: Heads<Element>, y: Heads<Element>, g: Heads<Element>
  let dq: Heads<Element>?, dk: Heads<Element>?, dv: Heads<Element>?, dbias: Tensor<Element>?
  let logs: UnsafeMutableRawPointer

  let loops = Element.kernels.loops.pointee.attention, product = PieceProduct<Element>()

  var failure: Failure? { q.failure ?? k.failure ?? v.failure ?? y.failure ?? g.failure ?? mask.failure }

  /// Adds the contribution of a tile of queries to the gradients, over all keys that it sees.
  func add(_ queries: QueryTile, in scratch: UnsafeMutableRawPointer) {
    let stride = MemoryLayout<Element>.stride, size = geometry.queryTile * geometry.keyTile * stride
    let slopes = scratch + size, along = slopes + size
    let output = y(queries.image, queries.head, from: queries.first).pointer
    let gradient = g(queries.image, queries.head, from: queries.first)
    loops.along(gradient.pointer, g.row, output, y.row, along, queries.count, geometry.width)
    for key in Swift.stride(from: 0, to: geometry.seen(from: queries), by: geometry.keyTile) {
      let columns = Swift.min(geometry.keyTile, geometry.keys - key)
      makeSlopes(queries, key, columns, weights: scratch, slopes, along)
      addProducts(
        queries, key, weights: BLASOperand(scratch, leading: columns),
        slopes: BLASOperand(slopes, leading: columns), columns)
    }
  }

  /// Computes the weights of a tile after dropout, and the gradients of the products of queries and keys.
  private func makeSlopes(
    _ queries: QueryTile, _ key: Int, _ columns: Int, weights: UnsafeMutableRawPointer,
    _ slopes: UnsafeMutableRawPointer, _ along: UnsafeMutableRawPointer
  ) {
    let stride = MemoryLayout<Element>.stride, rows = queries.count
    let (image, head, keyHead) = (queries.image, queries.head, queries.keyHead)
    product(
      q(image, head, from: queries.first), k(image, keyHead, from: key).transposed, into: weights,
      row: columns, m: rows, n: columns, k: geometry.depth, adds: false)
    product(
      g(image, head, from: queries.first), v(image, keyHead, from: key).transposed, into: slopes,
      row: columns, m: rows, n: columns, k: geometry.width, adds: false)
    let units = along + geometry.queryTile * stride
    if let dropout = geometry.dropout {
      dropout.fill(units, queries, key, columns, of: geometry.keys, as: Element.self)
      loops.drop(slopes, units, dropout.probability, rows * columns)
    }
    let biasSlopes = dbias.map { $0.address + (queries.row * geometry.keys + key) * stride }
    loops.slopes(
      weights, slopes, mask.scores(geometry, queries, key), logs + queries.row * stride, along, biasSlopes,
      geometry.keys, rows, columns)
    if let dropout = geometry.dropout { loops.drop(weights, units, dropout.probability, rows * columns) }
  }

  private func addProducts(
    _ queries: QueryTile, _ key: Int, weights: BLASOperand, slopes: BLASOperand, _ columns: Int
  ) {
    let (image, head, keyHead) = (queries.image, queries.head, queries.keyHead)
    if let dv {
      product(
        weights.transposed, g(image, head, from: queries.first),
        into: dv(image, keyHead, from: key).pointer, row: dv.row, m: columns, n: geometry.width,
        k: queries.count, adds: true)
    }
    if let dk {
      product(
        slopes.transposed, q(image, head, from: queries.first),
        into: dk(image, keyHead, from: key).pointer, row: dk.row, m: columns, n: geometry.depth,
        k: queries.count, adds: true)
    }
    if let dq {
      product(
        slopes, k(image, keyHead, from: key), into: dq(image, head, from: queries.first).pointer,
        row: dq.row, m: queries.count, n: geometry.depth, k: columns, adds: true)
    }
  }
}
