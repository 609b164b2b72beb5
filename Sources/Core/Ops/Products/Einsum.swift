// Sums of products by Einstein's convention. Two operands at a time are multiplied as batches of matrices.

extension Tensor where Element: DifferentiableScalar {
  /// The sum of the products of some tensors by Einstein's convention: `"bij,bjk->bik"` is a batch of matrix
  /// products.
  ///
  /// Each operand has a term, with a letter (A–Z, a–z) for each of its axes. The terms are separated by commas,
  /// and the letters after `->` are the axes of the result; the products are summed over all other letters.
  /// Without `->` the result has the letters that appear once, in alphabetical order, capitals first. A letter
  /// that a term repeats takes the diagonal: `"ii->i"`. Axes that no letter names are written `...` and
  /// broadcast; they come first in a result without `->`, and are summed if the result does not contain `...`.
  /// An axis of extent 1 broadcasts to the other axes of its letter. Spaces have no meaning.
  ///
  /// Operands are multiplied two at a time, in the order with the fewest multiplications; of more than five
  /// operands, always the two with a common letter whose product takes the fewest. A product that sums over a letter is a
  /// ``matmul(_:file:line:)`` of views of the operands; they are copied only where BLAS cannot read the axes
  /// in place.
  ///
  /// An equation that does not fit the operands is an error, and so is a product of more than 8 axes.
  /// Derivatives: those of the products, diagonals and sums.
  ///
  /// ```swift
  /// let queries = Tensor<Float>.normal([2, 8, 10, 64]), keys = Tensor<Float>.normal([2, 8, 12, 64])
  /// let scores = Tensor.einsum("bhqd,bhkd->bhqk", queries, keys)  // [2, 8, 10, 12]
  /// let traces = Tensor.einsum("...ii->...", Tensor<Float>.ones([5, 3, 3]))  // [3, 3, 3, 3, 3]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func einsum(
    _ equation: String, _ operands: Tensor..., file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    einsum(equation, operands, file: file, line: line)
  }

  /// The sum of the products of an array of tensors; see the form with a list of
  /// operands.
  ///
  /// ```swift
  /// let factors = [Tensor<Float>.ones([2, 3]), Tensor<Float>.ones([3, 4]), Tensor<Float>.ones([4])]
  /// let product = Tensor.einsum("ab,bc,c", factors)  // [12, 12]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func einsum(
    _ equation: String, _ operands: [Tensor], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    for operand in operands {
      if let failure = operand.failure { return .failed(by: failure) }
    }
    do throws(EquationFault) {
      let meant = try EinsumEquation(equation, operands.map(\.shape))
      let terms = zip(operands, meant.operands).map { LabelledTensor($0, $1) }
      return try LabelledTensor.sumOfProducts(terms, meant.output, meant.extents)
    } catch {
      return .failed("einsum", error.text, file, line)
    }
  }
}

/// A tensor with a label for each axis.
struct LabelledTensor<Element: DifferentiableScalar> {
  private var tensor: Tensor<Element>
  private var labels: [Int]

  private var set: LabelSet { LabelSet(labels) }

  /// Removes axes of extent 1, and takes the diagonal of axes with the same label.
  init(_ tensor: Tensor<Element>, _ labels: [Int]) {
    let kept = labels.indices.filter { tensor.shape[$0] != 1 }
    self.tensor = tensor.reshapedView(TensorShape(kept.map { tensor.shape[$0] }))
    self.labels = kept.map { labels[$0] }
    while let last = self.labels.indices.first(where: { self.labels[..<$0].contains(self.labels[$0]) }) {
      let label = self.labels.remove(at: last), first = self.labels.firstIndex(of: label)!
      self.tensor = self.tensor.diagonal(axes: (first, last))
      self.labels.remove(at: first)
      self.labels.append(label)
    }
  }

  private init(_ tensor: Tensor<Element>, labelled labels: [Int]) {
    (self.tensor, self.labels) = (tensor, labels)
  }

  /// Returns the sum of the products of some tensors over all labels that the output does not have. All
  /// extents are those of the labels.
  static func sumOfProducts(
    _ terms: [LabelledTensor], _ output: [Int], _ extents: [Int]
  ) throws(EquationFault) -> Tensor<Element> {
    let plan = ContractionPlan(output: LabelSet(output), extents: extents)
    guard let steps = plan.steps(terms.map(\.set)) else {
      throw EquationFault(
        text:
          "a product of the operands \(terms.map(\.tensor.shape)) has more than 8 axes, or matrices of more than \(BLAS.largestSize) rows or columns"
      )
    }
    var terms = terms
    for (i, j) in steps {
      let b = terms.remove(at: j), a = terms.remove(at: i)
      let kept = plan.kept(a.set | b.set, beside: terms.map(\.set))
      terms.append(a.product(b, keeping: kept, output, extents))
    }
    let inOrder = output.filter { extents[$0] != 1 }
    return terms[0].summed(keeping: plan.output).tensor(inOrder).reshapedView(
      TensorShape(output.map { extents[$0] }))
  }

  /// Returns the tensor with its axes in another order.
  private func tensor(_ order: [Int]) -> Tensor<Element> {
    if labels == order || tensor.isFailed { return tensor }
    var axes = Dimensions()
    for (i, label) in order.enumerated() { axes[i] = labels.firstIndex(of: label)! }
    return tensor.permutedView(axes)
  }

  private func summed(keeping kept: LabelSet) -> LabelledTensor {
    let axes = labels.indices.filter { !kept.contains(labels[$0]) }
    if axes.isEmpty || tensor.isFailed { return self }
    return LabelledTensor(tensor.sum(axes: axes), labelled: labels.filter(kept.contains))
  }

  /// Returns the sum of a product over all labels but some. The axes of the result are in the order of the
  /// output as far as one product of matrices allows.
  private func product(
    _ other: LabelledTensor, keeping kept: LabelSet, _ output: [Int], _ extents: [Int]
  ) -> LabelledTensor {
    let a = summed(keeping: kept | other.set), b = other.summed(keeping: kept | set)
    let inner = (a.set & b.set) - kept, batch = a.set & b.set & kept
    let left = a.set - b.set, right = b.set - a.set
    let order = output.filter((a.set | b.set).contains)
    // A batch of products of two vectors would take a call of BLAS for each number.
    if inner.isEmpty || (left | right).isEmpty && !batch.isEmpty {
      let all = order + Array((a.set | b.set) - LabelSet(order))
      return LabelledTensor(a.spread(all) * b.spread(all), labelled: all).summed(keeping: kept)
    }
    if let last = order.last, left.contains(last) { return b.product(a, keeping: kept, output, extents) }
    let batches = order.filter(batch.contains) + Array(batch - LabelSet(order))
    let k = (a.tensor.count < b.tensor.count ? b : a).inMemory(inner)
    let m = a.inMemory(left), n = b.inMemory(right), labels = batches + m + n
    let x = a.grouped(batches, m, k, extents), y = b.grouped(batches, k, n, extents)
    return LabelledTensor(
      x.matmul(y).reshapedView(TensorShape(labels.map { extents[$0] })), labelled: labels)
  }

  /// Returns a view with an axis for each label in order; of extent 1 where the tensor has none.
  private func spread(_ order: [Int]) -> Tensor<Element> {
    let own = tensor(order.filter(set.contains))
    if own.isFailed { return own }
    var axis = 0
    return own.reshapedView(
      TensorShape(
        order.map { label in
          guard set.contains(label) else { return 1 }
          axis += 1
          return own.shape[axis - 1]
        }))
  }

  /// Returns some labels in the order of their axes in memory, by falling stride.
  private func inMemory(_ some: LabelSet) -> [Int] {
    labels.indices.filter { some.contains(labels[$0]) }.sorted {
      abs(tensor.layout.strides[$0]) > abs(tensor.layout.strides[$1])
    }.map { labels[$0] }
  }

  /// Returns matrices with the given labels as rows and columns.
  private func grouped(_ batch: [Int], _ rows: [Int], _ columns: [Int], _ extents: [Int]) -> Tensor<Element> {
    func count(_ labels: [Int]) -> Int { labels.reduce(1) { $0 * extents[$1] } }
    return tensor(batch + rows + columns).reshapedView(
      TensorShape(batch.map { extents[$0] } + [count(rows), count(columns)]))
  }
}
