public import JSON

/// The extension by which a call goes on after its answer, and its client asks how it stands
/// (`io.modelcontextprotocol/tasks`).
public enum TasksExtension {
    public static let name = "io.modelcontextprotocol/tasks"
    public static let get = "tasks/get"
    public static let update = "tasks/update"
    public static let cancel = "tasks/cancel"
    /// The notification of how a task stands, for who listens for it.
    public static let changed = "notifications/tasks"

    static let methods = [get, update, cancel]

    /// Among ``ServerCapabilities`` and ``ClientCapabilities``.
    public static let capability: JSONObject = [name: [:]]
}
