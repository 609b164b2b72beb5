import Martlet
import Testing

/// The features and targets that are made from a table.
@Suite struct TableDatasetTests {
  private let text = """
    species,mass,day,sex
    Adelie,3750,1970-01-02,male
    Gentoo,NA,1970-01-03,female
    Adelie,3800,1970-01-04,
    Chinstrap,3250,1970-01-11,female
    """

  private func fault<Target>(_ make: () throws -> TensorDataset<Float, Target>) -> String? {
    #expect(throws: DataError.self) { try make() }?.message
  }

  @Test("Classes, one-hot categories, days and the mean")
  func classes() throws {
    let data = try Table(text: text).dataset(target: .category("species"), missing: .mean)
    #expect(data.featureNames == ["mass", "day", "sex=female", "sex=male"] && data.featureCount == 4)
    #expect(data.classes == ["Adelie", "Chinstrap", "Gentoo"])
    #expect(data.all.labels.scalars == [0, 2, 0, 1])
    #expect(data.all.inputs.shape == [4, 4])
    #expect(
      data.all.inputs.scalars == [3750, 1, 0, 1, 3600, 2, 1, 0, 3800, 3, 0, 0, 3250, 10, 1, 0])
    let (first, rest) = data.split(at: 1)
    #expect(first.classes == data.classes && rest.featureNames == data.featureNames)
    #expect(data.subset([3]).classes == data.classes)
  }

  @Test("Numbers as targets, of one column and of several")
  func numbers() throws {
    let table = try Table(text: "a,b,c\n1,2.5,3\n4,5,6\n")
    let one = try table.dataset(features: ["c", "a"], target: .number("b"))
    #expect(one.all.inputs.scalars == [3, 1, 6, 4] && one.featureNames == ["c", "a"])
    #expect(one.all.targets.shape == [2, 1] && one.all.targets.scalars == [2.5, 5] && one.classes.isEmpty)
    let two = try table.dataset(target: .numbers(["c", "b"]))
    #expect(two.all.targets.scalars == [3, 2.5, 6, 5] && two.all.inputs.scalars == [1, 4])
  }

  @Test("A column of numbers may be classes")
  func numberedClasses() throws {
    let data = try Table(text: "a,y\n1,10\n2,9\n3,10\n4,-0.5\n").dataset(target: .category("y"))
    #expect(data.classes == ["-0.5", "9", "10"] && data.all.labels.scalars == [2, 1, 2, 0])
  }

  @Test("Missing features: median, a constant, NaN, an error")
  func missing() throws {
    let table = try Table(text: "a,y\n1,x\nNA,y\n3,x\n10,y\n4,x\n")
    func second(_ missing: MissingFeatures) throws -> Float {
      try table.dataset(target: .category("y"), missing: missing).all.inputs.scalars[1]
    }
    #expect(try second(.median) == 3.5 && second(.mean) == 4.5 && second(.constant(-1)) == -1)
    #expect(try second(.kept).isNaN)
    #expect(
      fault { try table.dataset(target: .category("y")) }
        == "column \"a\": the value of row 1 is missing; choose missing: .mean or another treatment")
    let empty = try Table(text: "a,b,y\n,1,x\n,2,y\n", header: true)
    #expect(
      fault { try empty.dataset(target: .category("y"), missing: .mean) }
        == "column \"a\": has no values, and so no mean or median")
  }

  @Test("Categories as codes")
  func codes() throws {
    let table = try Table(text: text)
    let data = try table.dataset(
      features: ["sex"], target: .category("species"), categories: .codes, missing: .kept)
    #expect(data.featureNames == ["sex"] && data.all.inputs.shape == [4, 1])
    let codes = data.all.inputs.scalars
    #expect(codes[0] == 1 && codes[1] == 0 && codes[2].isNaN && codes[3] == 0)
  }

  @Test("Columns that are no features or targets are refused, with the cure")
  func refused() throws {
    let table = try Table(text: text, types: ["sex": .text])
    #expect(
      fault { try table.dataset(target: .category("species"), missing: .mean) }
        == "column \"sex\": a text is no feature; leave it out (.all(except:)), or read it as a category (types:)"
    )
    #expect(
      fault { try table.dataset(features: ["day"], target: .category("sex")) }
        == "column \"sex\": the target of row 2 is missing; use droppingMissing(in: [\"sex\"])")
    #expect(
      fault { try table.dataset(features: ["day"], target: .number("species")) }
        == "column \"species\": the target is a category; it must be a number")
    #expect(
      fault { try table.dataset(features: ["species"], target: .category("species")) }
        == "column \"species\" is a target; it cannot be a feature too")
    #expect(
      fault { try table.dataset(features: [], target: .category("species")) }
        == "there must be at least one feature and one target")
    // Few different values are a category, many are texts.
    for count in [2, 100] {
      let odd = try Table(text: "a,y\n" + (1...count).map { "\($0),x\n" }.joined() + "?,y\n")
      #expect(
        fault { try odd.dataset(target: .category("y")) }
          == "column \"a\": has numbers and the text \"?\"; add that to missing:, or read a category (types:)"
      )
    }
    for number in ["inf", "1e39"] {
      let large = try Table(text: "a,y\n1,x\n\(number),y\n")
      #expect(
        fault { try large.dataset(target: .category("y")) }?.hasSuffix("is not finite as a Float") == true)
    }
  }
}
