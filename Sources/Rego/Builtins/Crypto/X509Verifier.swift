/// Builds a chain from a leaf to a root and checks each link (RFC 5280, section 6), refusing what it does not know:
/// critical extensions not understood, and certificates under name constraints.
struct X509Verifier {
    struct Options {
        var host: String?
        /// Seconds since 1970.
        var time: Int
        /// Go's numbers of extended key usages; 0 is any.
        var usages: [Int] = [1]
    }

    let root: X509Certificate
    let intermediates: [X509Certificate]
    let options: Options
    let context: BuiltinContext

    private static let greatestLength = 10

    /// From the leaf to the root; nil when there is none.
    func chain(for leaf: X509Certificate) throws(BuiltinError) -> [X509Certificate]? {
        guard isCurrent(leaf), leaf.extensions.unhandled.isEmpty else { return nil }
        if let host = options.host, !matches(host, leaf.extensions.names) { return nil }
        return try extend([leaf])
    }

    private func extend(_ chain: [X509Certificate]) throws(BuiltinError) -> [X509Certificate]? {
        guard let last = chain.last, chain.count < Self.greatestLength else { return nil }
        try context.charge(steps: 10_000)
        if try isIssuer(root, of: last, below: chain.count), allowsUsages(chain + [root]) { return chain + [root] }
        for candidate in intermediates where !chain.contains(where: { $0.encoded == candidate.encoded }) {
            guard try isIssuer(candidate, of: last, below: chain.count) else { continue }
            if let whole = try extend(chain + [candidate]) { return whole }
        }
        return nil
    }

    private func isCurrent(_ certificate: X509Certificate) -> Bool {
        certificate.notBefore <= options.time && options.time <= certificate.notAfter
    }

    /// - Parameter count: certificates below the issuer; all but the leaf count against the path length.
    private func isIssuer(
        _ issuer: X509Certificate, of certificate: X509Certificate, below count: Int
    ) throws(BuiltinError) -> Bool {
        let extensions = issuer.extensions
        guard issuer.subject.encoded == certificate.issuer.encoded, isCurrent(issuer), extensions.unhandled.isEmpty,
            !extensions.hasNameConstraints, extensions.isConstrained, extensions.isAuthority,
            extensions.keyUsage == 0 || extensions.keyUsage & 32 != 0,
            extensions.greatestPathLength < 0 || count - 1 <= extensions.greatestPathLength
        else { return false }
        try context.charge(steps: 10_000)
        guard let key = issuer.publicKey.key, let scheme = certificate.algorithm.scheme else { return false }
        return key.isValid(certificate.signature, for: certificate.toBeSigned, scheme, isRaw: false)
    }

    /// One of the usages wanted must be allowed all the way up.
    private func allowsUsages(_ chain: [X509Certificate]) -> Bool {
        if options.usages.contains(0) { return true }
        return options.usages.contains { usage in
            chain.allSatisfy { certificate in
                let allowed = certificate.extensions.extendedKeyUsage
                return allowed.isEmpty || allowed.contains(usage) || allowed.contains(0)
            }
        }
    }

    private func matches(_ host: String, _ names: X509AlternativeNames) -> Bool {
        var text = Substring(host)
        if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
        if let address = IPAddress(text) { return names.addresses.contains(address) }
        let wanted = Self.labels(host)
        return names.dns.contains { name in
            let pattern = Self.labels(name)
            guard pattern.count == wanted.count, !wanted.contains("") else { return false }
            return zip(pattern, wanted).enumerated().allSatisfy { index, pair in
                pair.0 == pair.1 || index == 0 && pair.0 == "*" && pattern.count > 2
            }
        }
    }

    private static func labels(_ name: String) -> [String] {
        let trimmed = name.hasSuffix(".") ? name.dropLast() : Substring(name)
        return trimmed.lowercased().split(separator: ".", omittingEmptySubsequences: false).map { String($0) }
    }
}
