import MartletCore
import TestSupport
import Testing

@Suite struct CreationTests {
  @Test func nestedLiteralsGiveTheShape() {
    let vector = Tensor([1.5, 2.5, 3.5])
    #expect(vector.shape == [3] && vector.scalars == [1.5, 2.5, 3.5])
    let matrix = Tensor<Float>([[1, 2, 3], [4, 5, 6]])
    #expect(
      matrix.shape == [2, 3] && matrix.scalars == [1, 2, 3, 4, 5, 6] && matrix.rank == 2 && matrix.count == 6)
    let cube = Tensor<Int>([[[1], [2], [3]], [[4], [5], [6]]])
    #expect(cube.shape == [2, 3, 1] && cube.scalars == [1, 2, 3, 4, 5, 6])
    let four = Tensor<Double>([[[[1, 2]], [[3, 4]]], [[[5, 6]], [[7, 8]]], [[[9, 10]], [[11, 12]]]])
    #expect(four.shape == [3, 2, 1, 2] && four.scalars == (1...12).map(Double.init))
    #expect(Tensor<Bool>([[true, false]]).scalars == [true, false])
    #expect(Tensor<UInt8>([7]).item == 7 && Tensor<Int32>(5).shape == [])
    #expect(Tensor<Float>([[], []] as [[Float]]).shape == [2, 0])
    #expect(Tensor<Float>([[[]], [[]], [[]]] as [[[Float]]]).shape == [3, 1, 0])
  }

  static let mistakes: [@Sendable () -> Any] = [
    { Tensor<Float>([[1, 2], [3]]) }, { Tensor<Float>([[], [3]]) }, { Tensor<Float>([[[1], [2]], [[3]]]) },
    { Tensor<Float>([[[1], [2]], [[3], [4, 5]]]) }, { Tensor<Float>([[[1, 2]], [[3], [4]]]) },
    { Tensor<Float>([[[[1]], [[2]]], [[[3]]]]) }, { Tensor<Float>([[[[1]]], [[[2], [3]]]]) },
    { Tensor<Float>([[[[1, 2]]], [[[3]]]]) },
    { Tensor<Float>([1, 2, 3], shape: [2, 2]) }, { Tensor<Float>([], shape: []) },
    { Tensor<Float>([1], shape: [-1, -1]) }, { Tensor<Float>([1, 2], shape: [1 << 62, 8]) },
    { Tensor<Float>.zeros([2, -1]) }, { Tensor<Int>.full([-3], 1) },
    { Tensor<Float>.ones([1 << 40, 1 << 40]) },
    { Tensor<Double>.identity(-1) },
    { Tensor<Float>.arange(0, 1, step: 0) }, { Tensor<Int>.arange(0, 5, step: 0) },
    { Tensor<Double>.arange(0, .infinity) }, { Tensor<Double>.arange(.nan, 1) },
    { Tensor<Float>.linspace(0, 1, count: -1) },
    { Tensor<Int>([1, 2], requiresGrad: true) },
  ]

  @Test(arguments: mistakes.indices) func whatFitsNoShapeIsRefused(_ number: Int) {
    let error = #expect(throws: TensorError.self) { try catchingTensorErrors { _ = Self.mistakes[number]() } }
    #expect(error?.location?.hasPrefix("CreationTests.swift:") == true, "\(error?.description ?? "")")
  }

  @Test func whatNoMemoryHoldsIsRefused() {
    let error = #expect(throws: TensorError.self) {
      try catchingTensorErrors { Tensor<Float>.zeros([1 << 50]).scalars }
    }
    #expect(error?.operation == "memory" && error?.reason.contains("[\(1 << 50)]") == true)
    let view = Tensor<Float>(1).broadcast(to: [1 << 50])
    #expect(throws: TensorError.self) { try catchingTensorErrors { #expect(view.scalars.isEmpty) } }
    #expect(throws: TensorError.self) {
      try catchingTensorErrors { #expect((view + 1).exp().sum().isFailed) }
    }
  }

  @Test func constantsFillEveryElement() {
    #expect(Tensor<Float>.zeros([2, 3]).scalars == Array(repeating: 0, count: 6))
    #expect(
      Tensor<Double>.ones([3]).scalars == [1, 1, 1] && Tensor<Int>.full([2, 2], 7).scalars == [7, 7, 7, 7])
    #expect(Tensor<Bool>.full([2], true).scalars == [true, true] && Tensor<UInt8>.ones([]).item == 1)
    #expect(
      Tensor<Int32>.identity(3).scalars == [1, 0, 0, 0, 1, 0, 0, 0, 1] && Tensor<Float>.identity(1).item == 1)
    #expect(Tensor<Float>.identity(0).shape == [0, 0])
    #expect(Tensor<Double>.full([200, 900], -2).sum().item == -360_000)
  }

  /// The end, and values that round to it, are not among the elements for any step.
  @Test func floatsStopBeforeTheEnd() {
    #expect(Tensor<Float>.arange(0, 0.3, step: 0.1).scalars == [0, 0.1, 0.2])
    #expect(Tensor<Float>.arange(0.1, 1.1).scalars == [0.1])
    #expect(Tensor<Float>.arange(1, 1.3, step: 0.1).scalars == [1, 1.1, 1.2])
    #expect(Tensor<Float>.arange(0.3, 0, step: -0.1).scalars == [0.3, 0.2, 0.1])
    for hundredths in 1...60 {
      for count in 1...60 {
        // The step and the end are the Floats next to decimal numbers, as a program would write them.
        let step = Float(Double(hundredths) / 100), end = Float(Double(hundredths * count) / 100)
        let x = Tensor<Float>.arange(0, end, step: step).scalars
        #expect(x.count == count, "\(step) to \(end)")
        #expect(x == (0..<x.count).map { Float(Double($0) * (Double(hundredths) / 100)) })
      }
    }
  }

  /// The values of numpy.arange, to the bit in Double. Float values are those rounded.
  @Test func arangeIsNumPys() {
    let tenths = [
      0, 0.1, 0.2, 0.30000000000000004, 0.4, 0.5, 0.6000000000000001, 0.7000000000000001, 0.8, 0.9,
    ]
    #expect(Tensor<Double>.arange(0, 1, step: 0.1).scalars == tenths)
    #expect(Tensor<Double>.arange(1, -2.1, step: -0.75).scalars == [1, 0.25, -0.5, -1.25, -2])
    #expect(
      Tensor<Double>.arange(0, 0.3, step: 0.1).count == 3
        && Tensor<Double>.arange(1, 1.3, step: 0.1).count == 4)
    #expect(Tensor<Float>.arange(0, 10, step: 2).scalars == [0, 2, 4, 6, 8])
    #expect(
      Tensor<Int>.arange(5, -2, step: -3).scalars == [5, 2, -1]
        && Tensor<Int>.arange(0, 7, step: 3).scalars == [0, 3, 6])
    #expect(Tensor<Int>.arange(3, 3).shape == [0] && Tensor<Float>.arange(3, 1).shape == [0])
    #expect(Tensor<UInt8>.arange(250, 255).scalars == [250, 251, 252, 253, 254])
    #expect(Tensor<Int>.arange(1 << 60, 1 << 60 + 3).scalars == [1 << 60, 1 << 60 + 1, 1 << 60 + 2])
    #expect(Tensor<Int>.arange(.max - 2, .max).scalars == [.max - 2, .max - 1])
    #expect(Tensor<Int>.arange(.min, .min + 3, step: 2).scalars == [.min, .min + 2])
  }

  /// The values of numpy.linspace, to the bit.
  @Test func linspaceIsNumPys() {
    let sixths = [
      0, 0.16666666666666666, 0.3333333333333333, 0.5, 0.6666666666666666, 0.8333333333333333, 1,
    ]
    #expect(Tensor<Double>.linspace(0, 1, count: 7).scalars == sixths)
    #expect(
      Tensor<Double>.linspace(-2, 3, count: 4).scalars == [-2, -0.33333333333333326, 1.3333333333333335, 3])
    #expect(Tensor<Float>.linspace(5, -1, count: 5).scalars == [5, 3.5, 2, 0.5, -1])
    #expect(
      Tensor<Float>.linspace(3, 9, count: 1).scalars == [3]
        && Tensor<Float>.linspace(3, 9, count: 0).shape == [0])
    #expect(Tensor<Float>.linspace(0.1, 0.9, count: 6).scalars.last == 0.9)
  }

  @Test func castsKeepOrRefuse() throws {
    let x = Tensor<Double>([[-1.9, 0, 0.5], [2.5, 3.99, 1e9]])
    #expect(Tensor<Float>(x).scalars == [-1.9, 0, 0.5, 2.5, 3.99, 1e9])
    #expect(
      Tensor<Int>(x).scalars == [-1, 0, 0, 2, 3, 1_000_000_000]
        && Tensor<Int32>(x.transposed()).scalars == [-1, 2, 0, 3, 0, 1_000_000_000])
    #expect(Tensor<Bool>(x).scalars == [true, false, true, true, true, true])
    #expect(
      Tensor<Double>(Tensor<Bool>([true, false])).scalars == [1, 0] && Tensor<Int>(x > 1).sum().item == 3)
    #expect(Tensor<UInt8>(Tensor<Double>([-0.9, 255.9])).scalars == [0, 255])
    #expect(Tensor<Float>(Tensor<Double>([1e300, .nan])).scalars[0] == .infinity)
    #expect(Tensor<Int>(Tensor<Double>([-0x1p63])).item == .min)
    #expect(Tensor<Double>(x[.stride(by: -1), 1...]).scalars == [3.99, 1e9, 0, 0.5])
    let bad: [@Sendable () -> Any] = [
      { Tensor<Int>(Tensor<Float>([.nan])) }, { Tensor<Int32>(Tensor<Double>([0x1p31])) },
      { Tensor<Int>(Tensor<Float>([0x1p63])) }, { Tensor<UInt8>(Tensor<Int>([-1])) },
      { Tensor<UInt8>(Tensor<Double>([256])) }, { Tensor<Int32>(Tensor<Int>([1 << 31])) },
      { Tensor<Int>(Tensor<Double>([.infinity])) }, { Tensor<UInt8>(Tensor<Int32>([3, 300])) },
    ]
    for (number, cast) in bad.enumerated() {
      #expect(throws: TensorError.self, "\(number)") { try catchingTensorErrors { _ = cast() } }
    }
    let copy = Tensor<Double>(x)
    copy.fill(0)
    #expect(x[0, 0].item == -1.9)
  }

  @Test func scalarsStandBesideTensors() {
    let x = Tensor<Float>(3), y = Tensor<Double>(0.5), z = Tensor<Bool>(true), n = Tensor<Int>(-4)
    #expect(x.shape == [] && x.item == 3 && y.item == 0.5 && z.item && n.item == -4)
    let a = Tensor<Float>([1, 2])
    #expect((a + 1).scalars == [2, 3] && (1 - a).scalars == [0, -1] && (a * 0.5).scalars == [0.5, 1])
    #expect(a.pow(2).scalars == [1, 4] && a.where(a > 1, else: 0).scalars == [0, 2])
    #expect((2 / a).scalars == [2, 1] && (-a).scalars == [-1, -2])
    let k = 3, half = 0.5
    #expect((a * k).scalars == [3, 6] && (half + a).scalars == [1.5, 2.5])
    #expect(Tensor.maximum(a, 1.5).scalars == [1.5, 2] && Tensor.minimum(1.5, a).scalars == [1, 1.5])
    var b = a
    b += 1
    b *= half
    b -= k
    b /= Float(2)
    #expect(b.scalars == [-1, -0.75] && a.scalars == [1, 2])
    a.add(1)
    a.multiply(by: 3)
    a.subtract(2)
    a.divide(by: 4)
    #expect(a.scalars == [1, 1.75])
  }

  @Test func scalarsAreAssigned() throws {
    let x = Tensor<Float>.zeros([3, 2]), k = 3, half = 0.5, two: Float = 2
    x[0] = 1
    x[1, 0] = half
    x[[2, 1], file: #fileID, line: #line] = k
    x[Tensor<Int>([1])] = two
    #expect(x.scalars == [1, 1, 2, 2, 3, 3])
    x[x > 2] = -0.25
    x[0] += 10
    x[1..., 1] *= 2
    #expect(x.scalars == [11, 11, 2, 4, -0.25, -0.5])
    let mask = x > 0
    mask[0] = false
    mask[mask] = true
    #expect(mask.scalars == [false, false, true, true, false, false])
    let n = Tensor<UInt8>.zeros([2])
    n[0] = 1.9
    n[1] = 200
    #expect(n.scalars == [1, 200])
    #expect(
      try #require(refusal { n[0] = 300 }).reason == "1 of 1 elements are NaN or out of range for UInt8")
  }

  @Test func scalarsAndEmptyTensorsWorkEverywhere() {
    let s = Tensor<Double>(2), e = Tensor<Double>.zeros([2, 0])
    #expect(s.count == 1 && s.rank == 0 && (s * s + 1).item == 5 && s.exp().log().shape == [])
    #expect(s.sum().item == 2 && s.mean().item == 2 && s.max().item == 2 && s.sum(axes: []).item == 2)
    #expect(s.variance(correction: 0).item == 0 && s.argmax().item == 0)
    #expect(s.reshaped([1]).item == 2 && s.flattened().shape == [1] && s.squeezed().item == 2)
    #expect(
      s.permuted([]).item == 2 && s.cloned().item == 2 && (s > 1).item && s.where(s > 3, else: 0).item == 0)
    #expect(e.count == 0 && (e + 1).shape == [2, 0] && (e + s).shape == [2, 0] && e.exp().scalars == [])
    #expect((e + Tensor([[1.0], [2]])).shape == [2, 0] && e.transposed().shape == [0, 2])
    #expect(e.softmax(axis: 0).shape == [2, 0] && e.softmax(axis: 1).shape == [2, 0] && (e .== e).all())
    #expect(
      e.tanh().relu().clamped(0...1).count == 0 && Tensor.maximum(e, e).count == 0 && e.cloned().count == 0)
    e.fill(3)
    e.add(e)
    e.assign(s)
    e[0] = 1
    e[e > 0] = 2
    #expect(e.scalars == [] && e[1].shape == [0] && "\(e)" == "[]" && "\(s)" == "2.0")
    for make in [{ e.item }, { Tensor<Double>([1, 2]).item }] {
      #expect(throws: TensorError.self) { try catchingTensorErrors { _ = make() } }
    }
    #expect(Tensor<Double>([[[7]]]).item == 7)
  }

  @Test func eightAxesWorkAndNineAreRefused() throws {
    let shape: TensorShape = [2, 1, 3, 1, 2, 1, 1, 2]
    let x = Tensor<Int>.arange(0, 24).reshaped(shape)
    #expect(
      x.rank == 8 && x[1, 0, 2, 0, 1, 0, 0, 1].item == 23 && x.sum(axes: [0, 2, 4, 7]).scalars == [276])
    #expect(x.permuted([7, 6, 5, 4, 3, 2, 1, 0]).scalars.prefix(4) == [0, 12, 4, 16])
    #expect((x.permuted([7, 6, 5, 4, 3, 2, 1, 0]) + x).shape == [2, 1, 3, 2, 2, 3, 1, 2])
    let nine: [@Sendable () -> Any] = [
      { Tensor<Float>.zeros([1, 1, 1, 1, 1, 1, 1, 1, 1]) },
      { Tensor<Float>([], shape: [0, 1, 1, 1, 1, 1, 1, 1, 1]) },
      { Tensor<Float>.normal([1, 1, 1, 1, 1, 1, 1, 1, 1]) },
      { Tensor<Float>(1).reshaped([1, 1, 1, 1, 1, 1, 1, 1, 1]) },
      { Tensor<Float>(1).broadcast(to: [1, 1, 1, 1, 1, 1, 1, 1, 1]) },
      { TensorShape(Array(repeating: 1, count: 9)) },
    ]
    for (number, make) in nine.enumerated() {
      let error = #expect(throws: TensorError.self, "\(number)") {
        try catchingTensorErrors {
          let made = make()
          if let tensor = made as? Tensor<Float> {
            #expect(tensor.isFailed && tensor.scalars.isEmpty, "\(number)")
          }
        }
      }
      #expect(error?.operation == "shape", "\(number)")
      // A literal's line is found only from the symbols. The location must not be a file of the library.
      #expect(error?.location?.hasPrefix("TensorShape") != true, "\(number): \(error?.description ?? "")")
    }
  }
}
