import Testing

@testable import Runs

@Suite struct StatisticsTests {
  @Test func quartilesAreInterpolated() {
    let odd = Statistics([3, 1, 2, 5, 4])
    #expect((odd.lowerQuartile, odd.median, odd.upperQuartile) == (2, 3, 4))
    let even = Statistics([4, 1, 3, 2])
    #expect((even.lowerQuartile, even.median, even.upperQuartile) == (1.75, 2.5, 3.25))
  }

  @Test func aSpreadBeyondTenPercentIsNoise() {
    #expect(Statistics([95, 95, 100, 105, 105]).spread == 0.1)
    #expect(!Statistics([95, 95, 100, 105, 105]).isNoisy)
    #expect(Statistics([94, 94, 100, 105, 105]).isNoisy)
  }

  @Test func twoSamplesTellNoSpread() {
    #expect(Statistics([1, 2]).spread == nil)
    #expect(!Statistics([1]).isNoisy)
  }

  @Test(arguments: [
    (1.5e-9, "1.50 ns"), (0.25e-9, "0.250 ns"), (0.00412, "4.12 ms"), (12.34e-6, "12.3 µs"),
    (345e-9, "345 ns"),
    (2, "2.00 s"),
  ]) func secondsChooseTheirUnit(_ seconds: Double, _ expected: String) {
    #expect(figure(seconds, "s") == expected)
  }

  @Test func decimalsAreRoundedAndFilledUp() {
    #expect(fixed(1.05, 2) == "1.05" && fixed(0.999, 2) == "1.00" && fixed(-2.5, 1) == "-2.5")
    #expect(fixed(-0.001, 2) == "0.00" && fixed(1234.5, 0) == "1235" && fixed(.infinity, 2) == "inf")
  }
}
