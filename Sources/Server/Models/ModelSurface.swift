import Core
import Dialects
import HTTPTypes
import HummingbirdCore
import NIOHTTP1

/// Where each surface is reached: at the paths that programs know from OpenAI and Anthropic.
enum ModelSurface {
    static let paths: [Surface: String] = [
        .openAIChat: "/v1/chat/completions", .openAIResponses: "/v1/responses", .openAIEmbeddings: "/v1/embeddings",
        .openAITranscriptions: "/v1/audio/transcriptions", .anthropicMessages: "/v1/messages",
        .anthropicCountTokens: "/v1/messages/count_tokens",
    ]
    static let list = "/v1/models"
    private static let surfaces = Dictionary(uniqueKeysWithValues: paths.map { ($1, $0) })

    /// Nil for any other path. A query does not count.
    static func at(_ target: some StringProtocol) -> Surface? {
        guard target.hasPrefix("/v1/") else { return nil }
        return surfaces[String(target.prefix { $0 != "?" && $0 != "#" })]
    }

    /// The surface whose clients ask, also for the list of models: it says in which form errors are understood.
    static func of(_ call: Call) -> Surface? {
        if let surface = at(call.path) { return surface }
        guard call.path == list else { return nil }
        return isAnthropic(call) ? .anthropicMessages : .openAIChat
    }

    /// Anthropic's clients name the version of the API that they speak.
    static func isAnthropic(_ call: Call) -> Bool { call.headers[named: "anthropic-version"] != nil }

    static func response(to error: any Error, on surface: Surface) -> Response {
        let error = DialectError(GatehouseError.shown(error), surface: surface)
        var response = Response.bytes(
            error.body, type: "application/json", status: HTTPResponse.Status(code: error.status))
        for (name, value) in error.headers { response.headers[named: name] = value }
        response.headers[.retryAfter] = error.error.retrySeconds
        return response
    }
}
