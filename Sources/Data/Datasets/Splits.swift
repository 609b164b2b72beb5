import MartletCore

/// A rule for the samples that a split puts into each part.
///
/// ```swift
/// let digits = try Digits().dataset
/// let (train, test) = digits.split(0.8, 0.2, seed: 1, by: .strata(digits.targets.all.scalars))
/// ```
public struct SplitRule: Sendable {
  enum Kind { case random, strata, groups }
  let kind: Kind
  /// The number of each sample's stratum or group.
  let keys: [Int]

  private init<Key: Hashable>(_ kind: Kind, _ keys: [Key]) {
    self.kind = kind
    var numbers: [Key: Int] = [:]
    self.keys = keys.map { key in
      if let known = numbers[key] { return known }
      defer { numbers[key] = numbers.count }
      return numbers.count
    }
  }

  /// Any sample may come into any part.
  public static let random = SplitRule(.random, [Int]())

  /// Each part has nearly the same share of each stratum: of the samples with equal keys, such as a class.
  public static func strata(_ keys: [some Hashable]) -> SplitRule { SplitRule(.strata, keys) }

  /// The samples of a group, those with equal keys, come into the same part, such as all images of one person.
  ///
  /// The parts have the sizes that are asked for as far as the sizes of the groups allow.
  public static func groups(_ keys: [some Hashable]) -> SplitRule { SplitRule(.groups, keys) }
}

extension Dataset {
  /// Returns parts of a dataset: for each fraction as many samples, in random order. No sample is in two of them.
  ///
  /// The fractions must be at least 0 and add up to at most 1, else it is an error. The samples beyond their sum are in
  /// no part. The rule has a key for each sample. The parts depend on the seed, the fractions and the rule alone.
  ///
  /// ```swift
  /// let parts = try Digits().dataset.split([0.5, 0.25, 0.25], seed: 1)
  /// print(parts.map(\.count))  // [899, 449, 449]
  /// ```
  public func split(
    _ fractions: [Double], seed: UInt64, by rule: SplitRule = .random, file: StaticString = #fileID,
    line: UInt = #line
  ) -> [Part] {
    let sum = fractions.reduce(0, +)
    var fractions = fractions
    if !fractions.allSatisfy({ $0 >= 0 }) || !(sum <= 1 + 1e-9) {
      programError(
        "split", "the fractions \(fractions) must be at least 0 and add up to at most 1", file, line)
      fractions = fractions.map { _ in 0 }
    }
    return positions(fractions, seed, rule, "split", file, line).map { subset($0, file: file, line: line) }
  }

  /// Returns two parts of a dataset.
  ///
  /// ```swift
  /// let (train, test) = try Digits().dataset.split(0.8, 0.2, seed: 1)
  /// print(train.count, test.count)
  /// ```
  public func split(
    _ first: Double, _ second: Double, seed: UInt64, by rule: SplitRule = .random,
    file: StaticString = #fileID, line: UInt = #line
  ) -> (Part, Part) {
    let parts = split([first, second], seed: seed, by: rule, file: file, line: line)
    return (parts[0], parts[1])
  }

  /// Returns three parts of a dataset, such as for training, validation and test.
  ///
  /// ```swift
  /// let (train, validation, test) = try Digits().dataset.split(0.7, 0.15, 0.15, seed: 1)
  /// print(train.count, validation.count, test.count)
  /// ```
  public func split(
    _ first: Double, _ second: Double, _ third: Double, seed: UInt64, by rule: SplitRule = .random,
    file: StaticString = #fileID, line: UInt = #line
  ) -> (Part, Part, Part) {
    let parts = split([first, second, third], seed: seed, by: rule, file: file, line: line)
    return (parts[0], parts[1], parts[2])
  }

  /// Returns `count` pairs for cross-validation: each sample is in the test part of one pair, and in the training part
  /// of all others.
  ///
  /// The number of folds must be at least 2 and at most that of the samples, or of the groups; else it is an error.
  ///
  /// ```swift
  /// for (train, test) in try Digits().dataset.folds(5, seed: 1) { print(train.count, test.count) }
  /// ```
  public func folds(
    _ count: Int, seed: UInt64, by rule: SplitRule = .random, file: StaticString = #fileID, line: UInt = #line
  ) -> [(train: Part, test: Part)] {
    let most = rule.kind == .groups ? Set(rule.keys).count : self.count
    guard count >= 2, count <= most else {
      programError("folds", "the number of folds must be in 2...\(most), not \(count)", file, line)
      return []
    }
    let share = [Double](repeating: 1 / Double(count), count: count)
    let tests = positions(share, seed, rule, "folds", file, line)
    return tests.indices.map { fold in
      let train = tests.indices.filter { $0 != fold }.flatMap { tests[$0] }
      return (subset(train, file: file, line: line), subset(tests[fold], file: file, line: line))
    }
  }

  /// Returns the positions of each part; none after a mistake if the rule's keys do not fit.
  private func positions(
    _ fractions: [Double], _ seed: UInt64, _ rule: SplitRule, _ name: String, _ file: StaticString,
    _ line: UInt
  ) -> [[Int]] {
    if rule.kind != .random && rule.keys.count != count {
      programError(name, "\(rule.keys.count) keys do not fit \(count) samples; each needs one", file, line)
      return fractions.map { _ in [] }
    }
    var random = RandomGenerator(seed: seed)
    let order = random.permutation(count).scalars
    return rule.kind == .groups
      ? grouped(order, fractions, rule.keys) : cut(rule.ordered(order), order, fractions)
  }

  /// Cuts an order into parts. Within a part the samples come as in `shuffled`.
  private func cut(_ order: [Int], _ shuffled: [Int], _ fractions: [Double]) -> [[Int]] {
    var owner = [Int](repeating: -1, count: count)
    var sum = 0.0, from = 0
    for (part, fraction) in fractions.enumerated() {
      sum += fraction
      let to = min(max(from, Int((sum * Double(count)).rounded())), count)
      for position in order[from..<to] { owner[position] = part }
      from = to
    }
    var parts = fractions.map { _ in [Int]() }
    for position in shuffled where owner[position] >= 0 { parts[owner[position]].append(position) }
    return parts
  }

  /// Puts each group, the largest first, into the part that lacks most; the samples beyond all fractions are a part
  /// too, which is left out at the end.
  private func grouped(_ order: [Int], _ fractions: [Double], _ keys: [Int]) -> [[Int]] {
    var groups: [Int: [Int]] = [:], names: [Int] = []
    for position in order {
      if groups[keys[position], default: []].isEmpty { names.append(keys[position]) }
      groups[keys[position], default: []].append(position)
    }
    // Swift's sort is stable, so groups of one size stay in random order.
    names.sort { groups[$0]!.count > groups[$1]!.count }
    var missing = fractions.map { $0 * Double(count) }
    missing.append(max(0, 1 - fractions.reduce(0, +)) * Double(count))
    var parts = missing.map { _ in [Int]() }
    for name in names {
      let part = missing.indices.max { missing[$0] < missing[$1] }!
      parts[part] += groups[name]!
      missing[part] -= Double(groups[name]!.count)
    }
    return Array(parts.dropLast())
  }
}

extension SplitRule {
  /// Returns an order in which the samples of each stratum are spread evenly, so that each stretch has its share.
  fileprivate func ordered(_ shuffled: [Int]) -> [Int] {
    if kind == .random { return shuffled }
    var sizes: [Int: Int] = [:], seen: [Int: Int] = [:]
    for key in keys { sizes[key, default: 0] += 1 }
    let places = shuffled.map { position in
      let rank = seen[keys[position], default: 0]
      seen[keys[position]] = rank + 1
      return (Double(rank) + 0.5) / Double(sizes[keys[position]]!)
    }
    return shuffled.indices.sorted { places[$0] < places[$1] }.map { shuffled[$0] }
  }
}

extension TensorDataset where Target == Int {
  /// Returns two parts of a dataset. With `stratified` each part has nearly the same share of each class.
  ///
  /// ```swift
  /// let (train, test) = try Digits().dataset.split(0.8, 0.2, seed: 1, stratified: true)
  /// print(train.count, test.count)
  /// ```
  public func split(
    _ first: Double, _ second: Double, seed: UInt64, stratified: Bool, file: StaticString = #fileID,
    line: UInt = #line
  ) -> (TensorDataset, TensorDataset) {
    split(first, second, seed: seed, by: stratified ? strata : .random, file: file, line: line)
  }

  /// Returns three parts of a dataset. With `stratified` each part has nearly the same share of each class.
  ///
  /// ```swift
  /// let (train, validation, test) = try Digits().dataset.split(0.7, 0.15, 0.15, seed: 1, stratified: true)
  /// print(train.count, validation.count, test.count)
  /// ```
  public func split(
    _ first: Double, _ second: Double, _ third: Double, seed: UInt64, stratified: Bool,
    file: StaticString = #fileID, line: UInt = #line
  ) -> (TensorDataset, TensorDataset, TensorDataset) {
    split(first, second, third, seed: seed, by: stratified ? strata : .random, file: file, line: line)
  }

  private var strata: SplitRule { .strata(targets.all.scalars) }
}
