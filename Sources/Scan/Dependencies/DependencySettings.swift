import Risk
import Synchronization

/// How packages are judged.
public struct DependencySettings: Sendable, Hashable {
    public var asset = AssetFacts()
    /// Older advisories count as missing.
    public var greatestAge = AdvisoryDatabase.greatestAge
    /// Where advisories are fetched from.
    public var mirror = AdvisoryMirror.standard
    public var licenses = LicenseSettings()

    public init() {}
}

/// The settings in force; changed when the configuration is read again.
public final class SharedDependencySettings: Sendable {
    private let settings: Mutex<DependencySettings>

    public init(_ settings: DependencySettings = DependencySettings()) { self.settings = Mutex(settings) }

    public var current: DependencySettings {
        get { settings.withLock { $0 } }
        set { settings.withLock { $0 = newValue } }
    }
}
