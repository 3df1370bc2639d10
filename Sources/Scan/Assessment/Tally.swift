/// What a part of an assessment came to: batches are merged into one as they finish.
struct Tally: Sendable {
    var inventory = Inventory()
    var hits: [[Hit]] = []
    var hitCount = 0
    var droppedHits = 0
    var unchecked: [CouldNotCheck] = []
    var uncheckedCount = 0
    /// Files or blobs, whatever became of them.
    var seen = 0
    var bytes: Int64 = 0
    /// What scanners of whole files read.
    var wholes: [TreeFile] = []
    var wholeBytes = 0

    mutating func note(_ path: [UInt8], _ reason: CouldNotCheck.Reason, _ detail: String) {
        note(CouldNotCheck(path: Printable.text(path), reason: reason, detail: detail))
    }

    mutating func note(_ place: CouldNotCheck) {
        unchecked.append(place)
        uncheckedCount += 1
    }

    /// The hits of one file, from top to bottom.
    mutating func add(_ file: [Hit]) {
        guard !file.isEmpty else { return }
        hits.append(file)
        hitCount += file.count
    }

    mutating func merge(_ other: Tally, limits: AssessmentLimits) {
        inventory.merge(other.inventory)
        for file in other.hits {
            let room = max(0, limits.findings - hitCount)
            add(Array(file.prefix(room)))
            droppedHits += max(0, file.count - room)
        }
        droppedHits += other.droppedHits
        unchecked += other.unchecked.prefix(max(0, limits.unchecked - unchecked.count))
        uncheckedCount += other.uncheckedCount
        seen += other.seen
        bytes += other.bytes
        for file in other.wholes { keep(file, limits: limits) }
    }

    /// For scanners of whole files.
    mutating func keep(_ file: TreeFile, limits: AssessmentLimits) {
        guard file.bytes.count <= limits.wholeFileBytes else {
            return note(
                file.path, .tooLarge, "is read whole or not at all, and has more than \(limits.wholeFileBytes) bytes")
        }
        guard wholeBytes + file.bytes.count <= limits.wholeBytes else {
            return note(file.path, .tooLarge, "files of its kind have more than \(limits.wholeBytes) bytes together")
        }
        wholes.append(file)
        wholeBytes += file.bytes.count
    }
}
