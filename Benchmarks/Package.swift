// swift-tools-version: 6.3
import PackageDescription

// The benchmarks are a separate package, so that users of the library do not build them.
let package = Package(
  name: "benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "martlet", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
  ],
  targets: [
    // OpenBLAS without Martlet, for comparison.
    .systemLibrary(
      name: "CBareBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    // LAPACK without Martlet, for comparison.
    .systemLibrary(
      name: "CBareLAPACK", pkgConfig: "lapacke", providers: [.apt(["liblapacke-dev"]), .brew(["lapack"])]),
    // The peak of the machine: multiply-adds from registers.
    .target(name: "CPeak"),
    // Recorded runs: statistics, the JSON file, the comparison of two runs, and the plot of a run.
    .target(name: "Runs"),
    // The workloads and the command.
    .executableTarget(
      name: "bench",
      dependencies: [
        .product(name: "Martlet", package: "martlet"),
        .product(name: "ResNetModel", package: "martlet"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"), "CBareBLAS", "CBareLAPACK",
        "CPeak", "Runs",
      ],
      path: "Sources/Bench"),
    .testTarget(name: "RunsTests", dependencies: ["Runs"]),
  ],
  swiftLanguageModes: [.v6]
)
