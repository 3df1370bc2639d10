import Archive
import Foundation
import TestSupport
import Testing

@testable import Formats

/// The databases of `Fixtures/rpm`: RPM 4.18 wrote the one in SQLite; Berkeley DB 5.3 the hash with the same headers; the
/// NDB has them laid out as RPM's own library lays them out.
@Suite struct RPMTests {
    static let names = ["rpmdb.sqlite", "Packages", "Packages.db"]

    static func bytes(_ name: String) throws -> [UInt8] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fixtures/rpm")
        return try GzipFile.read(folder.appending(path: "\(name).gz").path, limit: 1 << 20)
    }

    @Test(arguments: names) func packagesAreRead(_ name: String) throws {
        let database = try RPMDatabase(Self.bytes(name))
        #expect(database.unreadable == 0)
        #expect(
            database.packages.map { "\($0.name) \($0.fullVersion) \($0.license ?? "")" } == [
                "acme-lib 2:1.2.3-4.el9 GPLv2+ and MIT", "acme-lib-devel 2:1.2.3-4.el9 Apache-2.0", "plain 0.1-1 BSD",
            ])
        #expect(database.packages.map(\.source) == ["acme-lib", "acme-lib", "plain"])
        #expect(database.packages.map(\.architecture) == ["noarch", "noarch", "noarch"])
    }

    @Test func whatIsNoneIsRefused() {
        for text in ["", "RpmP", "SQLite format 3\0", String(repeating: "x", count: 5000)] {
            #expect(throws: TextError.self) { try RPMDatabase(Array(text.utf8)) }
        }
    }

    /// Cut anywhere, it is refused, or has the packages that are whole.
    @Test(arguments: names) func cutShort(_ name: String) throws {
        let bytes = try Self.bytes(name)
        for length in stride(from: 0, to: bytes.count, by: bytes.count / 97) {
            guard let database = try? RPMDatabase(Array(bytes[..<length])) else { continue }
            #expect(database.packages.count <= 3)
        }
    }

    @Test(arguments: names) func damaged(_ name: String) throws {
        let bytes = try Self.bytes(name)
        var random = SeededRandom(seed: 16)
        // What says where things lie, and headers.
        let places = bytes.indices.filter { bytes[$0] != 0 }
        for _ in 0..<150 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                damaged[places.randomElement(using: &random) ?? 0] = UInt8.random(in: 0...255, using: &random)
            }
            _ = try? RPMDatabase(damaged)
        }
    }

    /// Tags whose data lies outside, and an index longer than the header.
    @Test func hostileHeaders() {
        #expect(RPMHeader([UInt8](repeating: 0xFF, count: 64)) == nil)
        #expect(RPMHeader([0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 32)) == nil)
        #expect(RPMHeader([]) == nil)
    }
}
