public import MartletCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The images of handwritten digits of MNIST, or those of clothes of Fashion-MNIST, in a folder of the user's.
///
/// The folder has the four files under the names of the source, gzipped or not, such as `train-images-idx3-ubyte.gz`.
/// Sources: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits"; H. Xiao, K. Rasul,
/// R. Vollgraf 2017, arXiv:1708.07747.
///
/// ```swift
/// let mnist = try MNIST(folder: "mnist")
/// for batch in DataLoader(mnist.train.scaled(), batchSize: 128, shuffle: true) {
///   print(batch.inputs.shape, batch.labels.shape)  // [128, 1, 28, 28] [128]
/// }
/// ```
public struct MNIST: Sendable {
  /// The images for training, `[1, 28, 28]` each, with values of 0…255 and a class.
  public let train: TensorDataset<UInt8, Int>
  /// The images for the test.
  public let test: TensorDataset<UInt8, Int>
  /// The names of the classes of Fashion-MNIST.
  public static let fashionClassNames = [
    "T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
  ]

  /// Reads the files of a folder.
  ///
  /// - Throws: ``DataError`` if a file cannot be read or is not in the format.
  public init(folder: String) throws(DataError) {
    train = try Self.images(folder, "train")
    test = try Self.images(folder, "t10k")
  }

  private static func images(_ folder: String, _ part: String) throws(DataError) -> TensorDataset<UInt8, Int>
  {
    let images = try file("\(folder)/\(part)-images-idx3-ubyte"),
      labels = try file("\(folder)/\(part)-labels-idx1-ubyte")
    guard images.array.shape.count == 3 else {
      throw DataError(
        path: images.path, message: "has the shape \(excerpt(images.array.shape)); it must have three axes")
    }
    guard labels.array.shape == [images.array.shape[0]] else {
      throw DataError(
        path: labels.path,
        message:
          "has the shape \(excerpt(labels.array.shape)); it must be [\(images.array.shape[0])], a class for each image"
      )
    }
    let pixels: Tensor<UInt8> = try images.array.tensor(), classes: Tensor<UInt8> = try labels.array.tensor()
    if let wrong = classes.scalars.firstIndex(where: { $0 > 9 }) {
      throw DataError(
        path: labels.path, message: "class \(wrong) is \(classes.scalars[wrong]); it must be below 10")
    }
    return TensorDataset(
      inputs: pixels.scalars, shape: TensorShape([1] + pixels.shape.dropFirst()),
      labels: classes.scalars.map { Int($0) })
  }

  private static func file(_ path: String) throws(DataError) -> IDXFile {
    try IDXFile(path: access(path + ".gz", F_OK) == 0 && access(path, F_OK) != 0 ? path + ".gz" : path)
  }
}

/// The 60,000 colour images of ten kinds of things of CIFAR-10, in a folder of the user's.
///
/// The folder is `cifar-10-batches-bin`, the binary version, with five files for training and one for the test.
/// Source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.
///
/// ```swift
/// let cifar = try CIFAR10(folder: "cifar-10-batches-bin")
/// for batch in DataLoader(cifar.train.scaled(), batchSize: 128, shuffle: true, workers: 1) {
///   print(batch.inputs.shape, batch.labels.shape)  // [128, 3, 32, 32] [128]
/// }
/// ```
public struct CIFAR10: Sendable {
  /// The images for training, `[3, 32, 32]` each, with values of 0…255 and a class.
  public let train: TensorDataset<UInt8, Int>
  /// The images for the test.
  public let test: TensorDataset<UInt8, Int>
  /// The names of the classes.
  public static let classNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]

  /// Reads the files of a folder.
  ///
  /// - Throws: ``DataError`` if a file cannot be read or is not in the format.
  public init(folder: String) throws(DataError) {
    train = try Self.images((1...5).map { "\(folder)/data_batch_\($0).bin" })
    test = try Self.images(["\(folder)/test_batch.bin"])
  }

  /// Reads images of 3,072 bytes, each after a byte with its class.
  private static func images(_ paths: [String]) throws(DataError) -> TensorDataset<UInt8, Int> {
    let width = 3 * 32 * 32
    var pixels: [UInt8] = [], labels: [Int] = []
    for path in paths {
      let bytes = try InputFile(path: path, allowsStreams: false).readAll { _ throws(DataError) in }
      guard !bytes.isEmpty, bytes.count.isMultiple(of: width + 1) else {
        throw DataError(
          path: path,
          message: "has \(bytes.count) bytes; they must be images of \(width + 1) bytes with their classes")
      }
      try requireMemory(pixels.count + bytes.count, beside: pixels.count + bytes.count, path: path)
      for start in stride(from: 0, to: bytes.count, by: width + 1) {
        guard bytes[start] < 10 else {
          throw DataError(path: path, message: "byte \(start) is \(bytes[start]); the class must be below 10")
        }
        labels.append(Int(bytes[start]))
        pixels += bytes[(start + 1)...].prefix(width)
      }
    }
    return TensorDataset(inputs: pixels, shape: [3, 32, 32], labels: labels)
  }
}

extension Dataset {
  /// Returns a dataset of images with values of 0…1, from bytes of 0…255. A batch is scaled when it is made.
  public func scaled<Target>() -> MappedDataset<Self, MartletData.Batch<Float, Target>, Failure>
  where Batch == MartletData.Batch<UInt8, Target> {
    map { MartletData.Batch(inputs: Tensor<Float>($0.inputs) * (1 / 255), targets: $0.targets) }
  }
}
