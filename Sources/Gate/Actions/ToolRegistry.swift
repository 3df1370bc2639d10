import Core

/// The tools that the gate can perform: an explicit list, fixed at start.
public struct ToolRegistry: Sendable {
    struct Entry: Sendable {
        let tool: any Tool
        let descriptor: ToolDescriptor
        let arguments: ArgumentSchema
        let breaker = SharedBreaker()
    }

    private let entries: [String: Entry]

    /// In the order of their ids.
    public let descriptors: [ToolDescriptor]

    /// - Throws: `invalid` for an id that is not namespaced, `conflict` for one that comes twice, `unsupported` for a
    ///   schema that the gate could not enforce.
    public init(_ tools: [any Tool]) throws {
        var entries = [String: Entry](minimumCapacity: tools.count)
        for tool in tools {
            let descriptor = tool.descriptor
            guard Self.isNamespaced(descriptor.id) else {
                throw GatehouseError(
                    "gate", .invalid, "tool id \"\(descriptor.id)\" is not namespaced",
                    hint: "use lower-case words joined by dots, such as scan.assess")
            }
            guard entries[descriptor.id] == nil else {
                throw GatehouseError("gate", .conflict, "two tools have the id \"\(descriptor.id)\"")
            }
            let schema = try ArgumentSchema(descriptor.arguments, of: descriptor.id)
            entries[descriptor.id] = Entry(tool: tool, descriptor: descriptor, arguments: schema)
        }
        self.entries = entries
        descriptors = entries.values.map(\.descriptor).sorted { $0.id < $1.id }
    }

    /// - Throws: `notFound`, with the nearest id.
    public func descriptor(of id: String) throws -> ToolDescriptor { try entry(id).descriptor }

    func entry(_ id: String) throws -> Entry {
        guard let entry = find(id) else { throw unknown(id) }
        return entry
    }

    func find(_ id: String) -> Entry? { entries[id] }

    func unknown(_ id: String) -> GatehouseError {
        let nearest = Suggestion.nearest(to: id, among: entries.keys)
        return GatehouseError(
            "gate", .notFound, "there is no tool \"\(id.prefix(80))\"",
            hint: nearest.map { "did you mean \"\($0)\"?" } ?? "list the tools that there are")
    }

    /// At least two words of `a–z 0–9 _`, each beginning with a letter, joined by dots.
    static func isNamespaced(_ id: String) -> Bool {
        let words = id.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return words.count >= 2 && id.utf8.count <= 128
            && words.allSatisfy { word in
                guard let first = word.first, (0x61...0x7a).contains(first) else { return false }
                return word.allSatisfy {
                    (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
                }
            }
    }
}
