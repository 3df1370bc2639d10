import Core
import Store

/// How often a number had the wrong pin: with the fifth within an hour it is closed for the next one, in all of its calls.
enum WrongPins {
    private static let most = 5
    private static let window = Duration.seconds(3600)

    static func note(_ number: String, of channel: String, at now: Timestamp, _ tx: Transaction) throws {
        try tx.execute(
            "INSERT INTO channel_wrong_pins (channel, account, time) VALUES (?, ?, ?)",
            [.text(channel), .text(number), .time(now)])
    }

    static func isClosed(_ number: String, of channel: String, at now: Timestamp, _ tx: Transaction) throws -> Bool {
        let times = try tx.query(
            "SELECT time FROM channel_wrong_pins WHERE channel = ? AND account = ? ORDER BY time DESC LIMIT ?",
            [.text(channel), .text(number), Value(most)]
        ).map { try $0.time("time") }
        guard times.count == most, let newest = times.first, let oldest = times.last else { return false }
        return newest - oldest <= window && now - newest < window
    }
}
