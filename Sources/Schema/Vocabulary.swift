import JSON

/// Which keywords a schema resource is read with.
struct Vocabulary: Hashable {
    /// Draft-07 instead of 2020-12.
    var isDraft07 = false
    /// Off for a schema whose metaschema leaves the validation vocabulary out.
    var hasValidation = true
    /// On for one that has the vocabulary by which `format` is checked.
    var checksFormats = false

    static let latest = "https://json-schema.org/draft/2020-12/schema"
    private static let draft07 = ["http://json-schema.org/draft-07/schema", "http://json-schema.org/draft-06/schema"]
    private static let vocabularies = "https://json-schema.org/draft/2020-12/vocab/"
    private static let known = [
        "core", "applicator", "unevaluated", "validation", "meta-data", "format-annotation", "format-assertion",
        "content",
    ].map { vocabularies + $0 }

    /// Nil for a dialect that is not known.
    /// - Parameter metaschema: what the URI leads to, among the documents that were given.
    init?(_ uri: String?, default dialect: JSONSchema.Dialect, metaschema: (String) -> JSON?) {
        guard let uri else {
            isDraft07 = dialect == .draft07
            return
        }
        let name = uri.hasSuffix("#") ? String(uri.dropLast()) : uri
        if name == Self.latest { return }
        if Self.draft07.contains(name) {
            isDraft07 = true
            return
        }
        guard let own = metaschema(name) else { return nil }
        let base = own["$schema"]?.string
        guard base != name, base == Self.latest else { return nil }
        guard let vocabularies = own["$vocabulary"]?.object else { return }
        for (vocabulary, isRequired) in vocabularies where isRequired.bool == true {
            if !Self.known.contains(vocabulary) { return nil }
        }
        hasValidation = vocabularies[Self.vocabularies + "validation"] != nil
        checksFormats = vocabularies[Self.vocabularies + "format-assertion"] != nil
    }

    var definitions: [String] { ["$defs", "definitions"] }
}
