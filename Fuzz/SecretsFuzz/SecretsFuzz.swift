import Privacy

/// What must hold of any bytes taken for a file of rules, and of what such rules find in it: it loads or is refused with
/// a reason and a place, findings lie within the text, and what they show of a secret is a quarter of it at most.
/// libFuzzer calls this; a broken promise ends the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSecrets(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    do {
        let own = try OwnRuleFile.parse(bytes, file: "rules.yaml")
        for rule in own.rules {
            if let detector = try? SecretDetector([rule]) { look(at: bytes, with: detector, own) }
        }
    } catch {
        require("\(error)".contains("rules.yaml"), "a refusal names its place")
    }
    if let builtin { look(at: bytes, with: builtin, OwnRules()) }
    return 0
}

private let builtin = try? SecretDetector()

private func look(at bytes: [UInt8], with detector: SecretDetector, _ own: OwnRules) {
    guard let found = try? detector.detect(in: bytes, path: "a/b.conf") else { return }
    for match in found.matches {
        require(match.secret.lowerBound >= 0 && match.secret.upperBound <= bytes.count, "a secret lies in its text")
        require(match.redacted(in: bytes).utf8.count <= match.secret.count / 4 + 3, "a quarter is shown at most")
        bytes.withUnsafeBytes {
            _ = own.verdict(on: UnsafeRawBufferPointer(rebasing: $0[match.secret]), of: match.rule.id, in: "a/b.conf")
        }
    }
}

private func require(_ condition: Bool, _ promise: StaticString) {
    precondition(condition, "\(promise)")
}
