import Core
import Matching
import TestSupport
import Testing

extension Expression.Outcome {
    fileprivate var captures: Expression.Captures? { if case .match(let captures) = self { captures } else { nil } }
}

@Suite struct ExpressionTests {
    @Test func capturesByteRanges() throws {
        let expression = try Expression(#"(?<key>\w+)=(?:"([^"]*)"|(\S+))"#)
        let captures = try #require(expression.firstMatch(in: Array("é name=\"x y\"".utf8)).captures)
        #expect(captures.range == 3..<13)
        #expect(captures[1] == 3..<7)
        #expect(captures[2] == 9..<12)
        #expect(captures[3] == nil)
        #expect(captures[99] == nil)
        #expect(expression.group(named: "key") == 1)
        #expect(expression.group(named: "none") == nil)
        #expect(expression.groupCount == 3)
    }

    @Test func rangeSeesBackwardsButNotForwards() throws {
        let text = Array("abcabc".utf8)
        let behind = try Expression("(?<=c)a")
        #expect(behind.firstMatch(in: text, range: 3..<6).captures?.range == 3..<4)
        #expect(try Expression("abc$").firstMatch(in: text, range: 0..<3).captures?.range == 0..<3)
        #expect(try Expression("c(?=a)").firstMatch(in: text, range: 0..<3) == .noMatch)
        #expect(try Expression("b", options: .anchored).firstMatch(in: text, range: 0..<6) == .noMatch)
        #expect(try Expression("b", options: .anchored).firstMatch(in: text, range: 1..<6).captures?.range == 1..<2)
        // Ranges beyond the input are cut to it.
        #expect(behind.firstMatch(in: text, range: 3..<600).captures?.range == 3..<4)
        #expect(behind.firstMatch(in: text, range: 100..<600) == .noMatch)
        #expect(try Expression("^$").firstMatch(in: []).captures?.range == 0..<0)
    }

    @Test func allMatches() throws {
        func ranges(_ pattern: String, _ text: String) throws -> [Range<Int>] {
            var found: [Range<Int>] = []
            let end = try Expression(pattern).matches(in: Array(text.utf8)) {
                found.append($0.range)
                return .proceed
            }
            #expect(end == .complete)
            return found
        }
        #expect(try ranges("a+", "aa b a") == [0..<2, 5..<6])
        #expect(try ranges("a*", "baac") == [0..<0, 1..<3, 3..<3, 4..<4])
        #expect(try ranges("x?", "").count == 1)
        #expect(try ranges("a\\K", "aa") == [1..<1, 2..<2])
        var count = 0
        let end = try Expression("a").matches(in: Array("aaaa".utf8)) { _ in
            count += 1
            return count == 2 ? .stop : .proceed
        }
        #expect(end == .stopped && count == 2)
    }

    @Test(arguments: [Expression.Options.interpreted, []])
    func catastrophicExpressionsHitTheLimit(options: Expression.Options) throws {
        let expression = try Expression("^(?:(?:a+)+)+$", options: options)
        #expect(expression.isJIT == !options.contains(.interpreted))
        let input = [UInt8](repeating: 0x61, count: 40) + [0x62]
        #expect(expression.firstMatch(in: input) == .limit(.matches))
        #expect(expression.matches(in: input) { _ in .proceed } == .limit(.matches))
        // The workspace is as good as new after it.
        #expect(expression.firstMatch(in: [0x61]).captures?.range == 0..<1)
    }

    @Test func deepRecursionHitsALimitNotTheStack() throws {
        let input = [UInt8](repeating: UInt8(ascii: "("), count: 1_000_000)
        for options in [Expression.Options.interpreted, []] {
            let outcome = try Expression(#"^(\((?:[^()]|(?1))*\))$"#, options: options).firstMatch(in: input)
            guard case .limit = outcome else {
                Issue.record("\(outcome)")
                continue
            }
        }
    }

    @Test func invalidUTF8IsLegalInput() throws {
        let unicode = try Expression(#"\p{Lu}."#, options: .utf8)
        let input: [UInt8] = [0xff, 0xc3, 0x41, 0x80, 0xc3, 0x89, 0x62, 0xe2, 0x82]
        #expect(unicode.firstMatch(in: input).captures?.range == 4..<7)
        for start in 0...input.count {
            switch unicode.firstMatch(in: input, range: start..<input.count) {
            case .match(let captures): #expect(captures.range == 4..<7)
            case .noMatch: #expect(start > 4)
            case .limit(let limit): Issue.record("\(limit) from \(start)")
            }
        }
        #expect(try Expression(#"\xff."#).firstMatch(in: input).captures?.range == 0..<2)
    }

    @Test func errorsNameTheOffset() throws {
        let error = #expect(throws: GatehouseError.self) { try Expression("ab(c") }
        #expect(error?.message.contains("byte 4") == true)
        #expect(error?.cause?.contains("parenthesis") == true)
        #expect(throws: GatehouseError.self) { try Expression("(*UTF)a") }
        #expect(throws: GatehouseError.self) { try Expression(String(repeating: "(a)", count: 64)) }
        #expect(try Expression(String(repeating: "(a)", count: 63)).groupCount == 63)
    }

    /// Both engines agree, whatever the bytes.
    @Test func randomInput() throws {
        var random = SeededRandom(seed: 42)
        let pattern = #"(?:ab|ba)[a-c]{1,3}[0-9]?"#
        let set = try PatternSet([Pattern(id: 1, pattern)])
        let bytes = try Expression(pattern)
        let unicode = try Expression(pattern, options: .utf8)
        let deadline = ContinuousClock.now + .seconds(1)
        var rounds = 0
        while ContinuousClock.now < deadline {
            let input = (0..<Int.random(in: 0..<200, using: &random)).map { _ in
                Bool.random(using: &random)
                    ? UInt8.random(in: 0x60...0x64, using: &random) : UInt8.random(in: 0...255, using: &random)
            }
            let first = bytes.firstMatch(in: input)
            let ends = try set.matches(in: input).map(\.end)
            #expect((first.captures == nil) == ends.isEmpty)
            if let end = first.captures?.range.upperBound { #expect(ends.contains(end)) }
            #expect(unicode.firstMatch(in: input) == first)
            rounds += 1
        }
        #expect(rounds > 100)
    }
}
