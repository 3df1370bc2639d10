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

    static func digest(bundles: [String: [UInt8]], modules: [String: PolicyModule], data: RegoValue) -> String {
        var revision = Revision()
        for (name, digest) in bundles.sorted(by: { $0.key < $1.key }) {
            revision.add(name)
            revision.add(digest)
        }
        revision.add("")
        revision.add(modules: modules.map { ($0.key, $0.value) }, nil)
        revision.add(data.description)
        return Hex.encode(revision.bytes)
    }

    private var bytes: [UInt8] { Array(hash.finalize()) }

    private mutating func add(modules: [(id: String, module: PolicyModule)], _ version: RegoVersion?) {
        for (id, module) in modules.sorted(by: { $0.id < $1.id }) {
            add(id)
            add(module.text)
            add((module.version ?? version).map { "\($0)" } ?? "")
        }
        add("")
    }

    private mutating func add(_ text: String) { add(Array(text.utf8)) }

    private mutating func add(_ bytes: [UInt8]) {
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { hash.update(bufferPointer: $0) }
        hash.update(data: bytes)
    }
}
