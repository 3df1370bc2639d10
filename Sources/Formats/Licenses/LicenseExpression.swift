/// A license expression (SPDX 2.3, annex D): licenses, all or one of which hold.
public indirect enum LicenseExpression: Sendable, Hashable {
    case license(License)
    /// All of these at once (`AND`).
    case all([LicenseExpression])
    /// One of these, by the choice of who uses it (`OR`).
    case any([LicenseExpression])

    public struct License: Sendable, Hashable {
        /// In the list's spelling, or a reference (`LicenseRef-…`) to what is not in the list.
        public var id: String
        /// This version or a later one (`+`).
        public var isOrLater: Bool
        /// What it permits beyond the license (`WITH`).
        public var exception: String?
        /// Bytes before it in the text.
        public var offset: Int

        public init(_ id: String, isOrLater: Bool = false, exception: String? = nil, offset: Int = 0) {
            self.id = id
            self.isOrLater = isOrLater
            self.exception = exception
            self.offset = offset
        }
    }

    public static let maximumBytes = 16 << 10
    public static let maximumDepth = 64

    /// - Throws: the place of what is no expression, or names a license that is not in the list.
    public init(_ text: String) throws(LicenseError) {
        var parser = try LicenseParser(text, lenient: false)
        self = try parser.whole()
    }

    /// What people write where an expression should stand: names that are common in package metadata (`Apache License,
    /// Version 2.0`, `GPLv2+`, `Expat`), joined by `and`, `or`, `with`, or by nothing, which is taken as `and`.
    /// - Throws: the place of what is not understood.
    public init(lenient text: String) throws(LicenseError) {
        if let known = LicenseNames.expression(text) {
            self = known
            return
        }
        var parser = try LicenseParser(text, lenient: true)
        self = try parser.whole()
    }

    /// From left to right.
    public var licenses: [License] {
        switch self {
        case .license(let license): [license]
        case .all(let parts), .any(let parts): parts.flatMap(\.licenses)
        }
    }
}

extension LicenseExpression: CustomStringConvertible {
    public var description: String {
        switch self {
        case .license(let license): license.description
        case .all(let parts):
            parts.map { if case .any = $0 { "(\($0))" } else { "\($0)" } }.joined(separator: " AND ")
        case .any(let parts): parts.map(\.description).joined(separator: " OR ")
        }
    }
}

extension LicenseExpression.License: CustomStringConvertible {
    public var description: String { name + (exception.map { " WITH \($0)" } ?? "") }

    /// Without its exception.
    public var name: String { id + (isOrLater ? "+" : "") }

    /// In the spelling that SPDX prefers: `GPL-2.0+` is `GPL-2.0-or-later`.
    public var preferred: LicenseExpression.License {
        var out = self
        if let pair = Self.combined[id] { (out.id, out.exception) = (pair.license, pair.exception) }
        var number = out.id
        let isOpen = out.isOrLater || number.hasSuffix("+")
        if number.hasSuffix("+") { number.removeLast() }
        guard Self.gnu.contains(where: number.hasPrefix), !number.hasSuffix("-only"), !number.hasSuffix("-or-later")
        else { return out }
        out.id = number + (isOpen ? "-or-later" : "-only")
        out.isOrLater = false
        return out
    }

    private static let gnu = ["GPL-", "LGPL-", "AGPL-", "GFDL-"]

    /// Older identifiers of a license and an exception together.
    private static let combined: [String: (license: String, exception: String)] = [
        "GPL-2.0-with-classpath-exception": ("GPL-2.0-only", "Classpath-exception-2.0"),
        "GPL-2.0-with-GCC-exception": ("GPL-2.0-only", "GCC-exception-2.0"),
        "GPL-2.0-with-font-exception": ("GPL-2.0-only", "Font-exception-2.0"),
        "GPL-2.0-with-autoconf-exception": ("GPL-2.0-only", "Autoconf-exception-2.0"),
        "GPL-2.0-with-bison-exception": ("GPL-2.0-only", "Bison-exception-2.2"),
        "GPL-3.0-with-GCC-exception": ("GPL-3.0-only", "GCC-exception-3.1"),
        "GPL-3.0-with-autoconf-exception": ("GPL-3.0-only", "Autoconf-exception-3.0"),
        "eCos-2.0": ("GPL-2.0-or-later", "eCos-exception-2.0"),
    ]
}

/// Why a text is no license expression, and where.
public struct LicenseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Bytes before it.
    public var offset: Int
    public var reason: String

    public var description: String { "column \(offset + 1): \(reason)" }
}
