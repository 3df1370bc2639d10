public import JSON

/// How far a request has come.
public struct ProgressParams: MCPObject {
    public static let shape = Shape(
        "ProgressNotificationParams", .required("progressToken", .id), .required("progress", .number),
        .optional("total", .number), .optional("message", .text), .optional("_meta", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(_ token: ProgressToken, progress: Double, total: Double? = nil, message: String? = nil) {
        json = .made([
            "progressToken": token.json, "progress": JSON(progress) ?? 0, "total": total.flatMap(JSON.init),
            "message": message.map(JSON.string),
        ])
    }

    public var token: ProgressToken { json["progressToken"].flatMap { ProgressToken($0) } ?? .number(0) }
    public var progress: Double { json["progress"]?.double ?? 0 }
    public var total: Double? { json["total"]?.double }
    public var message: String? { json["message"]?.string }
}

/// How weighty a log message is (RFC 5424 section 6.2.1), least first.
public enum LoggingLevel: String, Sendable, Hashable, CaseIterable, Comparable {
    case debug, info, notice, warning, error, critical, alert, emergency

    static let words = allCases.map(\.rawValue)

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    public static func < (left: LoggingLevel, right: LoggingLevel) -> Bool { left.rank < right.rank }
}

public struct LoggingParams: MCPObject {
    public static let shape = Shape(
        "LoggingMessageNotificationParams", .required("level", .word(LoggingLevel.words)), .required("data", .any),
        .optional("logger", .text), .optional("_meta", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(_ level: LoggingLevel, logger: String? = nil, data: JSON) {
        json = .made(["level": JSON(level.rawValue), "logger": logger.map(JSON.string), "data": data])
    }

    public var level: LoggingLevel { LoggingLevel(rawValue: text("level")) ?? .info }
    public var data: JSON { json["data"] ?? .null }
}

/// The other side need not go on with a request of ours.
public struct CancelledParams: MCPObject {
    public static let shape = Shape(
        "CancelledNotificationParams", .optional("requestId", .id), .optional("reason", .text),
        .optional("_meta", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(_ id: RequestID, reason: String? = nil) {
        json = .made(["requestId": id.json, "reason": reason.map(JSON.string)])
    }

    public var requestID: RequestID? { json["requestId"].flatMap { RequestID($0) } }
    public var reason: String? { json["reason"]?.string }
}
