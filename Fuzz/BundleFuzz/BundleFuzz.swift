import Policy

/// What must hold of any bytes taken for a bundle. libFuzzer calls this; a broken promise ends the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzBundle(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    check(bytes)
    check(withTrueChecksums(bytes))
    return 0
}

private let reader: BundleReader = {
    var limits = BundleLimits()
    (limits.totalBytes, limits.entries, limits.depth) = (1 << 20, 50, 8)
    return BundleReader(limits: limits)
}()

private func check(_ bytes: [UInt8]) {
    guard let bundle = try? reader.read(archive: bytes) else { return }
    for module in bundle.modules {
        let steps = module.path.split(separator: "/", omittingEmptySubsequences: false)
        require(steps.count <= 8 && !steps.contains { ["", ".", ".."].contains($0) }, "a path stays in its bundle")
        require(module.path.hasSuffix(".rego"), "a module's name says what it is")
    }
    guard let written = try? BundleWriter().build(bundle) else { return }
    guard let again = try? BundleReader().read(archive: written) else {
        return require(false, "what is written can be read")
    }
    require(again.data == bundle.data && again.plan == bundle.plan, "data and plan are kept")
    require(
        Set(again.modules.map(\.path)) == Set(bundle.modules.map(\.path))
            && again.modules.reduce(0) { $0 + $1.text.count } == bundle.modules.reduce(0) { $0 + $1.text.count },
        "modules are kept")
}

/// The same tar, in which no mutation of a header is given away by its checksum.
private func withTrueChecksums(_ tar: [UInt8]) -> [UInt8] {
    var tar = tar
    var at = 0
    while at + 512 <= tar.count {
        let field = at + 148..<at + 156
        tar.replaceSubrange(field, with: repeatElement(0x20, count: 8))
        let sum = String(tar[at..<at + 512].reduce(0) { $0 + Int($1) }, radix: 8)
        let digits = String(repeating: "0", count: max(0, 6 - sum.utf8.count)) + sum
        tar.replaceSubrange(field, with: Array("\(digits)\0 ".utf8))
        let size = tar[at + 124..<at + 135].reduce(0) { $0 << 3 | Int($1 & 7) }
        at += 512 + (min(size, tar.count) + 511) / 512 * 512
    }
    return tar
}

private func require(_ condition: Bool, _ promise: StaticString) {
    precondition(condition, "\(promise)")
}
