import Core
import Matching
import TestSupport
import Testing

private func ends(_ set: PatternSet, _ text: String) throws -> [[Int]] {
    try set.matches(in: Array(text.utf8)).map { [$0.id, $0.end] }
}

@Suite struct PatternSetTests {
    @Test func thisMachineIsSupported() {
        #expect(PatternSet.isSupported)
    }

    @Test func findsManyPatternsInOnePass() throws {
        let set = try PatternSet([Pattern(id: 10, "abc"), Pattern(id: 20, "b[cd]e?"), Pattern(id: 30, "^abc$")])
        #expect(try ends(set, "abc").sorted { $0[0] < $1[0] } == [[10, 3], [20, 3], [30, 3]])
        #expect(try ends(set, "xbde") == [[20, 3], [20, 4]])
        #expect(try ends(set, "").isEmpty)
    }

    @Test func optionsAct() throws {
        let set = try PatternSet([
            Pattern(id: 1, "key", options: .caseless), Pattern(id: 2, "a.b", options: .dotAll), Pattern(id: 3, "a.b"),
            Pattern(id: 4, "^x", options: .multiline), Pattern(id: 5, "z", options: .singleMatch),
            Pattern(id: 6, "é", options: [.utf8, .caseless]),
        ])
        #expect(try ends(set, "KeY a\nb \nx zzz É") == [[1, 3], [2, 7], [4, 10], [5, 12], [6, 17]])
    }

    @Test func startOfMatchIsGivenOnlyWhenAskedFor() throws {
        let set = try PatternSet([Pattern(id: 1, "b+c", options: .startOfMatch), Pattern(id: 2, "b+c")])
        let matches = try set.matches(in: Array("abbbc".utf8))
        #expect(Set(matches.map(\.start)) == [1, nil])
        #expect(matches.allSatisfy { $0.end == 5 && $0.isExact })
    }

    @Test func startOfFixedWidthIsFree() throws {
        let set = try PatternSet([
            Pattern(id: 1, "[0-9]Q~", options: .caseless), Pattern(id: 2, "Q~+"), Pattern(id: 3, #"(.)\1"#),
            Pattern(id: 4, "k", options: [.utf8, .caseless]),
        ])
        let matches = try set.matches(in: Array("abc8q~Q~~k".utf8))
        #expect(matches.filter { $0.id == 1 }.map(\.start) == [3])
        #expect(matches.filter { $0.id == 2 }.map(\.start) == [nil, nil])
        #expect(matches.filter { $0.id > 2 }.allSatisfy { $0.start == nil })
    }

    @Test func patternsBeyondTheEngineAreApproximated() throws {
        let set = try PatternSet([Pattern(id: 1, #"(a|b)\1"#, options: .startOfMatch), Pattern(id: 2, "plain")])
        #expect(set.approximated == [1])
        let matches = try set.matches(in: Array("xbb".utf8))
        #expect(matches.contains { $0.id == 1 && $0.end == 3 && !$0.isExact && $0.start == nil })
    }

    @Test func errorsNameThePatternAndThePlace() throws {
        let error = #expect(throws: GatehouseError.self) {
            try PatternSet([Pattern(id: 7, "fine"), Pattern(id: 8, "a[b")])
        }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains("pattern 8") == true)
        #expect(error?.cause?.contains("index 1") == true)
        #expect(throws: GatehouseError.self) { try PatternSet([Pattern(id: 1, "a\0b")]) }
        #expect(throws: GatehouseError.self) { try PatternSet([Pattern(id: 1, "a*")]) }
        #expect(throws: GatehouseError.self) { try PatternSet([]) }
    }

    @Test func stopsWhenToldAndAtTheLimit() throws {
        let set = try PatternSet([Pattern(id: 1, "a")])
        let input = [UInt8](repeating: 0x61, count: 1000)
        var count = 0
        let stopped = try set.scan(input) { _ in
            count += 1
            return count == 3 ? .stop : .proceed
        }
        #expect(stopped == .stopped && count == 3)
        count = 0
        let limited = try set.scan(input, limit: 10) { _ in
            count += 1
            return .proceed
        }
        #expect(limited == .limit && count == 10)
        #expect(try set.scan(input, limit: 1000) { _ in .proceed } == .complete)
    }

    /// Lengths at which the engine's vector code changes; every position of a match, up to the very end.
    @Test(arguments: ["(?:ab|ba)[a-c]{1,3}[0-9]?", "[ab][bc][0-9]", "ab[a-c]", "[0-9]Q~", "(?:ab|ba)c$"])
    func nothingIsLostNearTheEnd(pattern: String) throws {
        var random = SeededRandom(seed: 3)
        let set = try PatternSet([Pattern(id: 1, pattern)])
        let expression = try Expression(pattern)
        for round in 0..<5000 {
            let alphabet = round.isMultiple(of: 2) ? Array("abc09Q~ -".utf8) : Array(0...255)
            let input = (0..<Int.random(in: 0..<300, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            guard case .match(let captures) = expression.firstMatch(in: input) else { continue }
            let ends = try set.matches(in: input).map(\.end)
            #expect(ends.contains(captures.range.upperBound), "\(input.count) bytes, match at \(captures.range)")
        }
    }

    @Test func paddingOfShortInputsIsInvisible() throws {
        let set = try PatternSet([Pattern(id: 1, "a[^b]"), Pattern(id: 2, #"x\b"#), Pattern(id: 3, #"\x00"#)])
        #expect(try set.matches(in: Array("aca".utf8)).map(\.end) == [2])
        #expect(try set.matches(in: Array("ax".utf8)).map(\.id).sorted() == [1, 2])
        #expect(
            try set.matches(in: [0x61, 0]).map { [$0.id, $0.end] }.sorted { $0[0] < $1[0] } == [[1, 2], [3, 2]])
    }

    @Test func manyThreadsShareOneSet() async throws {
        let set = try PatternSet([Pattern(id: 1, "needle")])
        let input = Array((String(repeating: "hay ", count: 5000) + "needle").utf8)
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<32 {
                group.addTask { @concurrent in try (0..<20).map { _ in try set.matches(in: input).count }.reduce(0, +) }
            }
            return try await group.reduce(0, +)
        }
        #expect(total == 640)
    }
}

@Suite struct PatternStreamTests {
    @Test func matchesSpanPieces() throws {
        let set = try PatternSet(
            [Pattern(id: 1, "secret"), Pattern(id: 2, "end$", options: .startOfMatch)], mode: .streaming)
        let stream = try set.stream()
        var found: [PatternSet.Match] = []
        let note: (PatternSet.Match) -> Continuation = { match in
            found.append(match)
            return .proceed
        }
        for piece in ["xx se", "", "cr", "et the e", "nd"] { try stream.feed(Array(piece.utf8), note) }
        #expect(found.map(\.end) == [9])
        try stream.finish(note)
        #expect(found.map(\.end) == [9, 17])
        #expect(found.last?.start == 14)
        #expect(throws: GatehouseError.self) { try stream.feed([0x61], note) }
        #expect(try stream.finish(note) == .complete)
    }

    @Test func everyCutGivesWhatTheWholeGives() throws {
        let patterns = [Pattern(id: 1, "ab+c"), Pattern(id: 2, "c.?a"), Pattern(id: 3, "^a")]
        let text = Array("abbbc abca cab".utf8)
        let whole = try PatternSet(patterns).matches(in: text).map { [$0.id, $0.end] }
        let set = try PatternSet(patterns, mode: .streaming)
        for cut in 0...text.count {
            let stream = try set.stream()
            var found: [[Int]] = []
            for piece in [text[..<cut], text[cut...]] {
                try stream.feed(Array(piece)) {
                    found.append([$0.id, $0.end])
                    return .proceed
                }
            }
            #expect(Set(found) == Set(whole), "cut at \(cut)")
        }
    }

    @Test func limitCountsOverAllPieces() throws {
        let set = try PatternSet([Pattern(id: 1, "a")], mode: .streaming)
        let stream = try set.stream(limit: 5)
        var count = 0
        var last = ScanEnd.complete
        for _ in 0..<4 {
            last = try stream.feed([0x61, 0x61]) { _ in
                count += 1
                return .proceed
            }
        }
        #expect(count == 5 && last == .limit)
        #expect(try stream.finish { _ in .proceed } == .limit)
    }

    @Test func modesAreNotMixedUp() throws {
        let block = try PatternSet([Pattern(id: 1, "a")])
        let streaming = try PatternSet([Pattern(id: 1, "a")], mode: .streaming)
        #expect(throws: GatehouseError.self) { try block.stream() }
        #expect(throws: GatehouseError.self) { try streaming.matches(in: [0x61]) }
    }
}
