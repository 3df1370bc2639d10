import Foundation
import JSON
import Testing

@testable import Threats

@Suite struct DrawingTests {
    /// Names that would be markup, were they not escaped.
    private static let hostile = [
        "a\"]; click n0 href \"javascript:alert(1)\"", "<script>alert(1)</script>", "x]]></style><script>",
        "end\n  subgraph evil", "`markdown` | table | <img src=x onerror=alert(1)>", "' onload='alert(1)",
        "%%{init: {}}%%",
        "&lt;b&gt; #quot; \u{202E}desrever",
    ]

    private func model(_ names: [String]) -> ThreatModel {
        var builder = ModelBuilder()
        let boundary = Boundary(id: "compose:", kind: .compose, name: names.first ?? "x")
        var ids: [String] = []
        for (index, name) in names.enumerated() {
            var element = Element(
                "e\(index)", index.isMultiple(of: 2) ? .process : .store, name, name, in: boundary,
                Evidence(name, 1, name))
            if index.isMultiple(of: 2) { element.traits.add(.isPublic, Evidence(name, 2, name)) }
            element.traits.add(.secretInText, Evidence(name, 2, name))
            ids.append(builder.add(element, in: boundary))
        }
        for (source, target) in zip(ids, ids.dropFirst()) {
            builder.connect(source, target, names[0], Evidence(names[0], 3, names[0]))
        }
        var model = builder.model()
        model.threats = Judge(model).threats()
        model.score = RiskScore(model.threats)
        return model
    }

    private func report(_ model: ThreatModel) -> ThreatReport {
        ThreatReport(ComparedModel(model: model, comparison: .none(reason: "it is alone")), name: Self.hostile[1])
    }

    @Test func noNameIsMarkupInAPicture() throws {
        let text = report(model(Self.hostile)).text(.svg)
        let tags = Self.tags(text)
        #expect(
            Set(tags.map(\.name)) == ["svg", "style", "defs", "marker", "path", "rect", "g", "title", "text", "circle"])
        let known: Set<String> = [
            "xmlns", "class", "viewBox", "width", "height", "role", "aria-label", "id", "refX", "refY", "markerWidth",
            "markerHeight", "orient", "markerUnits", "d", "x", "y", "rx", "cx", "cy", "r", "marker-end",
        ]
        #expect(Set(tags.flatMap(\.attributes)).isSubset(of: known))
    }

    /// What begins with `<` and a letter, with the names before each `="`.
    private static func tags(_ text: String) -> [(name: String, attributes: [String])] {
        text.split(separator: "<", omittingEmptySubsequences: false).dropFirst().compactMap { part in
            guard part.first?.isLetter == true else {
                #expect(part.first == "/" || part.isEmpty, "\(part.prefix(40))")
                return nil
            }
            var attributes: [String] = []
            var (isQuoted, word) = (false, "")
            for character in part {
                if character == "\"" { isQuoted.toggle() } else if isQuoted { continue }
                if character == ">" { break }
                if character == "=" { attributes.append(word) }
                word = character.isLetter || character == "-" ? word + String(character) : ""
            }
            return (String(part.prefix { $0.isLetter }), attributes)
        }
    }

    @Test func noNameIsMarkupInAPage() {
        let text = report(model(Self.hostile)).text(.html)
        #expect(!text.contains("<script") && !text.contains("<img") && !text.contains("onload='"))
        #expect(text.contains("default-src 'none'"))
        #expect(text.contains("&lt;script&gt;"))
    }

    @Test func noNameIsSyntaxOfMermaid() {
        let text = report(model(Self.hostile)).text(.mermaid)
        for line in text.split(separator: "\n") {
            let plain = line.drop { $0 == " " }
            let isOwn =
                ["flowchart LR", "subgraph b", "end", "n", "classDef ", "class n", "style b"].contains {
                    plain.hasPrefix($0)
                }
            #expect(isOwn, "\(line)")
            // What a name brings is letters and numbers of characters: quotes come in pairs of ours.
            #expect(line.count { $0 == "\"" }.isMultiple(of: 2) && line.count { $0 == "\"" } <= 2, "\(line)")
            #expect(!line.contains("<script") && !line.contains("`") && !line.contains("%"))
        }
        #expect(text.split(separator: "\n").count { $0.hasPrefix("  subgraph") } == 2)
    }

    @Test func noNameIsMarkupInMarkdown() {
        let text = report(model(Self.hostile)).text(.markdown)
        let plain = Self.withoutCode(text)
        #expect(!plain.contains("<script") && !plain.contains("<img"))
        // Each row of a table has the cells that it is meant to have.
        for line in text.split(separator: "\n") where line.hasPrefix("| Spoofing") {
            #expect(Self.cells(line) == 6, "\(line)")
        }
    }

    /// Without code spans and blocks: a run of backticks up to the next one of its length.
    private static func withoutCode(_ text: String) -> String {
        var rest = Array(text)[...]
        var out = ""
        while let character = rest.first {
            guard character == "`" else {
                // An escaped mark begins nothing.
                let count = character == "\\" ? 2 : 1
                out += String(rest.prefix(count))
                rest = rest.dropFirst(count)
                continue
            }
            let fence = rest.prefix { $0 == "`" }.count
            rest = rest.dropFirst(fence)
            while !rest.isEmpty {
                rest = rest.drop { $0 != "`" }
                let run = rest.prefix { $0 == "`" }.count
                rest = rest.dropFirst(run)
                if run == fence { break }
            }
        }
        return out
    }

    private static func cells(_ line: Substring) -> Int {
        var (count, isEscaped) = (0, false)
        for character in line {
            if character == "|", !isEscaped { count += 1 }
            isEscaped = character == "\\" && !isEscaped
        }
        return count - 1
    }

    @Test func noNameMovesATerminalsCursor() {
        let text = report(model(["a\u{1B}[2Jb", "c\rd", "e\u{9B}f"])).text(.text)
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || (0x7F..<0xA0).contains($0.value) })
    }

    @Test func manyElementsAreFolded() {
        let names = (0..<500).map { "thing-\($0)" }
        let diagram = Diagram(model(names))
        #expect(diagram.nodes.count <= Diagram.mostNodes)
        let fold = diagram.nodes.first { $0.isFold && $0.id == "more:compose:" }
        #expect(fold.map { $0.title.hasSuffix(" more") } == true)
        let kept = diagram.nodes.count { !$0.isFold && $0.kind != .external }
        #expect(fold?.title == "\(500 - kept) more")
        #expect(diagram.edges.allSatisfy { diagram.nodes.indices.contains($0.source) && $0.source != $0.target })
        #expect(report(model(names)).text(.svg).utf8.count < 200_000)
    }

    @Test func nothingStandsOnAnother() async throws {
        let diagram = Diagram(try await Repository(Shop.files).model())
        let layout = DiagramLayout(diagram)
        for (first, frame) in layout.nodes.enumerated() {
            #expect(frame.x >= 0 && frame.y >= 0 && frame.right <= layout.width && frame.bottom <= layout.height)
            for (second, other) in layout.nodes.enumerated() where first < second {
                #expect(!frame.overlaps(other), "\(diagram.nodes[first].title) and \(diagram.nodes[second].title)")
            }
        }
        let groups = layout.groups.compactMap(\.self)
        for (first, frame) in groups.enumerated() {
            for other in groups[(first + 1)...] { #expect(!frame.overlaps(other)) }
        }
        for (index, node) in diagram.nodes.enumerated() {
            let group = try #require(layout.groups[node.boundary])
            let frame = layout.nodes[index]
            #expect(
                frame.x >= group.x && frame.right <= group.right && frame.y >= group.y && frame.bottom <= group.bottom)
        }
    }

    @Test func boundsOfAModelAreSaid() {
        var builder = ModelBuilder()
        let boundary = Boundary(id: "b", kind: .account, name: "b")
        for index in 0..<(ModelBuilder.mostElements + 7) {
            builder.add(Element("e\(index)", .store, "t", "n", in: boundary, Evidence("a", 1, "x")), in: boundary)
        }
        let model = builder.model()
        #expect(model.elements.count == ModelBuilder.mostElements && model.cut["elements"] == 7)
        #expect(report(model).notes.contains { $0.contains("7 further elements are beyond the bounds") })
    }
}
