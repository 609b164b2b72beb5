#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The limits of the control groups (cgroups, version 1 and 2) of a process, which containers set.
///
/// The limits of a group's ancestors apply too, so the lowest limit counts. A file that is missing or cannot
/// be read as numbers sets no limit.
package enum Container {
  package struct Limits: Equatable {
    /// The most bytes of memory; nil without a limit.
    package var bytes: Int?
    /// The number of CPUs that the CPU quota allows, rounded up; nil without a quota.
    package var processors: Int?

    mutating func lower(bytes limit: Int) {
      if limit > 0 { bytes = min(bytes ?? .max, limit) }
    }

    mutating func lower(quota: Int, period: Int) {
      guard quota > 0, period > 0 else { return }
      processors = min(processors ?? .max, (quota - 1) / period + 1)
    }
  }

  /// The limits of this process, read once.
  package static let own = limits(under: "")

  /// The limits in the files under `root`: `/proc/self/cgroup` and the files in `/sys/fs/cgroup`.
  package static func limits(under root: String) -> Limits {
    var limits = Limits()
    for line in lines(root + "/proc/self/cgroup") {
      // A line holds a number, controllers and a path; version 2 has number 0 and no controllers.
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let controllers = parts[1].split(separator: ",")
      let groups = root + "/sys/fs/cgroup"
      if parts[0] == "0", parts[1].isEmpty {
        for mount in [groups, groups + "/unified"] {
          for folder in folders(mount, parts[2]) { readVersion2(folder, &limits) }
        }
      }
      for controller in controllers where controller == "memory" || controller == "cpu" {
        // The folder has the names of all its controllers. Each controller's name is usually a link to it.
        for mount in Set(["\(groups)/\(parts[1])", "\(groups)/\(controller)"]) {
          for folder in folders(mount, parts[2]) { readVersion1(folder, &limits) }
        }
      }
    }
    return limits
  }

  /// Returns a group's folder and the folders of its ancestors. Within a container, the path may be the
  /// host's and not exist. Then the mount itself is the container's own group.
  private static func folders(_ mount: String, _ path: Substring) -> [String] {
    path.split(separator: "/").reduce(into: [mount]) { $0.append($0.last! + "/" + $1) }
  }

  private static func readVersion2(_ folder: String, _ limits: inout Limits) {
    if let bytes = numbers(folder + "/memory.max").first { limits.lower(bytes: bytes) }
    let cpu = numbers(folder + "/cpu.max")
    if cpu.count == 2 { limits.lower(quota: cpu[0], period: cpu[1]) }
  }

  private static func readVersion1(_ folder: String, _ limits: inout Limits) {
    if let bytes = numbers(folder + "/memory.limit_in_bytes").first { limits.lower(bytes: bytes) }
    if let quota = numbers(folder + "/cpu.cfs_quota_us").first,
      let period = numbers(folder + "/cpu.cfs_period_us").first
    {
      limits.lower(quota: quota, period: period)
    }
  }

  /// The numbers of a file's first line; empty if one of its words, such as `max`, is not a number.
  private static func numbers(_ path: String) -> [Int] {
    let words = lines(path).first?.split(separator: " ") ?? []
    let numbers = words.compactMap { Int($0) }
    return numbers.count == words.count ? numbers : []
  }

  /// The lines of a small file; empty if the file cannot be read.
  private static func lines(_ path: String) -> [Substring] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var text = [UInt8](repeating: 0, count: 1 << 14)
    var count = 0
    while count < text.count {
      let room = text.count - count
      let more = text.withUnsafeMutableBytes { read(descriptor, $0.baseAddress! + count, room) }
      if more <= 0 { break }
      count += more
    }
    return String(decoding: text[..<count], as: UTF8.self).split(separator: "\n")
  }
}
