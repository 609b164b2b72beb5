// `kalman-filter` tracks a body that moves in the plane. Its velocity changes little, and its position is
// measured with noise. The Kalman filter estimates a position from the measurements up to that time. The
// smoother of Rauch, Tung and Striebel uses all measurements.

import ExamplePrinting
import Martlet

/// The estimate of a state [x, y, vx, vy]: its mean `[4]` and covariance `[4, 4]`.
struct Belief {
  var mean: Tensor<Double>, covariance: Tensor<Double>
}

/// The model of the motion. The next state is F times this state plus noise of covariance Q. A measurement is
/// H times the state plus noise of covariance R.
struct Motion {
  let f = Tensor<Double>([[1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0], [0, 0, 0, 1]])
  let h = Tensor<Double>([[1, 0, 0, 0], [0, 1, 0, 0]])
  /// The effect on the state of an acceleration during the time step.
  let push = Tensor<Double>([[0.5, 0], [0, 0.5], [1, 0], [0, 1]])
  let acceleration = 0.1, error = 3.0

  var q: Tensor<Double> { push.matmul(push.transposed()) * (acceleration * acceleration) }
  var r: Tensor<Double> { Tensor.identity(2) * (error * error) }

  func predict(_ now: Belief) -> Belief {
    Belief(mean: f.matmul(now.mean), covariance: f.matmul(now.covariance).matmul(f.transposed()) + q)
  }

  /// Corrects a prediction by a measurement. The gain is `P Hᵀ S⁻¹`, where S is the covariance of the
  /// difference between measurement and prediction. It is the transpose of the solution of `S X = H P`.
  func update(_ predicted: Belief, with measured: Tensor<Double>) throws(LinearAlgebraError) -> Belief {
    let p = predicted.covariance, hp = h.matmul(p)
    let s = hp.matmul(h.transposed()) + r
    let gain = try s.solve(hp, assuming: .positiveDefinite).transposed()
    let surprise = measured - h.matmul(predicted.mean)
    return Belief(mean: predicted.mean + gain.matmul(surprise), covariance: p - gain.matmul(hp))
  }

  /// Corrects an estimate by the next one. The gain is `P Fᵀ P'⁻¹`, where P' is the predicted covariance.
  func smooth(_ now: Belief, by next: Belief) throws(LinearAlgebraError) -> Belief {
    let predicted = predict(now)
    let gain = try predicted.covariance.solve(f.matmul(now.covariance), assuming: .positiveDefinite)
      .transposed()
    return Belief(
      mean: now.mean + gain.matmul(next.mean - predicted.mean),
      covariance: now.covariance
        + gain.matmul(next.covariance - predicted.covariance).matmul(gain.transposed()))
  }
}

let motion = Motion(), steps = 100
var random = RandomGenerator(seed: 7)
var state = Tensor<Double>([0, 0, 1, 0.5]), truth: [Tensor<Double>] = [], measured: [Tensor<Double>] = []
for _ in 0..<steps {
  let noise = random.normal([2], deviation: motion.acceleration)
  state = motion.f.matmul(state) + motion.push.matmul(noise)
  truth.append(state[..<2])
  measured.append(motion.h.matmul(state) + random.normal([2], deviation: motion.error))
}

/// Returns the root mean square distance from the truth.
func distance(of positions: [Tensor<Double>], from truth: [Tensor<Double>]) -> Double {
  let error = Tensor.stacked(positions) - Tensor.stacked(truth)
  return (error * error).sum(axis: 1).mean().sqrt().item
}

do {
  // A wide covariance: at first the state is unknown.
  var belief = Belief(mean: .zeros([4]), covariance: Tensor.identity(4) * 100), filtered: [Belief] = []
  for position in measured {
    belief = try motion.update(motion.predict(belief), with: position)
    filtered.append(belief)
  }
  var smoothed = filtered
  for i in (0..<steps - 1).reversed() { smoothed[i] = try motion.smooth(filtered[i], by: smoothed[i + 1]) }

  print("step            truth         measured         filtered         smoothed  deviations")
  for i in stride(from: 9, to: steps, by: 10) {
    let places = [truth[i], measured[i], filtered[i].mean, smoothed[i].mean].map { place in
      column(place[0].item, decimals: 2) + column(place[1].item, 8, decimals: 2)
    }
    let deviations = [filtered[i], smoothed[i]].map {
      column($0.covariance[0, 0].sqrt().item, 6, decimals: 2)
    }
    print(padded("\(i + 1)", 4) + places.joined() + deviations.joined())
  }
  print("\nroot mean square distance from the truth")
  for (name, positions) in [
    ("measured", measured), ("filtered", filtered.map { $0.mean[..<2] }),
    ("smoothed", smoothed.map { $0.mean[..<2] }),
  ] { print(name + column(distance(of: positions, from: truth), 7)) }
} catch {
  // A covariance is no longer positive definite, or a measurement is NaN.
  fatalError("\(error)")
}
