import Core
import JSON
import Web

/// Who we are to an authorization server.
extension OAuthClient {
    /// As whom a grant was got; nil when that is known no more.
    func identity(of grant: Grant) async throws -> OAuthIdentity? {
        let published = settings.metadataURL.map { OAuthIdentity(clientID: $0, method: OAuthIdentity.none) }
        let stored = try await store.identity(at: grant.issuer)
        let known = [settings.arranged[grant.issuer], settings.fallback, stored, published]
        return known.lazy.compactMap(\.self).first { $0.clientID == grant.clientID }
    }

    /// What is arranged; else the document that says who we are; else what the server gives who asks.
    func identity(at server: AuthorizationServer) async throws -> OAuthIdentity {
        if let arranged = settings.arranged[server.issuer] ?? settings.fallback { return arranged }
        if let url = settings.metadataURL, server.metadata["client_id_metadata_document_supported"]?.bool == true {
            return OAuthIdentity(clientID: url, method: OAuthIdentity.none)
        }
        if let known = try await store.identity(at: server.issuer) { return known }
        guard settings.registers, server.metadata["registration_endpoint"]?.string != nil else {
            throw OAuthFailure.refused("\(server.issuer) does not know this client, and none can be registered there")
        }
        let identity = try await register(at: server)
        try await store.keep(identity, at: server.issuer)
        return identity
    }

    /// RFC 7591.
    private func register(at server: AuthorizationServer) async throws -> OAuthIdentity {
        let wanted = [OAuthIdentity.none, OAuthIdentity.basic, OAuthIdentity.posted]
        let method = wanted.first { server.methods?.contains($0) ?? true } ?? OAuthIdentity.none
        let isNative = SecureAddress.parse(settings.redirectURI)?.scheme != "https"
        let answer = try await http.post(
            server.endpoint("registration_endpoint"),
            json: [
                "client_name": JSON(settings.name), "redirect_uris": [JSON(settings.redirectURI)],
                "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
                "token_endpoint_auth_method": JSON(method), "application_type": isNative ? "native" : "web",
            ])
        guard answer.status == 200 || answer.status == 201, let id = answer.json["client_id"]?.string, !id.isEmpty
        else {
            throw OAuthFailure.refused("\(server.issuer) did not register this client")
        }
        return OAuthIdentity(
            clientID: id, clientSecret: answer.json["client_secret"]?.string.map(Secret.init),
            method: answer.json["token_endpoint_auth_method"]?.string ?? method)
    }
}
