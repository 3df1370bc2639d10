import Testing

@testable import HCL

@Suite struct ParserTests {
    private func parse(_ text: String) -> HCLFile { HCLParser.parse(Array(text.utf8)) }

    @Test func blocksAndAttributesWithPlaces() throws {
        let file = parse(
            """
            # a comment
            resource "aws_s3_bucket" "data" { // another
              bucket = "x" /* and
              one more */
              tags = {
                Näme = "é"
              }
              versioning { enabled = true }
            }
            empty {}
            locals { a = 1 }
            """)
        #expect(file.problems.isEmpty)
        #expect(file.body.blocks.map(\.type) == ["resource", "empty", "locals"])
        let block = try #require(file.body.blocks.first)
        #expect(block.labels == ["aws_s3_bucket", "data"])
        #expect(block.range.start.line == 2 && block.range.end.line == 9)
        let tags = try #require(block.body.attribute("tags"))
        guard case .object(let members) = tags.value.node else { throw Unexpected() }
        #expect(members[0].key.keyText == "Näme")
        #expect((members[0].value.range.start.line, members[0].value.range.start.column) == (6, 12))
        #expect(block.body.blocks("versioning").map(\.range.start.line) == [8])
    }

    struct Unexpected: Error {}

    @Test func windowsLinesAndByteOrderMark() {
        let file = HCLParser.parse([0xEF, 0xBB, 0xBF] + Array("a = <<E\r\nx\r\nE\r\nb {\r\n}\r\n".utf8))
        #expect(file.problems.isEmpty)
        #expect(file.body.blocks.count == 1)
        guard case .literal(.string("x\n"))? = file.body.attribute("a")?.value.node else {
            Issue.record("the heredoc keeps returns")
            return
        }
    }

    @Test(arguments: [
        ("a = ", 1, 5, "unexpected the end of the file"), ("a = 1 b = 2", 1, 7, "line should end"),
        ("a {", 1, 4, "close it"), ("a = \"x", 1, 5, "no end"), ("a = \"x\ny\"", 1, 5, "ends with its line"),
        ("a = <<E\nx\n", 1, 7, "no end"), ("a = 'x'", 1, 5, "double quotes"), ("a = [1 2]", 1, 8, "in a list"),
        ("a = \"${x\"", 1, 9, "ends with"), ("a = \"%{ if x }y\"", 1, 6, "endif"), ("a = \"\\q\"", 1, 6, "backslash"),
        ("a = 1\na = 2", 2, 1, "twice"), ("a = x ? 1", 1, 10, "conditional"), ("/* x", 1, 1, "comment has no end"),
        ("a = {b}", 1, 7, "object's key"), ("a b c", 1, 6, "needs \"{\""), ("a = x.", 1, 7, "after a dot"),
        ("a = \u{1}", 1, 5, "byte 1"), ("a = \"%{ endif }\"", 1, 6, "begun"),
        ("a = f(1,,2)", 1, 9, "value is expected"),
    ])
    func errorsHaveTheirPlace(_ text: String, _ line: Int, _ column: Int, _ words: String) throws {
        let problem = try #require(parse(text).problems.first)
        #expect((problem.place.line, problem.place.column) == (line, column), "\(problem)")
        #expect(problem.description.contains(words), "\(problem)")
    }

    @Test func aBrokenBlockHidesNoOther() {
        let file = parse(
            """
            resource "a" "one" {
              x = [1, 2
            }
            resource "a" "two" {
              y = 1
            }
            resource "a" "three" {
              y = <<EOT
            nothing = here
            EOT
            resource "a" "four" { z = ! }
            variable "v" {}
            """)
        // The heredoc of a broken block may be read as if it stood for itself.
        #expect(file.problems.count == 4)
        #expect(file.body.blocks.map { $0.labels.last } == ["two", "v"])
    }

    @Test func boundsHold() {
        let deep = "a = " + String(repeating: "[", count: 500)
        #expect(parse(deep).problems.first?.message.contains("levels deep") == true)
        let blocks = String(repeating: "a {\n", count: 500)
        #expect(parse(blocks).problems.first?.message.contains("levels deep") == true)
        let chain = "a = 1" + String(repeating: " + 1", count: 5000)
        #expect(parse(chain).problems.first?.message.contains("steps") == true)
        let steps = "a = b" + String(repeating: ".c", count: 5000)
        #expect(parse(steps).problems.first?.message.contains("steps") == true)
        let nots = "a = " + String(repeating: "!", count: 5000) + "b"
        #expect(parse(nots).problems.first?.message.contains("levels deep") == true)
        var limits = HCLLimits()
        limits.fileBytes = 3
        #expect(HCLParser.parse(Array("a = 1".utf8), limits: limits).isCut)
        limits = HCLLimits()
        limits.tokens = 5
        #expect(HCLParser.parse(Array("a = [1,2,3,4]".utf8), limits: limits).problems.count == 1)
        let many = HCLParser.parse(Array(String(repeating: "a = \n", count: 100).utf8))
        #expect(many.isCut && many.problems.count == 20)
    }

    /// Any bytes give a file and problems, within the time, and places within the text.
    @Test func mutations() {
        let seed = """
            variable "x" { default = ["a", 1.5e3, true, null] }
            resource "aws_x" "y" {
              for_each = toset([for k, v in var.x : "${k}-${~ v ~}" if v != "" && k > 1])
              a = { for i in local.z : i.id => i.name... }
              b = <<-EOT
                %{ for s in var.x ~}
                x ${s} $${no} %%{no}
                %{ endfor ~}
              EOT
              c = x.y[*].z.0.w ? -f(1, l...) : !{"a" = (1 + 2) * 3}["a"]
              dynamic "d" { for_each = var.x
            }
            """
        var generator = Generator(state: 7)
        let clock = ContinuousClock()
        let end = clock.now + .seconds(1)
        var rounds = 0
        while clock.now < end {
            var bytes = Array(seed.utf8)
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let at = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(Array("{}[]()\"$%\\\n<~.*".utf8).randomElement(using: &generator) ?? 0, at: at)
                default: bytes.removeSubrange(at..<min(at + 20, bytes.count))
                }
                if bytes.isEmpty { bytes = [0x20] }
            }
            let file = HCLParser.parse(bytes)
            for problem in file.problems { #expect(problem.place.offset <= bytes.count) }
            let files = BytesFiles(bytes: bytes)
            _ = TerraformEvaluation.evaluate("", in: files)
            _ = HCLJSON.parse(bytes)
            rounds += 1
        }
        #expect(rounds > 20)
    }

    private struct BytesFiles: TerraformFiles {
        let bytes: [UInt8]
        func names(in folder: String) -> [String] { folder.isEmpty ? ["main.tf"] : [] }
        func read(_ path: String) -> [UInt8]? { bytes }
    }

    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    @Test func jsonSyntax() throws {
        let text = """
            {"resource": {"aws_s3_bucket": {"b": {"bucket": "x-${var.n}", "//": "a comment"}}}, "locals": [{"a": 1}, {"b": 2}]}
            """
        let file = HCLJSON.parse(Array(text.utf8))
        #expect(file.problems.isEmpty)
        let resource = try #require(file.body.attribute("resource"))
        let blocks = HCLJSON.blocks(of: resource.value, type: "resource", labels: 2)
        #expect(blocks.map(\.labels) == [["aws_s3_bucket", "b"]])
        #expect(blocks[0].body.attributes.map(\.name) == ["bucket"])
        #expect(
            HCLJSON.blocks(of: try #require(file.body.attribute("locals")).value, type: "locals", labels: 0).count == 2)
        let broken = HCLJSON.parse(Array("{\"a\":\n \"${\"}".utf8))
        #expect(broken.problems.first?.place.line == 2)
        #expect(HCLJSON.parse(Array("{\"a\":\n\n x}".utf8)).problems.first?.place.line == 3)
    }
}
