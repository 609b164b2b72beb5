import CPeak
import Dispatch
import Martlet
import Runs

/// The peak speed of this machine on all threads, in GFLOP/s; nil if all measurements were noisy.
struct Peak {
  var float: Double?
  var double: Double?
}

/// Measures multiply-adds from registers with every instruction set of the CPU, on one thread and on all
/// threads.
func measurePeak(_ session: Session) -> Peak {
  session.show("\npeak: multiply-adds from registers, GFLOP/s\n")
  let counts = Threads.count == 1 ? [1] : [1, Threads.count]
  session.show(
    padded("", 12, right: false)
      + ["Float", "Double"].flatMap { type in counts.map { padded("\(type), \(threads($0))", 20) } }.joined())
  var sets = [PeakSet](repeating: PeakSet(), count: 4)
  let setCount = Int(peak_sets(&sets))
  var peak = Peak()
  for set in sets.prefix(setCount) {
    let name = String(cString: set.name)
    var line = padded(name, 12, right: false)
    for (type, loop) in [("Float", set.f32!), ("Double", set.f64!)] {
      for count in counts {
        let row = measurePeak(session, loop, type: type, set: name, threads: count)
        line += padded(row.isNoisy ? row.noise : digits(row.gflops!), 20)
        guard count == counts.last, !row.isNoisy else { continue }
        if type == "Float" {
          peak.float = max(peak.float ?? 0, row.gflops!)
        } else {
          peak.double = max(peak.double ?? 0, row.gflops!)
        }
      }
    }
    session.show(line)
  }
  return peak
}

private func measurePeak(
  _ session: Session, _ loop: @escaping PeakLoop, type: String, set: String, threads count: Int
) -> Row {
  // Two milliseconds on a current core. Waking the threads takes only microseconds.
  let rounds = 1_000_000
  let name = "peak \(type) \(set), \(threads(count))"
  session.announce(name)
  let operations = loop(1) * Double(rounds * count)
  let time = session.measure {
    DispatchQueue.concurrentPerform(iterations: count) { _ in _ = loop(rounds) }
  }
  var row = Row(name, section: "peak", Row.Parameters(type: type, threads: count, instructionSet: set), time)
  row.gflops = operations / time.median / 1e9
  session.record(row)
  return row
}

/// Measures the bytes a second of a copy, of a triad and of a sum, which only reads. All threads work on
/// arrays far larger than the caches.
func measureBandwidth() -> [Double] {
  let threads = Threads.count, part = 40_000_000 / threads / 64 * 64
  let arrays = (0..<3).map { _ in
    UnsafeMutableRawPointer.allocate(byteCount: 4 * part * threads, alignment: 64)
      .initializeMemory(as: Float.self, repeating: 1, count: part * threads)
  }
  defer { for array in arrays { array.deallocate() } }
  // Pointers may not be shared with other threads, so the closures capture addresses.
  let starts = arrays.map { UInt(bitPattern: $0) }
  func measure(bytes: Int, _ loop: @escaping @Sendable ([UnsafeMutablePointer<Float>]) -> Void) -> Double {
    let times = (0..<9).map { _ in
      seconds(1) {
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
          loop(starts.map { UnsafeMutablePointer(bitPattern: $0)! + thread * part })
        }
      }
    }
    return Double(bytes * part * threads) / Statistics(times).median
  }
  return [
    measure(bytes: 8) { peak_copy($0[0], $0[1], part) },
    measure(bytes: 12) { peak_triad($0[0], $0[1], $0[2], 0.5, part) },
    measure(bytes: 4) { _ = peak_read($0[0], part) },
  ]
}

private func threads(_ count: Int) -> String { count == 1 ? "1 thread" : "\(count) threads" }
