import Martlet

// Mistakes of MistakeTests: operations and layers that normalise.

extension MistakeTests {
  static let normalizing = [
    Mistake("rmsNorm", "axis 2 of shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).rmsNorm(axes: [2])
    },
    Mistake(
      "rmsNorm", "weight [2]; [3] is expected for axes [-1] of shape [2, 3]", line: #line + 2
    ) {
      ones([2, 3]).rmsNorm(weight: ones([2]))
    },
    Mistake("batchNorm", "inputs of shape [3]; [n, channels, …] is expected", line: #line + 1) {
      ones([3]).batchNorm(isTraining: true)
    },
    Mistake(
      "batchNorm",
      "running mean none, running variance [3, 1], weight [2], bias none; [3] is expected for inputs of shape [2, 3]",
      line: #line + 2
    ) {
      ones([2, 3]).batchNorm(runningVariance: ones([3, 1]), weight: ones([2]))
    },
    Mistake(
      "batchNorm", "no running statistics; a mean and a variance are expected outside of training",
      line: #line + 2
    ) {
      ones([2, 3]).batchNorm()
    },
    Mistake(
      "batchNorm", "1 element a channel of shape [1, 3]; at least 2, or none, are expected in training",
      line: #line + 2
    ) {
      ones([1, 3]).batchNorm(isTraining: true)
    },
    Mistake(
      "groupNorm", "3 groups of the channels of shape [2, 4]; they divide the 4 channels", line: #line + 2
    ) {
      ones([2, 4]).groupNorm(groups: 3)
    },
    Mistake(
      "instanceNorm",
      "fewer than 2 elements a channel and sample of shape [2, 3, 1]; at least 2 are expected",
      line: #line + 2
    ) {
      ones([2, 3, 1]).instanceNorm()
    },
    Mistake("RMSNorm", "extents []; at least one, none below 0", line: #line) { RMSNorm() },
    Mistake(
      "RMSNorm", "inputs of shape [3, 2]; […, 3] is expected",
      in: "RMSNorm(3, epsilon: 1.1920929e-07, affine: true)", line: #line + 2
    ) {
      RMSNorm(3)(ones([3, 2]))
    },
    Mistake("BatchNorm", "-1 channels; at least 0", line: #line) { BatchNorm(-1) },
    Mistake("InstanceNorm", "momentum 1.5; in 0...1", line: #line) { InstanceNorm(3, momentum: 1.5) },
    Mistake("BatchNorm", "momentum nan; in 0...1", line: #line) { BatchNorm(3, momentum: .nan) },
    Mistake(
      "BatchNorm", "inputs of shape [2, 4, 5]; [n, 3, …] is expected",
      in: "BatchNorm(3, epsilon: 1e-05, momentum: 0.1, affine: true, trackRunningStatistics: true)",
      line: #line + 2
    ) {
      BatchNorm(3)(ones([2, 4, 5]))
    },
    Mistake(
      "InstanceNorm", "inputs of shape [2, 3]; [n, 3, length, …] is expected",
      in: "InstanceNorm(3, epsilon: 1e-05, momentum: 0.1, affine: false, trackRunningStatistics: false)",
      line: #line + 2
    ) {
      InstanceNorm(3)(ones([2, 3]))
    },
    Mistake("GroupNorm", "2 groups of 3 channels; they divide them", line: #line) { GroupNorm(2, 3) },
    Mistake(
      "GroupNorm", "inputs of shape [2, 3]; [n, 4, …] is expected",
      in: "GroupNorm(2, 4, epsilon: 1e-05, affine: true)", line: #line + 2
    ) {
      GroupNorm(2, 4)(ones([2, 3]))
    },
  ]
}
