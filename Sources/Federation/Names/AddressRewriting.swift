import JSON
import MCP

/// Addresses of resources in what servers say, as clients can read them.
extension JSON {
    /// The result of a request.
    func withPublicAddresses(of server: String, in method: String) -> JSON {
        var result = self
        switch method {
        case Method.callTool:
            // Most have none, and stay as they are.
            guard result["content"]?.array?.contains(where: \.hasAddress) == true else { break }
            result["content"] = result["content"]?.withPublicAddresses(of: server)
        case Method.getPrompt:
            result["messages"] = result["messages"]?.array.map { messages in
                .array(
                    messages.map { message in
                        var message = message
                        message["content"] = message["content"]?.withPublicAddresses(of: server)
                        return message
                    })
            }
        case Method.readResource:
            result["contents"] = result["contents"]?.array.map { contents in
                .array(
                    contents.map { one in
                        var one = one
                        one["uri"] = one["uri"]?.string.map { .string(ResourceAddress(server: server, uri: $0).text) }
                        return one
                    })
            }
        default: break
        }
        return result
    }

    /// The blocks of an answer of a tool or a prompt: links to resources and resources within. What is on the web is left
    /// as it is: it can be read there.
    private func withPublicAddresses(of server: String) -> JSON {
        switch self {
        case .array(let elements): return .array(elements.map { $0.withPublicAddresses(of: server) })
        case .object(var members):
            if members["type"]?.string == "resource_link" {
                members["uri"] = members["uri"]?.publicAddress(of: server)
            } else if members["type"]?.string == "resource", let uri = members["resource"]?["uri"] {
                members["resource"]?["uri"] = uri.publicAddress(of: server)
            }
            return .object(members)
        default: return self
        }
    }

    private var hasAddress: Bool {
        switch self["type"]?.string {
        case "resource", "resource_link": true
        default: false
        }
    }

    private func publicAddress(of server: String) -> JSON {
        guard let uri = string, !uri.hasPrefix("https://"), !uri.hasPrefix("http://") else { return self }
        return .string(ResourceAddress(server: server, uri: uri).text)
    }
}
