import Core
import JSON
import Synchronization

/// A request of the server's, as sessions have them.
struct Question: Sendable {
    var id: RequestID
    var method: String
    var params: JSON?
    var context: CallContext
}

extension MCPClient {
    /// Answers the server's questions, several at once.
    func answerQuestions(_ questions: AsyncStream<Question>) async {
        await withTaskGroup(of: Void.self) { group in
            var open = 0
            for await question in questions {
                if open >= limits.inputRequests { await group.next() } else { open += 1 }
                group.addTask { await self.answer(question) }
            }
            group.cancelAll()
        }
    }

    private func answer(_ question: Question) async {
        // In the newest revision a server asks within its answers only; what else it asks is not answered.
        guard let version = state.withLock({ $0.peer?.version ?? versions.max() }), !version.isStateless else { return }
        let message: Message
        do {
            message = .result(id: question.id, try await result(of: question))
        } catch let error as RPCError {
            message = .error(id: question.id, error)
        } catch {
            message = .error(id: question.id, .internalError("the client failed on this request"))
        }
        // Where the answer cannot be sent, the connection is over, and that is told elsewhere.
        try? await transport.send(message, version: version)
    }

    private func result(of question: Question) async throws -> JSON {
        if question.method == Method.ping { return [:] }
        let members: JSONObject = ["method": JSON(question.method), "params": question.params ?? [:]]
        guard let request = try? InputRequest(.object(members)), let onInput, request.isServed(by: capabilities) else {
            throw RPCError.methodNotFound(question.method)
        }
        return try await onInput(request, question.context)
    }

    /// The answers to what a server of the newest revision needs before it goes on.
    func answers(
        to requests: InputRequests, _ context: CallContext, _ onInput: InputHandler
    ) async throws -> InputResponses {
        guard requests.count <= limits.inputRequests else {
            throw GatehouseError("mcp", .tooLarge, "the server asks more than \(limits.inputRequests) things at once")
        }
        var responses: [(key: String, result: JSON)] = []
        for (key, request) in requests.requests {
            guard request.isServed(by: capabilities) else {
                throw GatehouseError(
                    "mcp", .unsupported, "the server asks for \(request.method), which this client did not offer")
            }
            responses.append((key, try await onInput(request, context)))
        }
        return InputResponses(responses)
    }
}
