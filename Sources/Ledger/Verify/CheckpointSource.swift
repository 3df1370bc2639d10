internal import Core

/// Finds out what checkpoints are worth before the log is read.
struct CheckpointSource {
    let key: VerifierKey
    /// Problems found on the way.
    var result = Verification()

    init(key: VerifierKey) { self.key = key }

    /// The checkpoint in a note, if a signature of the key on it is good. `what` names it in messages.
    mutating func read(_ bytes: [UInt8], _ what: String) -> Checkpoint? {
        let note: SignedNote
        do throws(GatehouseError) {
            note = try SignedNote(parsing: bytes)
        } catch {
            result.report(.malformedCheckpoint, "\(what) is malformed: \(error.message)")
            return nil
        }
        return read(note, what)
    }

    mutating func read(_ note: SignedNote, _ what: String) -> Checkpoint? {
        switch note.trust([key]) {
        case .verified: break
        case .badSignature(let name):
            result.report(.badSignature, "\(what) carries a false signature by \(name)")
            return nil
        case .unknownKeys:
            let names = note.signatures.map(\.name).joined(separator: ", ")
            result.report(.wrongKey, "\(what) is not signed by \(key.name) with the key given, but by \(names)")
            return nil
        }
        do throws(GatehouseError) {
            return try Checkpoint(parsing: note.text)
        } catch {
            result.report(.malformedCheckpoint, "\(what) is malformed: \(error.message)")
            return nil
        }
    }

    /// The checkpoints that the verifier holds, for the log of `own`.
    mutating func held(_ notes: [SignedNote], origin: String?) -> [Checkpoint] {
        var held: [Checkpoint] = []
        for (number, note) in notes.enumerated() {
            guard let checkpoint = read(note, "checkpoint \(number + 1) of those you hold") else { continue }
            if let origin, checkpoint.origin != origin {
                result.report(
                    .wrongOrigin,
                    "checkpoint \(number + 1) of those you hold is of \(checkpoint.origin), the log is \(origin)")
            } else {
                held.append(checkpoint)
            }
        }
        return held
    }
}

extension Verification {
    /// Takes in the problems that were found before the leaves were read.
    mutating func merge(_ earlier: Verification) {
        problems = Array((earlier.problems + problems).prefix(Verification.problemLimit))
        problemCount += earlier.problemCount
    }
}
