/// Where something stands in a distributed trace (W3C Trace Context, https://www.w3.org/TR/trace-context/).
public struct TraceContext: Sendable, Hashable {
    /// 16 bytes, of which one at least is not zero.
    public struct TraceID: Sendable, Hashable {
        public let high: UInt64
        public let low: UInt64

        public init(high: UInt64, low: UInt64) {
            self.high = high
            self.low = low
        }

        /// 32 lower-case hexadecimal digits.
        public var text: String { TraceDigits.text(high) + TraceDigits.text(low) }
    }

    public let traceID: TraceID
    /// 8 bytes, of which one at least is not zero.
    public let spanID: UInt64
    /// Whether the trace is kept: see ``traceparent``.
    public let isSampled: Bool
    /// What tracing systems before this one have to say (`tracestate`), as it came.
    public let state: String?
    /// Whether another process told of it.
    public let isRemote: Bool

    public init(traceID: TraceID, spanID: UInt64, isSampled: Bool, state: String? = nil, isRemote: Bool = false) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
        self.state = state
        self.isRemote = isRemote
    }

    /// Reads the header `traceparent`. Nil for what is no such header, after which a trace begins anew (section 4.3).
    /// - Parameter state: of `tracestate`; left out where it is malformed.
    public init?(traceparent: String, state: String? = nil) {
        let text = Array(traceparent.utf8)
        let dash = UInt8(ascii: "-")
        guard text.count >= 55, text[2] == dash, text[35] == dash, text[52] == dash,
            let version = TraceDigits.value(text[0..<2]), version != 0xFF,
            text.count == 55 || version > 0 && text[55] == dash,
            let high = TraceDigits.value(text[3..<19]), let low = TraceDigits.value(text[19..<35]), high | low != 0,
            let spanID = TraceDigits.value(text[36..<52]), spanID != 0, let flags = TraceDigits.value(text[53..<55])
        else { return nil }
        self.init(
            traceID: TraceID(high: high, low: low), spanID: spanID, isSampled: flags & 1 == 1,
            state: state.flatMap { TraceState.isValid($0) ? $0 : nil }, isRemote: true)
    }

    /// The header, version 00, that makes this the parent of what is called.
    public var traceparent: String { "00-\(traceID.text)-\(spanIDText)-\(isSampled ? "01" : "00")" }

    /// 16 lower-case hexadecimal digits.
    public var spanIDText: String { TraceDigits.text(spanID) }
}

/// Ids as the specification writes them: lower-case digits of a fixed number.
enum TraceDigits {
    private static let digits = [UInt8]("0123456789abcdef".utf8)

    static func text(_ number: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { out in
            for place in 0..<16 { out[place] = digits[Int(number >> UInt64(60 - 4 * place) & 15)] }
            return 16
        }
    }

    static func value(_ text: ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for byte in text {
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt64(byte - 0x30)
            case 0x61...0x66: value = value << 4 | UInt64(byte - 0x61 + 10)
            default: return nil
            }
        }
        return value
    }
}
