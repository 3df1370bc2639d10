import Foundation
import Testing

/// The scripts of the pipelines that we hand out, run with programs in the place of gh and curl that write down what they
/// are asked.
@Suite(.serialized) struct PipelineScriptTests {
    let program: Program
    init() throws { program = try Program() }

    private static let hasTools = ["/usr/bin/jq", "/usr/bin/bash"].allSatisfy(FileManager.default.isExecutableFile)
    private static let marker = "<!-- gatehouse-assess -->"

    @Test(.enabled(if: hasTools, "needs jq and bash"))
    func gitHubsCommentIsBroughtUpToDate() throws {
        defer { program.remove() }
        let script = try script(of: "github", after: "name: Comment once", marked: "run: |")
        try program.write(
            "bin/gh",
            """
            #!/bin/bash
            echo "$*" >> "$CALLS"
            while [ $# -gt 0 ]; do if [ "$1" = --jq ]; then jq --raw-output "$2" "$COMMENTS"; fi; shift; done
            """)
        let stranger = #"{"id": 1, "user": {"login": "mallory"}, "body": "\#(Self.marker) mine"}"#
        let own = #"{"id": 22, "user": {"login": "github-actions[bot]"}, "body": "\#(Self.marker)\nold"}"#
        try program.write("gatehouse.md", Self.marker)
        let environment = ["GITHUB_REPOSITORY": "o/r", "NUMBER": "5", "RUNNER_TEMP": program.data]
        let first = try calls(script, environment, comments: "[\(stranger)]")
        #expect(first.last?.hasPrefix("api --method POST repos/o/r/issues/5/comments ") == true, "\(first)")
        let second = try calls(script, environment, comments: "[\(stranger), \(own)]")
        #expect(second.last?.hasPrefix("api --method PATCH repos/o/r/issues/comments/22 ") == true, "\(second)")
        #expect(second.last?.hasSuffix("body=@\(program.data)/gatehouse.md") == true)
        try FileManager.default.removeItem(atPath: program.data + "/gatehouse.md")
        #expect(try calls(script, environment, comments: "[]").isEmpty)
    }

    @Test(.enabled(if: hasTools, "needs jq and bash"))
    func gitLabsNoteIsBroughtUpToDate() throws {
        defer { program.remove() }
        let script = try script(of: "gitlab", after: "after_script:", marked: "- |")
        try program.write(
            "bin/curl",
            """
            #!/bin/bash
            for last; do :; done
            case "$last" in
              */user) echo '{"id": 7}' ;;
              *page=1) cat "$COMMENTS" ;;
              *page=*) echo '[]' ;;
              *) echo "$*" | sed 's/.*--request/--request/' >> "$CALLS" ;;
            esac
            """)
        let stranger = #"{"id": 1, "author": {"id": 6}, "body": "\#(Self.marker) mine"}"#
        let own = #"{"id": 22, "author": {"id": 7}, "body": "\#(Self.marker)\nold"}"#
        try program.write("gatehouse.md", Self.marker)
        var environment = [
            "GATEHOUSE_TOKEN": "x", "CI_API_V4_URL": "https://gl/api/v4", "CI_PROJECT_ID": "3",
            "CI_MERGE_REQUEST_IID": "5",
        ]
        let notes = "https://gl/api/v4/projects/3/merge_requests/5/notes"
        let first = try calls(script, environment, comments: "[\(stranger)]")
        #expect(first.last?.hasPrefix("--request POST") == true && first.last?.hasSuffix(notes) == true, "\(first)")
        let second = try calls(script, environment, comments: "[\(stranger), \(own)]")
        #expect(
            second.last?.hasPrefix("--request PUT") == true && second.last?.hasSuffix(notes + "/22") == true,
            "\(second)")
        environment["GATEHOUSE_TOKEN"] = ""
        #expect(try calls(script, environment, comments: "[]").isEmpty)
    }

    /// The block of text that follows, without its indentation.
    private func script(of service: String, after place: String, marked mark: String) throws -> String {
        let lines = try program.run("hook", "ci", service).output.split(
            separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.contains(place) })
        let from = try #require(lines[start...].firstIndex { $0.hasSuffix(mark) }) + 1
        let indent = lines[from].prefix { $0 == " " }
        return lines[from...].prefix { $0.hasPrefix(indent) }.map { $0.dropFirst(indent.count) }.joined(separator: "\n")
    }

    /// What it asked for, a line each.
    private func calls(_ script: String, _ environment: [String: String], comments: String) throws -> [String] {
        let (log, list) = (program.data + "/calls", program.data + "/comments.json")
        try "".write(toFile: log, atomically: true, encoding: .utf8)
        try comments.write(toFile: list, atomically: true, encoding: .utf8)
        for name in try FileManager.default.contentsOfDirectory(atPath: program.data + "/bin") {
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: "\(program.data)/bin/\(name)")
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/bash")
        process.arguments = ["-e", "-c", script]
        process.currentDirectoryURL = URL(fileURLWithPath: program.data)
        process.environment = environment.merging(
            ["PATH": "\(program.data)/bin:/usr/bin:/bin", "CALLS": log, "COMMENTS": list]) { $1 }
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map(String.init)
    }
}
