import Core
import Crypto
import Testing

@testable import Ledger

/// A tree built the slow way, straight from the definition (RFC 6962 section 2.1).
private func root(_ leaves: ArraySlice<[UInt8]>) -> MerkleHash {
    guard leaves.count > 1 else { return leaves.first.map { MerkleTree.leafHash($0) } ?? MerkleTree.emptyRoot }
    let split = leaves.startIndex + 1 << ((leaves.count - 1).bitWidth - (leaves.count - 1).leadingZeroBitCount - 1)
    return MerkleTree.nodeHash(root(leaves[..<split]), root(leaves[split...]))
}

private struct TestTree {
    let leaves: [[UInt8]]
    let nodes: [MerkleHash]

    init(_ leaves: [[UInt8]]) {
        self.leaves = leaves
        var range = CompactRange()
        var nodes: [MerkleHash] = []
        for leaf in leaves { range.append(MerkleTree.leafHash(leaf)) { nodes.append($0) } }
        self.nodes = nodes
    }

    var proofs: ProofBuilder {
        ProofBuilder { level, index in nodes[Int(StoredNodes.position(level: level, index: index))] }
    }
}

@Suite struct MerkleTests {
    /// The inputs and roots of the tree that Certificate Transparency's implementations share as a reference.
    @Test func referenceRoots() throws {
        let inputs = [
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
        ]
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ]
        var range = CompactRange()
        #expect(Hex.encode(range.root.bytes) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        for (input, expected) in zip(inputs, roots) {
            range.append(MerkleTree.leafHash(try #require(Hex.decode(input))))
            #expect(Hex.encode(range.root.bytes) == expected)
        }
    }

    /// The accumulated vectors of draft-ietf-plants-merkle-tree-certs, appendix "Subtree Test Vectors":
    /// every valid subtree and proof for trees of up to 130 leaves, in one hash each.
    @Test func accumulatedVectorsOfTheSubtreeDraft() throws {
        let tree = TestTree((0..<130).map { [UInt8($0)] })
        var subtrees = SHA256()
        var inclusions = SHA256()
        for end in UInt64(0)...130 {
            for start in 0...end where MerkleProof.isValidSubtree(start: start, end: end) {
                let hash = try tree.proofs.root(start: start, end: end)
                subtrees.update(data: Array("[\(start), \(end)) \(Hex.encode(hash.bytes))\n".utf8))
                for index in start..<end {
                    let proof = try tree.proofs.subtreeInclusion(index: index, start: start, end: end)
                    inclusions.update(data: Array("\(index) [\(start), \(end))\(hex(proof))\n".utf8))
                }
            }
        }
        #expect(Hex.encode(subtrees.finalize()) == "b82806ad4265bb151c1119c0f4db437bb4d1a1f887b3a7fba1cd4ebf552e3e81")
        #expect(Hex.encode(inclusions.finalize()) == "ac2a8f989e44d99e399db448050ff5f19757df53cfb716aa81015d3955d8163f")
    }

    @Test func accumulatedConsistencyVectors() throws {
        let tree = TestTree((0..<130).map { [UInt8($0)] })
        var consistencies = SHA256()
        for size in UInt64(0)...130 {
            for end in 0...size {
                for start in 0...end where MerkleProof.isValidSubtree(start: start, end: end) {
                    let proof = try tree.proofs.subtreeConsistency(start: start, end: end, size: size)
                    consistencies.update(data: Array("[\(start), \(end)) \(size)\(hex(proof))\n".utf8))
                }
            }
        }
        #expect(
            Hex.encode(consistencies.finalize()) == "10fa99b37bf9bf9ffa26b412fbd98bd75363256d0b75d61bc4538b9c9c5a0a74")
    }

    private func hex(_ proof: [MerkleHash]) -> String { proof.map { " " + Hex.encode($0.bytes) }.joined() }

    @Test func everyProofOfASmallTreeHoldsAndNoOther() throws {
        let leaves = (0..<20).map { [UInt8($0)] }
        let tree = TestTree(leaves)
        for size in 1...20 {
            let whole = root(leaves[..<size]).bytes
            #expect(try tree.proofs.root(end: UInt64(size)).bytes == whole)
            for start in 0..<size {
                for end in start + 1...size where MerkleProof.isValidSubtree(start: UInt64(start), end: UInt64(end)) {
                    try checkSubtree(tree, start, end, size, whole)
                }
            }
        }
    }

    private func checkSubtree(_ tree: TestTree, _ start: Int, _ end: Int, _ size: Int, _ whole: [UInt8]) throws {
        let subtree = root(tree.leaves[start..<end]).bytes
        let proof = try tree.proofs.subtreeConsistency(start: UInt64(start), end: UInt64(end), size: UInt64(size)).map(
            \.bytes)
        func holds(_ proof: [[UInt8]], _ subtree: [UInt8], _ whole: [UInt8]) -> Bool {
            MerkleProof.verifySubtreeConsistency(
                start: UInt64(start), end: UInt64(end), size: UInt64(size), proof: proof, subtreeRoot: subtree,
                root: whole)
        }
        #expect(holds(proof, subtree, whole))
        #expect(!holds(proof + [whole], subtree, whole))
        #expect(!holds([subtree] + proof, subtree, whole))
        #expect(!holds(proof, subtree, flipped(whole)))
        if !proof.isEmpty {
            #expect(!holds(Array(proof.dropLast()), subtree, whole))
            #expect(!holds(proof, flipped(subtree), whole))
            for index in proof.indices {
                var altered = proof
                altered[index] = flipped(altered[index])
                #expect(!holds(altered, subtree, whole))
                altered[index].removeLast()
                #expect(!holds(altered, subtree, whole))
            }
        }
    }

    private func flipped(_ bytes: [UInt8]) -> [UInt8] { [bytes[0] ^ 1] + bytes.dropFirst() }

    @Test func subtreesAtTheEdgeOfTheNumbers() {
        #expect(MerkleProof.isValidSubtree(start: 0, end: .max))
        #expect(MerkleProof.isValidSubtree(start: .max, end: .max))
        #expect(!MerkleProof.isValidSubtree(start: 1, end: .max))
        #expect(MerkleProof.isValidSubtree(start: 1 << 63, end: .max))
        #expect(!MerkleProof.isValidSubtree(start: 2, end: 1))
        let hash = [UInt8](repeating: 7, count: 32)
        #expect(!MerkleProof.verifyInclusion(leaf: hash, index: 5, size: .max, proof: [], root: hash))
        #expect(
            !MerkleProof.verifyConsistency(
                first: 1, second: .max, proof: Array(repeating: hash, count: 64), firstRoot: hash, secondRoot: hash))
    }

    @Test func storedNodesStandInTheOrderOfTheirCompletion() {
        #expect((0..<9).map { StoredNodes.position(level: 0, index: $0) } == [0, 1, 3, 4, 7, 8, 10, 11, 15])
        #expect((0..<4).map { StoredNodes.position(level: 1, index: $0) } == [2, 5, 9, 12])
        #expect(StoredNodes.position(level: 3, index: 0) == 14)
        #expect(StoredNodes.count(leaves: 8) == 15)
    }
}
