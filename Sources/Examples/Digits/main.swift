// `digits` trains a classifier on the embedded handwritten digits. `digits table.csv` trains it on a table with a
// column of classes.

import Martlet

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

do {
  let options = try Options(Array(CommandLine.arguments.dropFirst()))
  if let table = options.table {
    try trainOnTable(table, options)
  } else {
    try trainOnDigits(options)
  }
} catch {
  print(error)
  exit(1)
}
