import MartletData
import Testing

/// The rule that decides if the first row of a table names the columns.
@Suite struct TableHeaderTests {
  @Test(
    "A header",
    arguments: [
      "1,2,species\n3,4,0\n", ",a,y\n0,3,p\n", "name,city\nAnn,Rome\nBob,Paris\n", "a,y\n1,x\n",
      "Id,1_000,x\n7,1,y\n", "day,city\n2024-01-01,Rome\n", "_1,x\n3,4\n", "größe,x\n3,4\n",
      "a,y\n1,x\n?,y\n2,y\n",
      "0,1,2,species\n5.1,3.5,1.4,setosa\n4.9,3,1.4,setosa\n",
      "0,1,2,species\n5.1,3.5,1.4,setosa\n4.9,3,1.4,virginica\n",
      "0,1,2,3\n5.1,3.5,1.4,setosa\n4.9,3,1.4,setosa\n",
      ",0,1,2,species\n0,5.1,3.5,1.4,setosa\n1,4.9,3,1.4,setosa\n",
      "0,1,species\n5.1,3.5,setosa\n4.9,3,setosa\n", "0,species\n5.1,setosa\n4.9,setosa\n",
      "species,0,1,2\nsetosa,5,3,1\nsetosa,4,3,1\n", "0,1,2,3\nsetosa,5,3,1\nsetosa,4,3,1\n",
    ])
  func headers(_ text: String) throws {
    let lines = text.split(separator: "\n")
    let table = try Table(text: text)
    #expect(table.rowCount == lines.count - 1)
    #expect(table.names == lines[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init))
  }

  @Test(
    "No header",
    arguments: [
      "0,1,2,a\n3,4,5,a\n", "0,1,2,a\n3,4,5,b\n6,7,8,a\n", "0,x\n1,y\n2,z\n", "0,1,a\n1,0,b\n",
      "0,1,2,3\n4,5,6,7\n", "1,2,3,a\n4,5,6,b\n4,5,6,b\n", "0,2,1,a\n4,5,6,b\n4,5,6,b\n", "0,1,2,cat\n",
      "1,2,cat", "Ann,Rome\nBob,Rome\nEve,Rome\n", "x,x\ny,z\n", "1,?,x\n1,2,y\n", "1,--,x\n1,2,y\n",
      "1,NA,x\n1,2,y\n",
      "1_000,x\n1,y\n", "0x1F,x\n1,y\n", "1 000,x\n1,y\n", "50%,x\n1,y\n", "$5,x\n1,y\n", "5kg,x\n1,y\n",
      "2020-01-01,x\n2020-01-02,y\n", "n/a,x\n1,y\n",
    ])
  func noHeaders(_ text: String) throws {
    let lines = text.split(separator: "\n")
    let table = try Table(text: text)
    #expect(table.rowCount == lines.count)
    #expect(table.names == lines[0].split(separator: ",").indices.map(String.init))
  }

  @Test("The caller's word decides")
  func stated() throws {
    #expect(try Table(text: "1,2\n3,4\n", header: true).names == ["1", "2"])
    #expect(try Table(text: "0,1,2,s\n1,2,3,a\n4,5,6,a\n", header: false).rowCount == 3)
    #expect(try Table(text: "a,x\n1,y\n", header: false).columns.map(\.type) == [.category, .category])
  }
}
