import CKernels

/// The extents and options of an attention of queries `[n, heads, queries, depth]` to keys `[n, keyHeads,
/// keys, depth]` and values `[n, keyHeads, keys, width]`.
package struct AttentionGeometry {
  package let images: Int, heads: Int, keyHeads: Int, queries: Int, keys: Int, depth: Int, width: Int
  /// The factor of the products of queries and keys.
  package let scale: Double
  /// The causal limit: query i sees the keys up to i + `lead`. Nil if every query sees all keys.
  package let lead: Int?
  /// The dropout of the weights; nil for none.
  package let dropout: AttentionDropout?

  package init(
    images: Int, heads: Int, keyHeads: Int, queries: Int, keys: Int, depth: Int, width: Int, scale: Double,
    lead: Int?, dropout: AttentionDropout?
  ) {
    (self.images, self.heads, self.keyHeads) = (images, heads, keyHeads)
    (self.queries, self.keys, self.depth, self.width) = (queries, keys, depth, width)
    (self.scale, self.lead, self.dropout) = (scale, lead, dropout)
  }

  /// True if there is nothing to compute: the output is empty or 0.
  package var isEmpty: Bool { [images, heads, queries, keys, width].contains(0) }
}

extension AttentionGeometry {
  /// The extents of a tile of scores.
  fileprivate var queryTile: Int { min(queries, Tuning.attentionQueries) }
  fileprivate var keyTile: Int { min(keys, Tuning.attentionKeys) }

  /// Returns the number of keys that any query of a tile sees.
  fileprivate func seen(from tile: QueryTile) -> Int {
    guard let lead else { return keys }
    return min(keys, tile.first + tile.count + lead)
  }

  /// The number of tiles of a head's queries.
  fileprivate var queryTiles: Int { (queries + queryTile - 1) / queryTile }

  /// The number of query heads that share a key head.
  fileprivate var share: Int { heads / keyHeads }

  /// Returns a tile of a head's queries.
  fileprivate func tile(_ number: Int, image: Int, head: Int) -> QueryTile {
    let first = number * queryTile
    return QueryTile(
      image: image, head: head, keyHead: head / share, first: first,
      count: min(queryTile, queries - first), row: (image * heads + head) * queries + first)
  }

  /// Returns the number of scratch elements for `tiles` tiles of scores, a tile of random numbers if there is
  /// dropout, and one more element for each row.
  fileprivate func scratch(tiles: Int) -> Int {
    queryTile * (keyTile * (tiles + (dropout == nil ? 0 : 1)) + 1)
  }

  /// The number of multiplications of the products of one head's tile of queries with all keys.
  fileprivate var tileWork: Int { queryTile &* keys &* (depth + width) }
}

/// A block of `count` consecutive queries of one head, starting at query `first`. `row` is the index of that
/// query over all images and heads.
private struct QueryTile {
  let image: Int, head: Int, keyHead: Int, first: Int, count: Int, row: Int
}

/// The probability of dropping a weight, and the state of the random numbers. There is one random number for
/// each of `[n, heads, queries, keys]`, so that the backward pass drops the same weights.
package struct AttentionDropout {
  package let probability: Double
  /// The seed, the stream and the first counter of the random numbers.
  package let seed: UInt64, stream: UInt64, offset: UInt64

  package init(probability: Double, seed: UInt64, stream: UInt64, offset: UInt64) {
    self.probability = probability
    (self.seed, self.stream, self.offset) = (seed, stream, offset)
  }

  /// Fills `units` with uniform numbers for a tile of queries and `columns` keys, starting at `key`.
  fileprivate func fill(
    _ units: UnsafeMutableRawPointer, _ tile: QueryTile, _ key: Int, _ columns: Int, of keys: Int,
    as element: ElementType
  ) {
    let isWhole = columns == keys
    for i in 0..<(isWhole ? 1 : tile.count) {
      RandomKernels.fillUniform(
        units + i * columns * element.size, count: isWhole ? tile.count * columns : columns, element: element,
        from: 0, to: 1, seed: seed, stream: stream, offset: offset &+ UInt64((tile.row + i) * keys + key))
    }
  }
}

/// The keys that a query attends to: all, or those where a mask is true, or all with a number added to each
/// score. The operand is broadcast to `[n, heads, queries, keys]`.
package enum AttentionMask {
  case none
  case allowed(Operand)
  case added(Operand)

  /// Returns the parameters of the scores of a tile of queries by keys, starting at `key`.
  fileprivate func scores(_ geometry: AttentionGeometry, _ tile: QueryTile, _ key: Int) -> MTScores {
    let reach = geometry.lead.map { tile.first + $0 + 1 - key } ?? geometry.keys
    var scores = MTScores(
      scale: geometry.scale, allowed: nil, bias: nil, maskRow: 0, maskColumn: 0, reach: reach)
    func place(_ operand: Operand) -> UnsafeMutableRawPointer {
      let strides = operand.layout.strides
      (scores.maskRow, scores.maskColumn) = (strides[2], strides[3])
      return operand.at(
        tile.image * strides[0] + tile.head * strides[1] + tile.first * strides[2] + key * strides[3])
    }
    switch self {
    case .none: break
    case .allowed(let mask): scores.allowed = UnsafePointer(place(mask).assumingMemoryBound(to: UInt8.self))
    case .added(let bias): scores.bias = UnsafeRawPointer(place(bias))
    }
    return scores
  }
}

/// The matrices `[n, heads, rows, columns]` of an operand that BLAS reads in place.
private struct Heads {
  private let operand: Operand, first: BLASOperand

  /// Creates the matrices of an operand for which ``AttentionKernels/reads(_:inRows:)`` is true.
  init(_ operand: Operand) {
    self.operand = operand
    first = BLASOperand(operand)!
  }

  /// The number of elements from one row to the next, if the elements of a row are adjacent.
  var row: Int { first.leading }

  /// Returns the matrix of a head, starting at a row.
  func callAsFunction(_ image: Int, _ head: Int, from row: Int = 0) -> BLASOperand {
    let strides = operand.layout.strides
    return first.moved(by: (image * strides[0] + head * strides[1]) * operand.size).row(row, operand.size)
  }
}

extension BLASOperand {
  fileprivate var transposed: BLASOperand {
    BLASOperand(pointer, leading: leading, isTransposed: !isTransposed)
  }
}

/// The queries, keys and values of an attention, and its mask.
package struct AttentionInputs {
  fileprivate let geometry: AttentionGeometry, mask: AttentionMask
  fileprivate let queries: Operand, keys: Operand, values: Operand

  /// Creates the inputs. ``AttentionKernels/reads(_:inRows:)`` must be true for queries, keys and values.
  package init(
    queries: Operand, keys: Operand, values: Operand, mask: AttentionMask, geometry: AttentionGeometry
  ) {
    (self.queries, self.keys, self.values) = (queries, keys, values)
    (self.mask, self.geometry) = (mask, geometry)
  }
}

/// The gradients that an attention's backward pass adds to; nil if a gradient is not needed.
package struct AttentionGradients {
  fileprivate let queries: Operand?, keys: Operand?, values: Operand?, bias: Operand?

  /// Creates the gradients. The rows of the first three must consist of adjacent elements.
  package init(queries: Operand?, keys: Operand?, values: Operand?, bias: Operand?) {
    (self.queries, self.keys, self.values, self.bias) = (queries, keys, values, bias)
  }
}

/// Attention of `[n, heads, …]`, computed tile by tile (Dao, Fu, Ermon, Rudra & Ré 2022, arXiv:2205.14135).
package enum AttentionKernels {
  /// True if BLAS reads the matrices `[n, heads, rows, columns]` of an operand in place. With `inRows` the
  /// elements of each row must also be adjacent in memory.
  package static func reads(_ operand: Operand, inRows: Bool = false) -> Bool {
    guard let first = BLASOperand(operand) else { return false }
    return !(inRows && first.isTransposed)
  }

  /// Computes softmax(queries · keysᵀ · scale + mask) · values in y, which contains zeros. Also writes the
  /// logarithm of the sum of each row to `logTotals`, `[n, heads, queries]`, from which the backward pass
  /// recomputes the weights. The geometry is not empty.
  package static func attend(
    _ inputs: AttentionInputs, into y: Operand, logTotals: Operand
  ) throws(OutOfMemory) {
    let geometry = inputs.geometry, tiles = geometry.queryTiles
    let pass = AttentionForward(inputs, y: y, logTotals: logTotals)
    try Parallel.split(
      products: geometry.images * geometry.heads * tiles, of: geometry.tileWork,
      scratch: geometry.scratch(tiles: 1) * y.size
    ) { range, scratch in
      for i in range {
        let (all, number) = i.quotientAndRemainder(dividingBy: tiles)
        let (image, head) = all.quotientAndRemainder(dividingBy: geometry.heads)
        pass.compute(geometry.tile(number, image: image, head: head), in: scratch)
      }
    }
  }

  /// Adds the gradients that are needed to `results`. The weights are recomputed tile by tile. The rows of
  /// the output and of its gradient consist of adjacent elements. The geometry is not empty.
  package static func addGradients(
    of inputs: AttentionInputs, output: Operand, logTotals: Operand, gradient: Operand,
    to results: AttentionGradients
  ) throws(OutOfMemory) {
    let geometry = inputs.geometry, tiles = geometry.queryTiles, share = geometry.share
    let pass = AttentionBackward(
      inputs, output: output, logTotals: logTotals, gradient: gradient, results: results)
    // One thread computes all heads that share keys, because it adds up the gradients of these keys.
    try Parallel.split(
      products: geometry.images * geometry.keyHeads, of: 3 &* geometry.tileWork &* tiles &* share,
      scratch: geometry.scratch(tiles: 2) * output.size
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
  }
}

/// The forward pass of an attention.
private struct AttentionForward {
  let geometry: AttentionGeometry, mask: AttentionMask
  let q: Heads, k: Heads, v: Heads, y: Heads
  let logTotals: Operand

  let loops: MTAttentionLoops, product: PieceProduct

  init(_ inputs: AttentionInputs, y: Operand, logTotals: Operand) {
    (geometry, mask) = (inputs.geometry, inputs.mask)
    (q, k, v) = (Heads(inputs.queries), Heads(inputs.keys), Heads(inputs.values))
    (self.y, self.logTotals) = (Heads(y), logTotals)
    (loops, product) = (y.loops.pointee.attention, PieceProduct(of: y.element))
  }

  /// Computes the output of a tile of queries over all keys that it sees.
  func compute(_ queries: QueryTile, in scratch: UnsafeMutableRawPointer) {
    let size = product.element.size, rows = queries.count, width = geometry.width
    let largest = scratch + geometry.queryTile * geometry.keyTile * size
    let units = largest + geometry.queryTile * size, totals = logTotals.at(queries.row)
    let output = y(queries.image, queries.head, from: queries.first).pointer
    for key in stride(from: 0, to: geometry.seen(from: queries), by: geometry.keyTile) {
      let columns = min(geometry.keyTile, geometry.keys - key)
      product(
        q(queries.image, queries.head, from: queries.first),
        k(queries.image, queries.keyHead, from: key).transposed, into: scratch, row: columns, m: rows,
        n: columns, k: geometry.depth, adds: false)
      loops.weigh(
        scratch, mask.scores(geometry, queries, key), largest, totals, output, y.row, rows, columns, width,
        key == 0 ? 1 : 0)
      if let dropout = geometry.dropout {
        dropout.fill(units, queries, key, columns, of: geometry.keys, as: product.element)
        loops.drop(scratch, units, dropout.probability, rows * columns)
      }
      product(
        BLASOperand(scratch, leading: columns), v(queries.image, queries.keyHead, from: key), into: output,
        row: y.row, m: rows, n: width, k: columns, adds: key > 0)
    }
    loops.finish(largest, totals, output, y.row, rows, width)
  }
}

/// The backward pass of an attention.
private struct AttentionBackward {
  let geometry: AttentionGeometry, mask: AttentionMask
  let q: Heads, k: Heads, v: Heads, y: Heads, g: Heads
  let dq: Heads?, dk: Heads?, dv: Heads?, dbias: Operand?
  let logTotals: Operand

  let loops: MTAttentionLoops, product: PieceProduct

  init(
    _ inputs: AttentionInputs, output: Operand, logTotals: Operand, gradient: Operand,
    results: AttentionGradients
  ) {
    (geometry, mask) = (inputs.geometry, inputs.mask)
    (q, k, v) = (Heads(inputs.queries), Heads(inputs.keys), Heads(inputs.values))
    (y, g, self.logTotals) = (Heads(output), Heads(gradient), logTotals)
    dq = results.queries.map { Heads($0) }
    dk = results.keys.map { Heads($0) }
    dv = results.values.map { Heads($0) }
    dbias = results.bias
    (loops, product) = (output.loops.pointee.attention, PieceProduct(of: output.element))
  }

  /// Adds the contribution of a tile of queries to the gradients, over all keys that it sees.
  func add(_ queries: QueryTile, in scratch: UnsafeMutableRawPointer) {
    let size = geometry.queryTile * geometry.keyTile * product.element.size
    let slopes = scratch + size, along = slopes + size
    let output = y(queries.image, queries.head, from: queries.first).pointer
    let gradient = g(queries.image, queries.head, from: queries.first)
    loops.along(gradient.pointer, g.row, output, y.row, along, queries.count, geometry.width)
    for key in stride(from: 0, to: geometry.seen(from: queries), by: geometry.keyTile) {
      let columns = min(geometry.keyTile, geometry.keys - key)
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
    let rows = queries.count
    let (image, head, keyHead) = (queries.image, queries.head, queries.keyHead)
    product(
      q(image, head, from: queries.first), k(image, keyHead, from: key).transposed, into: weights,
      row: columns, m: rows, n: columns, k: geometry.depth, adds: false)
    product(
      g(image, head, from: queries.first), v(image, keyHead, from: key).transposed, into: slopes,
      row: columns, m: rows, n: columns, k: geometry.width, adds: false)
    let units = along + geometry.queryTile * product.element.size
    if let dropout = geometry.dropout {
      dropout.fill(units, queries, key, columns, of: geometry.keys, as: product.element)
      loops.drop(slopes, units, dropout.probability, rows * columns)
    }
    let biasSlopes = dbias?.at(queries.row * geometry.keys + key)
    loops.slopes(
      weights, slopes, mask.scores(geometry, queries, key), logTotals.at(queries.row), along, biasSlopes,
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
