import Core
import Gate
import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What was done, a line for each time, on the disk before it counts as done.
struct DeedLog: Sendable {
    let path: String

    func append(_ key: String) throws {
        let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw GatehouseError("probe", .unavailable, "cannot open \(path)") }
        defer { close(file) }
        let line = Array("\(key)\n".utf8)
        guard write(file, line, line.count) == line.count, fsync(file) == 0 else {
            throw GatehouseError("probe", .unavailable, "cannot write \(path)")
        }
    }

    func has(_ key: String) -> Bool {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(file, &chunk, chunk.count)
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return bytes.split(separator: 0x0A).contains { $0.elementsEqual(key.utf8) }
    }

    /// One write, so that a line is whole or absent.
    func say(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = write(STDOUT_FILENO, bytes, bytes.count)
    }
}

/// Does nothing but note that it did it, and can tell.
struct DeedTool: Tool {
    let descriptor: ToolDescriptor
    let log: DeedLog

    static func all(_ log: DeedLog) -> [any Tool] {
        [("probe.look", Effect.read), ("probe.make", .change), ("probe.unmake", .change)].map { id, effect in
            DeedTool(
                descriptor: ToolDescriptor(id: id, title: id, summary: id, effect: effect, hasBreaker: false), log: log)
        }
    }

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let undo = UndoPlan(
            tool: "probe.unmake", target: action.target, arguments: ["n": "tool"], summary: "take it back")
        return Preview(summary: action.tool, undo: action.tool == "probe.make" ? undo : nil)
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        guard let key = action.idempotencyKey else { return Answer(["seen": true]) }
        log.say("b \(key)")
        try log.append(key)
        log.say("a \(key)")
        return Answer(["n": action.arguments["n"] ?? .null])
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        guard let key = action.idempotencyKey, log.has(key) else { return .didNotHappen }
        return .happened(Answer(["n": action.arguments["n"] ?? .null]))
    }
}
