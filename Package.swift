// swift-tools-version: 6.3
import PackageDescription

// From the ground up: what is listed later may use what is listed earlier, never the other way round.
let package = Package(
  name: "martlet",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Martlet", targets: ["Martlet"]),
    .library(name: "MartletCore", targets: ["MartletCore"]),
    .library(name: "MartletLayers", targets: ["MartletLayers"]),
    .library(name: "MartletOptimizers", targets: ["MartletOptimizers"]),
    .library(name: "MartletData", targets: ["MartletData"]),
    .library(name: "MartletTraining", targets: ["MartletTraining"]),
    .executable(name: "digits", targets: ["DigitsExample"]),
    .executable(name: "article", targets: ["ArticleExample"]),
    .executable(name: "regression", targets: ["RegressionExample"]),
    .executable(name: "pca", targets: ["PCAExample"]),
    .executable(name: "gaussian-process", targets: ["GaussianProcessExample"]),
    .executable(name: "kalman-filter", targets: ["KalmanFilterExample"]),
    .executable(name: "writer", targets: ["WriterExample"]),
    .executable(name: "cnn", targets: ["CNNExample"]),
    .executable(name: "autoencoder", targets: ["AutoencoderExample"]),
    .executable(name: "resnet", targets: ["ResNetExample"]),
    // For the benchmarks, which are a package of their own.
    .library(name: "ResNetModel", targets: ["ResNetModel"]),
  ],
  targets: [
    // The BLAS that every product of matrices runs on.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev", "liblapacke-dev"]), .brew(["openblas", "lapack"])]),
    // LAPACK's C interface, which ends in the same OpenBLAS on Debian.
    .systemLibrary(
      name: "CLAPACKE", pkgConfig: "lapacke",
      providers: [.apt(["libopenblas-dev", "liblapacke-dev"]), .brew(["openblas", "lapack"])]),
    // Loops over elements, compiled for several instruction sets.
    .target(name: "CKernels", linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    // A thread's own state, the walk over its callers and the workers that share a loop.
    .target(name: "CRuntime"),
    // The embedded handwritten digits.
    .target(name: "CDigits"),
    // Memory, loops, operations and tape: all that is generic over the element.
    .martlet("Core", ["COpenBLAS", "CLAPACKE", "CKernels", "CRuntime"]),
    // Modules with parameters, and losses.
    .martlet("Layers", ["MartletCore"]),
    // Steps over parameters.
    .martlet("Optimizers", ["MartletCore"]),
    // Data sets, loaders and files.
    .martlet("Data", ["MartletCore", "CDigits"]),
    // What joins models and data: metrics.
    .martlet("Training", ["MartletCore", "MartletLayers", "MartletData"]),
    // The umbrella: `import Martlet`.
    .target(
      name: "Martlet",
      dependencies: ["MartletCore", "MartletLayers", "MartletOptimizers", "MartletData", "MartletTraining"]),

    // Programs: the demo, the article, linear algebra at work, networks that read, see and write, and the ones whose output is tested to the letter.
    .target(name: "ExamplePrinting", path: "Sources/Examples/Printing"),
    .example("Digits"),
    .example("Article"),
    .example("Regression"),
    .example("PCA"),
    .example("GaussianProcess"),
    .example("KalmanFilter"),
    .example("Writer"),
    .example("CNN"),
    .example("Autoencoder"),
    .target(name: "ResNetModel", dependencies: ["Martlet"], path: "Sources/Examples/ResNetModel"),
    .example("ResNet", ["ResNetModel"]),
    .program("Article"),
    .program("Classifier"),
    .program("Errors"),
    .program("Semantics"),
    .executableTarget(name: "TutorialProgram", dependencies: ["Martlet"], path: "Tests/Tutorial"),

    // Tests, one folder for each target.
    .target(name: "TestSupport", dependencies: ["MartletCore"], path: "Tests/TestSupport"),
    // Counts what tests allocate.
    .target(name: "CAllocations", path: "Tests/CAllocations"),
    // Forks, and computes before main.
    .target(name: "CProcess", dependencies: ["CKernels"], path: "Tests/Process"),
    // How far the loops lie from the C library.
    .target(name: "CSweep", dependencies: ["CKernels"], path: "Tests/Sweep"),
    .tests("Core", ["CKernels", "CRuntime", "COpenBLAS", "CAllocations", "CProcess", "CSweep"]),
    .tests("Data", ["CDigits"]),
    .tests("Layers", ["ResNetModel"]),
    .tests("Optimizers"),
    .tests("Training"),
    .testTarget(
      name: "ProgramTests",
      dependencies: [
        "TestSupport", "ArticleProgram", "ClassifierProgram", "ErrorsProgram", "SemanticsProgram",
        "TutorialProgram",
      ]),
  ],
  swiftLanguageModes: [.v6]
)

extension Target {
  /// A module of the library: `Martlet<Name>` in `Sources/<Name>`.
  static func martlet(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(
      name: "Martlet" + name, dependencies: dependencies, path: "Sources/" + name,
      swiftSettings: [.enableUpcomingFeature("InternalImportsByDefault")]
        // Core's operations name the kernels' constants, while only its folder Kernels imports the C module.
        + (name == "Core" ? [] : [.enableUpcomingFeature("MemberImportVisibility")]))
  }

  /// A program for users to run and to learn from.
  static func example(_ name: String, _ more: [Target.Dependency] = []) -> Target {
    .executableTarget(
      name: name + "Example", dependencies: ["Martlet", "ExamplePrinting"] + more,
      path: "Sources/Examples/" + name)
  }

  /// A whole program that a test runs.
  static func program(_ name: String) -> Target {
    .executableTarget(name: name + "Program", dependencies: ["Martlet"], path: "Tests/Programs/" + name)
  }

  /// The tests of a module, which may look inside it.
  static func tests(_ name: String, _ more: [Target.Dependency] = []) -> Target {
    .testTarget(name: name + "Tests", dependencies: ["Martlet", "TestSupport"] + more)
  }
}
