// swift-tools-version: 6.3
import PackageDescription

// The folders of Tests/CoreTests to build, separated by commas; all if the variable is not set. To compile the others
// for a release or a sanitizer, and to run none of them, takes minutes.
let coreTests = Context.environment["MARTLET_CORE_TESTS"]?.split(separator: ",").map(String.init)

// Targets in the order of their layers: a target uses only targets that are listed before it.
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
    // The benchmarks, which are a separate package, use this model.
    .library(name: "ResNetModel", targets: ["ResNetModel"]),
  ],
  targets: [
    // OpenBLAS, on which the matrix products run.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev", "liblapacke-dev"]), .brew(["openblas", "lapack"])]),
    // LAPACK's C interface. On Debian it calls the same OpenBLAS.
    .systemLibrary(
      name: "CLAPACKE", pkgConfig: "lapacke",
      providers: [.apt(["libopenblas-dev", "liblapacke-dev"]), .brew(["openblas", "lapack"])]),
    // Inflates and deflates: compressed .npz and .gz files.
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    // The loops over elements, compiled for several instruction sets.
    .target(name: "CKernels", linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    // Thread-local state, the walk over a thread's callers, and the worker threads.
    .target(name: "CRuntime"),
    // The embedded handwritten digits.
    .target(name: "CDigits"),
    // Memory, threads, and the loops over operands: addresses with a layout and an element type.
    .martlet("Kernels", ["COpenBLAS", "CLAPACKE", "CKernels", "CRuntime"]),
    // Tensors, operations and tape, generic over the element type.
    .martlet("Core", ["MartletKernels", "CRuntime"]),
    // Layers with parameters, and losses.
    .martlet("Layers", ["MartletCore"]),
    // Optimizers and learning-rate schedules.
    .martlet("Optimizers", ["MartletCore"]),
    // Datasets, data loaders and files.
    .martlet("Data", ["MartletCore", "CDigits", "CZlib"]),
    // Operations that need models and data: metrics, model files and checkpoints.
    .martlet("Training", ["MartletCore", "MartletLayers", "MartletOptimizers", "MartletData"]),
    // The umbrella module, for `import Martlet`.
    .target(
      name: "Martlet",
      dependencies: [
        "MartletKernels", "MartletCore", "MartletLayers", "MartletOptimizers", "MartletData",
        "MartletTraining",
      ]),

    // Example programs for users, and programs whose output a test compares letter by letter.
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
    .program("Survivor"),
    .executableTarget(name: "TutorialProgram", dependencies: ["Martlet"], path: "Tests/Tutorial"),

    // The tests, one folder for each target.
    .target(name: "TestSupport", dependencies: ["MartletCore"], path: "Tests/TestSupport"),
    // Test support: counts memory allocations.
    .target(name: "CAllocations", path: "Tests/CAllocations"),
    // Test support: forks processes, and computes before main.
    .target(name: "CProcess", dependencies: ["CKernels"], path: "Tests/Process"),
    // Test support: compares the elementary functions with the C library's, in ulps.
    .target(name: "CSweep", dependencies: ["CKernels"], path: "Tests/Sweep"),
    .tests(
      "Core", ["MartletKernels", "CKernels", "CRuntime", "COpenBLAS", "CAllocations", "CProcess", "CSweep"]),
    .tests("Data", ["CDigits", "CZlib"]),
    .tests("Layers", ["ResNetModel"]),
    .tests("Optimizers"),
    .tests("Training"),
    .testTarget(
      name: "ProgramTests",
      dependencies: [
        "TestSupport", "ArticleProgram", "ClassifierProgram", "ErrorsProgram", "SemanticsProgram",
        "SurvivorProgram", "TutorialProgram",
      ]),
  ],
  swiftLanguageModes: [.v6]
)

extension Target {
  /// Makes a module of the library: `Martlet<Name>` in `Sources/<Name>`.
  static func martlet(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(
      name: "Martlet" + name, dependencies: dependencies, path: "Sources/" + name,
      swiftSettings: [.enableUpcomingFeature("InternalImportsByDefault")]
        // Operations and optimizers use constants of the C kernels, which only MartletKernels imports.
        + (["Kernels", "Core", "Optimizers"].contains(name)
          ? [] : [.enableUpcomingFeature("MemberImportVisibility")]))
  }

  /// Makes an example program, for users to run and to learn from.
  static func example(_ name: String, _ more: [Target.Dependency] = []) -> Target {
    .executableTarget(
      name: name + "Example", dependencies: ["Martlet", "ExamplePrinting"] + more,
      path: "Sources/Examples/" + name)
  }

  /// Makes a whole program that a test runs.
  static func program(_ name: String) -> Target {
    .executableTarget(name: name + "Program", dependencies: ["Martlet"], path: "Tests/Programs/" + name)
  }

  /// Makes the tests of a module, with access to its internals.
  static func tests(_ name: String, _ more: [Target.Dependency] = []) -> Target {
    .testTarget(
      name: name + "Tests", dependencies: ["Martlet", "TestSupport"] + more,
      sources: name == "Core" ? coreTests : nil)
  }
}
