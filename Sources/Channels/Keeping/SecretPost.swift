import Core
import JSON
import Store

/// A message that is sent from memory and kept nowhere.
enum SecretPost {
    /// For one person, who alone sees it.
    static func make(_ content: JSON, room: String, account: String) -> KeptPost? {
        let values: [(String, Value)] = [
            ("sequence", 0), ("channel", ""), ("name", ""), ("room", .text(room)), ("thread", .null),
            ("parent", .null), ("account", .text(account)), ("content", .text(content.text())), ("revision", 1),
            ("sent", 0), ("remote_room", .null), ("remote", .null), ("approval", .null), ("severity", .null),
            ("state", "waiting"), ("attempts", 0), ("problem", .null),
        ]
        return try? KeptPost(Row(columns: values.map(\.0), values: values.map(\.1)))
    }
}
