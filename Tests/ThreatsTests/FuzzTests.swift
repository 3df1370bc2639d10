import Scan
import TestSupport
import Testing

@testable import Threats

/// Files may be anything: what is made of them has its place, fits together and is drawn.
@Suite struct FuzzTests {
    private func mutated(_ text: String, _ random: inout SeededRandom) -> String {
        var bytes = Array(text.utf8)
        let marks = Array("{}[]\"'\\\n\t #=:-$,<>|&;()%!*@".utf8)
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            let at = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where at < bytes.count: bytes.remove(at: at)
            case 1: bytes.insert(marks.randomElement(using: &random) ?? 0x20, at: at)
            case 2 where at < bytes.count: bytes[at] = UInt8.random(in: 0x20...0x7E, using: &random)
            default: bytes = Array(bytes[..<at] + bytes[(bytes.count - at)...])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func codeOfAnyShape() {
        var random = SeededRandom(seed: 21)
        var routes = 0
        for round in 0..<600 {
            let text = mutated(Shop.app, &random)
            let path = ["a.py", "a.js", "a.go", "a.swift"][round % 4]
            let facts = CodeReader.facts(Array(text.utf8), path: path)
            let lines = text.utf8.count { $0 == 0x0A } + 1
            routes += facts.routes.count
            for route in facts.routes { #expect(route.line >= 1 && route.line <= lines) }
            for mark in facts.marks { #expect(mark.line >= 1 && mark.line <= lines) }
        }
        #expect(routes > 100)
    }

    @Test func repositoriesOfAnyShape() async throws {
        var random = SeededRandom(seed: 22)
        for _ in 0..<25 {
            let files = Shop.files.sorted { $0.key < $1.key }.map { ($0.key, mutated($0.value, &random)) }
            let report = try await Repository(Dictionary(uniqueKeysWithValues: files)).report()
            let model = report.model
            let ids = Set(model.elements.map(\.id))
            #expect(ids.count == model.elements.count)
            #expect(
                model.flows.allSatisfy { ids.contains($0.source) && ids.contains($0.target) && $0.source != $0.target })
            #expect(model.entryPoints.allSatisfy { ids.contains($0.element) })
            #expect(model.threats.allSatisfy { !$0.evidence.isEmpty && (1...9).contains($0.risk.value) })
            for format in ThreatReport.Format.allCases { #expect(!report.text(format).isEmpty) }
        }
    }
}
