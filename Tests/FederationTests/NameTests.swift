import Testing

@testable import Federation
@testable import Privacy

struct NameTests {
    @Test
    func publicNamesAreWhatAllClientsTake() {
        #expect(PublicName.make(server: "files", tool: "read_file") == "files__read_file")
        let odd = PublicName.make(server: "files", tool: "read.file")
        let other = PublicName.make(server: "files", tool: "read/file")
        #expect(odd.hasPrefix("files__read_file_") && odd != other)
        let long = PublicName.make(server: "files", tool: String(repeating: "a", count: 128))
        #expect(long.utf8.count <= PublicName.longest)
        #expect(long != PublicName.make(server: "files", tool: String(repeating: "a", count: 127)))
        let foreign = PublicName.make(server: "files", tool: "löschen")
        #expect(foreign.utf8.allSatisfy { $0 < 0x80 })
        #expect(PublicName.make(own: "gate.policy.explain") == "gate_policy_explain")
    }

    @Test(
        arguments: [
            ("read_file", "read_fiIe"), ("read_file", "readfile"), ("read_file", "read-file"), ("files", "fi1es"),
            ("read_file", "r\u{0435}ad_file"), ("normal", "norrnal"), ("read", "re\u{200b}ad"), ("list", "LIST"),
            ("show", "shovv"), ("tool", "t00l"),
        ])
    func whatCanBeTakenForEachOtherHasOneSkeleton(_ one: String, _ other: String) {
        #expect(Skeleton.of(one) == Skeleton.of(other))
    }

    @Test(arguments: [("read_file", "write_file"), ("get", "set"), ("list_a", "list_b"), ("名前", "名刺")])
    func differentNamesHaveDifferentSkeletons(_ one: String, _ other: String) {
        #expect(Skeleton.of(one) != Skeleton.of(other))
    }

    @Test(
        arguments: [
            ("*", "anything", true), ("read_*", "read_file", true), ("read_*", "reads", false),
            ("*_file", "read_file", true),
            ("a*b*c", "aXXbYYc", true), ("a*b*c", "aXXbYY", false), ("read", "read", true), ("read", "reads", false),
            ("", "", true), ("", "a", false), ("**", "a", true), ("*aab", "aaaab", true),
        ])
    func patterns(_ pattern: String, _ name: String, _ matches: Bool) {
        #expect(NamePattern(pattern).matches(name) == matches)
    }

    /// A pattern of many stars takes no longer than the product of both lengths.
    @Test
    func patternsDoNotExplode() {
        let pattern = NamePattern(String(repeating: "*a", count: 100) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 4000)))
    }
}
