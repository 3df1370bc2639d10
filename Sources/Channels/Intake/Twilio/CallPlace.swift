/// A step of a call, as its address ends: `2-k0k0k0k0k0`. Who was not given it cannot ask for it.
struct CallPlace: Sendable, Hashable {
    let step: Int
    /// Of the call.
    let nonce: String

    init(step: Int, nonce: String) { (self.step, self.nonce) = (step, nonce) }

    init?(_ tail: String) {
        let parts = tail.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, (1...4).contains(parts[0].utf8.count), parts[0].first != "0",
            parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let step = Int(parts[0]),
            ChatCode.isCode(parts[1])
        else { return nil }
        self.init(step: step, nonce: String(parts[1]))
    }

    var tail: String { "\(step)-\(nonce)" }
}
