import Martlet
import Runs

/// Measures operations on tensors of all sizes, and the overhead of operations on the smallest tensors.
func benchOperations(_ session: Session) {
  benchOverheads(session)
  let extents = OperationWorkload.extents
  let wanted = OperationWorkload.all.filter { session.wants($0.name) }
  if wanted.isEmpty { return }
  session.show(
    "\noperations, Float, not recorded\n\n" + tableLine("elements", extents.map { "\($0 * $1)" }))
  for workload in wanted {
    let cells = extents.map { rows, columns in
      let count = rows * columns, name = "\(workload.name), \(count) elements"
      session.announce(name)
      let operands = Operands(
        Tensor<Float>.normal([count]).scalars, Tensor<Float>.normal([count]).scalars, rows: rows,
        columns: columns, .contiguous)
      let time = session.measure { _ = workload.apply(operands) }
      let row = Row(name, section: "operations", Row.Parameters(type: "Float", count: count), time)
      session.record(row)
      return row.cell
    }
    session.show(tableLine(workload.name, cells))
  }
  session.show(
    "\nmemory: \(StoragePool.bytesInUse) bytes in use, \(StoragePool.peakBytes) at most, "
      + "\(StoragePool.cachedBytes) cached")
}

private func benchOverheads(_ session: Session) {
  let wanted = OverheadWorkload.all().filter { session.wants($0.name) }
  if wanted.isEmpty { return }
  session.show("\noperations on 4 elements\n")
  for workload in wanted {
    session.announce(workload.name)
    let row = Row(
      workload.name, section: "operations", Row.Parameters(type: "Float", count: 4),
      session.measure(workload.body))
    session.record(row)
    session.show(
      padded(workload.name, 44, right: false) + padded(row.cell, 14)
        + (workload.target.map { padded("≤ \(figure($0, "s"))", 14) } ?? ""))
  }
}

private func tableLine(_ name: String, _ cells: [String]) -> String {
  padded(name, 14, right: false) + cells.map { padded($0, 14) }.joined()
}
