/// A program to start as a server. There is no shell: what is here is what is executed.
public struct ServerCommand: Sendable, Hashable {
    /// A path, or a name that is looked for in `PATH`.
    public var executable: String
    public var arguments: [String]
    /// All that the process gets, but for what ``inherited`` names.
    public var environment: [String: String]
    /// Variables of our own environment that are handed on, by name.
    public var inherited: [String]
    public var folder: String?

    /// What most programs cannot start without, and which says nothing of what we hold.
    public static let usual = ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "USER", "SHELL", "TERM"]

    public init(
        _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:],
        inherited: [String] = ServerCommand.usual, folder: String? = nil
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.inherited = inherited
        self.folder = folder
    }
}
