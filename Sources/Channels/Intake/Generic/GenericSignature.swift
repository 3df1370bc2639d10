import Core
import Integrations

/// How a program of one's own signs a request: see ``WebhookSignature``.
enum GenericSignature {
    static let header = WebhookSignature.header

    /// - Throws: `unauthenticated`, always in the same words.
    static func check(_ header: String?, body: [UInt8], secret: Secret, at now: Timestamp) throws(GatehouseError) {
        guard WebhookSignature.code(in: header, of: body, key: secret, at: now) != nil else { throw .unsigned }
    }
}
