public import Core

/// A software bill of materials: what something is made of, as CycloneDX 1.6 and SPDX 2.3 say it.
public struct SoftwareBill: Sendable, Hashable {
    public struct Component: Sendable, Hashable {
        public var name: String
        public var version: String
        public var purl: PURL?
        /// As its maker spells it.
        public var license: String?
        /// Only for building or testing.
        public var isDevelopment: Bool
        /// Named by the project itself; nil where that is not known.
        public var isDirect: Bool?
        /// Places in the list of components, as far as they are known.
        public var uses: Set<Int>

        public init(
            name: String, version: String, purl: PURL?, license: String? = nil, isDevelopment: Bool = false,
            isDirect: Bool? = nil, uses: Set<Int> = []
        ) {
            self.name = name
            self.version = version
            self.purl = purl
            self.license = license
            self.isDevelopment = isDevelopment
            self.isDirect = isDirect
            self.uses = uses
        }
    }

    /// A flaw of components, as CycloneDX carries it.
    public struct Flaw: Sendable, Hashable {
        public var id: String
        public var description: String
        public var severity: Severity
        public var cvss: CVSS?
        public var recommendation: String
        /// Places in the list of components.
        public var affects: [Int]
        /// Why it does not concern them; nil where it does.
        public var dismissal: String?

        public init(
            id: String, description: String, severity: Severity, cvss: CVSS?, recommendation: String, affects: [Int],
            dismissal: String?
        ) {
            self.id = id
            self.description = description
            self.severity = severity
            self.cvss = cvss
            self.recommendation = recommendation
            self.affects = affects
            self.dismissal = dismissal
        }
    }

    /// What it is a bill of.
    public var subject: String
    public var subjectVersion: String?
    public var created: Timestamp
    /// Of Gatehouse.
    public var toolVersion: String
    /// 128 bits in hexadecimal that no other bill has.
    public var identity: String
    public var components: [Component]
    public var flaws: [Flaw] = []

    public init(
        subject: String, subjectVersion: String?, created: Timestamp, toolVersion: String, identity: String,
        components: [Component], flaws: [Flaw] = []
    ) {
        self.subject = subject
        self.subjectVersion = subjectVersion
        self.created = created
        self.toolVersion = toolVersion
        self.identity = identity
        self.components = components
        self.flaws = flaws
    }

    /// The identity as a UUID (RFC 9562, version 8).
    var uuid: String {
        var digits = Array(identity.lowercased().utf8.filter { VersionBytes.isDigit($0) || $0 &- 0x61 < 6 }.prefix(32))
        digits += Array(repeating: UInt8(ascii: "0"), count: 32 - digits.count)
        digits[12] = UInt8(ascii: "8")
        digits[16] = UInt8(ascii: "a")
        let text = String(decoding: digits, as: UTF8.self)
        var parts: [Substring] = []
        var rest = text[...]
        for length in [8, 4, 4, 4, 12] {
            parts.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return parts.joined(separator: "-")
    }

    /// To the second: both formats' own examples have no fraction, and SPDX allows none.
    var time: String { "\(created.description.prefix(19))Z" }
}
