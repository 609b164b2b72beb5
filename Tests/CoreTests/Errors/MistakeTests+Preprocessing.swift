import Martlet

/// Mistakes with layers that are fitted to data.
extension MistakeTests {
  static let preprocessing = [
    Mistake("Standardizer", "the number of features must be at least 0, not -1", line: #line + 1) {
      Standardizer(features: -1)
    },
    Mistake("MinMaxScaler", "the number of features must be at least 0, not -1", line: #line + 1) {
      MinMaxScaler(features: -1)
    },
    Mistake("OneHot", "the number of features must be at least 0, not -1", line: #line + 1) {
      OneHot(features: -1, codes: [:])
    },
    Mistake("OneHot", "feature 1 has -2 codes; it must have at least 0", line: #line + 1) {
      OneHot(features: 2, codes: [1: -2])
    },
    Mistake("OneHot", "feature 2 is out of range for 2 features", line: #line + 1) {
      OneHot(features: 2, codes: [2: 1])
    },
    Mistake("OneHot", "feature -1 is out of range for 3 features", line: #line + 1) {
      OneHot(fittedTo: ones([2, 3]), features: [-1])
    },
    Mistake(
      "Standardizer",
      "rows of shape [0, 3] cannot be fitted; the shape must be [n, features], with n above 0",
      line: #line + 2
    ) {
      Standardizer(fittedTo: ones([0, 3]))
    },
    Mistake(
      "MinMaxScaler", "rows of shape [3] cannot be fitted; the shape must be [n, features], with n above 0",
      line: #line + 2
    ) {
      MinMaxScaler(fittedTo: ones([3]))
    },
    Mistake(
      "Imputer", "values of shape [1, 3] do not fit; the shape must be [features]", line: #line + 2
    ) {
      Imputer(values: ones([1, 3]))
    },
    Mistake(
      "Imputer", "feature 1 has no values, and so no median; leave the feature out", line: #line + 2
    ) {
      Imputer(fittedTo: Tensor<Float>([[1, .nan]]), by: .median)
    },
    Mistake(
      "Standardizer", "inputs of shape [2, 3] do not fit; the shape must be […, 4]",
      in: "Standardizer(features: 4)", line: #line + 2
    ) {
      Standardizer(features: 4)(ones([2, 3]))
    },
    Mistake(
      "OneHot", "inputs of shape [] do not fit; the shape must be […, 2]",
      in: "OneHot(features: 2, outputs: 2)", line: #line + 2
    ) {
      OneHot(features: 2, codes: [:])(ones([]))
    },
  ]
}
