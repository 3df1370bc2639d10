import Formats

/// What must hold of any text that claims to be a version, a package URL, a CVSS vector or a SARIF log.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFormats(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    if count > 0, start?.pointee == UInt8(ascii: "{") {
        checkLog(Array(UnsafeBufferPointer(start: start, count: count)))
    }
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    let parts = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    checkVersions(parts[0], parts.count > 1 ? parts[1] : "")
    if let purl = try? PURL(parts[0]) {
        require((try? PURL(purl.description)) == purl, "a package URL that is written reads the same")
    }
    if let cvss = try? CVSS(parts[0]) {
        require((0...10).contains(cvss.scores.overall), "a score is from 0 to 10")
    }
    return 0
}

private func checkVersions(_ a: String, _ b: String) {
    for scheme in VersionScheme.allCases {
        let (order, mirrored) = (scheme.compare(a, b), scheme.compare(b, a))
        require(order.rawValue == -mirrored.rawValue, "an order is the same from both sides")
        require(scheme.compare(a, a) == .equal, "a version is equal to itself")
    }
}

private func checkLog(_ bytes: [UInt8]) {
    let log = SARIF.ReadLog(bytes)
    require(!log.runs.isEmpty || !log.problems.isEmpty, "a log without runs says why")
    for result in log.runs.flatMap(\.results) {
        let parts = (result.path?.relative ?? "").split(separator: "/", omittingEmptySubsequences: false)
        require(!parts.contains(".."), "no path leads out of the tree")
        require(result.path?.relative?.hasPrefix("/") != true, "what is relative has no root")
        require(result.region?.startLine ?? 1 >= 1, "lines are counted from 1")
    }
}

private func require(_ holds: Bool, _ promise: String) {
    guard holds else { fatalError("broken: \(promise)") }
}
