import Core
import Dialects
import Gate
import JSON

/// What a question is like: to find the answer to one that said the same in other words.
struct Likeness: Sendable {
    /// Of all that must be equal: who asks, of whom, and the request but for the words of its question. The question's
    /// numbers are among it, since embeddings hardly tell one number from another.
    let family: AnswerCache.Key
    /// Of length 1.
    let vector: [Float]

    init(family: AnswerCache.Key, vector: [Float]) {
        self.family = family
        self.vector = vector
    }

    /// The cosine of the angle between them; 0 where they are of different models.
    func likeness(to other: Likeness) -> Float {
        guard vector.count == other.vector.count else { return 0 }
        return zip(vector, other.vector).reduce(0) { $0 + $1.0 * $1.1 }
    }
}

/// The last thing that a person says in a request, where it can stand for itself.
struct Question {
    /// Longer ones say too much for two to mean the same. In bytes.
    static let greatest = 8 << 10

    let position: TextPosition
    let text: [UInt8]

    /// Nil where nobody asks anything, and where something sensitive is in the request: a token means another value in
    /// another question.
    init?(_ request: ModelRequest, _ ready: ModelCall.Ready) {
        guard ready.labels.isEmpty, ready.texts.isEmpty, request.surface != .openAIEmbeddings,
            let position = request.positions.last(where: { $0.writer == .user }), !position.isJSON,
            !position.isUntrusted
        else { return nil }
        self.position = position
        text = position.text
        guard (1...Self.greatest).contains(text.count) else { return nil }
    }

    /// Runs of digits, in order.
    var numbers: [UInt8] {
        Array(text.split { !(0x30...0x39).contains($0) }.joined(separator: [0x20]))
    }
}

/// What an embedding model said of a text, in OpenAI's form.
enum EmbeddingAnswer {
    static let greatest = 1 << 20

    static func request(_ text: [UInt8], model: String) -> [UInt8] {
        let text = String(decoding: text, as: UTF8.self)
        return (["model": .string(model), "input": .string(text), "encoding_format": "float"] as JSON).bytes()
    }

    /// - Returns: the vector at length 1, and the tokens that it took; nil for what is none.
    static func read(_ bytes: [UInt8]) -> (vector: [Float], usage: TokenUsage)? {
        guard let answer = try? JSON.parse(bytes), let numbers = answer["data"]?.array?.first?["embedding"]?.array
        else { return nil }
        let vector = numbers.compactMap { $0.double.map { Float($0) } }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard vector.count == numbers.count, length.isFinite, length > 0 else { return nil }
        let tokens = answer["usage"]?["prompt_tokens"]?.int ?? 0
        return (vector.map { $0 / length }, TokenUsage(input: max(0, tokens), output: 0))
    }
}
