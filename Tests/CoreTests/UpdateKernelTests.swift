import CKernels
import Testing

/// What the optimizers' loops do with numbers that a CPU is slow with.
@Suite struct UpdateKernelTests {
  /// The running means of one element after a step with a gradient of 0.
  private func after<E>(
    _ first: E, _ zero: E, _ step: (UnsafePointer<MTUpdate>) -> Void
  ) -> E {
    var w = zero, g = zero, m = first, u = zero
    withUnsafeMutablePointer(to: &w) { w in
      withUnsafePointer(to: &g) { g in
        withUnsafeMutablePointer(to: &m) { m in
          withUnsafeMutablePointer(to: &u) { u in
            var update = MTUpdate(parameter: w, gradient: g, first: m, second: u, count: 1, steps: 5)
            step(&update)
          }
        }
      }
    }
    return m
  }

  private let sgd = MTSGD(learningRate: 0.1, momentum: 0.5, dampening: 0, weightDecay: 0, nesterov: 0)
  private let nesterov = MTSGD(learningRate: 0.1, momentum: 0.5, dampening: 0, weightDecay: 0, nesterov: 1)
  private let adam = MTAdam(
    learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 1e-8, weightDecay: 0, decoupled: 0)

  private func expectAnEnd<E: BinaryFloatingPoint>(_ least: E, _ loops: MTKernels) {
    for step in [
      { loops.sgd($0, 0, 1, sgd) }, { loops.sgd($0, 0, 1, nesterov) }, { loops.adam($0, 0, 1, adam) },
    ] as [(UnsafePointer<MTUpdate>) -> Void] {
      #expect(after(least, 0, step) == 0)
      #expect(after(2 * least, 0, step) == least)
      #expect(after(.nan, 0, step).isNaN)
    }
  }

  @Test(arguments: [1, -1]) func aMeanOfDeadGradientsEndsAtZero(_ sign: Int) {
    expectAnEnd(Float(sign) * .leastNormalMagnitude, martlet_kernels_f32.pointee)
    expectAnEnd(Double(sign) * .leastNormalMagnitude, martlet_kernels_f64.pointee)
  }
}
