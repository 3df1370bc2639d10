public import JSON

extension SARIF {
    public struct Result: Sendable, Hashable {
        public var ruleID: String
        public var level: Level
        public var message: String
        public var location: Location
        public var partialFingerprints: [String: String]
        public var suppression: Suppression?
        /// 0–100: what to look at first.
        public var rank: Double?
        public var properties: JSONObject

        public init(
            ruleID: String, level: Level, message: String, location: Location,
            partialFingerprints: [String: String] = [:],
            suppression: Suppression? = nil, rank: Double? = nil, properties: JSONObject = [:]
        ) {
            self.ruleID = ruleID
            self.level = level
            self.message = message
            self.location = location
            self.partialFingerprints = partialFingerprints
            self.suppression = suppression
            self.rank = rank
            self.properties = properties
        }

        func json(rules: [String]) -> JSON {
            var json: JSON = [
                "ruleId": .string(ruleID), "level": .string(level.rawValue), "message": ["text": .string(message)],
                "locations": [location.json],
            ]
            if let index = rules.firstIndex(of: ruleID) { json["ruleIndex"] = JSON(index) }
            if !partialFingerprints.isEmpty {
                let sorted = partialFingerprints.sorted { $0.key < $1.key }
                json["partialFingerprints"] = .object(JSONObject(sorted.map { ($0.key, .string($0.value)) }))
            }
            if let suppression { json["suppressions"] = [suppression.json] }
            if let rank { json["rank"] = JSON(rank) }
            if !properties.isEmpty { json["properties"] = .object(properties) }
            return json
        }
    }

    /// `location.physicalLocation`.
    public struct Location: Sendable, Hashable {
        /// Relative, with `/` between components; percent-encoded when written. Or an address (`https://…`), as it is.
        public var path: String
        public var region: Region?

        public init(path: String, region: Region? = nil) {
            self.path = path
            self.region = region
        }

        var json: JSON {
            let isAddress = path.hasPrefix("https://") || path.hasPrefix("http://")
            var physical: JSON = ["artifactLocation": ["uri": .string(isAddress ? path : SARIF.uri(path))]]
            if let region { physical["region"] = region.json }
            return ["physicalLocation": physical]
        }
    }

    /// Lines and columns from 1, in code points; the end is just past the last character.
    public struct Region: Sendable, Hashable {
        public var startLine: Int
        public var startColumn: Int
        public var endLine: Int
        public var endColumn: Int
        public var snippet: String?

        public init(startLine: Int, startColumn: Int, endLine: Int, endColumn: Int, snippet: String? = nil) {
            self.startLine = startLine
            self.startColumn = startColumn
            self.endLine = endLine
            self.endColumn = endColumn
            self.snippet = snippet
        }

        var json: JSON {
            var json: JSON = [
                "startLine": JSON(startLine), "startColumn": JSON(startColumn), "endLine": JSON(endLine),
                "endColumn": JSON(endColumn),
            ]
            if let snippet { json["snippet"] = ["text": .string(snippet)] }
            return json
        }
    }

    public struct Suppression: Sendable, Hashable {
        public enum Kind: String, Sendable, Hashable { case inSource, external }

        public var kind: Kind
        public var justification: String?

        public init(kind: Kind, justification: String?) {
            self.kind = kind
            self.justification = justification
        }

        var json: JSON {
            var json: JSON = ["kind": .string(kind.rawValue), "status": "accepted"]
            if let justification { json["justification"] = .string(justification) }
            return json
        }
    }

    public struct Invocation: Sendable, Hashable {
        /// RFC 3339, in UTC.
        public var started: String
        public var finished: String
        public var notifications: [Notification]

        public init(started: String, finished: String, notifications: [Notification] = []) {
            self.started = started
            self.finished = finished
            self.notifications = notifications
        }

        var json: JSON {
            [
                "executionSuccessful": true, "startTimeUtc": .string(started), "endTimeUtc": .string(finished),
                "toolExecutionNotifications": .array(notifications.map(\.json)),
            ]
        }
    }

    /// Something about the run itself: a file that could not be checked.
    public struct Notification: Sendable, Hashable {
        public var id: String
        public var level: Level
        public var message: String
        /// Nil when it concerns the whole.
        public var location: Location?

        public init(id: String, level: Level, message: String, location: Location?) {
            self.id = id
            self.level = level
            self.message = message
            self.location = location
        }

        var json: JSON {
            var json: JSON = [
                "descriptor": ["id": .string(id)], "level": .string(level.rawValue),
                "message": ["text": .string(message)],
            ]
            if let location { json["locations"] = [location.json] }
            return json
        }
    }

    /// A relative path as a URI reference (RFC 3986): everything but unreserved characters and `/` is escaped.
    static func uri(_ path: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var out = [UInt8]()
        for byte in path.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"),
                UInt8(ascii: "/"):
                out.append(byte)
            default: out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
