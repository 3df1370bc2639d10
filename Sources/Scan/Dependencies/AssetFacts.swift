public import Risk

/// What is said of the asset that is assessed; nil where nobody said it.
public struct AssetFacts: Sendable, Hashable {
    public var exposure: RiskFacts.Exposure?
    public var criticality: RiskFacts.Criticality?

    public init(exposure: RiskFacts.Exposure? = nil, criticality: RiskFacts.Criticality? = nil) {
        self.exposure = exposure
        self.criticality = criticality
    }
}
