import Core
import Synchronization

/// The configuration in force. A reload takes effect only when all of it is right; until then the last good one stays.
public final class ConfigHolder<Settings: Sendable>: Sendable {
    private let path: String?
    private let schema: ConfigSchema
    private let options: ConfigFile.Options
    private let build: @Sendable (ConfigNode) throws -> Settings
    private let state: Mutex<State>

    private struct State {
        var settings: Settings
        var warnings: [ConfigProblem]
        var generation = 1
    }

    /// - Parameters:
    ///   - path: nil where there is no file and the defaults hold.
    ///   - build: makes the rooms' settings from the checked tree; what it throws refuses the configuration.
    public init(
        path: String?, schema: ConfigSchema, options: ConfigFile.Options = ConfigFile.Options(),
        build: @escaping @Sendable (ConfigNode) throws -> Settings
    ) throws {
        self.path = path
        self.schema = schema
        self.options = options
        self.build = build
        let file = try ConfigHolder.read(path, schema, options)
        state = Mutex(State(settings: try build(file.root), warnings: file.warnings))
    }

    public var settings: Settings { state.withLock { $0.settings } }
    public var warnings: [ConfigProblem] { state.withLock { $0.warnings } }
    /// Rises with each reload that took effect, from 1.
    public var generation: Int { state.withLock { $0.generation } }

    /// Reads the file again. When it throws, what was in force stays in force.
    @discardableResult
    public func reload() throws -> Settings {
        let file = try ConfigHolder.read(path, schema, options)
        let settings = try build(file.root)
        state.withLock { state in
            state.settings = settings
            state.warnings = file.warnings
            state.generation += 1
        }
        return settings
    }

    private static func read(
        _ path: String?, _ schema: ConfigSchema, _ options: ConfigFile.Options
    ) throws -> ConfigFile {
        guard let path else { return try ConfigFile.defaults(schema: schema, options: options) }
        return try ConfigFile.load(path, schema: schema, options: options)
    }
}
