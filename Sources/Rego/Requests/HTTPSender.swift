/// Sends what a policy asks servers for (`http.send`). Whoever implements it says which servers may be asked.
public protocol HTTPSender: Sendable {
    /// Waits for the answer on the calling thread: whoever gives an evaluation a sender runs it on one that may wait.
    ///
    /// - Parameter deadline: when the evaluation ends in any case.
    func send(
        _ request: HTTPSendRequest, until deadline: ContinuousClock.Instant
    ) throws(HTTPSendError) -> HTTPSendResponse
}

/// A call of `http.send`, checked as far as that needs no network.
public struct HTTPSendRequest: Sendable, Hashable {
    /// In upper case.
    public var method: String
    public var url: String
    /// Names in lower case, in ascending order.
    public var headers: [HTTPSendHeader] = []
    public var body: [UInt8] = []
    /// Of one attempt.
    public var timeout = Duration.seconds(5)
    /// Further attempts where a server could not be reached.
    public var retries = 0
    public var followsRedirects = false
    /// The largest body that is taken, in bytes.
    public var responseLimit = 1 << 20

    public init(method: String, url: String) {
        self.method = method
        self.url = url
    }
}

public struct HTTPSendHeader: Sendable, Hashable {
    /// In lower case.
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

public struct HTTPSendResponse: Sendable, Hashable {
    public var code: Int
    /// `200 OK`
    public var status: String
    public var headers: [HTTPSendHeader]
    public var body: [UInt8]

    public init(code: Int, status: String, headers: [HTTPSendHeader] = [], body: [UInt8] = []) {
        self.code = code
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Why there is no response. Names no more of the address than the server.
public struct HTTPSendError: Error, Sendable, Hashable {
    /// What `error.code` says where `raise_error` is false.
    public enum Code: String, Sendable, Hashable {
        /// The request is wrong, or not allowed.
        case refused = "eval_http_send_internal_error"
        /// The server is not there, does not answer in time, or answers what is no HTTP or too much.
        case network = "eval_http_send_network_error"
    }

    public var code: Code
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
