import Core

/// `t=SECONDS,v1=HEX`, each once and nothing else.
package enum SignatureParts {
    package static func read(_ header: String?) -> (seconds: String, code: [UInt8])? {
        guard let header, header.utf8.count <= 200 else { return nil }
        var found: [Substring: Substring] = [:]
        for part in header.split(separator: ",", omittingEmptySubsequences: false) {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, found.updateValue(pair[1], forKey: pair[0]) == nil else { return nil }
        }
        guard found.count == 2, let seconds = found["t"], let code = found["v1"].flatMap({ Hex.decode($0) }) else {
            return nil
        }
        return (String(seconds), code)
    }
}
