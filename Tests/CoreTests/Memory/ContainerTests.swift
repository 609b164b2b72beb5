import Foundation
import Testing

@testable import MartletCore
@testable import MartletKernels

/// The limits of control groups, from folders of files as the kernel shows them.
@Suite struct ContainerTests {
  /// The limits that these files tell.
  private func limits(_ files: [String: String]) throws -> Container.Limits {
    let root = FileManager.default.temporaryDirectory.appending(path: "container-\(UUID())")
    defer { try? FileManager.default.removeItem(at: root) }
    for (path, text) in files {
      let file = root.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    return Container.limits(under: root.path)
  }

  private func version2(_ path: String, _ files: [String: String]) throws -> Container.Limits {
    var all = ["proc/self/cgroup": "0::\(path)\n"]
    for (name, text) in files { all["sys/fs/cgroup/" + name] = text }
    return try limits(all)
  }

  @Test func aContainersOwnGroupIsTheMount() throws {
    let found = try version2("/", ["memory.max": "419430400\n", "cpu.max": "150000 100000\n"])
    #expect(found == Container.Limits(bytes: 400 << 20, processors: 2))
  }

  @Test func theHostsPathIsNotThereInAContainer() throws {
    let found = try version2("/docker/0123", ["memory.max": "1000000\n", "cpu.max": "100000 100000\n"])
    #expect(found == Container.Limits(bytes: 1_000_000, processors: 1))
  }

  @Test func theLowestLimitOfTheGroupsAboveCounts() throws {
    let found = try version2(
      "/a/b/c",
      [
        "a/memory.max": "3000\n", "a/b/memory.max": "max\n", "a/b/c/memory.max": "5000\n",
        "a/cpu.max": "max 100000\n", "a/b/cpu.max": "300000 100000\n", "a/b/c/cpu.max": "800000 100000\n",
      ])
    #expect(found == Container.Limits(bytes: 3000, processors: 3))
  }

  @Test(arguments: [(50_000, 1), (1, 1), (100_000, 1), (100_001, 2), (250_000, 3), (800_000, 8)])
  func quotasAreRoundedUp(_ quota: Int, _ processors: Int) throws {
    #expect(try version2("/", ["cpu.max": "\(quota) 100000"]).processors == processors)
    let old = try limits([
      "proc/self/cgroup": "3:cpu,cpuacct:/\n", "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "\(quota)\n",
      "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
    ])
    #expect(old == Container.Limits(bytes: nil, processors: processors))
  }

  @Test func version1HasAFolderForEachController() throws {
    let found = try limits([
      "proc/self/cgroup": "12:cpuset:/x\n9:memory:/docker/1:2\n4:cpu,cpuacct:/docker\n1:name=systemd:/\n",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
      "sys/fs/cgroup/memory/docker/1:2/memory.limit_in_bytes": "500000000\n",
      "sys/fs/cgroup/cpu/docker/cpu.cfs_quota_us": "150000\n",
      "sys/fs/cgroup/cpu/docker/cpu.cfs_period_us": "100000\n",
      "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
      "sys/fs/cgroup/cpuset/memory.limit_in_bytes": "7\n",
    ])
    #expect(found == Container.Limits(bytes: 500_000_000, processors: 2))
  }

  @Test func bothVersionsMayBeMounted() throws {
    let found = try limits([
      "proc/self/cgroup": "9:memory:/a\n0::/a\n", "sys/fs/cgroup/memory/a/memory.limit_in_bytes": "4000\n",
      "sys/fs/cgroup/unified/a/cpu.max": "200000 100000\n",
    ])
    #expect(found == Container.Limits(bytes: 4000, processors: 2))
  }

  @Test(arguments: [
    "", "max", "max 100000", "x y", "-1 100000", "100000 0", "100000", "1 2 3", "9999999999999999999999 1",
  ])
  func whatIsNoLimitIsNone(_ text: String) throws {
    #expect(try version2("/", ["cpu.max": text, "memory.max": "max"]) == Container.Limits())
  }

  @Test func withoutFilesThereIsNoLimit() throws {
    #expect(try limits([:]) == Container.Limits())
    #expect(try limits(["proc/self/cgroup": "0::/a\nnonsense\n::\n"]) == Container.Limits())
  }

  @Test func theNumberOfThreadsFollowsTheQuotaUnlessItIsChosen() {
    let half = Container.Limits(bytes: nil, processors: 1), none = Container.Limits()
    #expect(Parallel.startingCount(2, isChosen: false, half) == 1)
    #expect(Parallel.startingCount(2, isChosen: true, half) == 2)
    #expect(Parallel.startingCount(8, isChosen: false, none) == 8)
    #expect(Parallel.startingCount(2, isChosen: false, Container.Limits(bytes: 1, processors: 64)) == 2)
  }
}
