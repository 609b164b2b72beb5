#if os(Linux)
  import Foundation

  /// The part of this process that is in the machine's memory.
  public enum ResidentMemory {
    /// In bytes.
    public static var bytes: Int { statistics[1] }

    /// In bytes, without the pages of files, such as a program's code, which the system can read again.
    public static var ownBytes: Int { statistics[1] - statistics[2] }

    private static var statistics: [Int] {
      let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
      return pages!.prefix(3).map { Int($0)! * sysconf(Int32(_SC_PAGESIZE)) }
    }

    /// Whether it falls when memory is freed: the address sanitizer holds that back, to find uses of it.
    public static let fallsWhenFreed = dlsym(nil, "__asan_init") == nil
  }
#endif
