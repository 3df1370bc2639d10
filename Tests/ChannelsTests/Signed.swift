import Core
import Crypto
import JSON

@testable import Channels

/// Requests as their senders sign them, made with the primitives and not with the code that checks them.
enum Signed {
    static let slackSecret = "slack-secret-" + "of-this-test"
    static let genericSecret = "generic-secret-" + "of-this-test"
    static let teamsKey = [UInt8]("teams-key-of-this-test-32-bytes!".utf8)
    static var teamsToken: String { Base64.encode(teamsKey) }

    static func mac(_ text: [UInt8], _ key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: text, using: SymmetricKey(data: key)))
    }

    static func slack(
        _ body: [UInt8], tail: String = "events", name: String = "ops", at time: Timestamp,
        secret: String = slackSecret
    ) -> ChannelRequest {
        let code = Hex.encode(mac(Array("v0:\(time.seconds):".utf8) + body, Array(secret.utf8)))
        return request(
            name, tail, ["x-slack-signature": "v0=\(code)", "x-slack-request-timestamp": "\(time.seconds)"], body)
    }

    static func teams(_ body: [UInt8], name: String = "team", key: [UInt8] = teamsKey) -> ChannelRequest {
        request(name, "", ["authorization": "HMAC \(Base64.encode(mac(body, key)))"], body)
    }

    static func generic(
        _ body: [UInt8], name: String = "program", at time: Timestamp, secret: String = genericSecret
    ) -> ChannelRequest {
        let code = Hex.encode(mac(Array("\(time.seconds).".utf8) + body, Array(secret.utf8)))
        return request(name, "", ["x-gatehouse-signature": "t=\(time.seconds),v1=\(code)"], body)
    }

    static func request(
        _ name: String, _ tail: String, _ headers: [String: String], _ body: [UInt8]
    ) -> ChannelRequest {
        ChannelRequest(name: name, tail: tail, headers: { headers[$0.lowercased()] }, body: body)
    }
}

/// Payloads in the shape of the vendors' documents, with names of the tests' own.
enum Payload {
    static let bot = "U0BOT00000"

    /// api.slack.com, "message.im" and "app_mention", within the outer event of "Using the Slack Events API".
    static func event(
        _ text: String, user: String = "U0ALICE000", id: String, room: String = "D0ALICE000",
        type: String = "message", thread: String? = nil, ts: String = "1700000000.000100", extra: JSON = [:]
    ) -> [UInt8] {
        var event: JSON = [
            "type": .string(type), "user": .string(user), "text": .string(text), "channel": .string(room),
            "ts": .string(ts), "event_ts": .string(ts), "team": "T0TEST0000",
        ]
        if type == "message" { event["channel_type"] = room.hasPrefix("D") ? "im" : "channel" }
        if let thread { event["thread_ts"] = .string(thread) }
        for (key, value) in extra.object ?? [:] { event[key] = value }
        let outer: JSON = [
            "token": "verification", "team_id": "T0TEST0000", "api_app_id": "A0TEST0000", "event": event,
            "type": "event_callback", "event_id": .string(id), "event_time": 1_700_000_000,
            "authorizations": [
                ["enterprise_id": .null, "team_id": "T0TEST0000", "user_id": .string(bot), "is_bot": true]
            ],
        ]
        return outer.bytes()
    }

    /// api.slack.com, "block_actions payload".
    static func press(
        _ action: String, _ value: String, user: String, time: String = "1700000001.000200",
        room: String = "C0OPS00000", thread: String? = nil
    ) -> [UInt8] {
        var message: JSON = ["type": "message", "ts": "1700000000.000900", "text": "…"]
        if let thread { message["thread_ts"] = .string(thread) }
        let json: JSON = [
            "type": "block_actions", "user": ["id": .string(user), "username": "somebody", "team_id": "T0TEST0000"],
            "api_app_id": "A0TEST0000", "token": "verification",
            "container": ["type": "message", "message_ts": "1700000000.000900", "channel_id": .string(room)],
            "trigger_id": "1.2.3", "team": ["id": "T0TEST0000", "domain": "test"],
            "channel": ["id": .string(room), "name": "ops"], "message": message,
            "response_url": "https://hooks.slack.example/actions/x",
            "actions": [
                [
                    "action_id": .string(action), "block_id": "b", "type": "button", "value": .string(value),
                    "text": ["type": "plain_text", "text": "Approve"], "action_ts": .string(time),
                ]
            ],
        ]
        return Array("payload=\(form(json.text()))".utf8)
    }

    /// learn.microsoft.com, "Create an Outgoing Webhook": the activity of a mention in a channel.
    static func activity(
        _ text: String, id: String, user: String = "a11ce000-0000-4000-8000-000000000001", time: Timestamp? = nil
    ) -> [UInt8] {
        var json: JSON = [
            "type": "message", "id": .string(id), "serviceUrl": "https://smba.example/emea/", "channelId": "msteams",
            "from": ["id": "29:1abc", "name": "Alice", "aadObjectId": .string(user)],
            "conversation": [
                "isGroup": true, "id": "19:room@thread.tacv2;messageid=1700000000000", "conversationType": "channel",
            ],
            "text": .string(text), "textFormat": "plain",
        ]
        if let time { json["timestamp"] = .string(time.description) }
        return json.bytes()
    }

    static func said(_ text: String, id: String, user: String = "alice@example.org") -> [UInt8] {
        let json: JSON = ["id": .string(id), "user": .string(user), "text": .string(text)]
        return json.bytes()
    }

    static func form(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: String(UnicodeScalar(byte))
            case 0x20: "+"
            default: "%" + Hex.encode([byte]).uppercased()
            }
        }.joined()
    }
}
