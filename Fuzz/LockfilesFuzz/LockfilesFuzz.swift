import Formats

/// What must hold of any bytes taken for a file that names packages: it is refused with the line, or its packages have a
/// name, a version and a line in it, and what leads to them ends with them. The first line of the input is the file's path.
/// libFuzzer calls this; a broken promise ends the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzLockfiles(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = [UInt8](UnsafeBufferPointer(start: start, count: count))
    let name = input.prefix { $0 != 0x0A }
    guard let format = LockfileFormat.of(String(decoding: name, as: UTF8.self)) else { return 0 }
    let bytes = Array(input.dropFirst(name.count + 1))
    do throws(TextError) {
        let reading = try format.read(bytes)
        for dependency in reading.dependencies { look(at: dependency) }
        for gap in reading.gaps { require(gap.line >= 1 && !gap.reason.isEmpty, "a gap names its line") }
    } catch {
        require(error.line >= 1 && !error.reason.isEmpty, "a refusal names its line")
    }
    return 0
}

private func look(at dependency: Dependency) {
    require(dependency.line >= 1, "a package stands in a line")
    require(dependency.path.isEmpty || dependency.path.last == dependency.name, "a way ends at its package")
    if let purl = dependency.purl {
        require((try? PURL(purl.description)) == purl, "a package URL that is written reads the same")
    }
    if let license = dependency.license, let known = try? LicenseExpression(lenient: license) {
        require((try? LicenseExpression(known.description)) != nil, "a license that is written reads again")
    }
}

private func require(_ holds: Bool, _ promise: String) {
    guard holds else { fatalError("broken: \(promise)") }
}
