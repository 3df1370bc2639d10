public import Core
public import Formats

/// Which licenses packages may have, and which packages are excepted.
public struct LicenseSettings: Sendable, Hashable {
    /// A package whose license is accepted for a while, whatever the lists say.
    public struct Exemption: Sendable, Hashable {
        /// Without a version, it holds for all of them.
        public var package: PURL
        /// The only license that it holds for; nil for any, also for one that cannot be told.
        public var license: String?
        public var reason: String
        public var expires: Timestamp

        public init(package: PURL, license: String? = nil, reason: String, expires: Timestamp) {
            self.package = package
            self.license = license
            self.reason = reason
            self.expires = expires
        }
    }

    public var policy = LicensePolicy()
    public var exemptions: [Exemption] = []

    public init() {}

    /// The one that lasts longest of those for this package.
    func exemption(for dependency: Dependency, _ expression: LicenseExpression?) -> Exemption? {
        guard let purl = dependency.purl else { return nil }
        return exemptions.filter { $0.holds(purl, expression) }.max { $0.expires < $1.expires }
    }
}

extension LicenseSettings.Exemption {
    fileprivate func holds(_ purl: PURL, _ expression: LicenseExpression?) -> Bool {
        guard package.type == purl.type, package.namespace == purl.namespace, package.name == purl.name,
            package.version == nil || package.version == purl.version
        else { return false }
        guard let license else { return true }
        return expression?.description == license
    }
}
