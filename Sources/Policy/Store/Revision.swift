internal import Core
internal import Crypto
internal import Rego

/// A digest of policy and data. Each part is hashed with its length, so that no two contents run together.
struct Revision {
    private var hash = SHA256()

    static func digest(of bundle: Bundle) -> [UInt8] {
        var revision = Revision()
        let manifest = bundle.manifest
        revision.add(manifest.revision)
        revision.add(manifest.ownedRoots.map(\.description).sorted().joined(separator: "\n"))
        revision.add(modules: bundle.modules.map { ($0.path, $0) }, manifest.regoVersion)
        revision.add(bundle.data.description)
        revision.add(bundle.plan ?? [])
        return revision.bytes
    }

    static func digest(of data: RegoValue) -> [UInt8] {
        var revision = Revision()
        revision.add(data.description)
        return revision.bytes
    }

    /// - Parameters:
    ///   - bundles: the digest of each.
    ///   - data: digests of what lies beside the bundles, by first step.
    static func digest(
        bundles: [String: [UInt8]], modules: [String: PolicyModule], data: [String: [UInt8]]
    ) -> String {
        var revision = Revision()
        revision.add(digests: bundles)
        revision.add(modules: modules.map { ($0.key, $0.value) }, nil)
        revision.add(digests: data)
        return Hex.encode(revision.bytes)
    }

    private var bytes: [UInt8] { Array(hash.finalize()) }

    private mutating func add(digests: [String: [UInt8]]) {
        add(String(digests.count))
        for (name, digest) in digests.sorted(by: { $0.key < $1.key }) {
            add(name)
            add(digest)
        }
    }

    private mutating func add(modules: [(id: String, module: PolicyModule)], _ version: RegoVersion?) {
        add(String(modules.count))
        for (id, module) in modules.sorted(by: { $0.id < $1.id }) {
            add(id)
            add(module.text)
            add((module.version ?? version).map { "\($0)" } ?? "")
        }
    }

    private mutating func add(_ text: String) { add(Array(text.utf8)) }

    private mutating func add(_ bytes: [UInt8]) {
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { hash.update(bufferPointer: $0) }
        hash.update(data: bytes)
    }
}
