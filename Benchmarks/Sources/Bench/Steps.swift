import Martlet
import Runs

/// Measures the training steps on both paths.
func benchSteps(_ session: Session) {
  let wanted = StepWorkload.all.filter { session.wants($0.name) }
  if wanted.isEmpty { return }
  session.show(
    "\none training step: forward, backward, update\n\n"
      + tableLine("", ["naive", "BLAS", "ratio", "to reach"]))
  for workload in wanted {
    session.announce(workload.name)
    let step = workload.make().run, naiveStep = workload.make().run
    let blas = session.measure(budget: 0.5, step)
    let naive = session.measure(budget: 0.5) { withMatrixProducts(.naive, naiveStep) }
    let rows = [("naive", naive), ("blas", blas)].map { path, time in
      var row = Row("\(workload.name) \(path)", section: "steps", Row.Parameters(path: path), time)
      if !naive.isNoisy, !time.isNoisy { row.ratio = naive.median / time.median }
      session.record(row)
      return row
    }
    session.show(
      tableLine(
        workload.name,
        [
          rows[0].cell, rows[1].cell, rows[1].ratio.map { "\(digits($0))×" } ?? "–",
          workload.target.map { "≤ \(figure($0, "s"))" } ?? "",
        ]))
  }
}

private func tableLine(_ name: String, _ cells: [String]) -> String {
  padded(name, 44, right: false) + cells.map { padded($0, 14) }.joined()
}
