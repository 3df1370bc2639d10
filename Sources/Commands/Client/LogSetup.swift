import Logging
import Server

/// The logs of a house: for a long-lived one in full, within another command only what goes wrong.
enum LogSetup {
    static func full(level: Logger.Level) -> Logger { logger(level) }

    static func quiet() -> Logger { logger(.error) }

    private static func logger(_ level: Logger.Level) -> Logger {
        Logger(label: "gatehouse") { StandardErrorLog(label: $0, level: level) }
    }
}
