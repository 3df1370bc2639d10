import Core
import Store

/// What the codes in messages stand for. Nobody gets more by one than by the name of what it stands for: the gate judges
/// who uses it.
struct CodeTable: Sendable {
    struct Entry: Sendable, Hashable {
        let code: String
        /// An approval's id, or a conversation's.
        let subject: String
        /// The message that it stands in.
        let post: String
        /// Of the approval, as it was shown.
        let binding: String?
        /// Whose it is alone: of a plan's.
        let user: String?
        /// Of the message with the plan, in its conversation.
        let number: Int?
        let expires: Timestamp
        /// The row of the inbox that used it.
        let usedBy: String?

        init(_ row: Row) throws {
            code = try row.text("code")
            subject = try row.text("subject")
            post = try row.text("post")
            binding = try row.optionalText("binding")
            user = try row.optionalText("account")
            number = try row.optionalInteger("number").map { Int($0) }
            expires = try row.time("expires")
            usedBy = try row.optionalText("used_by")
        }
    }

    let store: Store

    /// A message's code that nobody has used, or a new one.
    static func code(
        for subject: String, in post: String, of channel: String, binding: String? = nil, user: String? = nil,
        number: Int? = nil, expires: Timestamp, at now: Timestamp, _ tx: Transaction
    ) throws -> String {
        let kept = try tx.first(
            "SELECT code FROM channel_codes WHERE channel = ? AND post = ? AND subject = ? AND used_by IS NULL",
            [.text(channel), .text(post), .text(subject)])
        if let kept {
            // The same plan may have been said again, as another message.
            let code = try kept.text("code")
            try tx.execute("UPDATE channel_codes SET number = ? WHERE code = ?", [Value(number), .text(code)])
            return code
        }
        let code = ChatCode.make()
        try tx.execute(
            """
            INSERT INTO channel_codes (code, channel, subject, post, binding, account, number, expires, created)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(code), .text(channel), .text(subject), .text(post), Value(binding), Value(user), Value(number),
                .time(expires), .time(now),
            ])
        return code
    }

    /// Whether it stands under a plan: whoever says it agrees to that plan, or drops it.
    func isOfPlan(_ code: String, of channel: String) async throws -> Bool {
        try await store.read { tx in
            try tx.first(
                "SELECT 1 AS n FROM channel_codes WHERE code = ? AND channel = ? AND number IS NOT NULL",
                [.text(code), .text(channel)]) != nil
        }
    }

    /// Uses a code up. The one who used it may use it again, to go on where it broke off.
    /// - Throws: `not_found` for one that is not there, is another channel's, has lapsed or was used.
    func use(_ code: String, of channel: String, by id: String, at now: Timestamp) async throws -> Entry {
        try await store.write { tx in
            let row = try tx.first(
                """
                UPDATE channel_codes SET used_by = ? WHERE code = ? AND channel = ? AND expires > ?
                AND (used_by IS NULL OR used_by = ?) RETURNING *
                """, [.text(id), .text(code), .text(channel), .time(now), .text(id)])
            guard let row else {
                throw GatehouseError(
                    "channels", .notFound, "this was decided already, or its time is over",
                    hint: "ask what waits for approval")
            }
            return try Entry(row)
        }
    }

    /// Nothing came of its use.
    func release(_ code: String, by id: String) async throws {
        try await store.write { tx in
            _ = try tx.execute(
                "UPDATE channel_codes SET used_by = NULL WHERE code = ? AND used_by = ?", [.text(code), .text(id)])
        }
    }
}
