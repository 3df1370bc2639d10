import Core
import Gate
import JSON
import MCP

extension GatewayService {
    func read(
        _ params: ReadResourceParams, _ caller: Caller, _ context: RequestContext
    ) async throws(RPCError) -> ServerReply {
        guard let (resources, uri) = federation.catalogue.resources(at: params.uri) else {
            throw .resourceNotFound(params.uri, context.version)
        }
        let digest = ServerRequest.readResource(params).digest
        let input = try carried(params, digest, caller, context)
        return try await perform(
            GatewayCall(
                name: params.uri, request: ReadTool.request(resources, uri: uri, input),
                definition: resources.definition.hash, kind: .other, digest: digest,
                isLaterTry: params.requestState != nil), caller, context)
    }

    func get(
        _ params: GetPromptParams, _ caller: Caller, _ context: RequestContext
    ) async throws(RPCError) -> ServerReply {
        guard let prompt = federation.catalogue[prompt: params.name] else {
            throw .invalidParams("there is no prompt \"\(params.name.prefix(80))\"")
        }
        let digest = ServerRequest.getPrompt(params).digest
        let input = try carried(params, digest, caller, context)
        return try await perform(
            GatewayCall(
                name: params.name, request: PromptTool.request(prompt, .object(params.arguments), input),
                definition: prompt.definition.hash, kind: .other, digest: digest,
                isLaterTry: params.requestState != nil), caller, context)
    }

    func complete(
        _ params: CompleteParams, _ caller: Caller, _ context: RequestContext
    ) async throws(RPCError) -> ServerReply {
        let (item, uri) = try completed(params.reference)
        return try await perform(
            GatewayCall(
                name: params.reference.promptName ?? params.reference.resourceURI ?? "",
                request: CompleteTool.request(item, uri: uri, params), definition: item.definition.hash, kind: .other,
                digest: ServerRequest.complete(params).digest, isLaterTry: false), caller, context)
    }

    private func completed(_ reference: CompletionReference) throws(RPCError) -> (CatalogueItem, uri: String?) {
        let catalogue = federation.catalogue
        if let name = reference.promptName, let prompt = catalogue[prompt: name] { return (prompt, nil) }
        if let address = reference.resourceURI, let (resources, uri) = catalogue.resources(at: address) {
            return (resources, uri)
        }
        throw .invalidParams("there is no such prompt or resource")
    }
}

extension Catalogue {
    /// Of the server that a public address leads to, with its own address.
    func resources(at address: String) -> (resources: CatalogueItem, uri: String)? {
        guard let address = ResourceAddress(address),
            let item = self[Pin.Key(kind: .resources, server: address.server, name: ItemKind.resourcesName)]
        else { return nil }
        return (item, address.uri)
    }
}
