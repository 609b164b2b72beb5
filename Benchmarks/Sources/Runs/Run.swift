#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A run of the benchmarks: the measurements and the machine. It is the content of the JSON file.
public struct Run: Codable, Equatable, Sendable {
  /// The conditions that the measurements depend on.
  public struct Conditions: Codable, Equatable, Sendable {
    /// The start of the run, in ISO 8601.
    public var date: String
    /// The revision of the sources, and a Boolean value that tells whether they were changed since.
    public var revision: String, isDirty: Bool
    /// The processor's own name.
    public var cpu: String
    /// The number of threads that Martlet and BLAS use.
    public var threads: Int
    /// The instruction set of Martlet's loops.
    public var instructionSet: String
    /// OpenBLAS's version and configuration.
    public var blas: String
    /// The version of the Swift compiler.
    public var swift: String

    /// Makes the conditions of a run.
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

  /// The machine and the sources of the run.
  public var conditions: Conditions
  /// The duration of the run in seconds.
  public var seconds: Double
  /// The number of processors that other programs kept busy during the run; nil if the system does not tell.
  public var others: Double?
  /// The measurements, in their order.
  public var rows: [Row]

  /// Makes a run.
  public init(conditions: Conditions, seconds: Double, others: Double? = nil, rows: [Row]) {
    self.conditions = conditions
    self.seconds = seconds
    self.others = others
    self.rows = rows
  }

  /// Reads a run from a JSON file.
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

  /// Throws if a file cannot be written to a path. Called before the measuring, so that no measurements are
  /// lost.
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

/// One measurement.
public struct Row: Codable, Equatable, Sendable {
  /// The parameters of the computation; nil where they do not apply.
  public struct Parameters: Codable, Equatable, Sendable {
    /// The element type, "Float" or "Double".
    public var type: String?
    /// The path: "naive", "blas" (Martlet on BLAS) or "bare" (BLAS without Martlet).
    public var path: String?
    /// The layout: "plain" (A · B), "transposed" (A · Bᵀ) or "batched" (A · B for several matrices).
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

    /// Makes the parameters that apply.
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

  /// The name, which is unique in a run. Rows of two runs are matched by it.
  public var name: String
  /// The section: "peak", "operations", "steps", "products" or "factors".
  public var section: String
  /// The parameters of the computation.
  public var parameters: Parameters
  /// The unit of the median: "s", seconds for a call.
  public var unit = "s"
  /// The median of the samples.
  public var median: Double
  /// The quartiles: half of the samples lie between them.
  public var lowerQuartile: Double, upperQuartile: Double
  /// The number of samples.
  public var samples: Int
  /// A Boolean value that tells whether the samples spread too far to be trusted.
  public var isNoisy: Bool
  /// The speed in floating-point operations a nanosecond, for computations whose operations are counted.
  public var gflops: Double?
  /// The speed as a share of the machine's peak on all threads in the same run.
  public var share: Double?
  /// The speed relative to the naive path.
  public var ratio: Double?

  /// Makes a row from these samples.
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

  /// The difference of the quartiles, relative to the median; nil for fewer than three samples.
  public var spread: Double? {
    samples < 3 ? nil : (upperQuartile - lowerQuartile) / median
  }
}

/// The error of a run's file that cannot be used.
public struct RunError: Error, CustomStringConvertible, Equatable {
  /// The fault.
  public let description: String

  init(_ description: String) { self.description = description }
}
