import Core
import JSON
import Synchronization

extension MCPClient {
    /// All pages of a list.
    ///
    /// - Parameter deadline: for each page.
    /// - Throws: `tooLarge` past a limit, `invalid` where a cursor comes twice; else as ``send(_:_:deadline:onProgress:)``.
    public func list<Item: Listed>(
        _ type: Item.Type = Item.self, deadline: Duration = .seconds(60)
    ) async throws -> Listing<Item> {
        var listing = Listing<Item>(items: [], refused: [], caching: nil)
        var seen: Set<String> = []
        var cursor: String?
        repeat {
            guard seen.count < limits.listPages else { throw tooLong("\(limits.listPages) pages") }
            let params: JSON = cursor.map { ["cursor": JSON($0)] } ?? [:]
            guard case .result(let page) = try await send(Item.listMethod, params, deadline: deadline) else {
                throw MCPFailure.malformed("the server asks for input before it lists")
            }
            guard let elements = page[Item.listKey]?.array else {
                throw MCPFailure.malformed("the server's list has no \(Item.listKey)")
            }
            if cursor == nil { listing.caching = Caching(page) }
            guard listing.items.count + elements.count <= limits.listItems else {
                throw tooLong("\(limits.listItems) \(Item.listKey)")
            }
            for element in elements { add(element, to: &listing) }
            cursor = page["nextCursor"]?.string
            if let cursor, !seen.insert(cursor).inserted {
                throw MCPFailure.malformed("the server's list comes round to the same page")
            }
        } while cursor != nil
        if Item.self == Tool.self { mirror(&listing) }
        return listing
    }

    public func listTools() async throws -> [Tool] { try await list(Tool.self).items }

    private func tooLong(_ bound: String) -> GatehouseError {
        GatehouseError("mcp", .tooLarge, "the server's list has more than \(bound)")
    }

    private func add<Item: Listed>(_ element: JSON, to listing: inout Listing<Item>) {
        do throws(RPCError) {
            listing.items.append(try Item(element))
        } catch {
            listing.refused.append(.init(name: element["name"]?.string, reason: error.message))
        }
    }

    /// Remembers which arguments are repeated in headers, and leaves out tools that ask for what cannot be.
    private func mirror<Item: Listed>(_ listing: inout Listing<Item>) {
        guard transport.mirrorsParameters else { return }
        var mirrored: [String: MirroredParameters] = [:]
        var kept: [Item] = []
        for item in listing.items {
            let name = item.json["name"]?.string ?? ""
            do throws(RPCError) {
                let parameters = try MirroredParameters(inputSchema: item.json["inputSchema"] ?? [:])
                if !parameters.parameters.isEmpty { mirrored[name] = parameters }
                kept.append(item)
            } catch {
                listing.refused.append(.init(name: name, reason: error.message))
            }
        }
        listing.items = kept
        state.withLock { $0.mirrored = mirrored }
    }
}
