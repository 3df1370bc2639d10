import Foundation
import Testing

/// The shape of the house: which room stands on which floor, and that every arrow points down.
@Suite struct FloorTests {
    /// Imports go down only, and never to a room of the same floor unless `sameFloor` says so.
    static let floors: [[String]] = [
        ["Core", "JSON", "Web", "Matching", "Archive", "CVectorscan", "CPCRE2", "CZlib"],
        ["Store", "Ledger", "Config", "HCL", "Formats", "Rego", "Policy", "Dialects", "Schema", "MCP", "Intent"],
        ["Gate", "Privacy", "Flow"],
        ["Models", "Risk", "Scan", "Fixes", "Threats", "Observe", "Federation"],
        ["Integrations", "Agents", "Hub", "Channels"],
        ["Server", "Commands", "gatehouse"],
    ]
    static let sameFloor: Set<[String]> = [
        ["Web", "Core"], ["Matching", "Core"], ["Matching", "CVectorscan"], ["Matching", "CPCRE2"],
        ["Archive", "CZlib"],
        ["Archive", "Core"], ["Policy", "Rego"], ["Scan", "Risk"], ["Fixes", "Scan"], ["Threats", "Scan"],
        ["MCP", "Schema"], ["Flow", "Gate"], ["Channels", "Hub"], ["Channels", "Integrations"], ["Commands", "Server"],
        ["gatehouse", "Commands"],
    ]
    /// Beside the house: these may use any room, and only tests use TestSupport.
    static let beside: Set<String> = [
        "TestSupport", "Conformance", "Benchmarks", "CrashProbe", "FlowProbe", "PatternProbe",
    ]

    let tree: SourceTree
    init() throws { tree = try SourceTree.shared.get() }

    private func floor(of room: String) -> Int? { Self.floors.firstIndex { $0.contains(room) } }

    @Test func everyFolderHasItsPlace() {
        for room in tree.rooms {
            #expect(
                floor(of: room) != nil || Self.beside.contains(room),
                "Sources/\(room) is on no floor: add it to this table and to docs/architecture.md")
        }
    }

    @Test func importsGoDownOnly() {
        for file in tree.sources {
            guard let own = floor(of: file.room) else { continue }
            for imported in Set(file.imports) where imported != file.room {
                #expect(!Self.beside.contains(imported), "\(file.path) imports \(imported), which is beside the house")
                guard let other = floor(of: imported) else { continue }
                let allowed = other < own || Self.sameFloor.contains([file.room, imported])
                #expect(
                    allowed, "\(file.path): \(file.room) (floor \(own)) must not import \(imported) (floor \(other))")
            }
        }
    }

    @Test func everyImportIsDeclared() throws {
        let manifest = try String(contentsOfFile: tree.root + "/Package.swift", encoding: .utf8)
        for file in tree.sources where floor(of: file.room) != nil {
            for imported in Set(file.imports) where floor(of: imported) != nil && imported != file.room {
                let declared = declaration(of: file.room, in: manifest).contains("\"\(imported)\"")
                #expect(declared, "\(file.path) imports \(imported), which Package.swift does not give to \(file.room)")
            }
        }
    }

    /// The text of a room's entry in the manifest: from its name to the next entry.
    private func declaration(of room: String, in manifest: String) -> Substring {
        for opening in ["room(\"\(room)\"", "program(\"\(room)\"", "room(\n        \"\(room)\""] {
            guard let start = manifest.range(of: opening) else { continue }
            let rest = manifest[start.upperBound...]
            let end = ["\n    + ", "\n\nlet "].compactMap { rest.range(of: $0)?.lowerBound }.min()
            return rest[..<(end ?? rest.endIndex)]
        }
        return ""
    }

    @Test func everyRoomHasTests() {
        let tested = Set(tree.tests.map(\.room))
        for room in tree.rooms where !room.hasPrefix("C") || ["Core", "Config", "Commands", "Channels"].contains(room) {
            if room == "gatehouse" || Self.beside.contains(room) { continue }
            #expect(tested.contains("\(room)Tests"), "\(room) has no tests")
        }
    }

    @Test func everyRoomIsUsed() {
        for room in tree.rooms where room != "gatehouse" && !Self.beside.contains(room) {
            let used = tree.sources.contains { $0.room != room && $0.imports.contains(room) }
            #expect(used, "nothing imports \(room)")
        }
    }

    @Test func theFrontDoorDecidesNothing() {
        let lines = tree.sources.filter { $0.room == "gatehouse" }.reduce(0) { $0 + $1.code.count }
        #expect(lines <= 40, "the gatehouse program has \(lines) lines; it only opens the door")
    }
}
