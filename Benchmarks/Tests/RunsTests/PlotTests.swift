import Foundation
import Testing

@testable import Runs

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct PlotTests {
  /// A run of sgemm on BLAS: size, GFLOP/s, and whether the samples are noisy.
  private func squares(_ points: [(Int, Double, Bool)]) -> Run {
    var result = run([])
    result.rows = points.map { n, gflops, noisy in
      var row = Row(
        "\(n)", section: "products",
        Row.Parameters(type: "Float", path: "blas", layout: "plain", batch: 1, m: n, n: n, k: n),
        Statistics(noisy ? [1, 2, 3] : [1, 1, 1]))
      row.gflops = gflops
      return row
    }
    return result
  }

  @Test func logarithmicAxesSpaceEqualRatiosEqually() throws {
    let svg = try Plot(squares([(4, 1, false), (8, 10, false), (16, 100, false)])).svg
    let points = try #require(svg.firstMatch(of: /polyline points="([^"]+)"/)).1.split(separator: " ")
    let places = points.map { $0.split(separator: ",").compactMap { Double($0) } }
    #expect(places.count == 3)
    for axis in 0...1 {
      let first = places[1][axis] - places[0][axis], second = places[2][axis] - places[1][axis]
      #expect(abs(first - second) <= 0.2, "within the rounding of coordinates")
      #expect(axis == 0 ? first > 0 : first < 0)
    }
  }

  @Test func theImageIsWellFormed() throws {
    var run = squares([(4, 1, false), (8, 10, false)])
    run.conditions.cpu = "A & B <C>"
    #expect(XMLParser(data: Data(try Plot(run).svg.utf8)).parse())
  }

  @Test func noisyPointsAreLeftOut() throws {
    let svg = try Plot(squares([(4, 1, false), (8, 3, true), (16, 100, false)])).svg
    #expect(svg.matches(of: /<circle/).count == 2)
    #expect(svg.contains("1 noisy points left out"))
  }

  @Test func aRunWithoutProductsIsRefused() {
    #expect(throws: RunError.self) { try Plot(run([("a", 1, 0)])) }
  }
}
