extension Tensor where Element: DifferentiableScalar {
  /// Returns the graph behind this tensor in Graphviz's DOT language: each recorded operation with the shape of its
  /// result, and the leaves as boxes.
  ///
  /// Arrows lead from inputs to results. Leaves have the names given, as `namedParameters` returns them. The inputs of an
  /// operation that a backward pass has freed are missing.
  ///
  /// ```swift
  /// let model = Linear(2, 1), loss = model(Tensor<Float>([[1, 2]])).sum()
  /// print(loss.graphDescription(leaves: model.namedParameters))  // for `dot -Tsvg`
  /// ```
  public func graphDescription(leaves: [(name: String, parameter: Tensor)] = []) -> String {
    guard let root = node else { return "digraph {\n}\n" }
    var names: [ObjectIdentifier: String] = [:]
    for leaf in leaves {
      if let node = leaf.parameter.node { names[ObjectIdentifier(node)] = leaf.name }
    }
    var nodes: [GradFunction] = [root], numbers = [ObjectIdentifier(root): 0]
    var text = "digraph {\n", next = 0
    while next < nodes.count {
      let node = nodes[next], name = names[ObjectIdentifier(node)] ?? (node.isLeaf ? "leaf" : node.name)
      let shape = node.resultShape.map { "\\n\($0)" } ?? "", style = node.isLeaf ? ", shape=box" : ""
      text += "  n\(next) [label=\"\(escaped(name))\(shape)\(node.isFreed ? ", freed" : "")\"\(style)]\n"
      for input in node.inputs {
        let number = numbers[ObjectIdentifier(input)] ?? nodes.count
        if number == nodes.count {
          numbers[ObjectIdentifier(input)] = number
          nodes.append(input)
        }
        text += "  n\(number) -> n\(next)\n"
      }
      next += 1
    }
    return text + "}\n"
  }
}

/// Returns a text as it stands between the quotes of a DOT string.
private func escaped(_ text: String) -> String {
  text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
}
