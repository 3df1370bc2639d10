/// What somebody wrote as a license, by SPDX's list.
public enum SPDXLicense {
    /// One license of the list, in its own spelling; nil for what is none.
    public static func identifier(_ text: String) -> String? { SPDXLicenseList.licenses[text.lowercased()] }

    /// An expression (SPDX 2.3, annex D) of known licenses, in the list's spelling; nil where a part is not known.
    public static func expression(_ text: String) -> String? { (try? LicenseExpression(text))?.description }

    /// The same, also of what people write instead; nil where that names no license of the list.
    static func declared(_ text: String) -> String? {
        guard let known = try? LicenseExpression(lenient: text) else { return nil }
        return known.licenses.contains { $0.id.contains("LicenseRef-") } ? nil : known.description
    }

    static func exception(_ text: String) -> String? { SPDXLicenseList.exceptions[text.lowercased()] }
}
