import Core
import JSON

/// One image of a store: its layers, the lowest first (OCI image-spec 1.1; Docker's `manifest.json`).
struct ImageManifest: Sendable, Hashable {
    struct Layer: Sendable, Hashable {
        /// Of the store.
        var part: String
        /// `sha256:…` of the part as it lies there; nil where none is said.
        var digest: String?
        /// Of the tar in it, where the configuration says so.
        var content: String?
    }

    /// A tag or a platform.
    var name: String
    var configuration: String
    var layers: [Layer]

    static let maximumImages = 16
    private static let maximumLayers = 512
    private static let maximumDepth = 4

    /// All images of the store; none where it has none that can be read, and why.
    static func all(_ store: ImageStore) -> (images: [ImageManifest], failures: [String]) {
        var reader = Reader(store: store)
        if (try? store.part("oci-layout")) != nil {
            reader.index("index.json", name: "", depth: 0)
        } else {
            reader.docker()
        }
        return (reader.images, reader.failures)
    }

    private struct Reader {
        let store: ImageStore
        var images: [ImageManifest] = []
        var failures: [String] = []

        private mutating func document(_ part: String) -> JSON? {
            do {
                return try JSON.parse(String(decoding: store.bytes(part), as: UTF8.self))
            } catch {
                let words = (error as? GatehouseError)?.message ?? String(describing: error)
                failures.append("\(part) cannot be read: \(words)")
                return nil
            }
        }

        // MARK: - OCI

        mutating func index(_ part: String, name: String, depth: Int) {
            guard depth < maximumDepth, let index = document(part) else { return }
            guard let entries = index["manifests"]?.array else { return failures.append("\(part) lists no manifests") }
            for entry in entries.prefix(1000) {
                guard images.count < maximumImages else {
                    return failures.append("more than \(maximumImages) images lie there; the rest was not read")
                }
                guard let digest = entry["digest"]?.string, let part = Self.part(of: digest) else {
                    failures.append("a manifest has no digest that is known")
                    continue
                }
                // Attestations lie beside the images that they are about.
                if entry["platform"]?["os"]?.string == "unknown" { continue }
                let own = Self.name(entry)
                let full = [name, own].filter { !$0.isEmpty }.joined(separator: " ")
                let type = entry["mediaType"]?.string ?? ""
                if type.contains("image.index") || type.contains("manifest.list") {
                    self.index(part, name: full, depth: depth + 1)
                } else {
                    manifest(part, name: full)
                }
            }
        }

        private mutating func manifest(_ part: String, name: String) {
            guard let manifest = document(part) else { return }
            guard let config = manifest["config"]?["digest"]?.string.flatMap(Self.part),
                let layers = manifest["layers"]?.array, layers.count <= maximumLayers
            else { return failures.append("\(part) is no manifest of an image") }
            var out: [Layer] = []
            for layer in layers {
                guard let digest = layer["digest"]?.string, let part = Self.part(of: digest) else {
                    return failures.append("a layer of \(part) has no digest that is known")
                }
                out.append(Layer(part: part, digest: digest))
            }
            images.append(ImageManifest(name: name, configuration: config, layers: out))
        }

        private static func name(_ entry: JSON) -> String {
            if let tag = entry["annotations"]?["io.containerd.image.name"]?.string
                ?? entry["annotations"]?["org.opencontainers.image.ref.name"]?.string
            {
                return tag
            }
            let platform = ["os", "architecture", "variant"].compactMap { entry["platform"]?[$0]?.string }
            return platform.joined(separator: "/")
        }

        /// Nil for an algorithm that is not known, and for what would name another file.
        static func part(of digest: String) -> String? {
            let parts = digest.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let length = ["sha256": 64, "sha512": 128][parts[0]],
                parts[1].utf8.count == length, Hex.decode(parts[1]) != nil
            else { return nil }
            return "blobs/\(parts[0])/\(parts[1])"
        }

        // MARK: - Docker

        mutating func docker() {
            guard let list = document("manifest.json")?.array else {
                return failures.append("manifest.json lists no images")
            }
            for entry in list.prefix(maximumImages) {
                guard let config = entry["Config"]?.string, let layers = entry["Layers"]?.array?.compactMap(\.string),
                    layers.count <= maximumLayers
                else {
                    failures.append("an entry of manifest.json names no layers")
                    continue
                }
                let contents = document(config)?["rootfs"]?["diff_ids"]?.array?.map { $0.string } ?? []
                images.append(
                    ImageManifest(
                        name: entry["RepoTags"]?[0]?.string ?? "", configuration: config,
                        layers: layers.enumerated().map { index, part in
                            Layer(
                                part: part, digest: Self.digest(of: part),
                                content: index < contents.count ? contents[index] : nil)
                        }))
            }
            if list.count > maximumImages { failures.append("more than \(maximumImages) images lie there") }
        }

        /// Newer tars name layers as OCI does.
        private static func digest(of part: String) -> String? {
            let parts = part.split(separator: "/")
            return parts.count == 3 && parts[0] == "blobs" ? "\(parts[1]):\(parts[2])" : nil
        }
    }
}
