import CKernels

/// The factors of discrete Fourier transforms of one length and element type.
final class FourierPlan: @unchecked Sendable {
  /// The plan as the loops read it. It does not change after the initialiser.
  let plan: UnsafeMutablePointer<MTFourier>
  private let factors: Storage, coarse: Storage
  /// The plans of the transforms of which this one is made.
  private let parts: [FourierPlan]
  fileprivate let bytes: Int

  /// The lines, real or complex, for which a plan is made.
  private struct Key: Equatable {
    let n: Int, element: ElementType, isReal: Bool
  }

  /// The plans that were used last; the newest is the last.
  private static let cache = Guarded<[(key: Key, plan: FourierPlan)]>([], .fourier)

  /// Returns the plan of lines of n elements with parts of type `element`: from the cache, or a new one. The cache
  /// keeps plans of up to ``Tuning/fourierPlans`` and ``Tuning/fourierBytes`` in all.
  static func of(_ n: Int, _ element: ElementType, isReal: Bool = false) throws(OutOfMemory) -> FourierPlan {
    let key = Key(n: n, element: element, isReal: isReal)
    let found: FourierPlan? = cache.withLock { plans in
      guard let index = plans.lastIndex(where: { $0.key == key }) else { return nil }
      let entry = plans.remove(at: index)
      plans.append(entry)
      return entry.plan
    }
    if let found { return found }
    let made = try isReal ? FourierPlan(real: n, element) : FourierPlan(n, element)
    cache.withLock { plans in
      plans.append((key, made))
      var bytes = plans.reduce(0) { $0 + $1.plan.bytes }
      while plans.count > 1, plans.count > Tuning.fourierPlans || bytes > Tuning.fourierBytes {
        bytes -= plans.removeFirst().plan.bytes
      }
    }
    return made
  }

  /// Creates the plan of complex lines. A part of another plan has passes only.
  private convenience init(_ n: Int, _ element: ElementType, isPart: Bool = false) throws(OutOfMemory) {
    var plan = MTFourier()
    var parts: [FourierPlan] = []
    if martlet_fourier_factor(&plan, n) == 0 {
      parts = [try FourierPlan(FourierPlan.roundedUp(2 * n - 1), element, isPart: true)]
      plan.inner = UnsafePointer(parts[0].plan)
    } else if !isPart, n >= Tuning.fourierSteps, let columns = FourierPlan.divisor(of: n, plan) {
      parts = [
        try FourierPlan(columns, element, isPart: true), try FourierPlan(n / columns, element, isPart: true),
      ]
      (plan.columns, plan.rows) = (UnsafePointer(parts[0].plan), UnsafePointer(parts[1].plan))
      plan.side = Int(Double(n).squareRoot()) + 1
    }
    try self.init(plan, parts, element, isReal: false)
    if let inner = plan.inner {
      // The filter of Bluestein's transform follows the chirp.
      let filter = UnsafeMutableRawPointer(mutating: self.plan.pointee.factors!) + 2 * n * element.size
      let loops = element.loops.pointee.fourier
      let scratch = try Scratch(loops.scratch(inner), of: element)
      loops.rows(
        inner, filter, 0, filter, 0, 1, MTFourierScale(factor: 1, inverse: 0), scratch.address)
      extendLifetime(scratch)
    }
  }

  /// Creates the plan that turns the transform of n / 2 complex elements into that of n real ones, and back.
  private convenience init(real n: Int, _ element: ElementType) throws(OutOfMemory) {
    var plan = MTFourier()
    plan.n = n
    try self.init(plan, [], element, isReal: true)
  }

  private init(_ plan: MTFourier, _ parts: [FourierPlan], _ element: ElementType, isReal: Bool)
    throws(OutOfMemory)
  {
    var plan = plan
    let count = withUnsafePointer(to: plan) { martlet_fourier_count($0, isReal ? 1 : 0) }
    let factorBytes = count.times(element.size)
    let coarseCount = plan.columns == nil ? 0 : 2 * (plan.side + (plan.n + plan.side - 1) / plan.side)
    let coarseBytes = coarseCount * MemoryLayout<Double>.size
    guard let factors = Storage(count: factorBytes, stride: 1) else { throw OutOfMemory(bytes: factorBytes) }
    guard let coarse = Storage(count: coarseBytes, stride: 1) else { throw OutOfMemory(bytes: coarseBytes) }
    plan.factors = UnsafeRawPointer(factors.pointer)
    plan.coarse = UnsafePointer(coarse.pointer.assumingMemoryBound(to: Double.self))
    self.plan = .allocate(capacity: 1)
    self.plan.initialize(to: plan)
    martlet_fourier_fill(self.plan, isReal ? 1 : 0, element == .f64 ? 1 : 0)
    bytes = factorBytes + coarseBytes + parts.reduce(0) { $0 + $1.bytes }
    self.factors = factors
    self.coarse = coarse
    self.parts = parts
  }

  deinit { plan.deallocate() }

  /// Returns the least length from `least` on whose only odd factors are few threes and fives, and which has a factor
  /// of 64.
  private static func roundedUp(_ least: Int) -> Int {
    [1, 3, 5, 9, 15].map { (odd: Int) in
      var n = odd * 64
      while n < least { n *= 2 }
      return n
    }.min()!
  }

  /// Returns the largest product of some radices that is at most the root of n; nil if there is only 1.
  private static func divisor(of n: Int, _ plan: MTFourier) -> Int? {
    var divisors: Set<Int> = [1]
    withUnsafeBytes(of: plan.radices) { radices in
      for radix in radices.bindMemory(to: Int.self).prefix(plan.passes) {
        divisors.formUnion(divisors.map { $0 * radix }.filter { $0 <= n / $0 })
      }
    }
    return divisors.max().flatMap { $0 > 1 ? $0 : nil }
  }
}
