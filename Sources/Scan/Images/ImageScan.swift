import Archive
import Core
import Crypto
import JSON

/// Goes through the layers of one image, the topmost first, so that what lower ones hold is known to be seen or hidden.
/// Each file comes as a stream: only what a scanner wants whole is in memory.
struct ImageScan: ~Copyable {
    private let store: ImageStore
    private let trees: [any TreeScanner]
    private let limits: AssessmentLimits
    private var scan: ContentScan
    private var view = LayerView()
    private var entriesLeft: Int
    private var bytesLeft: Int64
    /// Before the paths of one image of several.
    private let prefix: [UInt8]
    var tally = Tally()

    init(
        _ store: ImageStore, prefix: String, scanners: [any ContentScanner], trees: [any TreeScanner],
        limits: AssessmentLimits
    ) {
        self.store = store
        self.trees = trees.filter(\.readsImages)
        self.limits = limits
        self.prefix = prefix.isEmpty ? [] : Array(prefix.utf8) + PackedScan.separator
        scan = ContentScan(scanners: scanners, limits: limits)
        entriesLeft = limits.imageEntries
        bytesLeft = limits.imageBytes
    }

    mutating func run(_ image: ImageManifest, report: (Int) -> Void) {
        configuration(image.configuration)
        for layer in image.layers.reversed() {
            do throws(GatehouseError) {
                try look(into: layer)
            } catch {
                note(layer, .archive, error.message)
            }
            report(tally.seen)
        }
    }

    /// It holds environments and commands, where secrets are often left.
    private mutating func configuration(_ part: String) {
        do throws(GatehouseError) {
            let bytes = try store.bytes(part)
            let path = prefix + Array("image configuration".utf8)
            scan.begin(path)
            bytes.withUnsafeBytes { scan.append($0) }
            tally.take(scan.finish(), of: path, isMember: true)
        } catch {
            tally.note(prefix, .archive, "the image's configuration cannot be read: \(error.message)")
        }
    }

    private mutating func note(_ layer: ImageManifest.Layer, _ reason: CouldNotCheck.Reason, _ detail: String) {
        tally.note(prefix + Array("layer \(Self.name(layer))".utf8), reason, detail)
    }

    private static func name(_ layer: ImageManifest.Layer) -> String { layer.digest ?? layer.content ?? layer.part }

    // MARK: - One layer

    private mutating func look(into layer: ImageManifest.Layer) throws(GatehouseError) {
        let source = try store.part(layer.part)
        let start = try source.read(0..<min(source.count, 512))
        let content: any ByteStream
        if start.starts(with: [0x1F, 0x8B]) {
            content = try GzipStream(SourceStream(source), limit: bytesLeft)
        } else if start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
            return note(layer, .archive, "is compressed with zstd, which is not read; save the image with gzip layers")
        } else {
            content = SourceStream(source)
        }
        let isPlain = content is SourceStream
        if let wanted = layer.digest ?? (isPlain ? layer.content : nil), try !Self.matches(source, wanted) {
            note(layer, .malformed, "its content is not what its digest says: it was changed or damaged")
        }
        var own = LayerView.Layer()
        // A tar may hold a path twice: the last one counts.
        var wanted: [[UInt8]: TreeFile] = [:]
        defer {
            view.add(own)
            for file in wanted.values.sorted(by: { $0.path.lexicographicallyPrecedes($1.path) }) { keep(file) }
        }
        var tar = TarStream(content)
        while let entry = try tar.next() {
            entriesLeft -= 1
            guard entriesLeft > 0 else {
                return note(layer, .tooLarge, "an image is read up to \(limits.imageEntries) entries")
            }
            bytesLeft -= entry.size
            guard bytesLeft > 0 else {
                return note(layer, .tooLarge, "an image is read up to \(limits.imageBytes) bytes once it is unpacked")
            }
            // Some tools write absolute paths; they mean the image's own.
            let relative = Array(entry.path.drop { $0 == UInt8(ascii: "/") })
            if let path = ImagePath.normal(relative) {
                guard own.add(path, isFolder: entry.kind == .folder) else { continue }
                try look(at: entry, path, layer, &tar, &wanted)
            } else if !Self.isTop(relative) {
                note(layer, .archive, "the path \(Printable.text(entry.path.prefix(200))) leads out of the image")
            }
        }
    }

    /// `.` and `./`
    private static func isTop(_ path: [UInt8]) -> Bool {
        path.split(separator: UInt8(ascii: "/")).allSatisfy { $0.elementsEqual(".".utf8) }
    }

    private mutating func look(
        at entry: TarStream.Entry, _ path: [UInt8], _ layer: ImageManifest.Layer, _ tar: inout TarStream,
        _ wanted: inout [[UInt8]: TreeFile]
    ) throws(GatehouseError) {
        let full = prefix + path
        let isHidden = view.hides(path)
        switch entry.kind {
        case .folder: return
        case .symbolicLink: return tally.inventory.skip(.symlink)
        case .other: return tally.inventory.skip(.special)
        case .hardLink:
            if !isHidden, trees.read(full) {
                tally.note(full, .unreadable, "is a hard link within the image, which is not followed")
            }
            return
        case .file: break
        }
        tally.seen += 1
        // In an image nothing tells the project's own code from that of its packages.
        let isWanted = !isHidden && trees.read(full) && SourceLanguage(Printable.text(full)) == nil
        var bytes: [UInt8] = []
        scan.begin(full)
        var left = limits.fileBytes
        while scan.form == .text || isWanted, left > 0 {
            let piece = try tar.content(upTo: 64 << 10)
            if piece.isEmpty { break }
            left -= piece.count
            if isWanted, bytes.count <= limits.wholeFileBytes { bytes += piece }
            if scan.form == .text { piece.withUnsafeBytes { scan.append($0) } }
        }
        if left <= 0 { tally.note(full, .tooLarge, "only the first \(limits.fileBytes) bytes were read") }
        take(scan.finish(), full, layer, isHidden: isHidden)
        if isWanted { wanted[path] = TreeFile(path: full, bytes: bytes, layer: Self.name(layer)) }
    }

    private mutating func take(
        _ outcome: ContentScan.Outcome, _ path: [UInt8], _ layer: ImageManifest.Layer, isHidden: Bool
    ) {
        var outcome = outcome
        for index in outcome.hits.indices {
            outcome.hits[index].details = JSONObject([
                ("layer", .string(Self.name(layer))), ("removed", .bool(isHidden)),
            ])
            if isHidden { outcome.hits[index].snippet += " (removed by a later layer, and still in the image)" }
        }
        tally.take(outcome, of: path, isMember: isHidden)
    }

    private mutating func keep(_ file: TreeFile) {
        for kept in trees.kept(of: file) { tally.keep(kept, limits: limits) }
    }

    /// False for an algorithm that is not known too.
    private static func matches(_ source: any ByteSource, _ digest: String) throws(GatehouseError) -> Bool {
        guard digest.hasPrefix("sha256:") else { return false }
        var hash = SHA256()
        let stream = SourceStream(source)
        while true {
            let piece = try stream.read(upTo: 1 << 20)
            if piece.isEmpty { break }
            hash.update(data: piece)
        }
        return Hex.encode(hash.finalize()) == digest.dropFirst("sha256:".count).lowercased()
    }
}
