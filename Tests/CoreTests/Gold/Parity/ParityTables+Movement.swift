import MartletCore
import TestSupport

// Operations that move elements.

extension Parity {
  static var shapes: Table<Tensor<Element>> {
    [
      "H": { $0.x.transposed() },
      "T": { $0.x.transposed() },
      "as_strided": {
        $0.x.asStrided(
          TensorShape($0.ints("shape")), strides: $0.ints("strides"), offset: $0.int("storage_offset"))
      },
      "atleast_1d": { $0.x.rank == 0 ? $0.x.expandedDims(axis: 0) : $0.x },
      "block_diag": { .blockDiagonal($0.operands) },
      "broadcast_to": { $0.x.broadcast(to: TensorShape($0.ints("shape"))) },
      "cartesian_prod": { .cartesianProduct([$0.x, $0["a"]] + ($0.floats["b"].map { [$0] } ?? [])) },
      "cat": { .concatenated($0.list, axis: $0.axis) },
      "column_stack": { .hstacked($0.list) },
      "combinations": { $0.x.combinations(of: $0.int("r"), withReplacement: $0.flag("with_replacement")) },
      "constant_pad_nd": { $0.x.padded($0.amounts, value: $0.number("value")) },
      "diag": {
        let offset = $0.int("diagonal")
        return $0.x.rank == 1 ? $0.x.diagonalMatrix(offset: offset) : $0.x.diagonal(offset: offset)
      },
      "diag_embed": { $0.x.diagonalMatrix(offset: $0.int("offset")) },
      "diagflat": { $0.x.flattened().diagonalMatrix(offset: $0.int("offset")) },
      "diagonal": { $0.x.diagonal(offset: $0.int("offset"), axes: ($0.int("dim1"), $0.int("dim2", or: 1))) },
      "dstack": { .dstacked($0.list) },
      "expand": { $0.x.broadcast(to: $0.expanded) },
      "expand_as": { $0.x.broadcast(to: $0.y.shape) },
      "flatten": { $0.x.reshaped($0.flattened) },
      "flip": { $0.x.flipped(axes: $0.ints("dims")) },
      "fliplr": { $0.x.flipped(axis: 1) },
      "flipud": { $0.x.flipped(axis: 0) },
      "hstack": { .hstacked($0.list) },
      "linalg.diagonal": {
        $0.x.diagonal(offset: $0.int("offset"), axes: ($0.int("dim1", or: -2), $0.int("dim2", or: -1)))
      },
      "mT": { $0.x.transposed() },
      "movedim": { $0.x.movedAxes(from: $0.ints("source"), to: $0.ints("destination")) },
      "nn.functional.channel_shuffle": { $0.x.channelShuffled(groups: $0.int("groups")) },
      "nn.functional.pad.circular": { $0.x.padded($0.amounts, mode: .circular) },
      "nn.functional.pad.constant": { $0.x.padded($0.amounts, value: $0.number("value")) },
      "nn.functional.pad.reflect": { $0.x.padded($0.amounts, mode: .reflect) },
      "nn.functional.pad.replicate": { $0.x.padded($0.amounts, mode: .replicate) },
      "nn.functional.pad.replicate_negative": { $0.x.padded($0.amounts, mode: .replicate) },
      "nn.functional.pixel_shuffle": { $0.x.pixelShuffled($0.int("upscale_factor")) },
      "nn.functional.pixel_unshuffle": { $0.x.pixelUnshuffled($0.int("downscale_factor")) },
      "permute": { $0.x.permuted($0.ints("dims")) },
      "ravel": { $0.x.flattened() },
      "repeat": { $0.x.repeated($0.ints("times")) },
      "repeat_interleave": { one in
        let axis = one.has("dim") ? one.axis : nil
        return one.has("repeats")
          ? one.x.repeatInterleaved(one.int("repeats"), axis: axis)
          : one.x.repeatInterleaved(one.integers("repeats"), axis: axis)
      },
      "reshape": { $0.x.reshaped(TensorShape($0.ints("shape"))) },
      "reshape_as": { $0.x.reshaped($0.y.shape) },
      "roll": {
        $0.has("dims")
          ? $0.x.rolled(by: $0.ints("shifts"), axes: $0.ints("dims")) : $0.x.rolled(by: $0.int("shifts"))
      },
      "rot90": {
        let axes = $0.has("dims") ? $0.ints("dims") : [0, 1]
        return $0.x.rotated90($0.int("k", or: 1), axes: (axes[0], axes[1]))
      },
      "squeeze.multiple": { $0.x.squeezed(axes: $0.ints("dim")) },
      "squeeze": { $0.has("dim") ? $0.x.squeezed(axis: $0.axis) : $0.x.squeezed() },
      "stack": { .stacked($0.list, axis: $0.axis) },
      "t": { $0.x.rank < 2 ? $0.x : $0.x.transposed() },
      "tile": { $0.x.repeated($0.ints("times")) },
      "transpose": { $0.x.transposed($0.int("dim0"), $0.int("dim1")) },
      "tril": { $0.x.tril(diagonal: $0.int("diagonal")) },
      "triu": { $0.x.triu(diagonal: $0.int("diagonal")) },
      "unflatten": { $0.x.reshaped($0.unflattened) },
      "unfold": { $0.x.windows(of: $0.int("size"), step: $0.int("step"), axis: $0.axis) },
      "unsqueeze": { $0.x.expandedDims(axis: $0.axis) },
      "view": { $0.x.reshaped(TensorShape($0.ints("shape"))) },
      "view_as": { $0.x.reshaped($0.y.shape) },
      "vstack": { .vstacked($0.list) },
    ]
  }

  static var indexing: Table<Tensor<Element>> {
    [
      "gather": { $0.x.gathered($0.integers("index"), axis: $0.axis) },
      "index_add": {
        $0.x.indexAdded(
          $0.integers("index"), $0["source"] * $0.number("alpha", or: 1), axis: $0.axis)
      },
      "index_copy": { $0.x.indexCopied($0.integers("index"), $0["source"], axis: $0.axis) },
      "index_fill": { $0.x.indexFilled($0.integers("index"), with: $0.number("value"), axis: $0.axis) },
      "index_reduce.amax": { $0.scattered(.maximum) },
      "index_reduce.amin": { $0.scattered(.minimum) },
      "index_reduce.mean": { $0.scattered(.mean) },
      "index_reduce.prod": { $0.scattered(.product) },
      "index_select": { one in one.alongAxis { $0[one.integers("index")] } },
      "masked_fill": { $0.x.maskedFilled($0.mask("mask"), with: $0.number("value")) },
      "masked_select": { $0.x[$0.mask("mask")] },
      "narrow": { one in
        let start = one.int("start") < 0 ? one.int("start") + one.x.shape[one.axis] : one.int("start")
        return one.alongAxis { $0[start..<(start + one.int("length"))] }
      },
      "nn.functional.embedding": { $0.x[$0.integers("index")] },
      "nn.functional.embedding_bag": {
        $0.x.embeddingBag(
          $0.integers("index"), offsets: $0.kind("offsets") == nil ? nil : $0.integers("offsets"),
          mode: $0.bagMode, weights: $0.floats["per_sample_weights"],
          paddingIndex: $0.has("padding_idx") ? $0.int("padding_idx") : nil)
      },
      "put": {
        let copy = $0.x.cloned(), index = $0.integers("index")
        if $0.flag("accumulate") {
          copy.put(index, $0["source"], accumulate: true)
        } else {
          copy.put(index, $0["source"])
        }
        return copy
      },
      "scatter": { $0.x.scattered($0.integers("index"), $0["source"], axis: $0.axis) },
      "scatter_add": { $0.x.scatterAdded($0.integers("index"), $0["source"], axis: $0.axis) },
      "scatter_reduce.amax": { $0.scattered(.maximum) },
      "scatter_reduce.amin": { $0.scattered(.minimum) },
      "scatter_reduce.mean": { $0.scattered(.mean) },
      "scatter_reduce.prod": { $0.scattered(.product) },
      "scatter_reduce.sum": { $0.scattered(.sum) },
      "select": { $0.x.movedAxis(from: $0.axis, to: 0)[$0.int("index")] },
      "slice": { one in
        one.alongAxis {
          $0[
            .stride(
              from: one.has("start") ? one.int("start") : nil, to: one.has("end") ? one.int("end") : nil,
              by: one.int("step", or: 1))]
        }
      },
      "take": { $0.x.taken($0.integers("index")) },
      "take_along_dim": {
        let index = $0.integers("index")
        return $0.has("dim") ? $0.x.gathered(index, axis: $0.axis) : $0.x.taken(index.flattened())
      },
    ]
  }

  static var constants: Table<Tensor<Element>> {
    [
      "fill": {
        let copy = $0.x.cloned()
        copy.fill($0.number("value"))
        return copy
      },
      "full_like": { .full($0.x.shape, $0.number("value")) },
      "new_full": { .full(TensorShape($0.ints("shape")), $0.number("value")) },
      "new_ones": { .ones(TensorShape($0.ints("shape"))) },
      "new_zeros": { .zeros(TensorShape($0.ints("shape"))) },
      "ones_like": { .ones($0.x.shape) },
      "zero_": {
        let copy = $0.x.cloned()
        copy.fill(0)
        return copy
      },
      "zeros_like": { .zeros($0.x.shape) },
    ]
  }

  /// Operations with several results.
  static var parts: Table<[Tensor<Element>]> {
    [
      "broadcast_tensors": { Tensor.broadcast([$0.x, $0["a"], $0["b"], $0["c"]]) },
      "chunk": { $0.x.split(into: $0.int("chunks"), axis: $0.axis) },
      "dsplit": { $0.split(axis: 2) },
      "hsplit": { $0.split(axis: $0.x.rank == 1 ? 0 : 1) },
      "meshgrid.list_of_tensors": {
        Tensor.meshgrid($0.list, indexing: $0.text("indexing") == "xy" ? .xy : .ij)
      },
      "meshgrid.variadic_tensors": {
        Tensor.meshgrid($0.operands, indexing: $0.text("indexing") == "xy" ? .xy : .ij)
      },
      "split": { one in
        let extent = one.x.shape[one.axis], size = one.int("size")
        let starts = stride(from: 0, to: extent, by: size)
        return one.x.split(sizes: starts.map { Swift.min(size, extent - $0) }, axis: one.axis)
      },
      "split.list_args": { $0.x.split(sizes: $0.ints("sizes"), axis: $0.axis) },
      "split_with_sizes": { $0.x.split(sizes: $0.ints("sizes"), axis: $0.axis) },
      "tensor_split": {
        $0.isList("sections")
          ? $0.x.split(at: $0.ints("sections"), axis: $0.axis)
          : $0.x.split(evenlyInto: $0.int("sections"), axis: $0.axis)
      },
      "unbind": { $0.x.unstacked(axis: $0.axis) },
      "vsplit": { $0.split(axis: 0) },
    ]
  }
}

extension ParityInputs {
  /// PyTorch's padding, which begins with the last axis.
  fileprivate var amounts: [(before: Int, after: Int)] {
    let pad = ints("pad")
    return stride(from: pad.count - 2, through: 0, by: -2).map { (pad[$0], pad[$0 + 1]) }
  }

  /// The shape of `expand`, in which −1 keeps an extent.
  fileprivate var expanded: TensorShape {
    let shape = ints("shape"), added = shape.count - x.rank
    return TensorShape(shape.enumerated().map { $1 == -1 ? x.shape[$0 - added] : $1 })
  }

  fileprivate var flattened: TensorShape {
    let shape = Array(x.shape)
    if shape.isEmpty { return [1] }
    let start = int("start_dim"), end = int("end_dim", or: -1)
    let last = end < 0 ? end + shape.count : end
    return TensorShape(shape[..<start] + [shape[start...last].reduce(1, *)] + shape[(last + 1)...])
  }

  fileprivate var unflattened: TensorShape {
    let shape = Array(x.shape), place = axis < 0 ? axis + shape.count : axis
    let sizes = ints("sizes"), known = sizes.filter { $0 != -1 }.reduce(1, *)
    return TensorShape(
      shape[..<place] + sizes.map { $0 == -1 ? shape[place] / known : $0 } + shape[(place + 1)...])
  }

  fileprivate var bagMode: BagMode {
    switch text("mode") {
    case "sum": .sum
    case "max": .max
    default: .mean
    }
  }

  /// Applies an operation on the first axis to another one.
  fileprivate func alongAxis(_ body: (Tensor<Element>) -> Tensor<Element>) -> Tensor<Element> {
    body(x.movedAxis(from: axis, to: 0)).movedAxis(from: 0, to: axis)
  }

  fileprivate func scattered(_ reduction: ScatterReduction) -> Tensor<Element> {
    let source = self["source"]
    var index = integers("index")
    if index.rank < source.rank {
      // The index of index_reduce is a vector along the axis.
      let shape = (0..<source.rank).map { $0 == axis ? index.count : 1 }
      index = index.reshaped(TensorShape(shape)).broadcast(to: source.shape)
    }
    return x.scattered(
      index, source, axis: axis, reduction: reduction,
      includeSelf: flag("include_self", or: true))
  }

  /// Splits an axis into equal parts, or at positions.
  fileprivate func split(axis: Int) -> [Tensor<Element>] {
    isList("sections")
      ? x.split(at: ints("sections"), axis: axis) : x.split(into: int("sections"), axis: axis)
  }
}
