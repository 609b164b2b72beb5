import Martlet
import TestSupport
import Testing

/// Changes in place of tensors with history, or by tensors with history: values and gradients must be those of the
/// same program without changes in place.
@Suite struct RecordedChangesTests {
  typealias T = Tensor<Double>
  /// A change of y [2, 3], which has history, by s [3], and the new tensor as a formula.
  typealias Change = (name: String, change: @Sendable (T, T) -> Void, formula: @Sendable (T, T) -> T)

  private static func rows(_ first: T, _ second: T) -> T { .stacked([first, second]) }

  static let changes: [Change] = [
    ("add", { $0.add($1, scaledBy: 2) }, { $0 + $1 * 2 }), ("subtract", { $0.subtract($1) }, { $0 - $1 }),
    ("multiply", { $0.multiply(by: $1) }, { $0 * $1 }), ("divide", { $0.divide(by: $1) }, { $0 / $1 }),
    ("assign", { $0.assign($1) }, { $0 * 0 + $1 }), ("fill", { y, _ in y.fill(7) }, { y, _ in y * 0 + 7 }),
    ("row", { $0[1] = $1 }, { rows($0[0], $1) }),
    ("scalar", { y, _ in y[0] = 5 }, { y, _ in rows(y[0] * 0 + 5, y[1]) }),
    (
      "column", { $0[.all, -1] = $1[1] },
      { y, s in T.concatenated([y[.all, 0..<2], (s[1] + T.zeros([2, 1]))], axis: 1) }
    ),
    (
      "every second element", { $0[.all, .stride(by: 2)] = $1[..<2] },
      { y, s in T.stacked([s[0] + y[.all, 0] * 0, y[.all, 1], s[1] + y[.all, 0] * 0], axis: 1) }
    ),
    (
      "through a transposed view", { $0.transposed()[1].multiply(by: $1[0]) },
      { y, s in
        T.stacked([y[.all, 0], y[.all, 1] * s[0], y[.all, 2]], axis: 1)
      }
    ),
    (
      "through a view of a view", { $0[1][1...].add($1[0...1]) },
      { y, s in
        rows(y[0], T.concatenated([y[1, 0..<1], y[1, 1...] + s[0...1]]))
      }
    ),
    ("reversed", { $0[.stride(by: -1), .stride(by: -1)] = $1 }, { y, s in y * 0 + s[.stride(by: -1)] }),
    ("indices", { $0[[-1]] = $1 }, { rows($0[0], $1) }),
    (
      "columns by indices", { $0[.all, [0, 2]] = $1[..<2] },
      { y, s in
        T.stacked([s[0] + y[.all, 0] * 0, y[.all, 1], s[1] + y[.all, 0] * 0], axis: 1)
      }
    ),
    (
      "pairs of indices, one twice", { $0[[0, 1, 1], [2, 0, 0]] = $1 },
      { y, s in
        rows(T.concatenated([y[0, 0..<2], s[0..<1]]), T.concatenated([s[2...], y[1, 1...]]))
      }
    ),
    (
      "a mask", { $0[Tensor<Bool>([[true, false, false], [false, true, true]])] = $1 },
      { y, s in
        rows(T.concatenated([s[0..<1], y[0, 1...]]), T.concatenated([y[1, 0..<1], s[1...]]))
      }
    ),
    (
      "a mask by a scalar", { y, _ in y[Tensor<Bool>([false, true])] = 3 },
      { y, _ in rows(y[0], y[1] * 0 + 3) }
    ),
    (
      "put", { $0.put(Tensor<Int>([0, 4, -1]), $1) },
      { y, s in
        rows(T.concatenated([s[0..<1], y[0, 1...]]), T.concatenated([y[1, 0..<1], s[1...]]))
      }
    ),
    (
      "put, accumulated", { $0.put(Tensor<Int>([1, 1]), $1[1...], accumulate: true) },
      { y, s in rows(y[0] + T([0, 1, 0]) * (s[1] + s[2]), y[1]) }
    ),
    ("by a part of itself", { y, _ in y[0] = y[1] }, { y, _ in rows(y[1], y[1]) }),
    (
      "twice",
      { y, s in
        y[0] = s; y.multiply(by: s); y[1].add(y[0])
      }, { y, s in rows(s * s, y[1] * s + s * s) }
    ),
  ]

  private func leaves() -> (T, T) {
    (T([[1, 2, 3], [-4, 5, -6]], requiresGrad: true), T([0.5, -2, 4], requiresGrad: true))
  }

  private let weights = T([[3, -1, 2], [7, 5, -3]])

  /// The values, the gradients and the gradients of the gradients' squares.
  private func results(_ x: T, _ s: T, _ y: T) -> [[Double]] {
    let cubes = (y * y * y * weights).sum()
    guard let gradients = try? catchingTensorErrors({ cubes.gradients(of: [x, s], createGraph: true) }) else {
      // The formula does not depend on s.
      let g = cubes.gradient(of: x, createGraph: true)
      return [y.scalars, g.scalars, (g * g).sum().gradient(of: x).scalars]
    }
    let squares = (gradients[0] * gradients[0]).sum() + (gradients[1] * gradients[1]).sum()
    return [y.scalars] + gradients.map(\.scalars) + squares.gradients(of: [x, s]).map(\.scalars)
  }

  /// Returns y as a tensor with its own memory, whose elements the tape does not need.
  private func target(_ x: T) -> T { x + T([[1, 1, 1], [1, 1, 2]]) }

  @Test(arguments: changes.indices) func aChangeIsRecorded(_ number: Int) {
    let (_, change, formula) = Self.changes[number], (x, s) = leaves(), y = target(x)
    change(y, s)
    #expect(results(x, s, y) == results(x, s, formula(target(x), s)))
  }

  @Test(arguments: changes.indices) func aTargetInAnotherOrder(_ number: Int) {
    let (_, change, formula) = Self.changes[number], (x, s) = leaves()
    let turned = T((target(x).detached()).transposed().scalars, shape: [3, 2], requiresGrad: true)
    let y = turned.transposed() + 0
    change(y, s)
    #expect(results(turned, s, y) == results(turned, s, formula(turned.transposed() + 0, s)))
  }

  @Test(arguments: changes.indices) func aTargetWithoutHistory(_ number: Int) {
    let (_, change, formula) = Self.changes[number], (x, s) = leaves()
    let plain = target(x).detached(), y = plain.cloned()
    change(y, s)
    let expected = formula(plain, s)
    #expect(y.scalars == expected.scalars && y.requiresGrad == expected.requiresGrad)
    guard expected.requiresGrad else { return }
    #expect(
      (y * weights).sum().gradient(of: s).scalars == (expected * weights).sum().gradient(of: s).scalars)
  }

  @Test(arguments: changes.indices) func aViewWithGapsWithoutABase(_ number: Int) {
    let (_, change, formula) = Self.changes[number], (x, s) = leaves(), wide = T.zeros([2, 6])
    wide[.all, .stride(from: 1, by: 2)] = target(x).detached()
    let y = wide[.all, .stride(from: 1, by: 2)].detached()
    let expected = formula(y.cloned(), s)
    change(y, s)
    #expect(y.scalars == expected.scalars && y.requiresGrad == expected.requiresGrad)
    #expect(wide[.all, 0].scalars == [0, 0])
    guard expected.requiresGrad else { return }
    #expect(
      (y * weights).sum().gradient(of: s).scalars == (expected * weights).sum().gradient(of: s).scalars)
  }

  // MARK: Views of the target

  @Test func aViewTakenBeforeFollows() {
    let (x, s) = leaves(), y = target(x), view = y[.all, 1...], turned = y.transposed()
    y[0] = s
    #expect(view.scalars == [-2, 4, 6, -4])
    let gradients = (view * T([[1, 2], [3, 4]])).sum().gradients(of: [x, s], retainGraph: true)
    #expect(gradients[0].scalars == [0, 0, 0, 0, 3, 4] && gradients[1].scalars == [0, 1, 2])
    #expect(turned.sum().gradient(of: s).scalars == [1, 1, 1])
  }

  @Test func aViewWithoutHistoryFollows() {
    let (_, s) = leaves(), plain = T.zeros([2, 3]), view = plain[1], isFree = !view.requiresGrad
    plain[1, 0] = s[2]
    #expect(isFree && view.requiresGrad && !view.isLeaf && plain.requiresGrad)
    #expect(view.sum().gradient(of: s).scalars == [0, 0, 1])
  }

  @Test func aChangeThroughAViewConcernsTheOthers() {
    let (x, s) = leaves(), y = target(x), one = y[0], other = y[.all, 0]
    one.multiply(by: s)
    #expect(other.scalars == [1, -3])
    let gradients = other.sum().gradients(of: [x, s], retainGraph: true)
    #expect(gradients[0].scalars == [0.5, 0, 0, 1, 0, 0] && gradients[1].scalars == [2, 0, 0])
    #expect(one.sum().gradient(of: s).scalars == [2, 3, 4])
  }

  @Test func aViewMadeInNoGradStaysAConstant() {
    let (_, s) = leaves(), plain = T.zeros([3]), view = noGrad { plain[0...] }
    plain[0] = s[0]
    #expect(view.scalars == [0.5, 0, 0] && !view.requiresGrad && !view[0].requiresGrad)
  }

  @Test func aLeafThatIsAViewStaysALeaf() {
    let (_, s) = leaves(), plain = T.zeros([3]), view = plain[1...]
    view.requiresGrad = true
    plain[0] = s[0]
    #expect(view.isLeaf)
    view.sum().backward()
    #expect(view.grad?.scalars == [1, 1])
  }

  @Test func aResultOfTheOldElementsKeepsTheirHistory() {
    let (x, s) = leaves(), y = target(x), before = y[0] + 1
    y[0] = s
    #expect(before.sum().gradient(of: x).scalars == [1, 1, 1, 0, 0, 0])
  }

  @Test func aRecurrenceInPlace() {
    let x = T([1, 2, 3, 4], requiresGrad: true), sums = T.zeros([4])
    sums[0] = x[0]
    for i in 1..<4 { sums[i] = sums[i - 1] + x[i] }
    #expect(sums.scalars == [1, 3, 6, 10])
    #expect(sums.sum().gradient(of: x).scalars == [4, 3, 2, 1])
  }

  // MARK: The tape

  @Test func theNewHistoryIsNamed() {
    let (x, s) = leaves(), y = target(x)
    y[0] = s
    #expect(y.gradFunction?.name == "AssignBackward" && y.gradFunction?.inputs.count == 2)
    #expect(!y.isLeaf && x.isLeaf)
  }

  @Test func aSavedTensorThatIsChangedIsReported() {
    let (x, s) = leaves(), y = target(x), square = y * y
    y[0] = s
    #expect(refusal { square.sum().backward() }?.reason.contains("MulBackward") == true)
    let z = target(x), factor = z[0]
    factor.multiply(by: s)
    #expect(refusal { z.sum().backward() } == nil, "the factor was copied")
  }

  @Test func nothingIsRecordedInNoGrad() {
    let (x, s) = leaves(), y = target(x)
    noGrad { y[0] = s }
    #expect(y.gradFunction?.name == "AddBackward")
  }

  @Test func manyChanges() {
    let (x, s) = leaves(), y = target(x)
    for i in 0..<20_000 { y[0, i % 3] = s[i % 3] }
    let gradients = y.sum().gradients(of: [x, s])
    #expect(gradients[0].scalars == [0, 0, 0, 1, 1, 1] && gradients[1].scalars == [1, 1, 1])
  }

  @Test func aTensorOfIntegersByItself() {
    let x = Tensor<Int>([2, 0, 1])
    x[x] = Tensor<Int>([900, 901, 902])
    #expect(x.scalars == [901, 902, 900])
  }
}
