public import Core
import Crypto
import Synchronization

/// Makes the `requestState` that a client carries for a server, and opens what comes back: only what was made here, for
/// the same one who asks and the same call, once, and before it expires.
///
/// The client can read what is inside: put no secret there. What was used is remembered in memory until it expires;
/// a key that is kept longer than the process lets states of an earlier process be used once more.
public final class StateSealer: Sendable {
    private static let version: UInt8 = 1
    /// Version, expiry, nonce.
    private static let headBytes = 1 + 8 + 16
    private static let tagBytes = 32

    private let key: SymmetricKey
    private let clock: any WallClock
    private let lifetime: Duration
    private let capacity: Int
    private let used = Mutex<[[UInt8]: Timestamp]>([:])

    /// - Parameters:
    ///   - key: 32 random bytes; nil makes some.
    ///   - lifetime: after which a state is of no use.
    ///   - capacity: states remembered as used; when so many are, none is opened until some expire.
    public init(
        key: [UInt8]? = nil, lifetime: Duration = .seconds(900), capacity: Int = 100_000,
        clock: any WallClock = SystemWallClock()
    ) {
        self.key = key.map { SymmetricKey(data: $0) } ?? SymmetricKey(size: .bits256)
        self.lifetime = lifetime
        self.capacity = capacity
        self.clock = clock
    }

    /// - Parameters:
    ///   - identity: whom it is for, ``RequestContext/identity``.
    ///   - call: which call it belongs to, ``ServerRequest/digest``.
    public func seal(_ payload: [UInt8], identity: String, call: String) -> String {
        let expiry = UInt64(bitPattern: (clock.now() + lifetime).microseconds)
        var random = SystemRandomNumberGenerator()
        var bytes = [Self.version]
        bytes.reserveCapacity(Self.headBytes + payload.count + Self.tagBytes)
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: expiry >> shift)) }
        for _ in 0..<16 { bytes.append(UInt8.random(in: 0...255, using: &random)) }
        bytes += payload
        bytes += tag(bytes[...], identity, call)
        return Base64.encode(bytes, .url)
    }

    /// Uses the state up.
    /// - Throws: ``RPCError/Code/invalidParams``, the same for whatever is wrong with it.
    public func open(_ state: String, identity: String, call: String) throws(RPCError) -> [UInt8] {
        let refusal = RPCError.invalidParams("requestState is not valid for this call, or no longer: begin again")
        guard let bytes = Base64.decode(state, .url), bytes.count >= Self.headBytes + Self.tagBytes,
            bytes[0] == Self.version
        else { throw refusal }
        let body = bytes.dropLast(Self.tagBytes)
        guard ConstantTime.equal(bytes.suffix(Self.tagBytes), tag(body, identity, call)) else { throw refusal }
        let expiry = bytes[1..<9].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard use(Array(bytes[9..<Self.headBytes]), until: Timestamp(microseconds: Int64(bitPattern: expiry))) else {
            throw refusal
        }
        return Array(body.dropFirst(Self.headBytes))
    }

    private func use(_ nonce: [UInt8], until expiry: Timestamp) -> Bool {
        let now = clock.now()
        guard now < expiry else { return false }
        return used.withLock { used in
            if used.count >= capacity { used = used.filter { $0.value > now } }
            guard used.count < capacity, used[nonce] == nil else { return false }
            used[nonce] = expiry
            return true
        }
    }

    /// The lengths are part of what is authenticated: nothing can be moved from one part to the next.
    private func tag(_ body: ArraySlice<UInt8>, _ identity: String, _ call: String) -> [UInt8] {
        var mac = HMAC<SHA256>(key: key)
        for part in [Array(identity.utf8), Array(call.utf8)] {
            mac.update(data: Array("\(part.count):".utf8))
            mac.update(data: part)
        }
        mac.update(data: Array(body))
        return Array(mac.finalize())
    }
}
