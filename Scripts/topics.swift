// Prints the page of Tensor with its members by topic, operators last: topics.swift <symbol graph>.
//
// The topic of a member is the folder of its source, so that the page follows the sources.
import Foundation

struct Graph: Decodable {
  struct Symbol: Decodable {
    struct Identifier: Decodable { let precise: String }
    struct Kind: Decodable { let identifier: String }
    struct Location: Decodable { let uri: String }
    let identifier: Identifier, kind: Kind, pathComponents: [String], location: Location?
  }
  let symbols: [Symbol]
}

/// The suffix by which a link names one of several symbols with one path: FNV-1 of the identifier, in 24 bits.
func suffix(_ identifier: String) -> String {
  let hash = identifier.utf8.reduce(UInt32(2_166_136_261)) { ($0 &* 16_777_619) ^ UInt32($1) }
  return String((hash >> 24) ^ (hash & 0xffffff), radix: 36)
}

/// Parts of the paths of sources, and the topics that they stand for.
let subjects = try String(contentsOfFile: "Scripts/subjects.txt", encoding: .utf8).split(separator: "\n").map
{
  let parts = $0.split(separator: "|")
  return ("/Ops/\(parts[0])/", String(parts[1]))
}
let elements = "Elements, shape and history", gradients = "Gradients"
let topics =
  [("/Core/Tensor", elements), ("/Core/Runtime/", elements)] + subjects
  + [
    ("/Core/Tape/", gradients), ("/Core/Functional/", gradients), ("/Layers/", "Initialisation"),
    ("/Optimizers/", "Optimizers"),
  ]

let data = try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1]))
let members = try JSONDecoder().decode(Graph.self, from: data).symbols.filter {
  $0.pathComponents.count == 2 && $0.pathComponents[0] == "Tensor" && $0.location != nil
}
let paths = Dictionary(grouping: members) { $0.pathComponents[1] }
var groups: [String: [String]] = [:]
for member in members {
  let name = member.pathComponents[1], isOperator = member.kind.identifier == "swift.func.op"
  let topic = topics.first { member.location!.uri.contains($0.0) }?.1 ?? "Other members"
  let link = paths[name]!.count == 1 ? name : name + "-" + suffix(member.identifier.precise)
  groups[isOperator ? "Operators" : topic, default: []].append(link)
}
print("# ``Martlet/Tensor``\n\n## Topics")
var printed = Set<String>()
for topic in topics.map(\.1) + ["Other members", "Operators"] {
  guard printed.insert(topic).inserted, let links = groups[topic] else { continue }
  print("\n### \(topic)\n")
  for link in links.sorted() { print("- ``\(link)``") }
}
