public import Core

extension RegoValue {
    /// Reads YAML text as `yaml.unmarshal` does: what can be said in JSON. Empty text is null.
    ///
    /// - Throws: domain `rego`, `invalid` with the line; `too_large` for text or nesting beyond the default limits.
    public init(yaml bytes: [UInt8]) throws(GatehouseError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw GatehouseError("rego", .invalid, "the YAML is no UTF-8")
        }
        var limits = EvaluationLimits.default
        limits.memory = 1 << 30
        do throws(BuiltinError) {
            self = try YAMLBuiltins.parse(RegoString(text), BuiltinContext(limits: limits))
        } catch {
            throw GatehouseError("rego", error.isFatal ? .tooLarge : .invalid, error.message)
        }
    }
}
