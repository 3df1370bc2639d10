package import Core
package import JSON

extension Notice {
    /// The form in which it is handed in, kept and shown.
    package var json: JSON {
        var json: JSON = [
            "kind": .string(kind.rawValue), "title": .string(title), "text": .string(text),
            "severity": .string(severity.rawValue), "dedupe_key": .string(dedupeKey), "facts": facts,
            "state": .string(state.rawValue),
        ]
        if let link { json["link"] = .string(link) }
        if let time { json["time"] = .string(time.description) }
        return json
    }

    /// - Throws: `invalid`, naming the part.
    package init(_ json: JSON) throws(GatehouseError) {
        var time: Timestamp?
        if let text = json["time"]?.string {
            time = Timestamp(text)
            guard time != nil else {
                throw GatehouseError(
                    "integrations", .invalid, "the notice's time is no time", hint: "write 2026-11-20T10:11:12Z")
            }
        }
        try self.init(
            kind: Self.word(json, "kind", .custom), title: json["title"]?.string ?? "",
            text: json["text"]?.string ?? "", severity: Self.word(json, "severity", .info),
            link: json["link"]?.string, dedupeKey: json["dedupe_key"]?.string ?? "", facts: json["facts"] ?? [:],
            state: Self.word(json, "state", .open), time: time)
    }

    private static func word<Word: RawRepresentable<String>>(
        _ json: JSON, _ key: String, _ standard: Word
    ) throws(GatehouseError) -> Word {
        guard let text = json[key]?.string else { return standard }
        guard let word = Word(rawValue: text) else {
            throw GatehouseError("integrations", .invalid, "the notice's \(key) is unknown: \"\(text.prefix(40))\"")
        }
        return word
    }
}
