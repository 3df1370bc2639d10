import Flow
import JSON
import Testing

/// A workflow as a picture and as text.
@Suite struct GraphTests {
    static let sample = """
        name: release
        title: Build & <ship>
        steps:
          - {id: look, uses: scan.assess}
          - id: checks
            parallel:
              - {id: unit, uses: ci.test}
              - - {id: image, uses: ci.build}
                - {id: sign, uses: ci.sign, for_each: [1, 2]}
              - {id: other, workflow: audit}
          - {id: agree, if: "steps.look.state == 'succeeded' && '<b>' != ''", approval: {message: m, roles: [lead, ops], quorum: 2}}
          - {id: rest, wait_for: {time: 90m}, title: "Wait \\u202E\\u0007 <script>"}
          - {id: ship, uses: ci.ship, needs: [rest, look]}
        """

    @Test func mermaidQuotesWhatComesFromTheFile() throws {
        let text = WorkflowGraph(try workflow(Self.sample)).mermaid(states: ["look": "succeeded"])
        #expect(text.hasPrefix("flowchart TD\n"))
        #expect(text.contains("n0[\"action · succeeded<br/>look<br/>scan.assess\"]"))
        #expect(text.contains("n6{{\"approval<br/>agree<br/>2 of lead, ops<br/>if steps.look.state #61;#61; "))
        #expect(text.contains("n4[[\"workflow<br/>other<br/>audit\"]]") && text.contains("n7([\""))
        #expect(text.contains("action for each<br/>sign") && text.contains("n5((\"group<br/>checks\"))"))
        #expect(!text.contains("<script") && !text.contains("<b>") && !text.contains("\u{202E}"))
        for line in ["n0 --> n1", "n0 --> n2", "n2 --> n3", "n0 --> n4", "n1 --> n5", "n3 --> n5", "n4 --> n5"] {
            #expect(text.contains("  \(line)\n"), "\(line)")
        }
        // Of ship's needs one comes before the other.
        #expect(text.contains("n7 --> n8") && !text.contains("n0 --> n8"))
    }

    @Test func textLeadsLinesTogether() throws {
        let text = WorkflowGraph(try workflow(Self.sample)).text(states: ["ship": "running"])
        let drawn = text.split(separator: "\n").map(String.init)
        let lanes = drawn.map { $0.prefix { !$0.isLetter }.reversed().drop { $0 == " " }.reversed() }.map { String($0) }
        #expect(
            lanes == ["●", "├─┐", "│ ●", "├─│─┐", "│ │ ●", "│ │ ●", "▣ │ │", "├─┴─┘", "·", "◆", "○", "●"], "\n\(text)")
        #expect(drawn.last?.contains("ship") == true && drawn.last?.hasSuffix("running") == true)
        #expect(text.contains("90m") || text.contains("1h30m"))
        #expect(!text.contains("\u{7}") && !text.contains("\u{202E}"))
    }

    @Test func aPictureIsWellFormedAndEscapesTexts() throws {
        let graph = WorkflowGraph(try workflow(Self.sample))
        for svg in [
            graph.svg(), graph.svg(states: ["look": "succeeded", "unit": "\"><script>"], theme: .dark, styled: false),
        ] {
            let elements = try #require(Markup.elements(of: svg))
            #expect(elements.count { $0 == "g" } == 9)
            #expect(elements.count { $0 == "polygon" } == 1 && elements.count { $0 == "circle" } == 1)
            #expect(!elements.contains("script") && !elements.contains("b") && !elements.contains("ship"))
        }
        let live = graph.svg(states: ["look": "succeeded"], theme: .light)
        #expect(live.contains("wf-action wf-succeeded") && live.contains(">action · succeeded</text>"))
        #expect(!live.contains("prefers-color-scheme") && graph.svg().contains("prefers-color-scheme"))
        #expect(!graph.svg(styled: false).contains("<style>"))
        #expect(live.contains("Build &amp; &lt;ship&gt;"))
    }

    @Test func boxesDoNotOverlapAndLinesLeadDown() throws {
        let svg = WorkflowGraph(try workflow(Self.sample)).svg()
        var boxes: [(x: Double, y: Double, width: Double, height: Double)] = []
        for line in svg.split(separator: "\n") where line.hasPrefix("<rect class=\"wf-box\"") {
            let numbers = ["x", "y", "width", "height"].compactMap { Markup.number($0, in: line) }
            try #require(numbers.count == 4)
            boxes.append((numbers[0], numbers[1], numbers[2], numbers[3]))
        }
        #expect(boxes.count == 7)
        for (index, a) in boxes.enumerated() {
            for b in boxes[(index + 1)...] {
                let apart =
                    a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
                #expect(apart, "\(a) and \(b)")
            }
        }
    }

    /// Five hundred steps that need a hundred each: drawn within a bound, and not for ever.
    @Test func theGreatestGraphIsDrawn() throws {
        let steps = (0..<500).map { index in
            Step(
                id: "s\(index)", kind: .wait(.time(.seconds(1))),
                needs: (0..<min(index, 100)).map { "s\(index / 2 - $0 / 2)" }.filter { $0 != "s\(index)" })
        }
        let graph = WorkflowGraph(Workflow(name: "a", steps: steps, version: "v"))
        #expect(Markup.elements(of: graph.svg())?.count { $0 == "g" } == 500)
        #expect(graph.text().split(separator: "\n").count >= 500)
        #expect(WorkflowGraph(Workflow(name: "a", steps: [], version: "v")).svg().hasSuffix("</svg>\n"))
    }
}

/// The little that is to be told of markup: whether its elements nest, and their names.
enum Markup {
    static func elements(of text: String) -> [String]? {
        var (names, open): ([String], [String]) = ([], [])
        for part in text.split(separator: "<", omittingEmptySubsequences: true) {
            guard let end = part.firstIndex(of: ">") else { return nil }
            let tag = part[..<end]
            let name = String(tag.drop { $0 == "/" }.prefix { $0.isLetter })
            if tag.hasPrefix("/") {
                guard open.popLast() == name else { return nil }
                continue
            }
            guard tag.count(where: { $0 == "\"" }).isMultiple(of: 2) else { return nil }
            names.append(name)
            if !tag.hasSuffix("/") { open.append(name) }
        }
        return open.isEmpty ? names : nil
    }

    static func number(_ name: String, in line: Substring) -> Double? {
        guard let start = line.firstRange(of: " \(name)=\"") else { return nil }
        return Double(line[start.upperBound...].prefix { $0 != "\"" })
    }
}
