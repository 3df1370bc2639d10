/// What was asked of whom: what a call's span and the series that it counts in say alike.
struct AskedModel: Sendable, Hashable {
    var operation: String
    /// Nil where none was asked.
    var provider: String?
    var model: String?
    /// Whether the model is the one that answered.
    var hasAnswered = false
    var server: WebPlace?
}

extension OTLPWriter {
    mutating func attributes(of asked: AskedModel) {
        attribute("gen_ai.operation.name", asked.operation)
        attribute("gen_ai.provider.name", asked.provider)
        attribute("gen_ai.request.model", asked.model)
        if asked.hasAnswered { attribute("gen_ai.response.model", asked.model) }
        if let server = asked.server {
            attribute("server.address", server.host)
            attribute("server.port", server.port)
        }
    }
}
