import Runs

/// The least time of a sample: a thousand times the clock's resolution and more.
private let leastSample = 1e-3
/// A call that takes this long needs no warming up, and its first time counts.
private let longCall = 0.05

/// Seconds a call of each body, in rounds over all bodies until `budget` seconds are used up. The rounds are
/// five at least; three when these take ten times the budget, fewer when they take 150 times as much.
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

/// How many calls make a sample, found by making them, and how long the last attempt took.
private func callsForSample(_ body: () -> Void) -> (calls: Int, taken: Double) {
  var calls = 1
  var taken = seconds(1, body)
  while taken < leastSample {
    calls = max(calls + 1, Int(Double(calls) * min(10, 1.2 * leastSample / max(taken, 1e-9))))
    taken = seconds(calls, body)
  }
  return (calls, taken)
}

/// Seconds that so many calls take.
func seconds(_ calls: Int, _ body: () -> Void) -> Double {
  ContinuousClock().measure { for _ in 0..<calls { body() } } / .seconds(1)
}
