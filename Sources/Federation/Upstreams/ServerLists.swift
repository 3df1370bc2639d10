import JSON

/// All that a server offers, as it sent it.
struct ServerLists: Sendable, Hashable {
    var tools: [JSON] = []
    var prompts: [JSON] = []
    /// Nil for a server without anything to be read.
    var readable: Readable?

    struct Readable: Sendable, Hashable {
        var resources: [JSON] = []
        var templates: [JSON] = []
    }
}
