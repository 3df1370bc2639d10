/// What can be known of an element or a flow. What is not known is not said: neither of two opposites has to hold.
public enum Trait: String, Sendable, Hashable, CaseIterable {
    // How it is reached
    case isPublic = "public"
    case contributed
    case servesRoutes = "serves_routes"
    case adminPort = "admin_port"

    // Who is let in
    case guarded
    case unguardedWrite = "unguarded_write"
    case unauthenticated
    case asksPassword = "asks_password"
    case noPassword = "no_password"
    case exemptFromCSRF = "csrf_exempt"
    case checksCSRF = "csrf_checked"

    // What may be read on the way and at rest
    case encryptedInTransit = "encrypted_in_transit"
    case plainInTransit = "plain_in_transit"
    case encryptedAtRest = "encrypted_at_rest"
    case plainAtRest = "plain_at_rest"
    case publiclyReadable = "publicly_readable"
    case notPublic = "not_public"
    case reachableFromAnywhere = "reachable_from_anywhere"
    case privateNetwork = "private_network"

    // What is in it
    case personalData = "personal_data"
    case credentials
    case secretInText = "secret_in_text"
    case secretStore = "secret_store"

    // What is kept of what happens
    case logged
    case notLogged = "not_logged"
    case backedUp = "backed_up"
    case notBackedUp = "not_backed_up"

    // What it may do
    case privileged
    case confined
    case broadRights = "broad_rights"
    case oldMetadata = "metadata_without_token"
    case tokenMetadata = "metadata_with_token"

    // How much it takes
    case limited
    case unlimited
    case rateLimited = "rate_limited"

    // Flaws that were found
    case commandInjection = "command_injection"
    case queryInjection = "query_injection"
    case requestForgery = "request_forgery"
    case pathTraversal = "path_traversal"
    case weakCryptography = "weak_cryptography"
    case flawedPackage = "flawed_package"
    case debugging

    // Pipelines
    case untrustedCode = "untrusted_code"
    case untrustedText = "untrusted_text"
    case writingToken = "writing_token"
    case readingToken = "reading_token"
    case loosePin = "unpinned_action"
    case pinned = "pinned_actions"
    case usesSecrets = "uses_secrets"

    public var words: String { rawValue.split(separator: "_").joined(separator: " ") }
}
