#if os(Linux)
  import Foundation

  /// The resident memory of this process.
  public enum ResidentMemory {
    /// The resident memory in bytes.
    public static var bytes: Int { statistics[1] }

    /// The resident memory in bytes without the pages of files, such as the program's code, which the system
    /// can read again.
    public static var ownBytes: Int { statistics[1] - statistics[2] }

    private static var statistics: [Int] {
      let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
      return pages!.prefix(3).map { Int($0)! * sysconf(Int32(_SC_PAGESIZE)) }
    }

    /// True if it decreases when memory is freed. The address sanitizer keeps freed memory to detect its use.
    public static let fallsWhenFreed = dlsym(nil, "__asan_init") == nil
  }
#endif
