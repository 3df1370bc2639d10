import Foundation
import JSON
import Testing

/// `gatehouse intent` as a person runs it.
@Suite struct IntentCommandTests {
    let program: Program
    init() throws { program = try Program() }

    private static let words: KeyValuePairs = [
        "restart": ["restart", "reboot", "bounce"], "cost": ["cost", "bill", "spend"],
        "scan": ["scan", "audit", "findings"],
    ]

    /// Each intent's words with each of some others, so that texts differ.
    private func table(_ others: [String]) -> String {
        var lines = ["id,Label,Utterance"]
        for (intent, words) in Self.words {
            for word in words {
                for other in others { lines.append("\(lines.count),\(intent),\"\(word), the \(other)\"") }
            }
        }
        return lines.joined(separator: "\r\n") + "\r\n"
    }

    private func train() throws -> String {
        let file = try program.write(
            "train.csv", table(["checkout", "payments in prod", "ledger for an hour", "search api", "cart", "mail"]))
        let model = "\(program.data)/texts.model"
        let trained = try program.run("intent", "train", file, "--out", model)
        #expect(trained.status == 0, "\(trained.errors)")
        #expect(trained.output.contains("accuracy, held back") && trained.errors.contains("training"))
        return model
    }

    @Test func trainsAndMeasures() throws {
        defer { program.remove() }
        let model = try train()
        let held = try program.write(
            "held.csv",
            "text,intent\nreboot the shop,restart\nbill of the harbour,cost\nreboot the mail,scan\nzyx wvu,oos\n")
        let plain = try program.run("intent", "eval", held, "--model", model)
        #expect(plain.status == 0, "\(plain.errors)")
        #expect(plain.output.contains("accuracy in scope") && plain.output.contains("66.67 %"))
        #expect(plain.output.contains("out-of-scope recall") && plain.output.contains("100.00 %"))
        #expect(plain.output.contains("scan") && plain.output.contains("restart 1"))
        let json = try JSON.parse(try program.run("intent", "eval", held, "--model", model, "--json").output)
        #expect(json["accuracyInScope"]?.double == 2.0 / 3 && json["outOfScopeRecall"]?.double == 1)
        #expect(json["accuracy"]?.double == 0.75 && json["intents"]?.array?.count == 4)
        #expect(try program.run("intent", "eval", held, "--model", model, "--min-accuracy", "90").status == 1)
    }

    @Test func theSameFileGivesTheSameModel() throws {
        defer { program.remove() }
        let model = try train()
        let first = try Data(contentsOf: URL(fileURLWithPath: model))
        _ = try train()
        #expect(try Data(contentsOf: URL(fileURLWithPath: model)) == first)
    }

    @Test func explains() throws {
        defer { program.remove() }
        let model = try train()
        let text = "bounce the payment api in prod for 2 hours"
        let plain = try program.run("intent", "explain", text, "--model", model, "--names", "service=payment-api")
        #expect(plain.status == 0 && plain.output.hasPrefix("restart "), "\(plain.errors)")
        #expect(
            plain.output.contains("bounce") && plain.output.contains("payment-api") && plain.output.contains("7200s"))
        let shown = try program.run("intent", "explain", "-", "--model", model, "--json", input: text)
        let json = try JSON.parse(shown.output)
        #expect(json["intent"]?.string == "restart" && json["isOutOfScope"]?.bool == false)
        #expect(json["slots"]?.array?.map { $0["name"]?.string } == ["environment", "duration"])
        let strange = try program.run("intent", "explain", "zyx wvu", "--model", model)
        #expect(strange.status == 1 && strange.output.hasPrefix("oos "))
        #expect(try program.run("intent", "explain", "x", "--model", model, "--names", "payment").status == 2)
    }

    @Test func saysWhatIsWrongWithAFile() throws {
        defer { program.remove() }
        let model = try train()
        let bad = try program.write("bad.csv", "text,intent\nhello,a\n\"never closed,b\n")
        let refused = try program.run("intent", "train", bad, "--out", model)
        #expect(refused.status == 2 && refused.errors.contains("line 3") && refused.errors.contains("next:"))
        let one = try program.write("one.csv", "text,intent\nhello,a\nthere,a\n")
        #expect(try program.run("intent", "train", one, "--out", model).errors.contains("nothing to tell apart"))
        #expect(try program.run("intent", "eval", bad, "--model", one).status == 2)
        let file = URL(fileURLWithPath: model)
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: file)
        let damaged = try program.run("intent", "explain", "hello", "--model", model)
        #expect(damaged.status == 6 && damaged.errors.contains("checksum"))
    }

    @Test func namesContradictions() throws {
        defer { program.remove() }
        let file = try program.write(
            "texts.csv",
            "text,intent\nstop it,restart\nwhat is the bill,cost\nStop it,cost\nstop it,cost\nboot it,restart\n")
        let trained = try program.run("intent", "train", file, "--out", "\(program.data)/m", "--json")
        #expect(
            trained.status == 0
                && trained.errors.contains("line 4: cost is kept; the same text is also restart (line 2)"))
        #expect(try JSON.parse(trained.output)["contradictions"]?.array?.count == 1)
    }
}
