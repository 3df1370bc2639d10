import HTTPTypes
import JSON

/// What the OpenAPI document says of a route.
struct Operation: Sendable {
    struct Parameter: Sendable {
        let name: String
        let schema: JSON
        let description: String

        init(_ name: String, _ schema: JSON, _ description: String) {
            self.name = name
            self.schema = schema
            self.description = description
        }
    }

    enum Body: Sendable {
        case none
        case json(JSON)
        /// Another media type, sent as it is.
        case other(String)
        /// JSON, or events when the caller asks for them.
        case jsonOrEvents(JSON)
    }

    let id: String
    let tag: String
    let summary: String
    var query: [Parameter] = []
    /// Schema of the request's body.
    var request: JSON?
    /// By status; the errors that any operation may give are added to them.
    var answers: [Int: Body]
    /// The schema of its errors, by name.
    var errors = "Error"

    init(
        _ id: String, _ tag: String, _ summary: String, query: [Parameter] = [], request: JSON? = nil,
        answers: [Int: Body]
    ) {
        self.id = id
        self.tag = tag
        self.summary = summary
        self.query = query
        self.request = request
        self.answers = answers
    }

    static let limit = Parameter("limit", Schema.integer(least: 1, most: 1000), "how many at most; 100 when not given")
    static let before = Parameter("before", Schema.string(), "only what is older than this id")
}
