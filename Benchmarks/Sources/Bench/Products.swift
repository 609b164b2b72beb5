import CBareBLAS
import Martlet
import Runs

/// Measures products on the naive path and on BLAS, in both precisions. Plain products are also measured as
/// bare calls of BLAS.
func benchProducts(_ session: Session, _ peak: Peak) {
  for layout in ProductWorkload.Layout.allCases {
    let workloads = ProductWorkload.all.filter { $0.layout == layout }
    measure(workloads, Float.self, session, peak.float)
    measure(workloads, Double.self, session, peak.double)
  }
}

/// An element type with its BLAS routine.
private protocol BLASElement: DifferentiableScalar {
  static var routine: String { get }
  /// Computes C = A · B in row-major order, directly on the arrays.
  static func multiply(_ a: [Self], _ b: [Self], _ c: inout [Self], m: Int, n: Int, k: Int)
}

extension Float: BLASElement {
  static var routine: String { "sgemm" }

  static func multiply(_ a: [Float], _ b: [Float], _ c: inout [Float], m: Int, n: Int, k: Int) {
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(m), Int32(n), Int32(k), 1, a, Int32(k), b, Int32(n), 0,
      &c, Int32(n))
  }
}

extension Double: BLASElement {
  static var routine: String { "dgemm" }

  static func multiply(_ a: [Double], _ b: [Double], _ c: inout [Double], m: Int, n: Int, k: Int) {
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(m), Int32(n), Int32(k), 1, a, Int32(k), b, Int32(n), 0,
      &c, Int32(n))
  }
}

private func measure<Element: BLASElement>(
  _ workloads: [ProductWorkload], _: Element.Type, _ session: Session, _ peak: Double?
) {
  let wanted = workloads.filter {
    session.wants("\(Element.routine) \($0.name)") && !(session.isQuick && $0.isLong)
  }
  if wanted.isEmpty { return }
  session.show(
    "\n\(Element.routine), \(wanted[0].layout)\n\n"
      + tableLine(
        "m×k×n",
        ["naive", "BLAS", "naive GFLOP/s", "BLAS GFLOP/s", "ratio", "of peak"]
          + (wanted[0].layout == .plain ? ["over bare", "to reach"] : [])))
  for workload in wanted { measure(workload, Element.self, session, peak) }
}

@specialized(where Element == Float) @specialized(where Element == Double)
private func measure<Element: BLASElement>(
  _ workload: ProductWorkload, _: Element.Type, _ session: Session, _ peak: Double?
) {
  let name = "\(Element.routine) \(workload.name)"
  session.announce(name)
  let (a, b): (Tensor<Element>, Tensor<Element>) = workload.operands(Element.self)
  var paths = [("blas", { _ = a.matmul(b) })]
  if workload.layout == .plain {
    let x = a.scalars, y = b.scalars
    var z = [Element](repeating: 0, count: workload.m * workload.n)
    paths.append(
      (
        "bare",
        {
          // Martlet sets OpenBLAS to one thread.
          if !workload.isSmall { openblas_set_num_threads(Int32(Threads.count)) }
          Element.multiply(x, y, &z, m: workload.m, n: workload.n, k: workload.k)
          if !workload.isSmall { openblas_set_num_threads(1) }
        }
      ))
  }
  // Large products are not measured in turn: OpenBLAS's threads look for work for a tenth of a second after
  // each product and would slow down Martlet's threads.
  let onBLAS =
    workload.isSmall
    ? session.measure(budget: 0.12 * Double(paths.count), paths.map(\.1))
    : paths.map { session.measure(budget: 0.12, $0.1) }
  let naive = session.measure(budget: 0.12) { withMatrixProducts(.naive) { _ = a.matmul(b) } }
  let rows = zip(["naive"] + paths.map(\.0), [naive] + onBLAS).map { path, time in
    var row = Row("\(name) \(path)", section: "products", workload.parameters(Element.self, path), time)
    row.gflops = workload.operations / time.median / 1e9
    if let peak, !time.isNoisy { row.share = row.gflops! / peak }
    if !time.isNoisy, !naive.isNoisy { row.ratio = naive.median / time.median }
    session.record(row)
    return row
  }
  session.show(tableLine(workload.name, cells(rows, small: workload.isSmall)))
}

/// Returns the cells of a table line, for naive, BLAS and perhaps bare BLAS.
private func cells(_ rows: [Row], small: Bool) -> [String] {
  let naive = rows[0], blas = rows[1]
  func unlessNoisy(_ row: Row, _ text: String) -> String { row.isNoisy ? "–" : text }
  var cells = [
    naive.cell, blas.cell, unlessNoisy(naive, digits(naive.gflops!)), unlessNoisy(blas, digits(blas.gflops!)),
    blas.ratio.map { "\(digits($0))×" } ?? "–", blas.share.map { "\(fixed($0 * 100, 1)) %" } ?? "–",
  ]
  if rows.count == 3 {
    let bare = rows[2], over = blas.median - bare.median
    let text = small ? "\(fixed(over * 1e9, 0)) ns" : "\(fixed(over / bare.median * 100, 1)) %"
    cells += [blas.isNoisy || bare.isNoisy ? "–" : text, small ? "≤ 300 ns" : "≤ 5 %"]
  }
  return cells
}

private func tableLine(_ name: String, _ cells: [String]) -> String {
  padded(name, 26, right: false) + cells.map { padded($0, 14) }.joined()
}

extension ProductWorkload {
  /// True if a quick run leaves the product out, because the naive path takes seconds.
  fileprivate var isLong: Bool { m * n * k > 600 * 600 * 600 }
  /// True if Martlet's overhead over the bare call is shown in nanoseconds, not in percent.
  fileprivate var isSmall: Bool { m * n * k < 128 * 128 * 128 }

  fileprivate func parameters<Element>(_: Element.Type, _ path: String) -> Row.Parameters {
    Row.Parameters(
      type: "\(Element.self)", path: path, layout: layout.rawValue, batch: batch, m: m, n: n, k: k)
  }
}
