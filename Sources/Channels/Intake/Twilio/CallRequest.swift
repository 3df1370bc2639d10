import Core

/// What Twilio tells of a call, when it comes in and at each of its steps (twilio.com, "TwiML for Programmable Voice",
/// "Request parameters", "Gather", "Record").
struct CallRequest: Sendable, Hashable {
    private static let ended: Set<String> = ["completed", "busy", "failed", "no-answer", "canceled"]

    /// `CA…`
    let call: String
    /// Who calls, as Twilio says it: anybody can make it say anything.
    let number: String
    /// Nil where the call comes in.
    let place: CallPlace?
    /// By which the same request is known again.
    let mark: String
    /// What was pressed. Kept nowhere.
    let keys: Secret?
    /// `RE…`
    let recording: String?
    let hasHungUp: Bool

    /// - Throws: `unauthenticated`, always in the same words, for what Twilio did not sign for this account and address;
    ///   `invalid` for a recording that is none.
    static func read(
        _ request: ChannelRequest, _ phone: PhoneSettings, token: Secret
    ) throws(GatehouseError) -> CallRequest {
        guard let form = TwilioForm(request.body) else { throw .unsigned }
        let url = request.tail.isEmpty ? phone.address : "\(phone.address)/\(request.tail)"
        let mark = try TwilioSignature.check(
            request.headers(TwilioSignature.header), url: url, form: form, token: token)
        let place = CallPlace(request.tail)
        guard form["AccountSid"] == phone.account, let call = form["CallSid"], TwilioID.call.names(call),
            request.tail.isEmpty || place != nil
        else { throw .unsigned }
        return try CallRequest(form, call, place, mark)
    }

    private init(_ form: TwilioForm, _ call: String, _ place: CallPlace?, _ mark: String) throws(GatehouseError) {
        (self.call, self.place, self.mark) = (call, place, mark)
        let from = form["From"] ?? ""
        let isPlain = (1...64).contains(from.utf8.count) && from.utf8.allSatisfy { (0x21..<0x7F).contains($0) }
        number = isPlain ? from : "withheld"
        keys = form["Digits"].map { Secret($0) }
        recording = form["RecordingSid"].flatMap { $0.isEmpty ? nil : $0 }
        if let recording, !TwilioID.recording.names(recording) { throw .unread("a RecordingSid that is one") }
        hasHungUp = keys == Secret("hangup") || Self.ended.contains(form["CallStatus"] ?? "")
    }
}
