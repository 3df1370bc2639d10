import Core
import JSON
import Web

/// An event that says a text as an earlier event of the same channel said its pieces.
enum SameShape {
    /// `event` is one in which `stream` met the channel.
    static func event(
        _ text: [UInt8], _ channel: Channel, _ event: StreamEvent, of stream: AnswerStream
    ) throws(GatehouseError) -> [UInt8] {
        var stream = stream
        let reading = try stream.read(event)
        guard let document = reading.document, let delta = reading.deltas.last(where: { $0.channel == channel })
        else { throw AnswerStream.unreadable("has lost its text") }
        switch stream.surface {
        case .openAIChat, .openAIEmbeddings:
            var replacements: [(range: Range<Int>, bytes: [UInt8])] = []
            if let choices = document["choices"] {
                replacements.append((choices.raw, choice(text, channel, delta.path)))
            }
            if let usage = document["usage"] { replacements.append((usage.raw, [UInt8]("null".utf8))) }
            return event.withoutAsides(data: document.replacing(replacements))
        case .openAIResponses, .openAITranscriptions:
            let replacements = [(range: delta.view.raw, bytes: TextRewriting.quoted(text))]
            let emptied = Logprobs.emptied(in: document.root)
            return event.withoutAsides(data: document.replacing(replacements + emptied))
        case .anthropicMessages, .anthropicCountTokens: return blockDelta(text, channel, document)
        }
    }

    /// A block may begin with text; then no delta told its type yet.
    private static func blockDelta(_ text: [UInt8], _ channel: Channel, _ document: JSONDocument) -> [UInt8] {
        let type = document["delta"]?["type"]?.string ?? "\(channel.key)_delta"
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("type")
        writer.string("content_block_delta")
        writer.key("index")
        writer.int(channel.group)
        writer.key("delta")
        writer.beginObject()
        writer.key("type")
        writer.string(type)
        writer.key(channel.key)
        writer.raw(TextRewriting.quoted(text))
        writer.endObject()
        writer.endObject()
        return [UInt8]("event: content_block_delta\ndata: ".utf8) + writer.bytes + [LineEnd.feed, LineEnd.feed]
    }

    /// The choice with nothing but the path to the text: a client adds up what it is sent, names and ids included.
    private static func choice(_ text: [UInt8], _ channel: Channel, _ path: [EventReading.Step]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginArray()
        writer.beginObject()
        writer.key("index")
        writer.int(channel.group)
        write(text, path[...], &writer)
        writer.key("finish_reason")
        writer.null()
        writer.endObject()
        writer.endArray()
        return writer.bytes
    }

    /// Writes members into an object that is begun.
    private static func write(_ text: [UInt8], _ path: ArraySlice<EventReading.Step>, _ writer: inout JSONWriter) {
        guard case .member(let name)? = path.first else { return }
        writer.key(name)
        let rest = path.dropFirst()
        switch rest.first {
        case nil: writer.raw(TextRewriting.quoted(text))
        case .member:
            writer.beginObject()
            write(text, rest, &writer)
            writer.endObject()
        case .element(let index):
            writer.beginArray()
            writer.beginObject()
            writer.key("index")
            writer.int(index)
            write(text, rest.dropFirst(), &writer)
            writer.endObject()
            writer.endArray()
        }
    }
}
