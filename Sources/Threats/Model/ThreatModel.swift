public import Scan

/// What a repository says of the system that it makes: what there is, where trust ends, what flows, and what threatens it.
public struct ThreatModel: Sendable, Hashable {
    /// By id.
    public var elements: [Element] = []
    public var entryPoints: [EntryPoint] = []
    public var boundaries: [Boundary] = []
    public var flows: [DataFlow] = []
    /// The worst first.
    public var threats: [Threat] = []
    public var score = RiskScore()
    /// What was meant to be read and could not be, the first of it.
    public var unchecked: [CouldNotCheck] = []
    public var uncheckedCount = 0
    /// Files of tests, examples and documentation that would have had a say.
    public var leftOut = 0
    /// What passed the bounds, by its kind.
    public var cut: [String: Int] = [:]

    public init() {}

    public func element(_ id: String) -> Element? { elements.first { $0.id == id } }
}

/// A place below which one trusts another than outside of it.
public struct Boundary: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Whoever can reach the system from anywhere.
        case internet
        case thirdParty = "third_party"
        case account, network, namespace, compose, application, pipeline

        var isOutside: Bool { self == .internet || self == .thirdParty }
    }

    public var id: String
    public var kind: Kind
    public var name: String

    static let internet = Boundary(id: "internet", kind: .internet, name: "Internet")
    static let thirdParties = Boundary(id: "third-parties", kind: .thirdParty, name: "Third parties")
    static let pipeline = Boundary(id: "pipeline", kind: .pipeline, name: "CI")
}

/// One thing in the diagram.
public struct Element: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable { case external, process, store }

    /// The same in each commit for the same thing: made of names, not of lines.
    public var id: String
    public var kind: Kind
    /// `flask`, `aws_db_instance`, `kubernetes.Deployment`, `postgres`, ….
    public var type: String
    public var name: String
    /// The id of its boundary.
    public var boundary: String
    public var traits = Traits()
    public var evidence: [Evidence]

    init(_ id: String, _ kind: Kind, _ type: String, _ name: String, in boundary: Boundary, _ evidence: Evidence) {
        self.id = Self.id(id)
        self.kind = kind
        self.type = Name.shown(type)
        self.name = Name.shown(name)
        self.boundary = boundary.id
        self.evidence = [evidence]
    }

    /// Printable and bounded, whatever the repository calls it.
    static func id(_ text: String) -> String { Name.shown(text, limit: 200) }

    /// What is worth protecting: stores, and what holds secrets.
    public var isAsset: Bool { kind == .store || traits.has(.credentials) || traits.has(.usesSecrets) }
    public var isSensitive: Bool { traits.has(.personalData) || traits.has(.credentials) }
}

/// What goes from one element to another.
public struct DataFlow: Sendable, Hashable {
    public var id: String { "\(source)>\(target)" }
    /// Ids of elements.
    public var source: String
    public var target: String
    public var label: String
    /// Whether trust changes on the way.
    public var crosses = false
    public var traits = Traits()
    public var evidence: [Evidence]
}

/// A way in.
public struct EntryPoint: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case route, port, ingress, function, command, message, trigger
        case loadBalancer = "load_balancer"
        case gateway = "api_gateway"
        case openGroup = "open_group"
    }

    public var id: String { "\(element)#\(kind.rawValue)#\(name)" }
    public var kind: Kind
    /// `GET /users/<id>`
    public var name: String
    /// The id of what it leads into.
    public var element: String
    public var isPublic: Bool
    /// Nil where nothing says.
    public var isGuarded: Bool?
    public var evidence: Evidence
}
