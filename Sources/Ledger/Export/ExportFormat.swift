internal import Core
internal import JSON

/// The lines of an export, each a JSON object (JSON Lines, UTF-8):
///
/// 1. `{"format":"gatehouse-ledger","version":1,"origin":…,"key":VKEY,"size":N}`
/// 2. for each entry
/// `{"index":…,"kind":…,"time":…,"wallTime":…,"control":…,"length":…,"commitment":BASE64,"leafHash":BASE64,…}`
///    and then one of `"salt":BASE64,"payload":JSON`, `"salt":BASE64,"payloadBase64":BASE64` and `"erased":true`
/// 3. `{"checkpoint":NOTE}`
///
/// A payload stands there as JSON when reading and writing it gives its very bytes, so that people and tools can read
/// it and the commitment can still be computed.
enum ExportFormat {
    static let name = "gatehouse-ledger"
    static let version = 1
    /// A payload of base64 or with every character escaped, and the rest.
    static let maximumLine = 8 << 20
    /// Room for the line around a payload that is itself as deep as is read.
    static let limits = JSON.Limits(bytes: maximumLine, depth: 132)

    static func header(origin: String, key: VerifierKey, size: UInt64) -> [UInt8] {
        line([
            "format": .string(name), "version": JSON(version), "origin": .string(origin),
            "key": .string(key.description), "size": JSON(Int(clamping: size)),
        ])
    }

    static func checkpoint(_ note: SignedNote) -> [UInt8] { line(["checkpoint": .string(note.description)]) }

    static func entry(_ record: LogReader.Record) -> [UInt8] {
        let leaf = record.header.leaf
        var object: JSONObject = [
            "index": JSON(Int(clamping: leaf.index)), "kind": .string("\(leaf.kind)"),
            "time": .string(leaf.time.description), "wallTime": .string(leaf.wallTime.description),
            "control": JSON(Int(clamping: leaf.control)), "length": JSON(Int(leaf.payloadLength)),
            "commitment": base64(leaf.commitment), "leafHash": base64(MerkleTree.leafHash(raw: record.leaf)),
        ]
        guard record.header.state == .present else {
            object["erased"] = true
            return line(object)
        }
        object["salt"] = .string(Base64.encode(record.body[..<Frame.saltBytes]))
        let payload = Array(record.body[Frame.saltBytes...])
        if let json = try? JSON.parse(payload), json.bytes() == payload {
            object["payload"] = json
        } else {
            object["payloadBase64"] = .string(Base64.encode(payload))
        }
        return line(object)
    }

    private static func base64(_ hash: MerkleHash) -> JSON { .string(Base64.encode(hash.bytes)) }

    private static func line(_ object: JSONObject) -> [UInt8] { JSON.object(object).bytes() + [UInt8(ascii: "\n")] }
}

/// An entry as an export has it.
struct ExportedEntry {
    var leaf: Leaf
    /// The hash that the export claims for the leaf.
    var leafHash: MerkleHash
    /// Salt and payload; nil when erased.
    var body: [UInt8]?

    /// Nil when the line is not of the form.
    init?(_ json: JSON) {
        guard let index = json["index"]?.int, (0..<Int(Leaf.indexLimit)).contains(index),
            let control = json["control"]?.int, control >= 0,
            let kind = json["kind"]?.string.flatMap({ name in EntryKind.allCases.first { "\($0)" == name } }),
            let time = ExportedEntry.time(json["time"]), let wallTime = ExportedEntry.time(json["wallTime"]),
            let length = json["length"]?.int, (0...Frame.maximumPayload).contains(length),
            let commitment = ExportedEntry.hash(json["commitment"]), let leafHash = ExportedEntry.hash(json["leafHash"])
        else { return nil }
        leaf = Leaf(
            kind: kind, payloadLength: UInt32(length), index: UInt64(index), time: time, wallTime: wallTime,
            control: UInt64(control), commitment: commitment)
        self.leafHash = leafHash
        if json["erased"]?.bool == true { return }
        guard let salt = json["salt"]?.string.flatMap({ Base64.decode($0) }), salt.count == Frame.saltBytes else {
            return nil
        }
        if let payload = json["payload"] {
            body = salt + payload.bytes()
        } else if let payload = json["payloadBase64"]?.string.flatMap({ Base64.decode($0) }) {
            body = salt + payload
        } else {
            return nil
        }
    }

    /// Only what reads back as it was written: another spelling of a time would be another text for the same leaf.
    private static func time(_ json: JSON?) -> Timestamp? {
        guard let text = json?.string, let time = Timestamp(text), time.description == text else { return nil }
        return time
    }

    private static func hash(_ json: JSON?) -> MerkleHash? {
        json?.string.flatMap { Base64.decode($0) }.flatMap { MerkleHash($0) }
    }
}
