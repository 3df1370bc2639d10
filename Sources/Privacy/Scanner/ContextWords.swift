/// The context words of all detectors, looked for together: one look at a place answers for every detector.
struct ContextWords: Sendable {
    /// Which lists of words were met, a bit each.
    typealias Lists = UInt128

    private struct Word {
        var start: Int
        var count: Int
        var lists: Lists
    }

    static let mostLists = Lists.bitWidth

    /// All words, one after the other, ordered by their first byte.
    private let text: [UInt8]
    private let words: [Word]
    /// By first byte, where its words begin among ``words``; one more for the end.
    private let places: [Int]

    /// - Parameter lists: words in lower case, at most ``mostLists`` lists.
    init(_ lists: [[String]]) {
        var known: [[UInt8]: Lists] = [:]
        for (index, list) in lists.enumerated() {
            for word in list where !word.isEmpty { known[Array(word.utf8), default: 0] |= 1 << Lists(index) }
        }
        var text: [UInt8] = []
        var words: [Word] = []
        var places = [Int](repeating: 0, count: 257)
        for (word, lists) in known.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            words.append(Word(start: text.count, count: word.count, lists: lists))
            text += word
            places[Int(word[0]) + 1] = words.count
        }
        for index in places.indices.dropFirst() { places[index] = max(places[index], places[index - 1]) }
        (self.text, self.words, self.places) = (text, words, places)
    }

    /// The lists of which a word begins in `bytes` where no letter or digit comes before. Words of three bytes and fewer
    /// stand alone: `pan` is not `panic`.
    func lists(in bytes: UnsafeRawBufferPointer) -> Lists {
        if bytes.isEmpty { return 0 }
        return Words.lowercased(bytes) { bytes in
            var met: Lists = 0
            var isInWord = false
            for place in 0..<bytes.count {
                if !isInWord { met |= lists(at: place, of: bytes) }
                isInWord = bytes[place].isWord
            }
            return met
        }
    }

    private func lists(at place: Int, of bytes: UnsafeRawBufferPointer) -> Lists {
        let first = Int(bytes[place])
        var met: Lists = 0
        var index = places[first]
        let end = places[first + 1]
        while index < end {
            let word = words[index]
            index += 1
            var same = 1
            guard word.count <= bytes.count - place else { continue }
            while same < word.count, bytes[place + same] == text[word.start + same] { same += 1 }
            guard same == word.count else { continue }
            if word.count <= 3, place + same < bytes.count, bytes[place + same].isWord { continue }
            met |= word.lists
        }
        return met
    }
}
