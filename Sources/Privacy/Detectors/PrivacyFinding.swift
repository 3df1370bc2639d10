public import Core

/// What kind of thing was found: `EMAIL`, `CREDIT_CARD`. Open, since organisations define their own.
public struct PrivacyKind: RawRepresentable, Sendable, Hashable, Comparable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(_ rawValue: String) { self.rawValue = rawValue }

    public static let email = PrivacyKind("EMAIL")
    public static let phone = PrivacyKind("PHONE")
    public static let creditCard = PrivacyKind("CREDIT_CARD")
    public static let iban = PrivacyKind("IBAN")
    public static let ssn = PrivacyKind("US_SSN")
    public static let nationalID = PrivacyKind("NATIONAL_ID")
    public static let passport = PrivacyKind("PASSPORT")
    public static let drivingLicence = PrivacyKind("DRIVING_LICENCE")
    public static let ip = PrivacyKind("IP_ADDRESS")
    public static let mac = PrivacyKind("MAC_ADDRESS")
    public static let date = PrivacyKind("DATE")
    public static let dateOfBirth = PrivacyKind("DATE_OF_BIRTH")
    public static let address = PrivacyKind("ADDRESS")
    public static let person = PrivacyKind("PERSON")
    public static let medicalRecord = PrivacyKind("MEDICAL_RECORD")
    public static let npi = PrivacyKind("NPI")
    public static let crypto = PrivacyKind("CRYPTO_ADDRESS")
    public static let coordinates = PrivacyKind("COORDINATES")
    public static let url = PrivacyKind("URL")
    public static let secret = PrivacyKind("SECRET")
    public static let highEntropy = PrivacyKind("HIGH_ENTROPY")

    public static func < (a: PrivacyKind, b: PrivacyKind) -> Bool { a.rawValue < b.rawValue }
    public var description: String { rawValue }
}

/// Where a detector applies: an ISO 3166 country code in upper case.
public struct Region: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral value: String) { rawValue = value }
}

/// Something sensitive in a text. It says where and what, and never holds the text itself.
public struct PrivacyFinding: Sendable, Hashable {
    /// Why a detector is as sure as it is.
    public enum Reason: String, Sendable, Hashable {
        /// The shape is that of the kind.
        case form
        /// A checksum or range holds.
        case checksum
        /// Words nearby speak of it.
        case context
        /// A name or word of a list.
        case list
        /// Found only after normalisation: it was disguised.
        case disguised
    }

    /// Bytes of the text as it came.
    public var range: Range<Int>
    public var kind: PrivacyKind
    public var label: Label
    /// From 0 to 1.
    public var confidence: Double
    /// The id of the detector: `pii.email`.
    public var detector: String
    public var reasons: [Reason]
}
