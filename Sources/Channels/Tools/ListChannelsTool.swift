import Core
public import Gate
import JSON
public import Store

extension Channels {
    /// For the gate's registry, before there are channels.
    public static func tools(store: Store, _ channels: ChannelsReference) -> [any Tool] {
        [ListChannelsTool(ChannelFigures(store: store)), TellTool(channels: channels)]
    }
}

/// `channels.list`: how the channels are doing, what waits in them, what was given up and why, and who spoke that nobody
/// knows.
struct ListChannelsTool: Tool {
    private let figures: ChannelFigures

    init(_ figures: ChannelFigures) { self.figures = figures }

    let descriptor = ToolDescriptor(
        id: "channels.list", title: "List chat channels",
        summary:
            "The chat channels that were used: what waits in them, what was given up and why, and accounts that spoke "
            + "and are not known.",
        effect: .read, arguments: ToolDescriptor.object([:]))

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        Answer(["channels": .array(try await figures.all())])
    }
}

/// What the store says of the channels.
struct ChannelFigures: Sendable {
    private static let most = 50

    let store: Store

    /// By name, also those that are not configured any more.
    func all() async throws -> [JSON] {
        try await store.read { tx in
            let names = try tx.query(
                """
                SELECT channel FROM channel_inbox UNION SELECT channel FROM channel_posts
                UNION SELECT channel FROM channel_strangers UNION SELECT channel FROM channel_calls ORDER BY channel
                """
            ).map { try $0.text("channel") }
            return try names.map { try Self.entry($0, tx) }
        }
    }

    private static func entry(_ name: String, _ tx: Transaction) throws -> JSON {
        [
            "name": .string(name), "heard": try counts("channel_inbox", of: name, tx),
            "messages": try counts("channel_posts", of: name, tx), "dead": .array(try dead(in: name, tx)),
            "strangers": .array(try strangers(of: name, tx)),
        ]
    }

    private static func counts(_ table: String, of name: String, _ tx: Transaction) throws -> JSON {
        let rows = try tx.query(
            "SELECT state, COUNT(*) AS n FROM \(table) WHERE channel = ? GROUP BY state ORDER BY state", [.text(name)])
        return JSON(JSONObject(try rows.map { (try $0.text("state"), JSON(try $0.int("n"))) }))
    }

    private static func dead(in name: String, _ tx: Transaction) throws -> [JSON] {
        try tx.query(
            """
            SELECT name, problem, updated AS time FROM channel_posts WHERE channel = ? AND state = 'dead'
            UNION ALL SELECT id AS name, problem, finished AS time FROM channel_inbox WHERE channel = ?
            AND state = 'dead' ORDER BY time DESC LIMIT ?
            """, [.text(name), .text(name), Value(most)]
        ).map { row in
            [
                "name": .string(try row.text("name")), "problem": .string(try row.optionalText("problem") ?? ""),
                "time": .string(try row.time("time").description),
            ]
        }
    }

    private static func strangers(of name: String, _ tx: Transaction) throws -> [JSON] {
        try tx.query(
            "SELECT account, times, last FROM channel_strangers WHERE channel = ? ORDER BY last DESC LIMIT ?",
            [.text(name), Value(most)]
        ).map { row in
            [
                "account": .string(try row.text("account")), "times": JSON(try row.int("times")),
                "last": .string(try row.time("last").description),
            ]
        }
    }
}
