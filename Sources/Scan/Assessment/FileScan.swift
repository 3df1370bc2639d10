#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Scans batches of files of one tree.
struct FileScan: Sendable {
    static let batch = 64

    var reader: TreeReader
    var scanners: [any ContentScanner]
    var trees: [any TreeScanner]
    var code: CodeScanner?
    var limits: AssessmentLimits

    func run(_ paths: [[UInt8]]) -> Tally {
        var tally = Tally()
        var scan = ContentScan(scanners: scanners, limits: limits)
        var folder = TreeReader.Folder()
        for path in paths { self.scan(path, in: &folder, with: &scan, into: &tally) }
        return tally
    }

    private func scan(
        _ path: [UInt8], in folder: inout TreeReader.Folder, with scan: inout ContentScan, into tally: inout Tally
    ) {
        tally.seen += 1
        switch reader.open(path, in: &folder) {
        case .failed(let error): refuse(path, error, &tally)
        case .descriptor(let file):
            defer { close(file) }
            switch TreeReader.kind(of: file) {
            case .file(let size, let device):
                if let folder = KernelFiles.folder(of: device) {
                    return tally.note(
                        path, .unreadable, "belongs to the kernel's \(folder), whose files may have no end")
                }
                read(file, size, path, &scan, &tally)
                if let code, code.reads(Printable.text(path)), lseek(file, 0, SEEK_SET) == 0,
                    let bytes = FolderWalk.readWhole(file, limit: CodeScanner.greatestBytes + 1)
                {
                    code.scan(bytes, of: path, hiding: KnownSecrets(scanners: scanners), into: &tally)
                }
                if trees.read(path), lseek(file, 0, SEEK_SET) == 0,
                    let bytes = FolderWalk.readWhole(file, limit: limits.wholeFileBytes + 1)
                {
                    let whole = TreeFile(path: path, bytes: bytes)
                    for kept in trees.kept(of: whole) { tally.keep(kept, limits: limits) }
                }
            case .directory:
                tally.inventory.skip(.submodule)
                tally.inventory.submodules.append(Printable.text(path))
            case .special, .symlink: tally.inventory.skip(.special)
            case nil: refuse(path, errno, &tally)
            }
        }
    }

    private func refuse(_ path: [UInt8], _ error: Int32, _ tally: inout Tally) {
        switch error {
        case ELOOP: tally.inventory.skip(.symlink)
        // A socket, or a device without a driver.
        case ENXIO, ENODEV: tally.inventory.skip(.special)
        case ENOENT, ENOTDIR:
            tally.note(
                path, .vanished,
                "listed, but not there when it was opened (deleted meanwhile, or deleted and not committed)")
        default: tally.note(path, .unreadable, TreeReader.words(for: error))
        }
    }

    /// - Parameter size: as it was when the file was opened. What comes while it is read is for the next assessment.
    private func read(
        _ file: Int32, _ size: Int64, _ path: [UInt8], _ scan: inout ContentScan, _ tally: inout Tally
    ) {
        if Notebook.isOne(path), readWhole(file, path, &scan, &tally) { return }
        scan.begin(path)
        var failure: Int32 = 0
        while scan.form == .text, scan.bytes < limits.fileBytes, size == 0 || scan.bytes < size {
            // The first piece is small: it tells a binary file, of which no more need be read.
            let room = min(limits.fileBytes - scan.bytes, scan.bytes == 0 ? 4 * ContentScan.sniffedBytes : .max)
            let count = scan.fill { Glibc.read(file, $0.baseAddress, min($0.count, room)) }
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                failure = errno
                break
            }
        }
        if failure != 0 { tally.note(path, .unreadable, "\(TreeReader.words(for: failure)) after \(scan.bytes) bytes") }
        noteLength(file, path, scan.bytes, scan.form, &tally)
        let outcome = scan.finish()
        if outcome.packing != nil, failure == 0 {
            if !readWhole(file, path, &scan, &tally) {
                tally.note(path, .tooLarge, "archives are looked into up to \(limits.archiveBytes) bytes")
            }
        } else {
            tally.take(outcome, of: path)
        }
    }

    /// An archive or notebook; false for one that is too large.
    private func readWhole(
        _ file: Int32, _ path: [UInt8], _ scan: inout ContentScan, _ tally: inout Tally
    ) -> Bool {
        guard case .file(let size, _) = TreeReader.kind(of: file), size <= limits.archiveBytes else { return false }
        guard lseek(file, 0, SEEK_SET) == 0, let bytes = FolderWalk.readWhole(file, limit: limits.archiveBytes) else {
            tally.note(path, .unreadable, TreeReader.words(for: errno))
            return true
        }
        var packed = PackedScan(limits: limits)
        packed.scan(bytes, of: path, with: &scan, into: &tally)
        return true
    }

    private func noteLength(
        _ file: Int32, _ path: [UInt8], _ bytes: Int, _ form: ContentScan.Form, _ tally: inout Tally
    ) {
        guard form == .text, bytes >= limits.fileBytes else { return }
        var more: UInt8 = 0
        guard Glibc.read(file, &more, 1) == 1 else { return }
        tally.note(
            path, .tooLarge, "only the first \(limits.fileBytes) bytes were read; raise max_file_bytes to read on")
    }
}

extension Tally {
    /// Takes in what one file or blob came to.
    ///
    /// - Parameter isMember: whether it lies in a file that was counted.
    mutating func take(_ outcome: ContentScan.Outcome, of path: [UInt8], blob: String? = nil, isMember: Bool = false) {
        bytes += Int64(outcome.bytes)
        switch outcome.form {
        case .binary:
            if blob == nil, !isMember { inventory.skip(.binary) }
        case .wide: note(path, .encoding, "UTF-16 or UTF-32 text, which is not read; convert it to UTF-8")
        case .text:
            if blob == nil, !isMember { inventory.add(path[...], bytes: Int64(outcome.bytes), lines: outcome.lines) }
            add(
                outcome.hits.map { hit in
                    var hit = hit
                    hit.blob = blob
                    return hit
                })
        }
        for place in outcome.unchecked { note(place) }
    }
}

/// Files that the kernel makes up as they are read, some without an end.
enum KernelFiles {
    private static let folders = ["/proc", "/sys", "/sys/kernel/debug", "/sys/kernel/tracing", "/sys/fs/cgroup"]
    private static let byDevice: [UInt64: String] = {
        var found: [UInt64: String] = [:]
        var status = stat()
        guard stat("/", &status) == 0 else { return found }
        let root = status.st_dev
        for folder in folders where stat(folder, &status) == 0 && status.st_dev != root {
            if found[UInt64(status.st_dev)] == nil { found[UInt64(status.st_dev)] = folder }
        }
        return found
    }()

    /// The folder under which the kernel keeps what lies on this device; nil for an ordinary one.
    static func folder(of device: UInt64) -> String? { byDevice[device] }
}
