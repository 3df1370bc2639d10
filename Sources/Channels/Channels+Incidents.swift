import Core
public import Integrations
import Store

extension Channels {
    /// Tells of something that people should know: one message for its key in each channel that is told of such, edited
    /// afterwards. Where it gets worse, the thread says so, and calls whom that severity calls.
    public func tell(_ notice: Notice) async throws {
        let now = clock.now()
        for channel in settings.channels.values where channel.canTell {
            let shape = channel.shape(console: console)
            try await store.write { tx in try Self.keep(notice, channel, shape, at: now, tx) }
        }
        alarm.ring()
    }

    private static func keep(
        _ notice: Notice, _ channel: ChannelSettings, _ shape: any ChannelShape, at now: Timestamp, _ tx: Transaction
    ) throws {
        let name = "notice \(notice.dedupeKey)"
        let room = channel.room ?? ""
        let mention = channel.wake[notice.severity]
        guard let known = try Posts.find(name, in: channel.name, tx) else {
            guard notice.severity >= channel.tellsFrom, notice.state != .resolved else { return }
            let first = NewPost(
                channel: channel.name, name: name, room: room, content: shape.notice(notice, mention: mention),
                severity: notice.severity)
            return try Posts.put(first, at: now, tx)
        }
        let worst = max(known.severity ?? .info, notice.severity)
        var post = NewPost(
            channel: channel.name, name: name, room: known.room, content: shape.notice(notice, mention: nil),
            severity: worst)
        // Only Slack edits: elsewhere the end is a message of its own.
        if channel.kind != .slack {
            post.content = known.content
            if notice.state == .resolved {
                var end = post
                (end.name, end.content) = ("\(name) resolved", shape.notice(notice, mention: nil))
                try Posts.put(end, at: now, tx)
            }
        }
        try Posts.put(post, at: now, tx)
        try Posts.raise(name, in: channel.name, to: worst, tx)
        guard worst > known.severity ?? .info, notice.state != .resolved else { return }
        let rise = NewPost(
            channel: channel.name, name: "\(name) \(worst.rawValue)", room: known.room, parent: name,
            content: shape.notice(notice, mention: mention), severity: worst)
        try Posts.put(rise, at: now, tx)
    }
}
