/// Which builtins a policy may call, as its operator says: OPA's capabilities, as far as functions go.
///
/// A call of another is an error when the policy is compiled, also where `with` puts it in another function's place.
/// What the grammar needs (operators, `in`, templates, `print`) need not be allowed, but can be forbidden. For plans that
/// were compiled elsewhere use ``BuiltinRegistry/restricted(by:)``.
public struct BuiltinRestriction: Sendable, Hashable {
    /// Nil for all.
    public var allowed: Set<String>?
    /// These not, even if they are allowed.
    public var forbidden: Set<String>

    public init(allowed: Set<String>? = nil, forbidden: Set<String> = []) {
        self.allowed = allowed
        self.forbidden = forbidden
    }

    public func allows(_ builtin: Builtin) -> Bool {
        if forbidden.contains(builtin.name) { return false }
        guard let allowed else { return true }
        return allowed.contains(builtin.name) || builtin.declaration.infix != nil
            || builtin.name.hasPrefix("internal.")
    }
}

extension BuiltinRegistry {
    /// Without the builtins that are not allowed: a plan that calls one cannot be loaded.
    public func restricted(by restriction: BuiltinRestriction) -> BuiltinRegistry {
        BuiltinRegistry(names.compactMap { self[$0] }.filter(restriction.allows))
    }
}
