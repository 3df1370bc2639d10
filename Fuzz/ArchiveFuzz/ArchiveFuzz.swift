import Archive

/// What must hold of any bytes taken for an archive: reading ends within its bounds, and nothing is said to lie where
/// there is nothing. libFuzzer calls this; a broken promise ends the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzArchive(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    zip(bytes)
    tar(bytes)
    stream([UInt8](bytes))
    for format in [Inflate.Format.gzip, .deflate] { inflate(bytes, format) }
    return 0
}

private let limit = 3 << 20

private func zip(_ bytes: UnsafeRawBufferPointer) {
    guard let entries = ZipEntries(bytes) else { return }
    var seen = 0
    for entry in entries {
        seen += 1
        switch entry.content {
        case .stored(let range): require(range.upperBound <= bytes.count, "a member lies in its zip")
        case .deflated(let range):
            require(range.upperBound <= bytes.count, "a member lies in its zip")
            if seen < 8 { inflate(UnsafeRawBufferPointer(rebasing: bytes[range]), .deflate) }
        case .encrypted, .unknown, .damaged: break
        }
    }
    require(seen <= entries.count, "a zip has no more members than it says")
}

/// The same bytes as a stream, plain and decompressed: sizes add up to no more than what was read.
private func stream(_ bytes: [UInt8]) {
    let plain = SourceStream(MemorySource(bytes))
    walk(TarStream(plain), limit: Int64(bytes.count))
    if let packed = try? GzipStream(SourceStream(MemorySource(bytes)), limit: Int64(limit)) {
        walk(TarStream(packed), limit: Int64(limit))
    }
}

private func walk(_ tar: TarStream, limit: Int64) {
    var tar = tar
    var total: Int64 = 0
    while let entry = try? tar.next() {
        require(entry.size >= 0 && entry.offset >= 0, "a member has a place")
        while let piece = try? tar.content(upTo: 4096), !piece.isEmpty { total += Int64(piece.count) }
        require(total <= limit, "no more is read than there is")
    }
}

private func tar(_ bytes: UnsafeRawBufferPointer) {
    var entries = TarEntries(bytes)
    var steps = 0
    var last = 0
    while case .file(let entry) = entries.next() {
        steps += 1
        require(entry.content.lowerBound >= last, "members follow one another")
        require(entry.content.upperBound <= bytes.count, "a member lies in its tar")
        last = entry.content.upperBound
        require(steps <= bytes.count / TarHeader.size, "each member takes a header")
    }
}

private func inflate(_ bytes: UnsafeRawBufferPointer, _ format: Inflate.Format) {
    let output = Inflate.run(bytes, format, limit: limit, ratio: 100)
    require(output.bytes.count <= limit, "no more comes out than is allowed")
    if output.end == .tooLarge { require(output.bytes.count == limit, "what is cut is given up to the limit") }
}

private func require(_ condition: Bool, _ promise: StaticString) {
    precondition(condition, "\(promise)")
}
