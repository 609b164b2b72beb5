public import MartletCore

/// A chain of layers, each of which takes the output of the layer before it.
///
/// In `Sequential { Linear(2, 3); Tanh() }` the compiler checks that neighbouring layers fit. The block may
/// contain `if`, `switch` and `for`; ``Lambda`` makes a layer of a function. A list is for layers whose input
/// and output have the same type. Parameters are named by position: `"0.weight"`.
///
/// ```swift
/// let model = Sequential {
///   Linear(2, 8)
///   Tanh()
///   Linear(8, 1)
/// }
/// let y = model(Tensor<Float>.normal([4, 2]))  // [4, 1]
/// ```
public final class Sequential<Input, Output: DifferentiableTensor>: Layer, CustomReflectable {
  /// The type of the parameters' elements.
  public typealias Element = Output.Element

  private var chain: LayerChain<Input, Output>

  /// Creates a chain of the layers of a builder's block.
  public init(@SequentialBuilder _ layers: () -> LayerChain<Input, Output>) { chain = layers() }

  fileprivate init(_ chain: LayerChain<Input, Output>) { self.chain = chain }

  /// The layers in order.
  public var layers: [any Module] { chain.layers }

  /// The layer at a position, counted from 0, or nil if there is none of this type.
  ///
  /// ```swift
  /// let model = Sequential { Linear(4, 8); Tanh() }
  /// let weight = model[0, as: Linear<Float>.self]?.weight
  /// ```
  public subscript<Wanted: Module>(position: Int, as type: Wanted.Type) -> Wanted? {
    layers.indices.contains(position) ? layers[position] as? Wanted : nil
  }

  /// Passes the input through all layers and returns the last layer's output.
  public func forward(_ input: Input) -> Output { chain.run(input) }

  /// The layers, labelled with their positions. The parameters get their names from these labels.
  public var customMirror: Mirror {
    Mirror(
      self, children: chain.layers.enumerated().map { (label: "\($0.offset)", value: $0.element as Any) })
  }
}

extension Sequential where Input == Output {
  /// Creates a chain of layers whose input and output have the same type. It is empty by default.
  public convenience init(_ layers: [any Layer<Output, Output>] = []) {
    self.init(list: layers)
  }

  fileprivate convenience init(list layers: [any Layer<Output, Output>]) {
    self.init(LayerChain<Output, Output>(layers: [], run: { $0 }))
    for layer in layers { append(layer) }
  }

  /// Adds a layer at the end.
  public func append(_ layer: any Layer<Output, Output>) {
    let run = chain.run
    chain = LayerChain(layers: chain.layers + [layer], run: { layer(run($0)) })
  }
}

extension Sequential where Input == Tensor<Float>, Output == Tensor<Float> {
  /// Creates a chain of layers from `Tensor<Float>` to `Tensor<Float>`. It is empty by default.
  public convenience init(_ layers: [any Layer<Tensor<Float>, Tensor<Float>>] = []) {
    self.init(list: layers)
  }
}

/// The layers of a builder's block and their composition.
///
/// ```swift
/// @SequentialBuilder func block() -> LayerChain<Tensor<Float>, Tensor<Float>> {
///   Linear(8, 8)
///   ReLU()
/// }
/// let model = Sequential(block)
/// ```
public struct LayerChain<Input, Output> {
  let layers: [any Module]
  let run: (Input) -> Output
}

/// A result builder which checks, at compile time, that each layer takes the output of the layer before it.
///
/// ```swift
/// func classifier(
///   @SequentialBuilder _ layers: () -> LayerChain<Tensor<Float>, Tensor<Float>>
/// ) -> some Layer<Tensor<Float>, Tensor<Float>> {
///   Sequential { Sequential(layers); LogSoftmax(axis: -1) }
/// }
/// let model = classifier { Linear(4, 8); Tanh(); Linear(8, 3) }
/// ```
@resultBuilder
public enum SequentialBuilder {
  /// Starts a chain with its first layer.
  public static func buildPartialBlock<First: Layer>(first: First) -> LayerChain<First.Input, First.Output> {
    LayerChain(layers: [first], run: { first($0) })
  }

  /// Adds the next layer to a chain.
  public static func buildPartialBlock<Input, Next: Layer>(
    accumulated: LayerChain<Input, Next.Input>, next: Next
  ) -> LayerChain<Input, Next.Output> {
    let run = accumulated.run
    return LayerChain(layers: accumulated.layers + [next], run: { next(run($0)) })
  }

  /// Starts a chain with the layers of an `if`, a `switch` or a loop.
  public static func buildPartialBlock<Input, Output>(
    first: LayerChain<Input, Output>
  ) -> LayerChain<Input, Output> { first }

  /// Adds the layers of an `if`, a `switch` or a loop to a chain.
  public static func buildPartialBlock<Input, Middle, Output>(
    accumulated: LayerChain<Input, Middle>, next: LayerChain<Middle, Output>
  ) -> LayerChain<Input, Output> {
    let (first, second) = (accumulated.run, next.run)
    return LayerChain(layers: accumulated.layers + next.layers, run: { second(first($0)) })
  }

  /// Returns the layers of an `if` without `else`. They map values of one type; without them the input passes.
  public static func buildOptional<Value>(_ chain: LayerChain<Value, Value>?) -> LayerChain<Value, Value> {
    chain ?? LayerChain(layers: [], run: { $0 })
  }

  /// Returns the layers of the first branch.
  public static func buildEither<Input, Output>(
    first: LayerChain<Input, Output>
  ) -> LayerChain<Input, Output> { first }

  /// Returns the layers of the second branch, which map the same types as those of the first.
  public static func buildEither<Input, Output>(
    second: LayerChain<Input, Output>
  ) -> LayerChain<Input, Output> { second }

  /// Returns the layers of all rounds of a loop. They map values of one type.
  public static func buildArray<Value>(_ chains: [LayerChain<Value, Value>]) -> LayerChain<Value, Value> {
    LayerChain(
      layers: chains.flatMap(\.layers), run: { input in chains.reduce(input) { $1.run($0) } })
  }
}
