// The weights of neighbours in the resampling modes that use more than two of them.

/// A function of the distance by which neighbours are weighted.
struct ResamplingFilter {
  private let isCubic: Bool, isSmooth: Bool

  /// Returns nil for a mode that uses one or two neighbours.
  init?(_ mode: UpsamplingMode) {
    switch mode {
    case .nearest, .nearestExact, .linear: return nil
    case .cubic: (isCubic, isSmooth) = (true, false)
    case .smoothLinear: (isCubic, isSmooth) = (false, true)
    case .smoothCubic: (isCubic, isSmooth) = (true, true)
    }
  }

  /// The distance beyond which neighbours have no weight, for positions `step` elements apart.
  private func reach(_ step: Double) -> Double { (isCubic ? 2 : 1) * (isSmooth ? max(step, 1) : 1) }

  /// The number of neighbours of a position on an axis of `count` elements.
  func taps(_ step: Double, _ count: Int) -> Int {
    let most = 2 * reach(step) + 1
    return most < Double(count) ? Int(most) : count
  }

  /// Returns the map of `target` positions, `step` elements apart, on an axis of `count` elements.
  func resampling(_ count: Int, _ target: Int, _ step: Double, _ alignCorners: Bool) -> Resampling {
    let taps = taps(step, count), stretch = isSmooth ? max(step, 1) : 1
    var lower = [Int64](), weights = [Double](repeating: 0, count: target * taps)
    lower.reserveCapacity(target)
    for j in 0..<target {
      // PyTorch's smooth modes place the centres alike with aligned corners.
      let centre =
        alignCorners && !isSmooth ? Double(j) * step : (Double(j) + 0.5) * step - 0.5
      let nearest = isSmooth ? centre + 0.5 - reach(step) + 0.5 : centre.rounded(.down) - 1
      let end = isSmooth ? Int(centre + 0.5 + reach(step) + 0.5) : Int(nearest) + 4
      let neighbours = isSmooth ? max(Int(nearest), 0)..<min(end, count) : Int(nearest)..<end
      let first = min(max(neighbours.lowerBound, 0), count - taps)
      lower.append(Int64(first))
      let parts = neighbours.map { weight((Double($0) - centre) / stretch) }
      let total = isSmooth ? parts.reduce(0, +) : 1
      for (neighbour, part) in zip(neighbours, parts) {
        weights[j * taps + min(max(neighbour, 0), count - 1) - first] += part / total
      }
    }
    return Resampling(count: count, lower: lower, weights: weights, taps: taps)
  }

  private func weight(_ distance: Double) -> Double {
    let x = abs(distance)
    if !isCubic { return max(1 - x, 0) }
    let slope = isSmooth ? -0.5 : -0.75
    if x <= 1 { return ((slope + 2) * x - (slope + 3)) * x * x + 1 }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * slope : 0
  }
}
