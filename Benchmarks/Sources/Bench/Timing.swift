import Runs

/// The least time of a sample, more than a thousand times the resolution of the clock.
private let leastSample = 1e-3
/// The time from which a call needs no warm-up, so that its first time counts.
private let longCall = 0.05

/// Returns the seconds that a call of each body takes, sampled in rounds over all bodies until `budget`
/// seconds are used up.
///
/// There are at least five rounds. If they take ten times the budget, there are at least three; if they take
/// 150 times the budget, at least one.
func sample(_ bodies: [() -> Void], _ budget: Double) -> [Statistics] {
  var samples = bodies.map { _ in [Double]() }, calls = bodies.map { _ in 1 }
  var spent = 0.0
  for (i, body) in bodies.enumerated() {
    let first: Double
    (calls[i], first) = callsForSample(body)
    if first >= longCall {
      samples[i].append(first)
      spent += first
    }
  }
  func leastRounds() -> Int { spent < 10 * budget ? 5 : spent < 150 * budget ? 3 : 1 }
  while spent < budget || samples.contains(where: { $0.count < leastRounds() }) {
    for (i, body) in bodies.enumerated() {
      let taken = seconds(calls[i], body)
      spent += taken
      samples[i].append(taken / Double(calls[i]))
    }
  }
  return samples.map(Statistics.init)
}

/// Finds the number of calls in a sample by trying. Returns it with the time of the last attempt.
private func callsForSample(_ body: () -> Void) -> (calls: Int, taken: Double) {
  var calls = 1
  var taken = seconds(1, body)
  while taken < leastSample {
    calls = max(calls + 1, Int(Double(calls) * min(10, 1.2 * leastSample / max(taken, 1e-9))))
    taken = seconds(calls, body)
  }
  return (calls, taken)
}

/// Returns the seconds that so many calls take.
func seconds(_ calls: Int, _ body: () -> Void) -> Double {
  ContinuousClock().measure { for _ in 0..<calls { body() } } / .seconds(1)
}
