import Archive

/// Scans files whose bytes are at hand, with what is packed in them: archives within archives, and notebooks by their
/// cells. Nothing is unpacked to the disk; members are named `archive!/member`, whatever the archive calls them.
struct PackedScan {
    static let separator = Array("!/".utf8)

    private let limits: AssessmentLimits
    /// Set for past commits.
    private let blob: String?
    /// Of one outermost archive.
    private var bytesLeft: Int
    private var membersLeft: Int

    init(limits: AssessmentLimits, blob: String? = nil) {
        self.limits = limits
        self.blob = blob
        bytesLeft = limits.expandedBytes
        membersLeft = limits.archiveMembers
    }

    /// - Parameter isWhole: false where what was read is only the beginning of the file.
    mutating func scan(
        _ bytes: [UInt8], of path: [UInt8], isWhole: Bool = true, with scan: inout ContentScan, into tally: inout Tally
    ) {
        self.scan(bytes, of: path, depth: 0, with: &scan, into: &tally)
        if !isWhole { tally.note(path, .tooLarge, "only the first \(bytes.count) bytes were read") }
    }

    private mutating func scan(
        _ bytes: [UInt8], of path: [UInt8], depth: Int, with scan: inout ContentScan, into tally: inout Tally
    ) {
        if let packing = bytes.withUnsafeBytes({ Packing($0) }) {
            guard depth < limits.archiveDepth else {
                return tally.note(path, .tooDeep, "archives are followed \(limits.archiveDepth) levels down")
            }
            return look(into: bytes, packing, of: path, depth: depth, with: &scan, into: &tally)
        }
        if Notebook.isOne(path), let parts = Notebook.parts(bytes) {
            if depth == 0, blob == nil { tally.inventory.add(path[...], bytes: Int64(bytes.count), lines: 0) }
            for part in parts {
                let name = path + Self.separator + part.name.utf8
                text(part.text, of: name, isMember: true, with: &scan, into: &tally)
            }
            return
        }
        text(bytes, of: path, isMember: depth > 0, with: &scan, into: &tally)
    }

    private func text(
        _ bytes: [UInt8], of path: [UInt8], isMember: Bool, with scan: inout ContentScan, into tally: inout Tally
    ) {
        scan.begin(path)
        bytes.withUnsafeBytes { scan.append($0) }
        tally.take(scan.finish(), of: path, blob: blob, isMember: isMember)
    }

    // MARK: - Archives

    private mutating func look(
        into bytes: [UInt8], _ packing: Packing, of path: [UInt8], depth: Int, with scan: inout ContentScan,
        into tally: inout Tally
    ) {
        switch packing {
        case .zip: zip(bytes, path, depth, &scan, &tally)
        case .tar: tar(bytes, path, depth, &scan, &tally)
        case .gzip:
            let name = path + Self.separator + Self.inner(path)
            guard let inner = inflate(bytes, 0..<bytes.count, .gzip, name, &tally) else { return }
            // A tar in gzip is one archive, not two.
            let isTar = inner.withUnsafeBytes { TarEntries.isTar($0) }
            if isTar {
                tar(inner, path, depth, &scan, &tally)
            } else {
                self.scan(inner, of: name, depth: depth + 1, with: &scan, into: &tally)
            }
        case .other(let name):
            tally.note(path, .archive, "\(name) is not read; unpack it and assess what comes out")
        }
    }

    private mutating func zip(
        _ bytes: [UInt8], _ path: [UInt8], _ depth: Int, _ scan: inout ContentScan, _ tally: inout Tally
    ) {
        let most = max(0, membersLeft) + 1
        guard let entries = bytes.withUnsafeBytes({ ZipEntries($0).map { Array($0.prefix(most)) } }) else {
            return tally.note(path, .archive, "the zip has no directory that can be read (cut short, damaged or zip64)")
        }
        for entry in entries where entry.path.last != UInt8(ascii: "/") {
            let name = path + Self.separator + entry.path.prefix(4096)
            guard takeMember(of: path, &tally) else { return }
            switch entry.content {
            case .stored(let range):
                guard let inner = stored(bytes[range], name, &tally) else { continue }
                self.scan(inner, of: name, depth: depth + 1, with: &scan, into: &tally)
            case .deflated(let range):
                guard let inner = inflate(bytes, range, .deflate, name, &tally) else { continue }
                self.scan(inner, of: name, depth: depth + 1, with: &scan, into: &tally)
            case .encrypted: tally.note(name, .archive, "is encrypted")
            case .unknown(let method):
                tally.note(name, .archive, "is compressed by method \(method), which is not read")
            case .damaged: tally.note(name, .archive, "the zip's directory and its content do not agree")
            }
        }
    }

    private mutating func tar(
        _ bytes: [UInt8], _ path: [UInt8], _ depth: Int, _ scan: inout ContentScan, _ tally: inout Tally
    ) {
        var steps: [TarEntries.Entry] = []
        var damage: Int?
        bytes.withUnsafeBytes { buffer in
            var entries = TarEntries(buffer)
            while steps.count <= membersLeft {
                guard case .file(let entry) = entries.next() else { break }
                steps.append(entry)
            }
            if case .damaged(let at) = entries.next() { damage = at }
        }
        for entry in steps {
            let name = path + Self.separator + entry.path
            guard takeMember(of: path, &tally) else { return }
            if entry.isCutShort { tally.note(name, .archive, "the tar ends within it") }
            guard let inner = stored(bytes[entry.content], name, &tally) else { continue }
            self.scan(inner, of: name, depth: depth + 1, with: &scan, into: &tally)
        }
        if let damage { tally.note(path, .archive, "is no tar from byte \(damage) on; the rest was not read") }
    }

    // MARK: - Bounds

    private mutating func takeMember(of path: [UInt8], _ tally: inout Tally) -> Bool {
        membersLeft -= 1
        if membersLeft == -1 {
            tally.note(path, .tooLarge, "an archive is read up to \(limits.archiveMembers) members")
        } else if bytesLeft == 0 {
            tally.note(path, .tooLarge, "an archive is read up to \(limits.expandedBytes) bytes once it is unpacked")
            bytesLeft = -1
        }
        return membersLeft >= 0 && bytesLeft > 0
    }

    private mutating func stored(_ content: ArraySlice<UInt8>, _ name: [UInt8], _ tally: inout Tally) -> [UInt8]? {
        let allowed = max(0, min(limits.memberBytes, bytesLeft))
        if content.count > allowed { tally.note(name, .tooLarge, "only its first \(allowed) bytes were read") }
        bytesLeft = max(0, bytesLeft - content.count)
        return Array(content.prefix(allowed))
    }

    private mutating func inflate(
        _ bytes: [UInt8], _ range: Range<Int>, _ format: Inflate.Format, _ name: [UInt8], _ tally: inout Tally
    ) -> [UInt8]? {
        let allowed = max(0, min(limits.memberBytes, bytesLeft))
        let output = bytes.withUnsafeBytes {
            Inflate.run(
                UnsafeRawBufferPointer(rebasing: $0[range]), format, limit: allowed, ratio: limits.archiveRatio)
        }
        bytesLeft = max(0, bytesLeft - output.bytes.count)
        let read = "only its first \(output.bytes.count) bytes were read"
        switch output.end {
        case .complete: break
        case .damaged: tally.note(name, .archive, "is damaged; \(read)")
        case .cutShort: tally.note(name, .archive, "is cut short; \(read)")
        case .tooLarge: tally.note(name, .tooLarge, read)
        case .tooDense:
            tally.note(name, .tooLarge, "unpacks to more than \(limits.archiveRatio) times its size; \(read)")
        }
        return output.bytes.isEmpty ? nil : output.bytes
    }

    /// `notes.txt` of `docs/notes.txt.gz`.
    private static func inner(_ path: [UInt8]) -> [UInt8] {
        let name = path.lastIndex(of: UInt8(ascii: "/")).map { Array(path[($0 + 1)...]) } ?? path
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0 else { return name }
        return Array(name[..<dot])
    }
}

/// The containers of a member, outermost first: `a.zip` and `a.zip!/b.jar` of `a.zip!/b.jar!/c`.
enum MemberPath {
    static func containers(of path: String) -> [String] {
        var out: [String] = []
        var rest = path[...]
        while let mark = rest.firstRange(of: "!/") {
            out.append(String(path[..<mark.lowerBound]))
            rest = rest[mark.upperBound...]
        }
        return out
    }
}
