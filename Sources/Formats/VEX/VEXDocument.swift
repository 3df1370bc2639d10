public import Core
public import JSON

/// Statements about whether products have flaws, from OpenVEX (0.2.0) or from the vulnerabilities of a CycloneDX
/// document.
public struct VEXDocument: Sendable, Hashable {
    public enum Status: String, Sendable, Hashable, CaseIterable {
        case notAffected = "not_affected"
        case affected, fixed
        case underInvestigation = "under_investigation"
    }

    public struct Statement: Sendable, Hashable {
        /// All names of the flaw.
        public var vulnerabilities: [String]
        /// Package URLs of the products and of their parts; what is named otherwise is left out.
        public var products: [PURL]
        public var status: Status
        /// OpenVEX's word, or CycloneDX's put into it; nil where none is given.
        public var justification: String?
        /// What the author says of it.
        public var remark: String?

        public init(
            vulnerabilities: [String], products: [PURL], status: Status, justification: String? = nil,
            remark: String? = nil
        ) {
            self.vulnerabilities = vulnerabilities
            self.products = products
            self.status = status
            self.justification = justification
            self.remark = remark
        }
    }

    public var author: String
    public var statements: [Statement]

    public static let limits = JSON.Limits(bytes: 32 << 20, depth: 64, values: 2_000_000)
    static let justifications = [
        "component_not_present", "vulnerable_code_not_present", "vulnerable_code_not_in_execute_path",
        "vulnerable_code_cannot_be_controlled_by_adversary", "inline_mitigations_already_exist",
    ]

    public init(author: String, statements: [Statement]) {
        self.author = author
        self.statements = statements
    }

    /// - Throws: `invalid`, naming the statement that is not as it should be.
    public init(_ bytes: [UInt8]) throws(GatehouseError) {
        let root: JSON
        do {
            root = try JSON.parse(bytes, limits: Self.limits)
        } catch {
            throw Self.invalid("it is not JSON: \(error)")
        }
        if root["@context"]?.string?.hasPrefix("https://openvex.dev/ns") == true {
            try self.init(openVEX: root)
        } else if root["bomFormat"]?.string == "CycloneDX" {
            try self.init(cycloneDX: root)
        } else {
            throw Self.invalid("it is neither OpenVEX nor CycloneDX")
        }
    }

    static func invalid(_ reason: String) -> GatehouseError {
        GatehouseError("formats", .invalid, "not a VEX document: \(reason)")
    }
}

// MARK: - OpenVEX

extension VEXDocument {
    private init(openVEX root: JSON) throws(GatehouseError) {
        guard let list = root["statements"]?.array else { throw Self.invalid("it has no statements") }
        author = root["author"]?.string ?? ""
        statements = []
        for (index, json) in list.enumerated() { statements.append(try Self.statement(json, index)) }
    }

    private static func statement(_ json: JSON, _ index: Int) throws(GatehouseError) -> Statement {
        guard let status = json["status"]?.string.flatMap(Status.init(rawValue:)) else {
            throw invalid("statement \(index) has no status that is known")
        }
        // Older documents name the flaw by its text alone.
        let flaw = json["vulnerability"]
        let names =
            [flaw?.string, flaw?["name"]?.string, flaw?["@id"]?.string] + (flaw?["aliases"]?.array ?? []).map(\.string)
        let vulnerabilities = names.compactMap(\.self).filter { !$0.contains("://") }
        guard !vulnerabilities.isEmpty else { throw invalid("statement \(index) names no vulnerability") }
        let justification = json["justification"]?.string
        let remark = json["impact_statement"]?.string
        guard status != .notAffected || justification != nil || remark != nil else {
            throw invalid("statement \(index) says not_affected without a reason")
        }
        if let justification, !justifications.contains(justification) {
            throw invalid("statement \(index) has the unknown justification \(justification.prefix(100))")
        }
        return Statement(
            vulnerabilities: vulnerabilities, products: products(json["products"]?.array ?? []), status: status,
            justification: justification, remark: remark ?? json["action_statement"]?.string)
    }

    /// Where parts are named, it is about them.
    private static func products(_ list: [JSON]) -> [PURL] {
        list.flatMap { product in
            let parts = product["subcomponents"]?.array ?? []
            return (parts.isEmpty ? [product] : parts).compactMap { part in
                let text = part.string ?? part["identifiers"]?["purl"]?.string ?? part["@id"]?.string
                return text.flatMap { try? PURL($0, foldingKeys: true) }
            }
        }
    }

    /// - Parameters:
    ///   - id: an IRI of its own for the document.
    ///   - time: when it was made.
    public func openVEX(id: String, time: Timestamp) -> JSON {
        let list = statements.map { statement -> JSON in
            var json: JSON = [
                "vulnerability": ["name": .string(statement.vulnerabilities.first ?? "")],
                "products": .array(statement.products.map { ["@id": .string($0.description)] }),
                "status": .string(statement.status.rawValue),
            ]
            let aliases = statement.vulnerabilities.dropFirst()
            if !aliases.isEmpty { json["vulnerability"]?["aliases"] = .array(aliases.map { .string($0) }) }
            if let justification = statement.justification { json["justification"] = .string(justification) }
            if let remark = statement.remark {
                json[statement.status == .affected ? "action_statement" : "impact_statement"] = .string(remark)
            }
            return json
        }
        return [
            "@context": "https://openvex.dev/ns/v0.2.0", "@id": .string(id), "author": .string(author),
            "timestamp": .string(time.description), "version": 1, "statements": .array(list),
        ]
    }
}

// MARK: - CycloneDX

extension VEXDocument {
    private static let states: [String: Status] = [
        "resolved": .fixed, "resolved_with_pedigree": .fixed, "exploitable": .affected,
        "in_triage": .underInvestigation, "false_positive": .notAffected, "not_affected": .notAffected,
    ]

    private static let reasons: [String: String] = [
        "code_not_present": "vulnerable_code_not_present", "code_not_reachable": "vulnerable_code_not_in_execute_path",
        "requires_configuration": "vulnerable_code_cannot_be_controlled_by_adversary",
        "requires_dependency": "component_not_present",
        "requires_environment": "vulnerable_code_cannot_be_controlled_by_adversary",
        "protected_by_compiler": "inline_mitigations_already_exist",
        "protected_at_runtime": "inline_mitigations_already_exist",
        "protected_at_perimeter": "inline_mitigations_already_exist",
        "protected_by_mitigating_control": "inline_mitigations_already_exist",
    ]

    private init(cycloneDX root: JSON) throws(GatehouseError) {
        author = root["metadata"]?["authors"]?[0]?["name"]?.string ?? ""
        statements = []
        let named = Self.references(root["components"]?.array ?? [], depth: 0)
        for (index, json) in (root["vulnerabilities"]?.array ?? []).enumerated() {
            guard let id = json["id"]?.string else { throw Self.invalid("vulnerability \(index) has no id") }
            // Without an analysis it says that there is a flaw and not what is thought of it.
            guard let analysis = json["analysis"] else { continue }
            guard let status = analysis["state"]?.string.flatMap({ Self.states[$0] }) else {
                throw Self.invalid("vulnerability \(index) has no state that is known")
            }
            let references = (json["affects"]?.array ?? []).compactMap { $0["ref"]?.string }
            let aliases = (json["references"]?.array ?? []).compactMap { $0["id"]?.string }
            statements.append(
                Statement(
                    vulnerabilities: [id] + aliases,
                    products: references.compactMap { named[$0] ?? (try? PURL($0, foldingKeys: true)) }, status: status,
                    justification: analysis["justification"]?.string.flatMap { Self.reasons[$0] },
                    remark: analysis["detail"]?.string))
        }
    }

    private static func references(_ components: [JSON], depth: Int) -> [String: PURL] {
        var out: [String: PURL] = [:]
        for component in components {
            if let reference = component["bom-ref"]?.string, let text = component["purl"]?.string {
                out[reference] = try? PURL(text, foldingKeys: true)
            }
            if depth < 32 {
                out.merge(references(component["components"]?.array ?? [], depth: depth + 1)) { first, _ in first }
            }
        }
        return out
    }
}
