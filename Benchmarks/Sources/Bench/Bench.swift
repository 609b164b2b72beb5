// The command that measures Martlet on this machine: `make bench`.

import ArgumentParser
import Martlet
import Runs

@main struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures Martlet: products of matrices, training steps and operations.",
    subcommands: [Measure.self, Compare.self, Draw.self, Serve.self], defaultSubcommand: Measure.self)
}

struct Measure: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Measures, prints a table and, when asked, writes it as JSON.")

  enum Section: String, CaseIterable, ExpressibleByArgument {
    case operations, steps, products, factors
  }

  @Argument(help: "What to measure: operations, steps, products, factors (default: all).")
  var sections: [Section] = []
  @Option(help: "Write the run to this JSON file.")
  var json: String?
  @Option(help: "Measure only rows whose name contains this text.")
  var filter: String?
  @Flag(help: "Fewer samples, and no product that takes the naive path seconds.")
  var quick = false

  func run() throws {
    if let json { try Run.checkWritable(json) }
    let conditions = Run.Conditions.current()
    let session = Session(filter: filter, quick: quick)
    session.show(
      """
      Martlet \(conditions.revision)\(conditions.isDirty ? ", changed" : ""), \(conditions.swift)
      \(conditions.cpu), \(conditions.threads) threads, \(conditions.instructionSet) kernels
      \(conditions.blas)
      medians; (3): of 3 samples; noisy 20 %: no figure, the middle half of the samples spreads so far
      """)
    let peak = measurePeak(session), peakRows = session.rows.count
    for section in sections.isEmpty ? Section.allCases : sections {
      switch section {
      case .operations: benchOperations(session)
      case .steps: benchSteps(session)
      case .products: benchProducts(session, peak)
      case .factors: benchFactors(session)
      }
    }
    if session.rows.count == peakRows { throw ValidationError("no row's name contains \"\(filter ?? "")\"") }
    session.finish()
    if let json {
      try Run(conditions: conditions, seconds: session.elapsed, others: session.others, rows: session.rows)
        .write(to: json)
    }
  }
}

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Sets two runs side by side, row by row.")

  @Argument(help: "The JSON file of the older run.")
  var old: String
  @Argument(help: "The JSON file of the newer run.")
  var new: String

  func run() throws {
    print(try Comparison(Run(from: old), Run(from: new)).table)
  }
}

struct Draw: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Draws GFLOP/s against n as an SVG image.")

  @Argument(help: "The JSON file of a run with products.")
  var file: String
  @Argument(help: "The SVG file to write.")
  var image: String

  func run() throws {
    try Plot(Run(from: file)).write(to: image)
  }
}
