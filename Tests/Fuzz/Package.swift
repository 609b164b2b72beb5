// swift-tools-version: 6.3
import PackageDescription

// Fuzzing is a separate package, because a plain build cannot link libFuzzer's main function.
let package = Package(
  name: "fuzz",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "martlet", path: "../..")],
  targets: [
    .executableTarget(
      name: "fuzz", dependencies: [.product(name: "MartletData", package: "martlet")], path: "Sources")
  ],
  swiftLanguageModes: [.v6]
)
