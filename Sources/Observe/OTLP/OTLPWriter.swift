import JSON

/// Writes OTLP in its JSON form: names in lowerCamelCase, enumerations as numbers, 64-bit integers as texts
/// (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
struct OTLPWriter {
    private(set) var json: JSONWriter

    init(reserving capacity: Int) { json = JSONWriter(reserving: capacity) }

    var bytes: [UInt8] { json.bytes }

    // MARK: Structure

    mutating func object(_ name: String? = nil, _ members: (inout OTLPWriter) -> Void) {
        if let name { json.key(name) }
        json.beginObject()
        members(&self)
        json.endObject()
    }

    mutating func array(_ name: String, _ elements: (inout OTLPWriter) -> Void) {
        json.key(name)
        json.beginArray()
        elements(&self)
        json.endArray()
    }

    // MARK: Members

    mutating func text(_ name: String, _ text: String) {
        json.key(name)
        json.string(text)
    }

    mutating func number(_ name: String, _ number: Double) {
        json.key(name)
        json.double(number)
    }

    /// An enumeration's value, or one of 32 bits.
    mutating func small(_ name: String, _ number: Int) {
        json.key(name)
        json.int(number)
    }

    mutating func whole(_ name: String, _ number: some FixedWidthInteger) { text(name, String(number)) }

    mutating func nanoseconds(_ name: String, microseconds: Int64) {
        text(name, String(microseconds.multipliedReportingOverflow(by: 1000).partialValue))
    }

    // MARK: Attributes

    mutating func attribute(_ key: String, _ value: String?) {
        guard let value else { return }
        attribute(key) { $0.text("stringValue", value) }
    }

    mutating func attribute(_ key: String, _ value: Int?) {
        guard let value else { return }
        attribute(key) { $0.whole("intValue", value) }
    }

    mutating func attribute(_ key: String, _ value: Double?) {
        guard let value else { return }
        attribute(key) { $0.number("doubleValue", value) }
    }

    mutating func attribute(_ key: String, _ value: Bool) {
        attribute(key) { writer in
            writer.json.key("boolValue")
            writer.json.bool(value)
        }
    }

    mutating func attribute(_ key: String, _ values: [String]) {
        attribute(key) { writer in
            writer.object("arrayValue") { writer in
                writer.array("values") { writer in
                    for value in values { writer.object { $0.text("stringValue", value) } }
                }
            }
        }
    }

    private mutating func attribute(_ key: String, _ value: (inout OTLPWriter) -> Void) {
        object { writer in
            writer.text("key", key)
            writer.object("value", value)
        }
    }

    // MARK: Elements

    mutating func wholes(_ name: String, _ numbers: [UInt64]) {
        array(name) { writer in for number in numbers { writer.json.string(String(number)) } }
    }

    mutating func numbers(_ name: String, _ numbers: [Double]) {
        array(name) { writer in for number in numbers { writer.json.double(number) } }
    }

    // MARK: Requests

    /// A whole request: one resource, one scope.
    static func request(
        _ signal: (resources: String, scopes: String), _ resource: ResourceIdentity, _ configured: [String: String],
        reserving capacity: Int, _ content: (inout OTLPWriter) -> Void
    ) -> [UInt8] {
        var writer = OTLPWriter(reserving: capacity)
        writer.object { writer in
            writer.array(signal.resources) { writer in
                writer.object { writer in
                    writer.object("resource") { writer in
                        writer.array("attributes") { writer in
                            for (name, value) in resource.attributes(configured) { writer.attribute(name, value) }
                        }
                    }
                    writer.array(signal.scopes) { writer in
                        writer.object { writer in
                            writer.object("scope") { writer in
                                writer.text("name", "gatehouse")
                                writer.text("version", resource.version)
                            }
                            content(&writer)
                        }
                    }
                }
            }
        }
        return writer.bytes
    }
}
