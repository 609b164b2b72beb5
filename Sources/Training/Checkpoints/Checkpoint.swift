import MartletCore
public import MartletData
public import MartletLayers
public import MartletOptimizers

/// A run's whole state in one safetensors file, from which a killed run continues with the same bits.
///
/// The file has the model's parameters and buffers, the state of the optimizer and of the schedule, the loader's
/// position, the state of the default random generator, the epoch, the step, metrics and texts of one's own. It
/// is written to a temporary file, which is synced and then renamed, so a run that is killed at any moment finds
/// its last whole checkpoint. The same bits need the same CPU, threads and library.
///
/// ```swift
/// let (train, _) = try Digits().split(at: 1437)
/// let model = Linear<Float>(64, 10), optimizer = AdamW(model.parameters)
/// let loader = DataLoader(train, batchSize: 64, shuffle: true, seed: 1)
/// let checkpoint = Checkpoint(model: model, optimizer: optimizer, loader: loader)
/// var epoch = try checkpoint.resume(from: "runs/last.safetensors")
/// while epoch < 20 {
///   epoch += 1
///   for batch in loader {
///     model(batch.inputs).crossEntropy(batch.labels).backward()
///     optimizer.step()
///   }
///   try checkpoint.save(to: "runs/last.safetensors", epoch: epoch)
/// }
/// ```
public final class Checkpoint {
  /// The metric by which the best checkpoint is kept.
  ///
  /// ```swift
  /// let model = Linear<Float>(4, 3)
  /// let checkpoint = Checkpoint(model: model, keepBest: .largest("accuracy"))
  /// try checkpoint.save(to: "last.safetensors", epoch: 1, metrics: ["accuracy": 0.93])
  /// ```
  public enum Best: Sendable {
    /// The smallest value is the best, as for a loss.
    case smallest(String)
    /// The largest value is the best, as for an accuracy.
    case largest(String)
  }

  /// The number of finished epochs at the last save or resumption; 0 before.
  public private(set) var epoch = 0
  /// The step of the last save or resumption; 0 before.
  public private(set) var step = 0
  /// The metrics of the last save or resumption.
  public private(set) var metrics: [String: Double] = [:]
  /// The texts of the last save or resumption.
  public private(set) var metadata: [String: String] = [:]
  /// The best value so far of the metric of `keepBest`, or nil.
  public private(set) var best: Double?

  private let parts: [Part]
  private let keepLast: Int
  private let keepBest: Best?

  /// Makes a checkpoint of the objects of a run. All of them are saved and restored together.
  ///
  /// With `keepLast: n`, the n − 1 files before `last.safetensors` stay as `last-1.safetensors` (the newest),
  /// `last-2.safetensors` and so on. With `keepBest`, the best one stays as `last-best.safetensors`.
  ///
  /// - Parameters:
  ///   - others: Further objects with state, by names of one's choice: a second optimizer, an
  ///     ``ExponentialMovingAverage``, an ``EarlyStopping``. A name with a dot is an error.
  public init<Model: Module>(
    model: Model, optimizer: (any Optimizer<Model.Element>)? = nil, schedule: (any Schedule)? = nil,
    loader: (any PositionedLoader)? = nil, others: [String: any Stateful<Model.Element>] = [:],
    keepLast: Int = 1, keepBest: Best? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    if keepLast < 1 {
      programError("Checkpoint", "keepLast must be at least 1, not \(keepLast)", file, line)
    }
    if let name = others.keys.first(where: { $0.utf8.contains(UInt8(ascii: ".")) }) {
      programError("Checkpoint", "the name \(name) of an object must not contain a dot", file, line)
    }
    var parts = [Part(model)]
    if let optimizer { parts.append(Part("optimizer.", optimizer)) }
    for (name, object) in others.sorted(by: { $0.key < $1.key }) {
      parts.append(Part("others.\(name).", object))
    }
    // A schedule sets learning rates of the optimizer, so its state is restored after the optimizer's.
    if let schedule { parts.append(Part(schedule)) }
    if let loader { parts.append(Part(loader)) }
    self.parts = parts + [.random]
    self.keepLast = keepLast
    self.keepBest = keepBest
  }

  /// Writes the state of the run to a file, whole or not at all. Folders that do not exist are created.
  ///
  /// ```swift
  /// let model = Linear<Float>(4, 3), checkpoint = Checkpoint(model: model)
  /// try checkpoint.save(
  ///   to: "runs/last.safetensors", epoch: 3, step: 1200, metrics: ["loss": 0.31],
  ///   metadata: ["data": "digits"])
  /// ```
  ///
  /// - Parameters:
  ///   - epoch: The number of finished epochs, which ``resume(from:)`` returns. In the middle of an epoch it is
  ///     the number of those before; the loader then continues with the next batch.
  /// - Throws: ``DataError`` if writing fails. The file that was there before is then unchanged.
  public func save(
    to path: String, epoch: Int, step: Int = 0, metrics: [String: Double] = [:],
    metadata: [String: String] = [:]
  ) throws(DataError) {
    let improved = better(metrics), best = improved ?? best
    var sources = parts.flatMap { $0.sources() } + [.integers("epoch", [epoch]), .integers("step", [step])]
    sources += metrics.map { .number("metrics.\($0)", $1) }
    if let best { sources.append(.number("best.metric", best)) }
    if improved != nil { sources.append(.number("best.here", 1)) }
    try makeFolders(for: path)
    try shift(path, through: (1..<max(keepLast, 1)).map { Self.name(path, with: "-\($0)") })
    try SafetensorsFile.write(sources, metadata: metadata, to: path)
    (self.epoch, self.step, self.metrics, self.metadata, self.best) = (epoch, step, metrics, metadata, best)
    if improved != nil { try keepAsBest(path) }
  }

  /// Restores the state of a run, and returns the number of its finished epochs: 0 if there is no such file.
  ///
  /// Everything is compared before the run goes on: if something does not fit, all objects keep the state that
  /// they had.
  ///
  /// - Throws: ``CheckpointMismatch``, which lists everything that does not fit, or ``DataError`` if the file
  ///   cannot be read.
  @discardableResult
  public func resume(from path: String) throws -> Int {
    if isMissing(path) { return 0 }
    var reading = try CheckpointReading(path)
    let numbers: [String: Double]
    do {
      for part in parts { try part.read(&reading) }
      let counts = try (reading.counts("epoch", 1), reading.counts("step", 1))
      let metrics = try reading.numbers("metrics.")
      numbers = try reading.numbers("best.")
      try reading.end()
      (epoch, step) = (counts.0?[0] ?? 0, counts.1?[0] ?? 0)
      (self.metrics, self.best, metadata) = (metrics, numbers["metric"], reading.file.metadata)
    } catch {
      reading.undo()
      throw error
    }
    // The run may have been killed before the best checkpoint got its second name.
    if keepBest != nil, numbers["here"] != nil { try keepAsBest(path) }
    return epoch
  }

  /// The value of the metric of `keepBest`, or nil if it is missing or NaN.
  private func value(_ metrics: [String: Double]) -> Double? {
    switch keepBest {
    case .smallest(let name), .largest(let name): metrics[name].flatMap { $0.isNaN ? nil : $0 }
    case nil: nil
    }
  }

  /// The value of the metric if it is better than the best so far.
  private func better(_ metrics: [String: Double]) -> Double? {
    guard let value = value(metrics) else { return nil }
    guard let best else { return value }
    if case .smallest = keepBest { return value < best ? value : nil }
    return value > best ? value : nil
  }

  private func keepAsBest(_ path: String) throws(DataError) {
    try keep(path, as: Self.name(path, with: "-best"))
  }

  /// Returns the path with a text before the extension of its last part.
  private static func name(_ path: String, with text: String) -> String {
    let start = path.utf8.lastIndex(of: UInt8(ascii: "/")).map(path.utf8.index(after:)) ?? path.startIndex
    let dot = path.utf8[start...].lastIndex(of: UInt8(ascii: ".")) ?? path.endIndex
    return path[..<dot] + text + path[dot...]
  }
}

/// One of the objects of a run: the tensors that a checkpoint has of it, and the way back.
private struct Part {
  let sources: () -> [TensorSource]
  let read: (inout CheckpointReading) throws(DataError) -> Void
}

extension Part {
  /// The parameters and saved buffers of a model.
  init<Model: Module>(_ model: Model) {
    sources = {
      model.namedState.map { .init(name: "model." + $0.name, lending: $0.tensor) }
        + model.namedCounts.map { .init(name: "model." + $0.name, tensor: $0.tensor) }
    }
    read = { reading throws(DataError) in
      for (name, target) in model.namedState {
        let source: Tensor<Model.Element>? = try reading.tensor("model." + name, target.shape)
        reading.atEnd { if let source { target.assign(source) } }
      }
      for (name, target) in model.namedCounts {
        let source: Tensor<Int>? = try reading.tensor("model." + name, target.shape)
        reading.atEnd { if let source { target.assign(source) } }
      }
    }
  }

  init<Element: DifferentiableScalar>(_ prefix: String, _ object: any Stateful<Element>) {
    sources = {
      let state = object.state
      return state.tensors.map { .init(name: prefix + $0, lending: $1) }
        + state.numbers.map { .number(prefix + $0, $1) }
    }
    read = { reading throws(DataError) in
      let state: OptimizerState<Element> = try reading.state(prefix)
      reading.load(prefix, state, over: object.state) { state throws(OptimizerStateMismatch) in
        try object.load(state)
      }
    }
  }

  init(_ schedule: any Schedule) {
    sources = { schedule.state.map { .number("schedule." + $0, $1) } }
    read = { reading throws(DataError) in
      let state = try reading.numbers("schedule.")
      reading.load("schedule.", state, over: schedule.state) { state throws(OptimizerStateMismatch) in
        try schedule.load(state)
      }
    }
  }

  init(_ loader: any PositionedLoader) {
    sources = { [.integers("loader.position", [loader.position.epoch, loader.position.batch])] }
    read = { reading throws(DataError) in
      guard let place = try reading.counts("loader.position", 2) else { return }
      reading.atEnd { loader.position = LoaderPosition(epoch: place[0], batch: place[1]) }
    }
  }

  /// The default random generator. Its unsigned numbers are saved as signed ones of the same bits.
  static var random: Part {
    Part(
      sources: {
        let state = RandomGenerator.current.state
        let numbers = [state.seed, UInt64(state.stream), state.offset]
        return [.integers("random.state", numbers.map { Int(truncatingIfNeeded: $0) })]
      },
      read: { reading throws(DataError) in
        let integers = try reading.integers("random.state", 3)
        guard let numbers = integers?.map({ UInt64(truncatingIfNeeded: $0) }) else { return }
        let state = RandomGenerator.State(
          seed: numbers[0], stream: UInt32(truncatingIfNeeded: numbers[1]), offset: numbers[2])
        reading.atEnd { RandomGenerator.current = RandomGenerator(state: state) }
      })
  }
}

extension TensorSource {
  fileprivate static func integers(_ name: String, _ numbers: [Int]) -> Self {
    .init(name: name, tensor: Tensor<Int>(numbers))
  }

  fileprivate static func number(_ name: String, _ number: Double) -> Self {
    .init(name: name, tensor: Tensor<Double>(number))
  }
}
