import Privacy

/// All detectors over prose, and over prose in which every second line holds something to find.
enum PrivacyBenchmark {
    static func run() throws -> [Figure] {
        let scanner = try PrivacyScanner()
        return [
            Figure(
                name: "privacy: all detectors over prose", value: try rate(scanner, prose), unit: "MB/s/core",
                goal: .atLeast(100)),
            Figure(
                name: "privacy: the same with personal data in every fifth line", value: try rate(scanner, letters),
                unit: "MB/s/core"),
        ]
    }

    private static func rate(_ scanner: PrivacyScanner, _ text: String) throws -> Double {
        let bytes = Array(String(repeating: text, count: 1 + 400_000 / text.utf8.count).utf8)
        _ = try scanner.findings(in: bytes)
        var rates: [Double] = []
        for _ in 0..<7 {
            let spent = try Spent.measure { keep(try scanner.findings(in: bytes)) }
            rates.append(Double(bytes.count) / 1e6 / spent.cpu)
        }
        return rates.median
    }

    private static let prose = """
        The ferry leaves the harbour a little before dawn, when the lamps along the quay are still burning and the \
        gulls have not yet begun to quarrel over what the boats brought in. Nobody on deck says much. A woman in a grey \
        coat reads the same page of her newspaper again and again; two students share a thermos and look at the water.
        When the coast is out of sight, the wind turns. It carries the smell of rain, and for about 20 minutes the \
        horizon is gone. The captain, who has crossed here for half his life, slows the engine and waits. He knows that \
        the weather is never in a hurry, and that those who are seldom arrive any sooner than the others.
        The deployment restarted because its health check asked a port that nothing listened on. Move the check to the \
        path that the service answers, give it ten seconds to warm up, and watch the error rate for an hour or so. If \
        it stays flat, roll the change out to the other regions, one at a time, and keep the old version at hand.

        """
    private static let letters =
        prose + "Please write to jane.doe@example.org or call Mr. Burke on +49 30 901820 before 12 March 2027.\n"
}
