// Random tensors, from Philox4x32-10 counters and from NumPy's legacy streams.

import Synchronization

/// A random generator that is a value: copied, saved and restored at will.
///
/// Philox4x32-10 (Salmon et al. 2011, DOI 10.1145/2063384.2063405): element i of a fill depends on
/// (seed, stream, offset + i) alone, so that a fill is the same however it is split.
public struct RandomGenerator: Sendable, Equatable {
  /// All that a generator is: what it draws next follows from it.
  public struct State: Sendable, Equatable {
    /// The key.
    public var seed: UInt64
    /// Streams of one seed are independent.
    public var stream: UInt32
    /// The number of elements drawn so far.
    public var offset: UInt64

    /// A state to restore.
    public init(seed: UInt64, stream: UInt32 = 0, offset: UInt64 = 0) {
      self.seed = seed
      self.stream = stream
      self.offset = offset
    }
  }

  /// What to save, and to restore: the generator goes on from it.
  public var state: State

  /// A generator at the start of a stream.
  public init(seed: UInt64, stream: UInt32 = 0) {
    state = State(seed: seed, stream: stream)
  }

  /// A generator that goes on from a saved state.
  public init(state: State) { self.state = state }

  /// Takes the counters of `count` elements.
  mutating func advance(by count: Int) -> State {
    defer { state.offset &+= UInt64(count) }
    return state
  }

  /// Normal numbers with this mean and standard deviation (Box & Muller 1958, DOI 10.1214/aoms/1177706645).
  ///
  /// A negative deviation or extent is an error.
  public mutating func normal<Element: DifferentiableScalar>(
    _ shape: TensorShape, mean: Element = 0, deviation: Element = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    guard shape.isValid, deviation >= 0 else {
      return .failed(
        "normal", "shape \(shape), deviation \(deviation); a valid shape and at least 0", file, line)
    }
    return .normal(shape, mean, deviation, at: advance(by: shape.elementCount))
  }

  /// Uniform numbers in a range, its upper bound excluded. Bounds that are not finite are an error.
  public mutating func uniform<Element: DifferentiableScalar>(
    _ shape: TensorShape, in range: ClosedRange<Element> = 0...1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    guard shape.isValid, range.lowerBound.isFinite, range.upperBound.isFinite else {
      return .failed("uniform", "shape \(shape), range \(range); a valid shape and finite bounds", file, line)
    }
    return .uniform(shape, range.lowerBound, range.upperBound, at: advance(by: shape.elementCount))
  }

  /// Integers in a range, each as likely as any other (Lemire 2019, DOI 10.1145/3230636).
  ///
  /// An empty range is an error.
  public mutating func integers(
    _ shape: TensorShape, in range: Range<Int>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    guard shape.isValid, !range.isEmpty else {
      return .failed(
        "integers", "shape \(shape), range \(range); a valid shape and a range that is not empty", file, line)
    }
    return .integers(shape, range, at: advance(by: shape.elementCount))
  }

  /// The numbers 0 ..< count in random order, each order as likely (Fisher & Yates, from the end): `[count]`.
  public mutating func permutation(
    _ count: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    guard TensorShape([count]).isValid else {
      return .failed("permutation", "count \(count); a valid extent is expected", file, line)
    }
    let start = advance(by: count)
    return Tensor<Int>.filled([count]) { elements, count in
      for i in 0..<count { elements[i] = i }
      for i in stride(from: count - 1, to: 0, by: -1) {
        let other = Tensor<Int>.integer(below: i + 1, at: start, plus: i)
        (elements[i], elements[other]) = (elements[other], elements[i])
      }
    }.named("Permutation")
  }
}

/// Where random numbers come from: a scope's generator, or the process's.
enum RandomSource {
  /// A generator that a scope hands out and takes back; one task draws from it.
  final class Scope: Sendable {
    let generator: Mutex<RandomGenerator>
    init(_ generator: RandomGenerator) { self.generator = Mutex(generator) }
  }

  @TaskLocal static var scope: Scope?

  private static let process = Guarded(
    RandomGenerator(seed: SystemRandomNumberGenerator.seed()), .random)

  static func draw<Result>(_ body: (inout RandomGenerator) -> sending Result) -> sending Result {
    if let scope { return scope.generator.withLock(body) }
    return process.sendingWithLock(body)
  }

  static func reseed(_ seed: UInt64) {
    draw { $0 = RandomGenerator(seed: seed) }
  }
}

extension SystemRandomNumberGenerator {
  fileprivate static func seed() -> UInt64 {
    var system = SystemRandomNumberGenerator()
    return system.next()
  }
}

/// Starts the default generator (the innermost ``withRandom(_:_:)`` scope's, else the process's) anew from a seed.
/// Until then the process's starts from the system's entropy.
public func seedRandom(_ seed: UInt64) { RandomSource.reseed(seed) }

/// Runs `body` with `generator` as what initialisers, dropout, shuffles and random tensors draw from.
public func withRandom<Result>(_ generator: inout RandomGenerator, _ body: () throws -> Result) rethrows
  -> Result
{
  let scope = RandomSource.Scope(generator)
  defer { generator = scope.generator.withLock { $0 } }
  return try RandomSource.$scope.withValue(scope, operation: body)
}

extension Tensor where Element: DifferentiableScalar {
  /// Normal numbers from the default generator, with this mean and standard deviation.
  ///
  /// A negative deviation or extent is an error.
  public static func normal(
    _ shape: TensorShape, mean: Element = 0, deviation: Element = 1, requiresGrad: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var generator = RandomSource.take(shape)
    let result: Tensor = generator.normal(shape, mean: mean, deviation: deviation, file: file, line: line)
    if requiresGrad { result.startTracking(file, line) }
    return result
  }

  /// Uniform numbers in a range, its upper bound excluded, from the default generator.
  ///
  /// Bounds that are not finite are an error.
  public static func uniform(
    _ shape: TensorShape, in range: ClosedRange<Element> = 0...1, requiresGrad: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var generator = RandomSource.take(shape)
    let result: Tensor = generator.uniform(shape, in: range, file: file, line: line)
    if requiresGrad { result.startTracking(file, line) }
    return result
  }
}

extension Tensor where Element == Int {
  /// Integers in a range from the default generator, each as likely. An empty range is an error.
  public static func integers(
    _ shape: TensorShape, in range: Range<Int>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var generator = RandomSource.take(shape)
    return generator.integers(shape, in: range, file: file, line: line)
  }

  /// The numbers 0 ..< count in random order, `[count]`, from the default generator.
  public static func permutation(_ count: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    var generator = RandomSource.take([count])
    return generator.permutation(count, file: file, line: line)
  }
}

extension RandomSource {
  /// A generator at the counters for a tensor of `shape`, which are taken from the default one.
  fileprivate static func take(_ shape: TensorShape) -> RandomGenerator {
    let count = shape.isValid ? shape.elementCount : 0
    return RandomGenerator(state: draw { $0.advance(by: count) })
  }
}

/// NumPy's legacy random streams bit for bit: what `numpy.random.seed(n)` and the functions after it draw.
///
/// MT19937 (Matsumoto & Nishimura 1998), doubles of 53 bits, normals by the polar method with the second one kept.
public struct NumPyRandom: Sendable, Equatable {
  private var stream: NumPyStream

  /// The stream after `numpy.random.seed(seed)`.
  public init(seed: UInt32) { stream = NumPyStream(seed: seed) }

  /// Uniform numbers in 0 ..< 1, as `numpy.random.rand(*shape)`.
  public mutating func uniform(
    _ shape: TensorShape, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Double> {
    draw(shape, "uniform", file, line) { $0.nextDouble() }
  }

  /// Standard normal numbers, as `numpy.random.randn(*shape)`.
  public mutating func normal(
    _ shape: TensorShape, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Double> {
    draw(shape, "normal", file, line) { $0.nextGaussian() }
  }

  private mutating func draw(
    _ shape: TensorShape, _ name: StaticString, _ file: StaticString, _ line: UInt,
    _ next: (inout NumPyStream) -> Double
  ) -> Tensor<Double> {
    guard shape.isValid else { return .failed("\(name)", "invalid shape \(shape)", file, line) }
    return Tensor(copying: (0..<shape.elementCount).map { _ in next(&stream) }, shape: shape).named(
      "NumPyRandom")
  }

  /// An integer in 0 ..< `bound`, as `numpy.random.randint(0, bound)`. A bound below 1 is an error.
  public mutating func integer(below bound: Int, file: StaticString = #fileID, line: UInt = #line) -> Int {
    guard bound > 0 else {
      mistake("integer(below:)", "bound \(bound); at least 1", file, line)
      return 0
    }
    return stream.integer(below: bound)
  }

  /// The numbers 0 ..< count in random order, as `numpy.random.permutation(count)`.
  public mutating func permutation(
    _ count: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    guard TensorShape([count]).isValid else {
      return .failed("permutation", "count \(count); a valid extent is expected", file, line)
    }
    let room = Tensor<Int>(uninitialized: [count])
    if room.isFailed { return room }
    return Tensor(copying: stream.permutation(count), shape: [count]).named("NumPyRandom")
  }

  /// Puts an array in random order, as `numpy.random.shuffle(array)`.
  public mutating func shuffle<Item>(_ array: inout [Item]) { stream.shuffle(&array) }
}
