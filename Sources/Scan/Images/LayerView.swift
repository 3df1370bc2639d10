/// What upper layers hide of lower ones (image-spec 1.1, "Layer Filesystem Changeset"): files that they replace, and what
/// their whiteouts take away. Paths are kept as hashes of this process, which nobody outside can make collide.
struct LayerView {
    /// What one layer adds; it hides nothing of the layer itself.
    struct Layer {
        fileprivate var present: Set<Int> = []
        fileprivate var closed: Set<Int> = []

        /// - Returns: false for a whiteout, which is no file.
        mutating func add(_ path: [UInt8], isFolder: Bool) -> Bool {
            let slash = path.lastIndex(of: UInt8(ascii: "/"))
            let name = slash.map { path[($0 + 1)...] } ?? path[...]
            if name.elementsEqual(LayerView.opaque) {
                // What lies below is hidden; the folder itself is there.
                closed.insert(LayerView.hash(slash.map { path[..<$0] } ?? []))
                return false
            }
            if name.starts(with: LayerView.whiteout) {
                let hidden = path[..<(slash.map { $0 + 1 } ?? 0)] + name.dropFirst(LayerView.whiteout.count)
                present.insert(LayerView.hash(hidden))
                closed.insert(LayerView.hash(hidden))
                return false
            }
            present.insert(LayerView.hash(path[...]))
            if !isFolder { closed.insert(LayerView.hash(path[...])) }
            return true
        }
    }

    private static let whiteout = Array(".wh.".utf8)
    private static let opaque = Array(".wh..wh..opq".utf8)

    /// Paths that upper layers have, or have taken away.
    private var present: Set<Int> = []
    /// Paths below which nothing of lower layers is seen.
    private var closed: Set<Int> = []

    mutating func add(_ layer: Layer) {
        present.formUnion(layer.present)
        closed.formUnion(layer.closed)
    }

    func hides(_ path: [UInt8]) -> Bool {
        if present.contains(Self.hash(path[...])) || closed.contains(Self.hash([])) { return true }
        return path.indices.contains { path[$0] == UInt8(ascii: "/") && closed.contains(Self.hash(path[..<$0])) }
    }

    private static func hash(_ path: ArraySlice<UInt8>) -> Int {
        var hasher = Hasher()
        for byte in path { hasher.combine(byte) }
        return hasher.finalize()
    }
}
