/// How far away the door is that a password opens, where the text says which door: the host of the URL it stands in.
///
/// It moves a finding down the list and takes nothing from it: what is found, redacted or refused does not rest on it.
enum Reach: Sendable, Hashable {
    /// As far as anybody knows; of most findings nothing is known.
    case anywhere
    /// A name without a dot is known inside one network only.
    case ownNetwork
    /// Loopback (RFC 1122 section 3.2.1.3, RFC 6761 section 6.3).
    case ownMachine
    /// A name or address that is set aside for documentation (RFC 2606, RFC 5737), or a word that stands for a host.
    case nowhere

    /// The rule whose secret stands right before a host.
    static let rule = "url-password"

    private static let longestHost = 253

    /// - Parameter secret: of ``rule``: `scheme://user:SECRET@HOST`.
    init(of secret: Range<Int>, in text: UnsafeRawBufferPointer) {
        guard secret.upperBound < text.count, text[secret.upperBound] == UInt8(ascii: "@") else {
            self = .anywhere
            return
        }
        let rest = text[(secret.upperBound + 1)...].prefix(Self.longestHost + 1)
        let isBracketed = rest.first == UInt8(ascii: "[")
        let host = isBracketed ? rest.dropFirst().prefix { $0 != UInt8(ascii: "]") } : rest.prefix(while: Self.isPart)
        self.init(host: String(decoding: host, as: UTF8.self).lowercased())
    }

    init(host: String) {
        let host = host.hasSuffix(".") ? String(host.dropLast()) : host
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        if host.isEmpty || host.utf8.count > Self.longestHost {
            self = .anywhere
        } else if Self.isLoopback(host, labels) {
            self = .ownMachine
        } else if Self.isDocumentation(host, labels) {
            self = .nowhere
        } else {
            self = labels.count == 1 && !host.contains(":") ? .ownNetwork : .anywhere
        }
    }

    private static func isLoopback(_ host: String, _ labels: [Substring]) -> Bool {
        labels.last == "localhost" || host == "::1" || labels.first == "127" && isIPv4(labels)
    }

    private static func isDocumentation(_ host: String, _ labels: [Substring]) -> Bool {
        if standIns.contains(host) || ["example", "test", "invalid"].contains(labels.last) { return true }
        if labels.suffix(2).first == "example", ["com", "net", "org"].contains(labels.last) { return true }
        return isIPv4(labels) && documentationNetworks.contains(labels.prefix(3).joined(separator: "."))
    }

    private static let standIns: Set<String> = [
        "host", "hostname", "my-host", "my_host", "myhost", "your-host", "your_host", "yourhost", "some-host",
        "somehost",
    ]
    private static let documentationNetworks: Set<String> = ["192.0.2", "198.51.100", "203.0.113"]

    private static func isIPv4(_ labels: [Substring]) -> Bool {
        labels.count == 4 && labels.allSatisfy { UInt8($0) != nil }
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
