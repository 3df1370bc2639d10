extension RegoValue {
    /// A constant as Rego spells it: JSON, with sets and with any values as keys. Nil for any other text.
    public init?(term text: String) {
        let source = SourceText(name: "", bytes: Array(text.utf8))
        guard let constant = try? Parser.term(source).constant else { return nil }
        self = constant
    }
}
