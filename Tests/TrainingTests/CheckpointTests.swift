import Foundation
import Martlet
import Testing

/// A model with weights, floating and integer buffers, and random numbers.
private final class Net: Layer {
  let hidden = Linear(6, 16), norm = BatchNorm(16), dropout = Dropout(0.3), output = Linear(16, 3)
  func forward(_ x: Tensor<Float>) -> Tensor<Float> { output(dropout(norm(hidden(x)).relu())) }
}

/// A training of 45 samples in batches of 7, with everything that a checkpoint saves.
private final class Training {
  let model = Net(), optimizer: any Optimizer<Float>, schedule: CosineSchedule
  let loader: DataLoader<LabeledDataset>, average: ExponentialMovingAverage<Float>
  let stopping: EarlyStopping<Float>, checkpoint: Checkpoint
  var losses: [Float] = []

  init(_ make: ([ParameterGroup<Float>]) -> any Optimizer<Float>, seed: UInt64 = 3, workers: Int = 0) {
    seedRandom(seed)
    var generator = RandomGenerator(seed: 11)
    let data = LabeledDataset(
      inputs: generator.normal([45, 6]) as Tensor<Float>, labels: generator.integers([45], in: 0..<3))
    loader = DataLoader(data, batchSize: 7, shuffle: true, seed: 5, workers: workers)
    let parameters = model.parameters
    optimizer = make([
      ParameterGroup(Array(parameters.prefix(2))),
      ParameterGroup(Array(parameters.dropFirst(2)), learningRate: 0.02),
    ])
    schedule = CosineSchedule(optimizer, warmup: 3, total: 30)
    average = ExponentialMovingAverage(of: parameters, decay: 0.8)
    stopping = EarlyStopping(model, patience: 30)
    checkpoint = Checkpoint(
      model: model, optimizer: optimizer, schedule: schedule, loader: loader,
      others: ["average": average, "stopping": stopping])
  }

  /// Takes steps until `end` of them are taken, and saves after `saved` steps.
  func run(from step: Int, to end: Int, saving saved: Int? = nil, at path: String = "") throws {
    var step = step
    while step < end {
      for batch in loader {
        let loss = model(batch.inputs).crossEntropy(batch.targets)
        loss.backward()
        optimizer.step()
        schedule.step()
        average.update()
        losses.append(loss.item)
        _ = stopping.shouldStop(after: Double(loss.item))
        step += 1
        if step == saved { try checkpoint.save(to: path, epoch: loader.position.epoch, step: step) }
        if step == end { break }
      }
    }
  }

  /// All numbers of the state.
  var bits: [[Float]] {
    model.namedState.map(\.tensor.scalars) + model.namedCounts.map { $0.tensor.scalars.map(Float.init) }
      + optimizer.state.tensors.sorted { $0.key < $1.key }.map(\.value.scalars)
      + average.averages.map(\.scalars)
      + stopping.state.tensors.sorted { $0.key < $1.key }.map(\.value.scalars)
      + [Tensor<Float>.uniform([3]).scalars, optimizer.learningRates.map(Float.init)]
  }
}

private func adamW(_ groups: [ParameterGroup<Float>]) -> any Optimizer<Float> {
  AdamW(groups, learningRate: 0.01, weightDecay: 0.1)
}

/// Checkpoints of whole runs.
@Suite struct CheckpointTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path

  private func inFolder(_ body: (String) throws -> Void) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // Other suites draw from the process's generator at the same time.
    var generator = RandomGenerator(seed: 0)
    try withRandom(&generator) { try body(folder + "/runs/last.safetensors") }
  }

  static let optimizers: [@Sendable ([ParameterGroup<Float>]) -> any Optimizer<Float>] = [
    adamW, { SGD($0, learningRate: 0.1, momentum: 0.9) }, { RMSprop($0, learningRate: 0.01) },
    { Adagrad($0, learningRate: 0.01) }, { Lion($0, learningRate: 0.001) }, { NAdam($0, learningRate: 0.01) },
  ]

  @Test(
    "Saved in the middle of an epoch or at its end and resumed, a run has the same bits", arguments: 0..<6)
  func sameBits(_ number: Int) throws {
    let make = Self.optimizers[number]
    try inFolder { path in
      for saved in [4, 7, 9] {
        let whole = Training(make)
        try whole.run(from: 0, to: 16, saving: saved, at: path)
        // They contain the next random numbers, which depend on where the generator stands.
        let bits = whole.bits
        let resumed = Training(make, seed: 99, workers: saved == 9 ? 2 : 0)
        let epoch = try resumed.checkpoint.resume(from: path)
        #expect(epoch == (saved - 1) / 7 && resumed.checkpoint.step == saved)
        try resumed.run(from: saved, to: 16)
        #expect(resumed.losses == Array(whole.losses.dropFirst(saved)), "saved after \(saved) steps")
        #expect(resumed.bits == bits, "saved after \(saved) steps")
      }
    }
  }

  @Test("Epoch, step, metrics and texts come back; without a file the epoch is 0") func texts() throws {
    try inFolder { path in
      let model = Linear<Float>(2, 2), checkpoint = Checkpoint(model: model)
      #expect(try checkpoint.resume(from: path) == 0)
      try checkpoint.save(
        to: path, epoch: 3, step: 40, metrics: ["loss": 0.1, "f1": .nan], metadata: ["data": "dígits"])
      let second = Checkpoint(model: Linear<Float>(2, 2))
      #expect(try second.resume(from: path) == 3)
      #expect(second.epoch == 3 && second.step == 40 && second.metadata == ["data": "dígits"])
      #expect(
        second.metrics["loss"] == 0.1 && second.metrics["f1"]?.isNaN == true && second.metrics.count == 2)
    }
  }

  @Test("Everything that does not fit is named, and nothing is changed") func mismatch() throws {
    try inFolder { path in
      let saved = Training(adamW)
      try saved.run(from: 0, to: 5, saving: 5, at: path)
      let other = Training { SGD($0, learningRate: 0.1, momentum: 0.9) }
      try other.run(from: 0, to: 3)
      let start = RandomGenerator.current
      let before = other.bits, random = RandomGenerator.current, position = other.loader.position
      let error = #expect(throws: CheckpointMismatch.self) { try other.checkpoint.resume(from: path) }
      #expect(error?.missing.contains("optimizer.groups.0.momentum") == true, "\(error?.description ?? "")")
      #expect(error?.unexpected.contains("optimizer.0.exp_avg_sq") == true)
      #expect(
        RandomGenerator.current == random && other.loader.position == position && other.checkpoint.step == 0)
      // The random numbers are drawn anew each time.
      RandomGenerator.current = start
      #expect(other.bits == before)

      let smaller = Checkpoint(model: Linear<Float>(6, 4))
      let list = #expect(throws: CheckpointMismatch.self) { try smaller.resume(from: path) }
      #expect(list?.missing == ["model.weight", "model.bias"])
      #expect(list?.unexpected.contains("loader.position") == true)
      #expect(
        list?.description.hasPrefix("\(path): the checkpoint does not fit the run; missing: model.weight")
          == true)
    }
  }

  @Test("Shapes, types and counts of a file that lies are named") func lies() throws {
    try inFolder { path in
      let model = Linear<Float>(2, 2), optimizer = Adam(model.parameters)
      let checkpoint = Checkpoint(model: model, optimizer: optimizer)
      try checkpoint.save(to: path, epoch: 1)
      let file = try SafetensorsFile(path: path)
      func resume(_ name: String, _ source: TensorSource) throws -> [String] {
        var sources = try file.names.filter { $0 != name }.map { name in
          let entry = file.entries[name]!
          return TensorSource(
            name: name, dtype: entry.dtype!, shape: entry.shape, bytes: try file.bytes(of: name))
        }
        sources.append(source)
        try SafetensorsFile.write(sources, to: path + ".lie")
        let error = #expect(throws: CheckpointMismatch.self) { try checkpoint.resume(from: path + ".lie") }
        return error?.unfit ?? []
      }
      #expect(try resume("epoch", .init(name: "epoch", tensor: Tensor<Int>([-1]))) == ["epoch [-1]"])
      #expect(try resume("step", .init(name: "step", tensor: Tensor<Int>([.max]))) == ["step [\(Int.max)]"])
      #expect(
        try resume("model.bias", .init(name: "model.bias", tensor: Tensor<Float>([1]))) == [
          "model.bias [1] ≠ [2]"
        ])
      #expect(
        try resume("model.bias", .init(name: "model.bias", tensor: Tensor<Double>([1, 2])))
          == ["model.bias F64 ≠ Float"])
      #expect(
        try resume("", .init(name: "optimizer.0.step", tensor: Tensor<Double>(.nan))) == [
          "optimizer.0.step nan"
        ])
    }
  }

  @Test("The last files and the best one are kept, also if a process ended before they were") func kept()
    throws
  {
    try inFolder { path in
      func epochs() throws -> [String: Int] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/runs")
        return try Dictionary(
          uniqueKeysWithValues: names.map { name in
            (name, try SafetensorsFile(path: folder + "/runs/" + name).integers("epoch").scalars[0])
          })
      }
      func make() -> Checkpoint {
        Checkpoint(model: Linear<Float>(2, 2), keepLast: 3, keepBest: .largest("accuracy"))
      }
      let checkpoint = make()
      for (index, accuracy) in [0.5, 0.8, 0.7, Double.nan, 0.8].enumerated() {
        try checkpoint.save(to: path, epoch: index + 1, metrics: ["accuracy": accuracy])
      }
      let expected = ["last": 5, "last-1": 4, "last-2": 3, "last-best": 2]
      #expect(try epochs() == Dictionary(uniqueKeysWithValues: expected.map { ("\($0).safetensors", $1) }))
      #expect(checkpoint.best == 0.8)

      let resumed = make()
      #expect(try resumed.resume(from: path) == 5 && resumed.best == 0.8)
      try resumed.save(to: path, epoch: 6, metrics: ["accuracy": 0.9])
      #expect(try epochs()["last-best.safetensors"] == 6)
      // A process that is killed before the best file gets its name leaves this state.
      try FileManager.default.removeItem(atPath: folder + "/runs/last-best.safetensors")
      #expect(try make().resume(from: path) == 6)
      #expect(try epochs()["last-best.safetensors"] == 6)
    }
  }

  @Test("A folder that cannot be written leaves the old file") func unwritable() throws {
    try inFolder { path in
      let checkpoint = Checkpoint(model: Linear<Float>(2, 2))
      try checkpoint.save(to: path, epoch: 1)
      #expect(throws: DataError.self) { try checkpoint.save(to: path + "/below", epoch: 2) }
      #expect(checkpoint.epoch == 1)
      #expect(try Checkpoint(model: Linear<Float>(2, 2)).resume(from: path) == 1)
    }
  }
}
