#if os(Linux)
  import Foundation

  /// The part of this process that is in the machine's memory.
  public enum ResidentMemory {
    /// In bytes.
    public static var bytes: Int {
      let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
      return (pages.flatMap { Int($0[1]) } ?? 0) * sysconf(Int32(_SC_PAGESIZE))
    }

    /// Whether it falls when memory is freed: the address sanitizer holds that back, to find uses of it.
    public static let fallsWhenFreed = dlsym(nil, "__asan_init") == nil
  }
#endif
