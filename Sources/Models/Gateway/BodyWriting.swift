import Core
import Dialects
import JSON
import Privacy

/// Writes what was said in a call for the record: the texts alone, as they may leave, and no more than so many bytes.
struct BodyWriting: Sendable {
    /// Bytes of the texts of a request, and of an answer.
    static let greatest = 64 << 10
    /// Left out at a cut: what stands there may be the beginning of something private, which cannot be told from a part.
    private static let margin = 8 << 10

    let privacy: ModelPrivacy
    let vault: TokenVault
    /// What classifiers found in the request.
    let classified: ClassifiedTexts

    /// - Returns: `{"request": [{"by", "text"}], "answer": [{"text"}]}`; each with `cut` or `withheld` where it is not whole.
    func bodies(of request: ModelRequest, answer: AnswerCopy?) throws(GatehouseError) -> JSON {
        var room = Self.greatest
        var said: [JSON] = []
        for position in request.positions where room > 0 {
            let external = try classified.findings(in: position.text)
            let kept = try kept(position.text, &room) { (text) throws(GatehouseError) in
                try privacy.recordable(said: text, vault, external)
            }
            var one: JSONObject = ["by": .string(position.writer.rawValue)]
            for (name, value) in kept { one[name] = value }
            said.append(.object(one))
        }
        room = Self.greatest
        var answered: [JSON] = []
        for text in answer?.texts ?? [] where room > 0 && !text.isEmpty {
            // One that is not there as it was asked about, since it was cut, is withheld.
            let external = try? answer?.classified.findings(in: text)
            answered.append(
                .object(
                    try kept(text, &room) { (text) throws(GatehouseError) in
                        guard let external else { return nil }
                        return try privacy.recordable(answered: text, vault, external)
                    }))
        }
        return ["request": .array(said), "answer": .array(answered)]
    }

    private func kept(
        _ text: [UInt8], _ room: inout Int, _ recordable: ([UInt8]) throws(GatehouseError) -> [UInt8]?
    ) throws(GatehouseError) -> JSONObject {
        let isCut = text.count > room
        let part = isCut ? Array(text.prefix(room)) : text
        room -= part.count
        guard let shown = try recordable(part) else { return ["withheld": true] }
        guard isCut else { return ["text": .string(String(decoding: shown, as: UTF8.self))] }
        return ["text": .string(String(decoding: shown.dropLast(Self.margin), as: UTF8.self)), "cut": true]
    }
}
