import Core

/// What must hold of any bytes that a mail server says. libFuzzer calls this; a broken promise ends the process, which it
/// reports.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSMTP(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    checkCuts(bytes)
    checkStuffing(bytes)
    for security in [SMTPConversation.Security.starttls, .implicit, .none] { converse(bytes, security) }
    return 0
}

private func replies(_ pieces: [ArraySlice<UInt8>]) -> [SMTPReply]? {
    var parser = SMTPReplyParser()
    var all: [SMTPReply] = []
    for piece in pieces {
        guard let more = try? parser.push(piece) else { return nil }
        all += more
    }
    return all
}

/// Wherever the bytes are cut, the replies are the same, within bounds.
private func checkCuts(_ bytes: [UInt8]) {
    guard let whole = replies([bytes[...]]) else { return }
    require(replies([bytes[..<(bytes.count / 2)], bytes[(bytes.count / 2)...]]) == whole, "cuts change nothing")
    for reply in whole {
        require((200...599).contains(reply.code), "a code is one of SMTP's")
        require((1...SMTPReplyParser.Limits.lines).contains(reply.lines.count), "a reply has some lines")
        for line in reply.lines { require(line.utf8.allSatisfy { (0x20..<0x7F).contains($0) }, "texts are printable") }
    }
}

/// Whatever a server says, a conversation says one line at a time, keeps its password to secured connections, and ends.
private func converse(_ bytes: [UInt8], _ security: SMTPConversation.Security) {
    var talk = SMTPConversation(
        .init(from: "a@b", to: ["c@d", "e@f"]) { _ in bytes }, security: security,
        login: .init(user: "user", password: Secret("password")), clientName: "me")
    var isSecured = security == .implicit
    for reply in replies([bytes[...]]) ?? [] {
        var action = talk.received(reply)
        if action == .startTLS {
            require(!isSecured, "a connection is secured once")
            isSecured = true
            action = talk.secured()
        }
        guard case .send(let said) = action else { break }
        require(said.suffix(2) == [0x0D, 0x0A], "a command ends")
        if said.starts(with: "AUTH".utf8) { require(isSecured, "nobody signs in where others listen") }
        if said.starts(with: "MAIL".utf8), security == .starttls { require(isSecured, "nothing goes in the clear") }
    }
}

/// No message has its own end in it, and no line end that a server could see otherwise.
private func checkStuffing(_ bytes: [UInt8]) {
    let stuffed = SMTPConversation.stuffed(bytes)
    let body = Array(stuffed.dropLast(3))
    require(stuffed.suffix(3).elementsEqual(".\r\n".utf8), "a message ends")
    require(body.isEmpty || body.suffix(2) == [0x0D, 0x0A], "its last line ends")
    // A message begins like a line.
    var (last, beforeLast): (UInt8, UInt8) = (0x0A, 0x0D)
    for (index, byte) in body.enumerated() {
        require(byte != 0x0A || last == 0x0D, "a line feed follows a return")
        require(last != 0x0D || byte == 0x0A, "a return is followed by a line feed")
        if byte == UInt8(ascii: "."), last == 0x0A, beforeLast == 0x0D {
            require(index + 1 < body.count && body[index + 1] == UInt8(ascii: "."), "a dot at a start is doubled")
        }
        (beforeLast, last) = (last, byte)
    }
}

private func require(_ condition: Bool, _ promise: StaticString) {
    guard condition else { fatalError("broken: \(promise)") }
}
