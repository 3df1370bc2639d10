public import Core
import Crypto
import Synchronization

/// A vault on disk: AES-256-GCM over a plain list of its entries.
///
/// Layout of the text under the seal, numbers big-endian: version (1 byte), the key of the stand-ins (32 bytes), then two
/// lists, tokens and stand-ins, each a count (4 bytes) and entries of three texts: name of the kind, value, and token or
/// stand-in, each with its length (4 bytes) before it.
extension TokenVault {
    private static let version: UInt8 = 1

    /// - Parameters:
    ///   - key: 32 bytes.
    ///   - context: what the vault belongs to, such as a session's id; the same must be given to open it.
    /// - Throws: `invalid` for a key of another length.
    public func seal(with key: [UInt8], context: String = "") throws(GatehouseError) -> [UInt8] {
        let key = try TokenVault.symmetric(key)
        var writer = VaultWriter()
        state.withLock { state in
            writer.bytes = [TokenVault.version] + state.key
            writer.list(state.tokens.map { ($0.key, Array($0.value.utf8)) })
            writer.list(state.standIns.map { ($0.key, $0.value) })
        }
        do {
            let box = try AES.GCM.seal(writer.bytes, using: key, authenticating: TokenVault.header(context))
            guard let combined = box.combined else {
                throw GatehouseError("privacy", .internal, "a sealed vault has no nonce of the usual length")
            }
            return Array(combined)
        } catch let error as GatehouseError {
            throw error
        } catch {
            throw GatehouseError("privacy", .internal, "a vault could not be sealed", from: error)
        }
    }

    /// - Throws: `invalid` for a key of another length, `corrupt` where key, context or content are not the right ones,
    ///   `exhausted` where it holds more than the limits allow.
    public convenience init(
        opening sealed: [UInt8], with key: [UInt8], context: String = "", limits: Limits = Limits()
    ) throws(GatehouseError) {
        let key = try TokenVault.symmetric(key)
        let plain: [UInt8]
        do {
            let box = try AES.GCM.SealedBox(combined: sealed)
            plain = Array(try AES.GCM.open(box, using: key, authenticating: TokenVault.header(context)))
        } catch {
            throw GatehouseError(
                "privacy", .corrupt, "a sealed vault does not open", hint: "its key or session is another one")
        }
        guard let state = TokenVault.read(plain) else {
            throw GatehouseError("privacy", .corrupt, "a sealed vault cannot be read")
        }
        guard state.values.count + state.standIns.count <= limits.values, state.bytes <= limits.bytes else {
            throw TokenVault.full(limits)
        }
        self.init(limits: limits, state)
    }

    private static func symmetric(_ key: [UInt8]) throws(GatehouseError) -> SymmetricKey {
        guard key.count == 32 else {
            throw GatehouseError("privacy", .invalid, "a vault's key has \(key.count) bytes; it must have 32")
        }
        return SymmetricKey(data: key)
    }

    private static func header(_ context: String) -> [UInt8] { Array("gatehouse vault 1\0\(context)".utf8) }

    private static func read(_ plain: [UInt8]) -> State? {
        guard plain.count >= 33, plain[0] == version else { return nil }
        var state = State(key: Array(plain[1..<33]))
        var reader = VaultReader(bytes: plain[33...])
        guard let tokens = reader.list(), let standIns = reader.list(), reader.bytes.isEmpty else { return nil }
        for (key, result) in tokens {
            let token = String(decoding: result, as: UTF8.self)
            guard let number = Int(token.dropLast().split(separator: "_").last ?? "") else { return nil }
            state.tokens[key] = token
            state.values[token] = key.value
            state.counts[key.name] = max(number, state.counts[key.name] ?? 0)
            state.bytes += key.value.count
        }
        for (key, result) in standIns {
            state.standIns[key] = result
            state.invented.insert(result)
            state.bytes += key.value.count + result.count
        }
        return state
    }
}

private struct VaultWriter {
    var bytes: [UInt8] = []

    mutating func list(_ entries: [(key: TokenVault.Key, result: [UInt8])]) {
        number(entries.count)
        for entry in entries {
            text(Array(entry.key.name.utf8))
            text(entry.key.value)
            text(entry.result)
        }
    }

    private mutating func text(_ text: [UInt8]) {
        number(text.count)
        bytes += text
    }

    private mutating func number(_ value: Int) {
        for shift in [24, 16, 8, 0] as [Int] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}

private struct VaultReader {
    var bytes: ArraySlice<UInt8>

    mutating func list() -> [(key: TokenVault.Key, result: [UInt8])]? {
        guard let count = number(), count <= bytes.count / 12 else { return nil }
        var entries: [(key: TokenVault.Key, result: [UInt8])] = []
        for _ in 0..<count {
            guard let name = text(), let value = text(), let result = text() else { return nil }
            entries.append((TokenVault.Key(name: String(decoding: name, as: UTF8.self), value: value), result))
        }
        return entries
    }

    private mutating func text() -> [UInt8]? {
        guard let count = number(), count <= bytes.count else { return nil }
        defer { bytes = bytes.dropFirst(count) }
        return Array(bytes.prefix(count))
    }

    private mutating func number() -> Int? {
        guard bytes.count >= 4 else { return nil }
        defer { bytes = bytes.dropFirst(4) }
        return bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }
}
