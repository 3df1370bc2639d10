import Core
import JSON
import Ledger

/// Proofs of transparency-dev/merkle (`testdata/`): inclusion and consistency by RFC 6962, and those of subtrees.
/// The members tell which kind a case is.
struct MerkleSuite: ConformanceSuite {
    let name = "merkle"

    func failure(of testCase: ConformanceCase) -> String? {
        let reader = Reader(json: testCase.json)
        guard let wantsError = testCase.json["wantErr"]?.bool, let isProven = reader.verify() else {
            return "not a case of this suite"
        }
        guard isProven == wantsError else { return nil }
        let description = testCase.json["desc"]?.string ?? ""
        return "\(description): the proof is \(isProven ? "accepted" : "refused")"
    }

    private struct Reader {
        var json: JSON

        /// Whether the proof holds; nil when the case has not the members that it needs.
        func verify() -> Bool? {
            guard let proof else { return nil }
            if json["leafIdx"] != nil { return inclusion(proof) }
            return consistency(proof)
        }

        private func inclusion(_ proof: [[UInt8]]) -> Bool? {
            guard let index = number("leafIdx"), let leaf = bytes("leafHash"), let root = bytes("root") else {
                return nil
            }
            if let size = number("treeSize") {
                return MerkleProof.verifyInclusion(leaf: leaf, index: index, size: size, proof: proof, root: root)
            }
            guard let start = number("start"), let end = number("end") else { return nil }
            return MerkleProof.verifySubtreeInclusion(
                leaf: leaf, index: index, start: start, end: end, proof: proof, root: root)
        }

        private func consistency(_ proof: [[UInt8]]) -> Bool? {
            guard let root1 = bytes("root1"), let root2 = bytes("root2") else { return nil }
            if let first = number("size1"), let second = number("size2") {
                return MerkleProof.verifyConsistency(
                    first: first, second: second, proof: proof, firstRoot: root1, secondRoot: root2)
            }
            guard let start = number("start"), let end = number("end"), let size = number("size") else { return nil }
            return MerkleProof.verifySubtreeConsistency(
                start: start, end: end, size: size, proof: proof, subtreeRoot: root1, root: root2)
        }

        private func number(_ key: String) -> UInt64? { json[key]?.number.flatMap { UInt64($0.spelling) } }

        /// Go writes a nil slice as null.
        private func bytes(_ key: String) -> [UInt8]? {
            guard let value = json[key] else { return nil }
            return value.isNull ? [] : value.string.flatMap { Base64.decode($0) }
        }

        private var proof: [[UInt8]]? {
            guard let value = json["proof"] else { return nil }
            if value.isNull { return [] }
            guard let hashes = value.array?.map({ $0.isNull ? [] : $0.string.flatMap { Base64.decode($0) } }) else {
                return nil
            }
            return hashes.contains(nil) ? nil : hashes.compactMap(\.self)
        }
    }
}
