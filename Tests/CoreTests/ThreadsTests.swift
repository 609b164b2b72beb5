import MartletCore
import Testing

@Suite struct ThreadsTests {
  /// The number is one for the process: hence a process of its own.
  @Test func anyNumberMayBeAskedFor() async {
    await #expect(processExitsWith: .success) {
      for count in [-1, 0, 1, 3, Int.max] {
        Threads.count = count
        #expect(Threads.count == max(count, 1))
        let square = Tensor<Float>.ones([201, 201])
        #expect((square.matmul(square) .== 201).all())
      }
    }
  }
}
