import CKernels
import Testing

/// The optimizers' loops with subnormal numbers, which are slow on a CPU.
@Suite struct UpdateKernelTests {
  /// The running means of one element after a step with a gradient of 0.
  private func after<E>(
    _ first: E, _ zero: E, _ settings: MTSettings, _ step: (UnsafePointer<MTUpdate>) -> Void
  ) -> E {
    var w = zero, g = zero, m = first, u = zero
    withUnsafeMutablePointer(to: &w) { w in
      withUnsafePointer(to: &g) { g in
        withUnsafeMutablePointer(to: &m) { m in
          withUnsafeMutablePointer(to: &u) { u in
            var update = MTUpdate(
              parameter: w, gradient: g, first: m, second: u, third: nil, count: 1, steps: 5, product: 1,
              settings: settings)
            step(&update)
          }
        }
      }
    }
    return m
  }

  private func settings(_ change: (inout MTSettings) -> Void = { _ in }) -> MTSettings {
    var settings = MTSettings()
    (settings.learningRate, settings.momentum, settings.epsilon) = (0.1, 0.5, 1e-8)
    (settings.beta1, settings.beta2) = (0.5, 0.5)
    change(&settings)
    return settings
  }

  private func expectAnEnd<E: BinaryFloatingPoint>(_ least: E, _ loops: MTKernels) {
    for (rule, settings) in [
      (.sgd, settings()), (.sgd, settings { $0.nesterov = 1 }), (.adam, settings()), (.adamax, settings()),
      (.nadam, settings()), (.radam, settings()), (.lion, settings()),
    ] as [(MTRule, MTSettings)] {
      let step = { (update: UnsafePointer<MTUpdate>) in loops.update[Int(rule.rawValue)]!(update, 0, 1) }
      #expect(after(least, 0, settings, step) == 0)
      #expect(after(2 * least, 0, settings, step) == least)
      #expect(after(.nan, 0, settings, step).isNaN)
    }
  }

  @Test(arguments: [1, -1]) func aMeanOfDeadGradientsEndsAtZero(_ sign: Int) {
    expectAnEnd(Float(sign) * .leastNormalMagnitude, martlet_kernels_f32.pointee)
    expectAnEnd(Double(sign) * .leastNormalMagnitude, martlet_kernels_f64.pointee)
  }
}
