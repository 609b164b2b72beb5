// Creates random tensors from Philox4x32-10 counters and from NumPy's legacy streams.

import Synchronization

/// A random generator with value semantics: it can be copied, saved and restored.
///
/// The algorithm is Philox4x32-10 (Salmon et al. 2011, DOI 10.1145/2063384.2063405). Element i of a fill
/// depends only on (seed, stream, offset + i), so the elements are the same however a fill is split over
/// threads.
///
/// ```swift
/// var generator = RandomGenerator(seed: 1)
/// let noise: Tensor<Float> = generator.normal([8, 3])
/// let order = generator.permutation(8)
/// ```
public struct RandomGenerator: Sendable, Equatable {
  /// The whole state of a generator, which determines the numbers that it draws next.
  ///
  /// ```swift
  /// var generator = RandomGenerator(seed: 1)
  /// let saved = generator.state
  /// let a: Tensor<Float> = generator.uniform([3])
  /// generator.state = saved
  /// let b: Tensor<Float> = generator.uniform([3])  // the same numbers as a
  /// ```
  public struct State: Sendable, Equatable {
    /// The key of the generator.
    public var seed: UInt64
    /// The number of the stream. Streams of one seed are independent of each other.
    public var stream: UInt32
    /// The number of elements drawn so far.
    public var offset: UInt64

    /// Creates a state, for example to restore a saved one.
    public init(seed: UInt64, stream: UInt32 = 0, offset: UInt64 = 0) {
      self.seed = seed
      self.stream = stream
      self.offset = offset
    }
  }

  /// The current state. A generator continues from the state that is set.
  public var state: State

  /// Creates a generator at the start of a stream.
  public init(seed: UInt64, stream: UInt32 = 0) {
    state = State(seed: seed, stream: stream)
  }

  /// Creates a generator that continues from a saved state.
  public init(state: State) { self.state = state }

  /// Reserves the counters of `count` elements and returns the state at the first of them.
  mutating func advance(by count: Int) -> State {
    defer { state.offset &+= UInt64(count) }
    return state
  }

  /// Draws normal numbers with this mean and standard deviation
  /// (Box & Muller 1958, DOI 10.1214/aoms/1177706645).
  ///
  /// A negative deviation or extent is an error.
  ///
  /// ```swift
  /// var generator = RandomGenerator(seed: 1)
  /// let weight: Tensor<Float> = generator.normal([64, 32], mean: 0, deviation: 0.02)
  /// ```
  public mutating func normal<Element: DifferentiableScalar>(
    _ shape: TensorShape, mean: Element = 0, deviation: Element = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    guard shape.isValid, deviation >= 0 else {
      return .failed(
        "normal", "the shape \(shape) must be valid and the deviation \(deviation) must be at least 0", file,
        line)
    }
    return .normal(shape, mean, deviation, at: advance(by: shape.elementCount))
  }

  /// Draws uniform numbers in a range without its upper bound. Bounds that are not finite are an error.
  public mutating func uniform<Element: DifferentiableScalar>(
    _ shape: TensorShape, in range: ClosedRange<Element> = 0...1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    guard shape.isValid, range.lowerBound.isFinite, range.upperBound.isFinite else {
      return .failed(
        "uniform", "the shape \(shape) must be valid and the range \(range) must have finite bounds", file,
        line)
    }
    return .uniform(shape, range.lowerBound, range.upperBound, at: advance(by: shape.elementCount))
  }

  /// Draws integers in a range, all equally likely (Lemire 2019, DOI 10.1145/3230636).
  ///
  /// An empty range is an error.
  public mutating func integers(
    _ shape: TensorShape, in range: Range<Int>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    guard shape.isValid, !range.isEmpty else {
      return .failed(
        "integers", "the shape \(shape) must be valid and the range \(range) must not be empty", file, line)
    }
    return .integers(shape, range, at: advance(by: shape.elementCount))
  }

  /// Draws a permutation of the numbers 0 ..< count, `[count]`. All orders are equally likely (Fisher &
  /// Yates, from the end).
  public mutating func permutation(
    _ count: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    guard TensorShape([count]).isValid else {
      return .failed("permutation", "the count must be a valid extent, not \(count)", file, line)
    }
    let start = advance(by: count)
    return Tensor<Int>.filled([count]) { elements, count in
      for i in 0..<count { elements[i] = i }
      for i in stride(from: count - 1, to: 0, by: -1) {
        let other = RandomKernels.integer(
          below: i + 1, seed: start.seed, stream: UInt64(start.stream), offset: start.offset &+ UInt64(i))
        (elements[i], elements[other]) = (elements[other], elements[i])
      }
    }.named("Permutation")
  }
}

/// The source of random numbers: the generator of the innermost ``withRandom(_:_:)`` scope, or the process's.
enum RandomSource {
  /// The generator of a scope, for the time of the scope. One task draws from it.
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

/// Restarts the default generator from a seed.
///
/// The default generator is that of the innermost ``withRandom(_:_:)`` scope, else the process's. Without a
/// seed the process's generator starts from the system's entropy.
public func seedRandom(_ seed: UInt64) { RandomSource.reseed(seed) }

extension RandomGenerator {
  /// A copy of the default generator, see ``seedRandom(_:)``. Setting it makes initialisers, dropout, shuffles
  /// and random tensors continue from the state of another generator.
  public static var current: RandomGenerator {
    get { RandomSource.draw { $0 } }
    set { RandomSource.draw { $0 = newValue } }
  }
}

/// Runs `body` with `generator` as the default generator, from which initialisers, dropout, shuffles and
/// random tensors draw.
public func withRandom<Result>(_ generator: inout RandomGenerator, _ body: () throws -> Result) rethrows
  -> Result
{
  let scope = RandomSource.Scope(generator)
  defer { generator = scope.generator.withLock { $0 } }
  return try RandomSource.$scope.withValue(scope, operation: body)
}

extension Tensor where Element: DifferentiableScalar {
  /// Draws normal numbers from the default generator, with this mean and standard deviation.
  ///
  /// A negative deviation or extent is an error.
  ///
  /// ```swift
  /// let weight = Tensor<Float>.normal([3, 4], mean: 0, deviation: 0.1, requiresGrad: true)
  /// ```
  public static func normal(
    _ shape: TensorShape, mean: Element = 0, deviation: Element = 1, requiresGrad: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var generator = RandomSource.take(shape)
    let result: Tensor = generator.normal(shape, mean: mean, deviation: deviation, file: file, line: line)
    if requiresGrad { result.startTracking(file, line) }
    return result
  }

  /// Draws uniform numbers in a range without its upper bound from the default generator.
  ///
  /// Bounds that are not finite are an error.
  ///
  /// ```swift
  /// let weight = Tensor<Float>.uniform([3, 4], in: -0.1...0.1, requiresGrad: true)
  /// ```
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
  /// Draws integers in a range from the default generator, all equally likely. An empty range is an error.
  public static func integers(
    _ shape: TensorShape, in range: Range<Int>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var generator = RandomSource.take(shape)
    return generator.integers(shape, in: range, file: file, line: line)
  }

  /// Draws a permutation of the numbers 0 ..< count, `[count]`, from the default generator.
  public static func permutation(_ count: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    var generator = RandomSource.take([count])
    return generator.permutation(count, file: file, line: line)
  }
}

extension RandomSource {
  /// Reserves the counters of a tensor of `shape` in the default generator, and returns a generator that
  /// starts at them.
  static func take(_ shape: TensorShape) -> RandomGenerator { take(shape.isValid ? shape.elementCount : 0) }

  /// Reserves counters in the default generator, and returns a generator that starts at them.
  static func take(_ count: Int) -> RandomGenerator {
    RandomGenerator(state: draw { $0.advance(by: count) })
  }
}

/// A generator of NumPy's legacy random streams, bit for bit as after `numpy.random.seed(n)`.
///
/// The algorithm is MT19937 (Matsumoto & Nishimura 1998). Doubles have 53 random bits. Normal numbers are
/// computed in pairs by the polar method, and the second one is kept for the next draw.
///
/// ```swift
/// var random = NumPyRandom(seed: 0)
/// let x = random.normal([2, 3])  // the numbers of numpy.random.randn(2, 3)
/// ```
public struct NumPyRandom: Sendable, Equatable {
  private var stream: NumPyStream

  /// Creates the stream that `numpy.random.seed(seed)` starts.
  public init(seed: UInt32) { stream = NumPyStream(seed: seed) }

  /// Draws uniform numbers in 0 ..< 1, as `numpy.random.rand(*shape)` does.
  public mutating func uniform(
    _ shape: TensorShape, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Double> {
    draw(shape, "uniform", file, line) { $0.nextDouble() }
  }

  /// Draws standard normal numbers, as `numpy.random.randn(*shape)` does.
  public mutating func normal(
    _ shape: TensorShape, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Double> {
    draw(shape, "normal", file, line) { $0.nextGaussian() }
  }

  private mutating func draw(
    _ shape: TensorShape, _ name: StaticString, _ file: StaticString, _ line: UInt,
    _ next: (inout NumPyStream) -> Double
  ) -> Tensor<Double> {
    guard shape.isValid else { return .failed("\(name)", "shape \(shape) is invalid", file, line) }
    return Tensor(copying: (0..<shape.elementCount).map { _ in next(&stream) }, shape: shape).named(
      "NumPyRandom")
  }

  /// Draws an integer in 0 ..< `bound`, as `numpy.random.randint(0, bound)` does. A bound below 1 is an
  /// error.
  public mutating func integer(below bound: Int, file: StaticString = #fileID, line: UInt = #line) -> Int {
    guard bound > 0 else {
      mistake("integer(below:)", "the bound must be at least 1, not \(bound)", file, line)
      return 0
    }
    return stream.integer(below: bound)
  }

  /// Draws a permutation of the numbers 0 ..< count, as `numpy.random.permutation(count)` does.
  public mutating func permutation(
    _ count: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    guard TensorShape([count]).isValid else {
      return .failed("permutation", "the count must be a valid extent, not \(count)", file, line)
    }
    let room = Tensor<Int>(uninitialized: [count])
    if room.isFailed { return room }
    return Tensor(copying: stream.permutation(count), shape: [count]).named("NumPyRandom")
  }

  /// Shuffles an array in place, as `numpy.random.shuffle(array)` does.
  public mutating func shuffle<Item>(_ array: inout [Item]) { stream.shuffle(&array) }
}
