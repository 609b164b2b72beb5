import Testing

@testable import MartletCore

/// Tensors that share storage, and the methods that change it in place.
@Suite struct ViewTests {
  private func numbers(_ shape: TensorShape) -> Tensor<Double> {
    Tensor((0..<shape.elementCount).map { Double($0 + 1) }, shape: shape)
  }

  typealias View = (name: String, of: @Sendable (Tensor<Double>) -> Tensor<Double>)

  /// Views of [3, 4] that hold the element [1, 2], number 7.
  static let views: [View] = [
    ("row", { $0[1] }), ("negative row", { $0[-2] }), ("element", { $0[1, 2] }), ("column", { $0[0..., 2] }),
    ("range", { $0[1..<3, 1...] }), ("new axis", { $0[.newAxis, 1] }), ("step", { $0[0..., .stride(by: 2)] }),
    ("reversed", { $0[.stride(by: -1), .stride(by: -1)] }), ("transposed", { $0.transposed() }),
    ("permuted", { $0.permuted([1, 0]) }), ("reshaped", { $0.reshaped([2, 3, 2]) }),
    ("flattened", { $0.flattened() }),
    ("reshaped rows of a slice", { $0[0..., 2...].reshaped([3, 2, 1]) }),
    ("expanded", { $0.expandedDims(axis: 1) }), ("squeezed", { $0.expandedDims(axis: 0).squeezed() }),
    ("broadcast", { $0.broadcast(to: [2, 3, 4]) }), ("detached", { $0.detached() }),
    ("split", { $0.split(sizes: [1, 2])[1] }),
    ("view of views", { $0.transposed()[1...][.stride(by: -1)][0..., 1] }),
  ]

  @Test(arguments: views.indices) func aChangeIsSeenThroughEveryView(_ number: Int) {
    let x = numbers([3, 4]), view = Self.views[number].of(x), name = Self.views[number].name
    #expect(view.scalars.contains(7), "\(name)")
    let version = x.storage.version
    x[1, 2] = 100
    #expect(view.scalars.contains(100) && !view.scalars.contains(7), "\(name)")
    #expect(x.storage.version > version && view.storage.version == x.storage.version, "\(name)")
    guard name != "broadcast" else { return }
    let before = x.storage.version
    view.add(1000)
    #expect(x[1, 2].item == 1100 && x.storage.version > before, "\(name)")
    #expect(x.scalars.count { $0 >= 1000 } == view.count, "\(name)")
  }

  static let copies: [View] = [
    ("cloned", { $0.cloned() }), ("rows", { $0[[0, 1, 2]] }), ("mask", { $0[$0 > 0] }),
    ("repeated", { $0.repeated(1, insertingAxisAt: 0) }),
    ("concatenated", { Tensor.concatenated([$0]) }), ("stacked", { Tensor.stacked([$0]) }),
    ("sum of no axes", { $0.sum(axes: []) }),
    ("reshaped across memory", { $0.transposed().reshaped([12]) }), ("plus zero", { $0 + 0 }),
    ("cast", { Tensor<Double>($0) }),
  ]

  @Test(arguments: copies.indices) func aCopyIsItsOwn(_ number: Int) {
    let x = numbers([3, 4]), copy = Self.copies[number].of(x), name = Self.copies[number].name
    #expect(copy.scalars.sorted() == x.scalars, "\(name)")
    copy.fill(0)
    #expect(x.scalars == (1...12).map(Double.init), "\(name)")
    x.fill(5)
    #expect(copy.scalars.allSatisfy { $0 == 0 }, "\(name)")
  }

  @Test func verbsChangeInPlaceWithBroadcasting() {
    let x = numbers([2, 3]), row = Tensor<Double>([10, 20, 30]), column = Tensor<Double>([[2], [4]])
    x.add(row)
    #expect(x.scalars == [11, 22, 33, 14, 25, 36])
    x.add(column, scaledBy: -0.5)
    #expect(x.scalars == [10, 21, 32, 12, 23, 34])
    x.subtract(row)
    #expect(x.scalars == [0, 1, 2, 2, 3, 4])
    x.multiply(by: column)
    #expect(x.scalars == [0, 2, 4, 8, 12, 16])
    x.divide(by: 4)
    #expect(x.scalars == [0, 0.5, 1, 2, 3, 4])
    x.transposed().assign(Tensor([7, 8]))
    #expect(x.scalars == [7, 7, 7, 8, 8, 8])
    x.fill(-1)
    #expect(x.scalars == [-1, -1, -1, -1, -1, -1])
    let bytes = Tensor<UInt8>([250, 3])
    bytes.add(10)
    bytes.multiply(by: 2)
    #expect(bytes.scalars == [8, 26])
    let integers = Tensor<Int>([-7, 7])
    integers.divide(by: 2)
    #expect(integers.scalars == [-3, 3])
    let large = Tensor<Int>([0])
    large.add(Tensor([1]), scaledBy: 1 << 60 + 1)
    #expect(large.item == 1 << 60 + 1)
  }

  /// Rows in reverse order, of a size that is split over threads, and of short rows.
  @Test(arguments: [(70, 1003), (300, 3)]) func reversedRowsAreReadAndWritten(_ rows: Int, _ columns: Int) {
    func check<Element: TensorScalar & BinaryInteger>(_: Element.Type) {
      let numbers = (0..<rows * columns).map { Element(truncatingIfNeeded: $0) }
      let x = Tensor(numbers, shape: [rows, columns]), y = x.cloned(), z = x.cloned()
      let reversed = (0..<rows).flatMap { numbers[$0 * columns..<($0 + 1) * columns].reversed() }
      #expect(x.flipped(axis: 1).cloned().scalars == reversed, "\(Element.self)")
      y[0..., .stride(by: -1)] = x
      #expect(y.scalars == reversed, "\(Element.self)")
      z[0..., .stride(by: -1)] = y[0..., .stride(by: -1)]
      #expect(z.scalars == reversed, "\(Element.self)")
    }
    check(UInt8.self)
    check(Int16.self)
    check(Int32.self)
    check(Int.self)
  }

  @Test func refusedVerbsChangeNothing() {
    let verbs: [@Sendable (Tensor<Double>) -> Void] = [
      { $0.add(Tensor([1, 2])) }, { $0.assign(Tensor<Double>.ones([1, 2, 3])) },
      { $0.multiply(by: Tensor<Double>.ones([3, 3])) },
      { $0.subtract(Tensor<Double>.ones([2, 2])) }, { $0.divide(by: Tensor([1, 2])) },
      { $0[0, ..<1].assign(Tensor([1, 2])) },
    ]
    for (number, verb) in verbs.enumerated() {
      let x = numbers([2, 3]), version = x.storage.version
      #expect(throws: TensorError.self, "\(number)") { try catchingTensorErrors { verb(x) } }
      #expect(x.scalars == [1, 2, 3, 4, 5, 6] && x.storage.version == version, "\(number)")
    }
    let n = Tensor<Int>([4, 6])
    #expect(throws: TensorError.self) { try catchingTensorErrors { n.divide(by: Tensor([1, 0])) } }
    #expect(throws: TensorError.self) { try catchingTensorErrors { _ = n / 0 } }
    #expect(n.scalars == [4, 6])
  }

  @Test func writingWhereElementsShareMemoryIsRefused() {
    let x = numbers([3])
    let writes: [@Sendable (Tensor<Double>) -> Void] = [
      { $0.fill(0) }, { $0.assign(Tensor(1)) }, { $0.add(1) }, { $0[0] = 2 }, { $0[[0]] = 1 },
      { $0[$0 > 0] = 1 }, { $0.transposed()[0] = 5 }, { $0[0..., 1].multiply(by: 2) },
    ]
    for (number, write) in writes.enumerated() {
      let wide = x.broadcast(to: [2, 3])
      // A single row of the broadcast rows holds each element once and may be changed. The other views hold
      // an element twice.
      if number == 3 { continue }
      let error = #expect(throws: TensorError.self, "\(number)") { try catchingTensorErrors { write(wide) } }
      #expect(error?.reason.contains("share memory") == true)
      #expect(x.scalars == [1, 2, 3])
    }
    x.broadcast(to: [2, 3])[0] = Tensor([7, 8, 9])
    #expect(x.scalars == [7, 8, 9])
  }

  @Test func overlappingSourceAndTarget() {
    func changed(_ verb: (Tensor<Double>) -> Void) -> [Double] {
      let x = numbers([5])
      verb(x)
      return x.scalars
    }
    #expect(changed { $0[0..<3].assign($0[1..<4]) } == [2, 3, 4, 4, 5])
    #expect(changed { $0[1..<4].assign($0[0..<3]) } == [1, 1, 2, 3, 5])
    #expect(changed { $0.assign($0[.stride(by: -1)]) } == [5, 4, 3, 2, 1])
    #expect(changed { $0[.stride(by: -1)].add($0) } == [6, 6, 6, 6, 6])
    #expect(changed { $0[1...].add($0[..<4]) } == [1, 3, 5, 7, 9])
    #expect(changed { $0[..<4].subtract($0[1...], file: #fileID, line: 1) } == [-1, -1, -1, -1, 5])
    #expect(changed { $0.add($0) } == [2, 4, 6, 8, 10])
    #expect(changed { $0.multiply(by: $0[1]) } == [2, 4, 6, 8, 10])
    #expect(changed { $0[.stride(by: 2)].multiply(by: $0[0..<3]) } == [1, 2, 6, 4, 15])
    #expect(changed { $0[1...3] = $0[0...2] } == [1, 1, 2, 3, 5])
    #expect(changed { $0[[1, 2, 3]] = $0[[0, 1, 2]] } == [1, 1, 2, 3, 5])
    #expect(changed { $0[[1, 2, 3]] = $0[0..<3] } == [1, 1, 2, 3, 5])
    #expect(changed { $0[$0 > 2] = $0[0..<3] } == [1, 2, 1, 2, 3])
    #expect(changed { $0[$0 > 2] = $0[0] } == [1, 2, 1, 1, 1])
  }

  /// The source starts at the target's first element with the same strides, and is broadcast over the target.
  @Test func aBroadcastPartOfTheTargetAsSource() {
    let x = numbers([2, 3])
    x.add(x[0..<1])
    #expect(x.scalars == [2, 4, 6, 5, 7, 9])
    let y = numbers([2, 3])
    y.subtract(y[0..., 0..<1])
    #expect(y.scalars == [0, 1, 2, 0, 1, 2])
    let z = numbers([6])[.stride(by: 2)]
    z.divide(by: z[0..<1] + 1)
    #expect(z.scalars == [0.5, 1.5, 2.5])
    let w = numbers([8])[.stride(by: 2)]
    w.multiply(by: w[0..<1] * 1)
    w.add(w[0..<1])
    #expect(w.scalars == [2, 4, 6, 8])
    let matrix = numbers([2, 2])
    matrix.transposed().assign(matrix)
    #expect(matrix.scalars == [1, 3, 2, 4])
  }

  @Test func operatorsWithAssignmentBindANewTensor() {
    var a = numbers([3])
    let old = a, view = a[1...], version = a.storage.version
    a += 1
    #expect(a.scalars == [2, 3, 4] && old.scalars == [1, 2, 3] && view.scalars == [2, 3])
    a -= Tensor([1, 1, 1])
    a *= 4
    a /= Tensor([2, 4, 8])
    #expect(a.scalars == [2, 2, 1.5] && old.scalars == [1, 2, 3] && old.storage.version == version)
    let b = numbers([2, 2])
    b[0] += 10
    #expect(b.scalars == [11, 12, 3, 4])
  }
}
