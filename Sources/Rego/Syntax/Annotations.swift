extension Parser {
    /// The blocks of comments that start with `METADATA`, each with the rule or package that it stands before.
    func annotations(of module: Module) throws(RegoError) -> [Module.Annotation] {
        var annotations: [Module.Annotation] = []
        var at = 0
        while at < lexer.comments.count {
            let comment = lexer.comments[at]
            at += 1
            guard Self.trim(comment.text) == "METADATA" else { continue }
            var lines: [String] = []
            var row = comment.place.row
            while at < lexer.comments.count, continues(comment, row, lexer.comments[at]) {
                lines.append(lexer.comments[at].text)
                row += 1
                at += 1
            }
            if let annotation = try annotation(lines, comment.place, endRow: row, module) {
                annotations.append(annotation)
            }
        }
        return annotations
    }

    /// Whether a comment is the next line of a block: right below, not after code, and no block of its own.
    private func continues(
        _ start: (place: SourcePlace, text: String), _ row: Int32, _ comment: (place: SourcePlace, text: String)
    ) -> Bool {
        comment.place.row == row + 1 && comment.place.column == start.place.column
            && Self.trim(comment.text) != "METADATA"
    }

    /// `Jane <jane@example.com>` as an author, and a bare link as a related resource.
    private static func expandShorthands(_ value: inout RegoObject) {
        if let authors = value["authors"]?.array {
            value.updateValue(.array(RegoArray(authors.map { $0.text.map(author) ?? $0 })), forKey: "authors")
        }
        if let resources = value["related_resources"]?.array {
            let links = resources.map { resource in
                resource.string == nil ? resource : RegoValue.object(["ref": resource])
            }
            value.updateValue(.array(RegoArray(links)), forKey: "related_resources")
        }
    }

    private static func author(_ text: String) -> RegoValue {
        guard text.hasSuffix(">"), let start = text.lastIndex(of: "<") else { return ["name": RegoValue(text)] }
        let name = String(trim(String(text[..<start])))
        let address = RegoValue(String(text[text.index(after: start)...].dropLast()))
        return name.isEmpty ? ["email": address] : ["name": RegoValue(name), "email": address]
    }

    private static func trim(_ text: String) -> Substring {
        var text = text[...]
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }

    private func annotation(
        _ lines: [String], _ place: SourcePlace, endRow: Int32, _ module: Module
    ) throws(RegoError) -> Module.Annotation? {
        guard let object = MetadataYAML.parse(lines)?.object else {
            throw error("yaml: the metadata block cannot be read", at: place)
        }
        let rule = module.rules.firstIndex { $0.place.offset > place.offset }
        let isBeforePackage = module.packagePlace.offset > place.offset
        guard isBeforePackage || rule != nil else { return nil }
        let ruleScope = object["entrypoint"]?.bool == true ? "document" : "rule"
        let scope = object["scope"]?.text ?? (isBeforePackage ? "package" : ruleScope)
        guard ["rule", "document", "package", "subpackages"].contains(scope) else {
            throw error("unknown scope \"\(scope)\" of the annotation", at: place)
        }
        var value = object
        value.updateValue(RegoValue(scope), forKey: "scope")
        Self.expandShorthands(&value)
        let isOfPackage = scope == "package" || scope == "subpackages"
        if isOfPackage != isBeforePackage {
            throw error("annotation scope '\(scope)' must be applied to \(isOfPackage ? "package" : "rule")", at: place)
        }
        return Module.Annotation(value: .object(value), scope: scope, place: place, rule: isOfPackage ? nil : rule)
    }
}
