import Core
public import Logging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Logs on standard error: one JSON object a line for machines, one plain line where a person watches.
public struct StandardErrorLog: LogHandler {
    public enum Form: Sendable { case json, human }

    public var metadata: Logger.Metadata = [:]
    public var logLevel: Logger.Level
    private let label: String
    private let form: Form
    private let clock: any WallClock
    private let write: @Sendable ([UInt8]) -> Void

    public init(label: String, level: Logger.Level = .info, form: Form? = nil) {
        self.init(label: label, level: level, form: form ?? (isatty(2) == 1 ? .human : .json), clock: SystemWallClock())
        {
            Self.writeWhole($0)
        }
    }

    init(
        label: String, level: Logger.Level, form: Form, clock: any WallClock,
        write: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.label = label
        logLevel = level
        self.form = form
        self.clock = clock
        self.write = write
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var fields = metadata.merging(event.metadata ?? [:]) { _, new in new }
        if let error = event.error { fields["error"] = "\(error)" }
        let pairs = fields.map { ($0.key, "\($0.value)") }.sorted { $0.0 < $1.0 }
        var line: [UInt8] =
            switch form {
            case .json:
                LogLine.json(
                    time: clock.now(), level: event.level, label: label, message: "\(event.message)", fields: pairs)
            case .human:
                LogLine.human(time: clock.now(), level: event.level, message: "\(event.message)", fields: pairs)
            }
        line.append(0x0A)
        write(line)
    }

    /// A line goes out in one call, so that lines of several threads do not mix.
    private static func writeWhole(_ line: [UInt8]) {
        line.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = write(2, rest)
                if count < 0, errno != EINTR { return }
                if count > 0 { rest = rest.dropFirst(count) }
            }
        }
    }

    private static func write(_ descriptor: Int32, _ bytes: Slice<UnsafeRawBufferPointer>) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes).baseAddress, bytes.count)
        #else
            Darwin.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes).baseAddress, bytes.count)
        #endif
    }
}

/// One line of a log. A text from outside cannot break out of its field, nor reach a terminal with control characters.
enum LogLine {
    /// Longer values are cut: a log is no place for a document.
    static let longest = 2048

    static func json(
        time: Timestamp, level: Logger.Level, label: String, message: String, fields: [(String, String)]
    ) -> [UInt8] {
        var out = [UInt8]("{\"time\":\"\(time)\",\"level\":\"\(level)\",\"logger\":".utf8)
        append(quoted: label, to: &out)
        out += ",\"message\":".utf8
        append(quoted: message, to: &out)
        for (name, value) in fields {
            out.append(UInt8(ascii: ","))
            append(quoted: reserved.contains(name) ? "_" + name : name, to: &out)
            out.append(UInt8(ascii: ":"))
            append(quoted: value, to: &out)
        }
        out.append(UInt8(ascii: "}"))
        return out
    }

    static func human(time: Timestamp, level: Logger.Level, message: String, fields: [(String, String)]) -> [UInt8] {
        let clockTime = time.description.dropFirst(11).prefix(12)
        var text = "\(clockTime) \(level.rawValue.uppercased())"
        text += String(repeating: " ", count: max(1, 9 - level.rawValue.count)) + message
        for (name, value) in fields { text += " \(name)=\(value.contains(" ") ? "\"\(value)\"" : value)" }
        return text.unicodeScalars.prefix(longest * 4).flatMap { scalar -> [UInt8] in
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            return isControl ? [UInt8(ascii: "?")] : Array(String(Character(scalar)).utf8)
        }
    }

    private static let reserved: Set<String> = ["time", "level", "logger", "message"]

    private static func append(quoted text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        var length = 0
        for scalar in text.unicodeScalars {
            length += 1
            if length > longest {
                out += "…".utf8
                break
            }
            switch scalar {
            case "\"": out += "\\\"".utf8
            case "\\": out += "\\\\".utf8
            case "\n": out += "\\n".utf8
            case "\r": out += "\\r".utf8
            case "\t": out += "\\t".utf8
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                out += "\\u00".utf8
                out += Hex.encode([UInt8(scalar.value)]).utf8
            default: out += String(Character(scalar)).utf8
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}
