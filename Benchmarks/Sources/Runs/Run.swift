#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a run of the benchmarks measured, and on which machine: the contents of its JSON file.
public struct Run: Codable, Equatable, Sendable {
  /// What the figures depend on.
  public struct Conditions: Codable, Equatable, Sendable {
    /// When the run began, in ISO 8601.
    public var date: String
    /// The revision of the sources, and whether they were changed since.
    public var revision: String, isDirty: Bool
    /// The processor's own name.
    public var cpu: String
    /// The threads that Martlet and BLAS compute with.
    public var threads: Int
    /// The instruction set of Martlet's loops.
    public var instructionSet: String
    /// OpenBLAS's version and configuration.
    public var blas: String
    /// The compiler.
    public var swift: String

    /// The conditions of a run.
    public init(
      date: String, revision: String, isDirty: Bool, cpu: String, threads: Int, instructionSet: String,
      blas: String, swift: String
    ) {
      self.date = date
      self.revision = revision
      self.isDirty = isDirty
      self.cpu = cpu
      self.threads = threads
      self.instructionSet = instructionSet
      self.blas = blas
      self.swift = swift
    }
  }

  /// The machine and the sources.
  public var conditions: Conditions
  /// How long the run took.
  public var seconds: Double
  /// How many processors other programs kept busy meanwhile, where the system tells.
  public var others: Double?
  /// What was measured, in the order of measuring.
  public var rows: [Row]

  /// A run.
  public init(conditions: Conditions, seconds: Double, others: Double? = nil, rows: [Row]) {
    self.conditions = conditions
    self.seconds = seconds
    self.others = others
    self.rows = rows
  }

  /// The run in a JSON file.
  public init(from path: String) throws(RunError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw RunError("\(path): no such file, or not readable")
    }
    do {
      self = try JSONDecoder().decode(Run.self, from: data)
    } catch DecodingError.keyNotFound(let key, _) {
      throw RunError("\(path): not a run of bench: \(key.stringValue) is missing")
    } catch DecodingError.typeMismatch(_, let context) {
      let place = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw RunError("\(path): not a run of bench: \(place.isEmpty ? "the file" : place) is of another type")
    } catch {
      throw RunError("\(path): not JSON")
    }
    if let row = rows.first(where: { !($0.median > 0) }) {
      throw RunError("\(path): \(row.name): the median is \(row.median), not above 0")
    }
  }

  /// Throws when a file could not be written there: to be known before the measuring, not after it.
  public static func checkWritable(_ path: String) throws(RunError) {
    let folder = URL(filePath: path).deletingLastPathComponent().path
    guard FileManager.default.isWritableFile(atPath: folder) else {
      throw RunError("\(path): cannot be written")
    }
  }

  /// Writes the run as JSON.
  public func write(to path: String) throws(RunError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      try encoder.encode(self).write(to: URL(filePath: path))
    } catch {
      throw RunError("\(path): cannot be written")
    }
  }
}

/// One measured figure.
public struct Row: Codable, Equatable, Sendable {
  /// What was computed, as far as it applies.
  public struct Parameters: Codable, Equatable, Sendable {
    /// The element type, "Float" or "Double".
    public var type: String?
    /// "naive", "blas" (Martlet on BLAS) or "bare" (BLAS without Martlet).
    public var path: String?
    /// "plain" (A · B), "transposed" (A · Bᵀ) or "batched" (A · B for several matrices).
    public var layout: String?
    /// The number of matrices.
    public var batch: Int?
    /// The extents of a product: [m, k] × [k, n].
    public var m: Int?, n: Int?, k: Int?
    /// The number of elements.
    public var count: Int?
    /// The number of threads.
    public var threads: Int?
    /// The instruction set of a peak.
    public var instructionSet: String?

    /// The parameters that apply.
    public init(
      type: String? = nil, path: String? = nil, layout: String? = nil, batch: Int? = nil, m: Int? = nil,
      n: Int? = nil, k: Int? = nil, count: Int? = nil, threads: Int? = nil, instructionSet: String? = nil
    ) {
      self.type = type
      self.path = path
      self.layout = layout
      self.batch = batch
      self.m = m
      self.n = n
      self.k = k
      self.count = count
      self.threads = threads
      self.instructionSet = instructionSet
    }
  }

  /// What tells the row from all others of a run; rows of two runs are matched by it.
  public var name: String
  /// "peak", "operations", "steps" or "products".
  public var section: String
  /// What was computed.
  public var parameters: Parameters
  /// "s", seconds a call.
  public var unit = "s"
  /// The middle of the samples.
  public var median: Double
  /// The middle half of the samples lies between these.
  public var lowerQuartile: Double, upperQuartile: Double
  /// The number of samples.
  public var samples: Int
  /// Whether the samples spread too far for a figure.
  public var isNoisy: Bool
  /// Floating-point operations a nanosecond, where they are counted.
  public var gflops: Double?
  /// That speed as a share of the machine's peak in the same run, on all threads.
  public var share: Double?
  /// How many times as fast as the naive path.
  public var ratio: Double?

  /// A row of these samples.
  public init(
    _ name: String, section: String, _ parameters: Parameters, _ statistics: Statistics
  ) {
    self.name = name
    self.section = section
    self.parameters = parameters
    median = statistics.median
    lowerQuartile = statistics.lowerQuartile
    upperQuartile = statistics.upperQuartile
    samples = statistics.samples
    isNoisy = statistics.isNoisy
  }

  /// The distance of the quartiles, relative to the median; nil for fewer than three samples.
  public var spread: Double? {
    samples < 3 ? nil : (upperQuartile - lowerQuartile) / median
  }
}

/// A file of a run that cannot be used, and why.
public struct RunError: Error, CustomStringConvertible, Equatable {
  /// What is wrong.
  public let description: String

  init(_ description: String) { self.description = description }
}
