import Foundation
import Privacy
import Testing

/// Labelled examples that nobody here wrote, where the shared data folder is at hand.
@Suite struct PublicExamplesTests {
    private struct Example: Decodable {
        var rule: String
        var kind: String
        var text: String
        var path: String?
    }

    private static let file = SharedData.file("secrets/examples.jsonl.gz")

    @Test(.enabled(if: file != nil, "no shared data folder: set GATEHOUSE_SHARED or put it beside the checkout"))
    func recallAndFalsePositives() throws {
        let decoder = JSONDecoder()
        let lines = try SharedData.gunzip(try #require(Self.file)).split(separator: 0x0a)
        var counts: [String: (hits: Int, all: Int)] = [:]
        for line in lines {
            let example = try decoder.decode(Example.self, from: line)
            let isFound = try !found(example.text, path: example.path).isEmpty
            let count = counts[example.kind, default: (0, 0)]
            counts[example.kind] = (count.hits + (isFound ? 1 : 0), count.all + 1)
        }
        let (real, false_) = (try #require(counts["tp"]), try #require(counts["fp"]))
        #expect(Double(real.hits) / Double(real.all) >= 0.98, "\(real)")
        // Most of these are other rules' secrets, and none can be told from real ones by its text.
        #expect(Double(false_.hits) / Double(false_.all) <= 0.05, "\(false_)")
    }
}

enum SharedData {
    /// Looks where `GATEHOUSE_SHARED` says, then for `shared/data` beside this folder or one above it.
    static func file(_ name: String) -> URL? {
        var places = ProcessInfo.processInfo.environment["GATEHOUSE_SHARED"].map { [URL(filePath: $0)] } ?? []
        var folder = URL(filePath: FileManager.default.currentDirectoryPath)
        for _ in 0..<4 {
            folder.deleteLastPathComponent()
            places.append(folder.appending(path: "shared"))
        }
        return places.map { $0.appending(path: "data/" + name) }.first {
            FileManager.default.fileExists(atPath: $0.path)
        }
    }

    static func gunzip(_ file: URL) throws -> Data {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", file.path]
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return data
    }
}
