import Core

/// A configuration that was read and checked.
public struct ConfigFile: Sendable {
    /// The whole tree: every section of the schema with its defaults filled in.
    public let root: ConfigNode
    /// What loads but should be changed: literal secrets, deprecated keys, files that everyone can read.
    public let warnings: [ConfigProblem]

    /// Where values come from and how much is read.
    public struct Options: Sendable {
        public var environment: Environment = processEnvironment
        public var limits = ConfigLimits()

        public init() {}
    }

    /// Reads a file.
    /// - Throws: `notFound` or `unavailable` for the file; `invalid` with every error found in it, 20 at most, each
    ///   with file, line, column, key path and what to do.
    public static func load(_ path: String, schema: ConfigSchema, options: Options = Options()) throws -> ConfigFile {
        let input = try InputFile.contents(of: path, limit: options.limits.fileBytes)
        return try parse(input.bytes, file: path, schema: schema, options: options)
    }

    /// Reads text that is at hand. `file` is what messages call it, and what relative `file:` references start from.
    public static func parse(
        _ bytes: [UInt8], file: String, schema: ConfigSchema, options: Options = Options()
    ) throws -> ConfigFile {
        var decoder = Decoder(environment: options.environment, limits: options.limits)
        let raw = YAMLReader.read(bytes, file: file, limits: options.limits, problems: &decoder.problems)
        if let failure = decoder.problems.failure { throw failure }
        return try finish(raw, file, schema, &decoder)
    }

    /// What holds where there is no file.
    public static func defaults(schema: ConfigSchema, options: Options = Options()) throws -> ConfigFile {
        var decoder = Decoder(environment: options.environment, limits: options.limits)
        return try finish(nil, "(defaults)", schema, &decoder)
    }

    private static func finish(
        _ raw: RawNode?, _ file: String, _ schema: ConfigSchema, _ decoder: inout Decoder
    ) throws -> ConfigFile {
        let empty = RawNode.map([], ConfigPlace(file: file))
        let raw = raw.flatMap { $0.isNull ? nil : $0 } ?? empty
        let root = decoder.decode(raw, .object(schema.sections), "")
        if let failure = decoder.problems.failure { throw failure }
        guard let root else { throw GatehouseError("config", .internal, "\(file): the schema gave no value") }
        return ConfigFile(root: root, warnings: decoder.problems.warnings)
    }
}
