import JSON

/// Reads HCL's JSON syntax (`json/spec.md` of the same repository): values are expressions, texts are templates, and
/// what is a block depends on who reads it.
public enum HCLJSON {
    /// The file as attributes, each an object where a block is meant; see ``blocks(of:type:labels:)``.
    public static func parse(_ bytes: [UInt8], limits: HCLLimits = HCLLimits()) -> HCLFile {
        do throws(HCLProblem) {
            guard bytes.count <= limits.fileBytes else {
                throw HCLProblem("the file is larger than \(limits.fileBytes) bytes", at: HCLPlace())
            }
            let places = HCLPlaces(bytes)
            var jsonLimits = JSON.Limits.default
            jsonLimits.depth = limits.depth
            let document: JSONDocument
            do throws(JSONError) { document = try JSONDocument(bytes, limits: jsonLimits) } catch {
                throw HCLProblem(error.description, at: places.place(error.offset))
            }
            guard document.root.kind == .object else {
                throw HCLProblem("the file is no JSON object", at: HCLPlace())
            }
            return HCLFile(
                body: HCLBody(attributes: try attributes(of: document.root, places)), problems: [], isCut: false)
        } catch {
            return HCLFile(body: HCLBody(), problems: [error], isCut: true)
        }
    }

    private static func attributes(of view: JSONView, _ places: HCLPlaces) throws(HCLProblem) -> [HCLAttribute] {
        var out: [HCLAttribute] = []
        for member in view.members {
            let range = places.range(member.keyView.raw)
            // `//` is how this syntax spells a comment.
            if member.key == "//" { continue }
            out.append(HCLAttribute(name: member.key, nameRange: range, value: try expression(member.value, places)))
        }
        return out
    }

    static func expression(_ view: JSONView, _ places: HCLPlaces) throws(HCLProblem) -> HCLExpression {
        let range = places.range(view.raw)
        switch view.kind {
        case .null: return HCLExpression(.literal(.null), range)
        case .bool: return HCLExpression(.literal(.bool(view.bool ?? false)), range)
        case .number: return HCLExpression(.literal(.number(view.double ?? 0)), range)
        case .string:
            let text = view.string ?? ""
            guard text.utf8.contains(UInt8(ascii: "{")) else { return HCLExpression(.literal(.string(text)), range) }
            do throws(HCLProblem) {
                let template = try HCLParser.parseTemplate(text)
                return HCLExpression(template.node, range, height: template.height)
            } catch { throw HCLProblem(error.message, at: range.start, hint: error.hint) }
        case .array:
            var elements: [HCLExpression] = []
            for element in view.elements { elements.append(try expression(element, places)) }
            return HCLExpression(.tuple(elements), range, height: (elements.map(\.height).max() ?? 0) + 1)
        case .object:
            var members: [HCLExpression.Member] = []
            for member in view.members {
                let key = HCLExpression(.literal(.string(member.key)), places.range(member.keyView.raw))
                members.append(HCLExpression.Member(key: key, value: try expression(member.value, places)))
            }
            return HCLExpression(.object(members), range, height: (members.map(\.value.height).max() ?? 0) + 1)
        }
    }

    /// The blocks of a type that a value spells: objects within each other for the labels, then an object, or a list
    /// of objects for several blocks.
    public static func blocks(of value: HCLExpression, type: String, labels: Int) -> [HCLBlock] {
        blocks(of: value, type: type, remaining: labels, labels: [])
    }

    private static func blocks(
        of value: HCLExpression, type: String, remaining: Int, labels: [String]
    ) -> [HCLBlock] {
        switch value.node {
        case .tuple(let elements):
            return elements.flatMap { blocks(of: $0, type: type, remaining: remaining, labels: labels) }
        case .object(let members) where remaining > 0:
            return members.flatMap { member -> [HCLBlock] in
                guard case .literal(.string(let label)) = member.key.node, label != "//" else { return [] }
                return blocks(of: member.value, type: type, remaining: remaining - 1, labels: labels + [label])
            }
        case .object(let members):
            let attributes = members.compactMap { member -> HCLAttribute? in
                guard case .literal(.string(let name)) = member.key.node, name != "//" else { return nil }
                return HCLAttribute(name: name, nameRange: member.key.range, value: member.value)
            }
            return [HCLBlock(type: type, labels: labels, body: HCLBody(attributes: attributes), range: value.range)]
        default: return []
        }
    }
}

/// Lines and columns of offsets in a text.
public struct HCLPlaces: Sendable {
    private let bytes: [UInt8]
    private let starts: [Int]

    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var starts = [0]
        for (index, byte) in bytes.enumerated() where byte == 0x0A { starts.append(index + 1) }
        self.starts = starts
    }

    public func place(_ offset: Int) -> HCLPlace {
        let offset = min(max(offset, 0), bytes.count)
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        // Columns of very long lines, which only generated files have, are counted in bytes: it would take too long.
        let before = bytes[starts[low]..<offset]
        let column = before.count > 4096 ? before.count : before.count { $0 & 0xC0 != 0x80 }
        return HCLPlace(offset: offset, line: low + 1, column: column + 1)
    }

    func range(_ range: Range<Int>) -> HCLRange { HCLRange(place(range.lowerBound), place(range.upperBound)) }
}
