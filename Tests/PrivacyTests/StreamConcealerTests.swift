import Core
import Testing

@testable import Privacy

/// Texts with things to find of every kind, plain and disguised, at the start, in the middle, at the end, and side by side.
enum StreamTexts {
    static let key = token("AKIA", "Q3EGJXK5", "NV7WZ4TB")
    static let pem =
        token(
            "-----BEGIN RSA PRIV", "ATE KEY-----\n",
            "MIIEpAIBAAKCAQEA7bq2Yv0Zt5mWz9QkXo3PfRj8LdNcHs1TgUuVeYwBxKiOaEhM\n")
        + "cD4rJnZlSgXvPqTf6yBmWhUoIk2RtNe8aHzCjLx5sVpGdKb0QwEuMi7FyOnAr3Tz\n"
        + token("-----END RSA PRIV", "ATE KEY-----")

    static let prose =
        "The ferry leaves the harbour a little before dawn, when the lamps are still burning. Nobody says much. "

    /// Put together here, so that a search of this tree does not take it for somebody's.
    static let password = "hx72kk" + "Qp9"

    static let values = [
        "jane.doe@example.org", "+49 30 901820 ext. 12", "(212) 555-7788", "4111 1111 1111 1111", "219-09-9998",
        "GB82 WEST 1234 5698 7654 32", "192.0.2.17", "2001:db8::ff00:42:8329", "00-1B-44-11-3A-B7",
        "Mr. Jonathan A. Miller", "my name is maria lopez", "221B Baker Street, Flat 5", "Hauptstraße 12",
        "12 rue de la Paix", "P.O. Box 123", "born on March 12, 1980", "né le 12 mars 1980", "passport C01X00T47",
        "48.85837, 2.29448", "12345678Z", "RSSMRA85T10A562S", "131052-308T", "756.9217.0769.85",
        "00482913 is my patient id", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "https://example.org/a?b=jane@example.org",
        "postgres://admin:\(password)@db.example.org/x", "key: \(key)", "pass\("word") = \"hT7#kQ\("92mXz")\"",
        "<EMAIL_1>",
        "jane.doe (at) example (dot) org", "4 1 1 1 - 1 1 1 1 - 1 1 1 1 - 1 1 1 1 ", "José Sigurðsson",
        "\u{ff4a}ane@example.org", "4111\u{2013}1111\u{2013}1111\u{2013}1111", "\\u006aane@example.org",
        "jane&#64;example.org", "j\u{200b}ane@ex\u{200b}ample.org",
        Base64.encode(Array("my value: jane@example.org ok".utf8)), "die Straße, 日本語のテキスト", "🙂 é̂ ok",
    ]

    /// Each value alone, at the ends, within prose, and next to each other.
    static let all: [String] =
        values + values.map { prose + $0 + ". " + prose } + values.map { $0 + " " + prose + $0 }
        + zip(values, values.dropFirst()).map { "a \($0) \($1), b" } + [
            values.joined(separator: " "), pem, prose + pem + prose,
        ]
}

@Suite struct StreamConcealerTests {
    static let rules: [PrivacyRules] = [
        .default, PrivacyRules(otherwise: .redact, minimumConfidence: 0.3),
        PrivacyRules(byKind: [.url: .allow], otherwise: .mask),
    ]

    static func filter(_ rules: PrivacyRules) throws -> PrivacyFilter {
        PrivacyFilter(scanner: try scanner.get(), rules: rules)
    }

    /// What a stream gives, what it says about it, and the most that it held back.
    static func stream(
        _ pieces: [[UInt8]], _ filter: PrivacyFilter, _ limits: StreamConcealer.Limits = .init()
    ) throws -> (out: String, applied: [Concealed.Applied], held: Int) {
        var concealer = StreamConcealer(filter: filter, vault: TokenVault(), limits: limits)
        var out: [UInt8] = []
        var held = 0
        for piece in pieces {
            out += try concealer.push(piece)
            held = max(held, concealer.held)
        }
        out += try concealer.finish()
        return (String(decoding: out, as: UTF8.self), concealer.applied, held)
    }

    @Test(arguments: StreamConcealerTests.rules.indices) func anyCutGivesWhatTheWholeGives(_ index: Int) throws {
        let filter = try Self.filter(Self.rules[index])
        var generator = SplitMix(state: UInt64(index))
        for (number, text) in StreamTexts.all.enumerated() where index == 0 || number % 4 == index {
            let bytes = Array(text.utf8)
            let whole = try filter.conceal(bytes, vault: TokenVault())
            let expected = String(decoding: whole.text ?? bytes, as: UTF8.self)
            for longest in [1, number % 60 + 2, bytes.count] {
                let result = try Self.stream(
                    cuts(bytes, &generator, longest: longest), filter, .init(window: 1024))
                #expect(result.out == expected, "\(text) in pieces of at most \(longest)")
                #expect(result.applied == whole.applied, "\(text)")
                if result.out != expected || result.applied != whole.applied { return }
            }
        }
    }

    @Test func holdsBackLittle() throws {
        let filter = try Self.filter(.default)
        let prose = Array(String(repeating: StreamTexts.prose, count: 20).utf8)
        let result = try Self.stream(prose.map { [$0] }, filter)
        #expect(result.held <= 40, "\(result.held) bytes of plain prose")
    }

    @Test func whatDoesNotFitIsWithheld() throws {
        let filter = try Self.filter(.default)
        let blob = String(repeating: "Zm9vYmFyIGJhe", count: 200)
        let text = "see " + blob + " and jane@example.org."
        let result = try Self.stream(text.utf8.map { [$0] }, filter, .init(window: 512))
        #expect(result.out == "see [WITHHELD] and <EMAIL_1>.")
        #expect(result.held <= 512)
    }

    /// A key whose end never comes does not come out, nor does one that is longer than any.
    @Test(arguments: [2_000, 10_000, 60_000]) func longKeysStayIn(length: Int) throws {
        let filter = try Self.filter(.default)
        var generator = SplitMix(state: 3)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var body: [UInt8] = []
        for index in 0..<length {
            body.append(index % 65 == 64 ? 0x0a : alphabet[Int(generator.next() % 64)])
        }
        let lines = String(decoding: body, as: UTF8.self)
        let begin = token("-----BEGIN PRIV", "ATE KEY-----\n"), end = token("\n-----END PRIV", "ATE KEY-----")
        for text in ["x " + begin + lines + end + " done now", "x " + begin + lines] {
            let bytes = Array(text.utf8)
            for longest in [7, 500, 30_000] {
                let result = try Self.stream(cuts(bytes, &generator, longest: longest), filter)
                for line in lines.split(separator: "\n") where line.utf8.count > 20 {
                    #expect(
                        !result.out.contains(line),
                        "a line came out in \(longest): \(result.out.prefix(60)) \(result.held) \(result.applied)")
                    if result.out.contains(line) { return }
                }
                #expect(result.held <= 16 << 10)
                if text.hasSuffix("done now") { #expect(result.out.hasSuffix(" done now")) }
            }
        }
    }

    @Test func scriptsWithoutBlanksFlow() throws {
        let filter = try Self.filter(.default)
        let text = String(repeating: "今日は天気がとても良いので、公園まで散歩に行きました。", count: 200)
        let result = try Self.stream(text.utf8.map { [$0] }, filter)
        #expect(result.out == text)
        #expect(result.held <= 512)
    }

    @Test func blockedMeansNothingMore() throws {
        var concealer = StreamConcealer(filter: try Self.filter(PrivacyRules(otherwise: .block)), vault: TokenVault())
        var out = try concealer.push(Array("a mail to jane@example.org is what ".utf8))
        out += try concealer.push(Array("follows here, and more words".utf8))
        out += try concealer.finish()
        #expect(concealer.blocked?.kind == .email)
        #expect(!String(decoding: out, as: UTF8.self).contains("jane"))
    }

    /// Each byte is looked at a bounded number of times, however small the pieces are.
    @Test func takesLinearTime() throws {
        let filter = try Self.filter(.default)
        func seconds(_ repeats: Int) throws -> Double {
            let text = Array(String(repeating: StreamTexts.prose + "jane@example.org ", count: repeats).utf8)
            var generator = SplitMix(state: 1)
            let pieces = cuts(text, &generator, longest: 9)
            let clock = ContinuousClock()
            let start = clock.now
            _ = try Self.stream(pieces, filter)
            let spent = clock.now - start
            return Double(spent.components.seconds) + Double(spent.components.attoseconds) / 1e18
        }
        _ = try seconds(5)
        let short = try seconds(50), long = try seconds(500)
        #expect(long < short * 30 + 0.2, "\(short) s and \(long) s")
    }

    @Test func anyBytesAreRead() throws {
        let filter = try Self.filter(PrivacyRules(otherwise: .redact))
        var generator = SplitMix(state: 9)
        let seed = Array(StreamTexts.values.joined(separator: " ").utf8)
        let clock = ContinuousClock()
        let end = clock.now + .seconds(1)
        repeat {
            var bytes = seed
            for _ in 0..<40 {
                bytes[Int(generator.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: generator.next())
            }
            do { _ = try Self.stream(cuts(bytes, &generator, longest: 50), filter, .init(window: 128)) } catch {
                #expect((error as? GatehouseError)?.code == .exhausted)
            }
        } while clock.now < end
    }
}

@Suite struct StreamGuardTests {
    @Test func restoresOldAndConcealsNew() throws {
        let vault = TokenVault()
        _ = try concealed("from jane@example.org", .default, vault)
        let answer = "Ask <EMAIL_1> or bob@example.com, or jane@example.org; see <EMAIL_7> and <EMAIL_1>"
        let expected = "Ask jane@example.org or <EMAIL_2>, or jane@example.org; see <EMAIL_7> and jane@example.org"
        var generator = SplitMix(state: 5)
        for longest in [1, 4, 20, 200] {
            let copy = try TokenVault(opening: vault.seal(with: TokenVaultTests.key), with: TokenVaultTests.key)
            var stream = StreamGuard(filter: try StreamConcealerTests.filter(.default), vault: copy)
            var out: [UInt8] = []
            for piece in cuts(Array(answer.utf8), &generator, longest: longest) { out += try stream.push(piece) }
            out += try stream.finish()
            #expect(String(decoding: out, as: UTF8.self) == expected)
            #expect(stream.restored == 3)
        }
        var blind = StreamGuard(filter: try StreamConcealerTests.filter(.default), vault: vault, restoring: nil)
        let out = try blind.push(Array(answer.utf8)) + blind.finish()
        #expect(String(decoding: out, as: UTF8.self).hasPrefix("Ask <EMAIL_1> or <EMAIL_2>, or <EMAIL_1>;"))
    }
}
