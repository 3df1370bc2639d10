public import JSON

/// What came of a request.
public enum ClientReply: Sendable, Hashable {
    case result(JSON)
    /// The server needs input first, and nobody here was set to give it: ask, and send the request again with
    /// `inputResponses` under the same names and with the state, if there is one, unchanged.
    case inputRequired(InputRequests, state: String?)
}

/// The call in whose course a server asks for input.
public struct CallContext: Sendable, Hashable {
    /// Nil where the server asks on a channel that all calls share, and there are several.
    public var method: String?
    /// Of the tool, prompt or resource.
    public var name: String?
    /// What the caller gave the call to be known by.
    public var mark: Int64?
}

/// A whole list, all pages of it.
public struct Listing<Item: Listed>: Sendable, Hashable {
    public var items: [Item]
    /// What was left out, and why: an item that has not the form of one, or a tool that asks for impossible headers.
    public var refused: [Refusal]
    /// Of the first page.
    public var caching: Caching?

    public struct Refusal: Sendable, Hashable {
        public var name: String?
        public var reason: String
    }
}
