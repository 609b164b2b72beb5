/// The former reader of tables of numbers with one column of labels.
@available(*, unavailable, message: "use Table(csv: path).dataset(target: .category(name))")
public typealias CSV = Table
