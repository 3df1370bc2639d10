import JSON
import Testing

@testable import Federation

struct ToolSearchTests {
    private let offer = Offer(
        [
            ("files__read_file", "Reads a file."), ("jira__createIssue", "Files a new issue in a project."),
            ("jira__list_issues", "Lists issues."), ("mail__send", "Sends a message to people."),
        ].map { name, text in
            (
                name: name,
                definition: ["name": .string(name), "description": .string(text), "inputSchema": ["type": "object"]]
            )
        })

    private func found(_ query: String, limit: Int = 10) -> [String] {
        ToolSearch.find(query, limit: limit, in: offer).compactMap { $0["name"]?.string }
    }

    @Test
    func wordsFindWhatTheyMean() {
        #expect(found("create an issue").first == "jira__createIssue")
        #expect(found("list issues").first == "jira__list_issues")
        #expect(found("send mail") == ["mail__send"])
        #expect(found("nothing of the kind").isEmpty && found("").isEmpty)
        #expect(found("issue", limit: 1).count == 1)
    }

    @Test
    func pagesGoOnWhereTheLastEnded() {
        let many = Offer(
            (0..<2500).map { (name: "t\(10_000 + $0)", definition: ["name": .string("t\(10_000 + $0)")]) })
        var seen: [String] = []
        var cursor: String?
        repeat {
            let page = many.page(after: cursor)
            seen += page.entries.map(\.name)
            cursor = page.next
        } while cursor != nil
        #expect(seen == many.entries.map(\.name))
        #expect(many.page(after: "zzz").entries.isEmpty)
    }
}
