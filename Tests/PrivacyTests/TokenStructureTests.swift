import Core
import Testing

@testable import Privacy

/// What the inside of a token proves, and what it does not.
@Suite struct TokenStructureTests {
    private func verdict(_ check: SecretCheck, _ text: String) -> SecretCheck.Verdict {
        Array(text.utf8).withUnsafeBytes { check.verdict(on: $0, in: $0, at: 0..<$0.count) }
    }

    private func crc(_ text: String) -> UInt32 { Array(text.utf8).withUnsafeBytes { TokenChecksum.crc32($0) } }

    @Test func checksumInBase36() {
        let body = token("glpat-", "bzox79OfKE9FD2LjoXXF4CvyxA0", ".01.0r")
        let digits = String(crc(body), radix: 36)
        let whole = body + String(repeating: "0", count: 7 - digits.utf8.count) + digits
        #expect(verdict(.base36Checksum, whole) == .proven)
        #expect(verdict(.base36Checksum, whole.replacing("KE9", with: "KF9")) == .unknown)
        #expect(verdict(.base36Checksum, "") == .unknown)
    }

    @Test func checksumInHexadecimal() {
        let body = token("glsa_", "zPmRT8vS3qAbC1dE5fGhJ7kLm9nQw2Xy")
        for sum in [crc(body), crc(body).byteSwapped, crc(String(body.dropFirst(5)))] {
            let digits = String(sum, radix: 16)
            let whole = body + "_" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
            #expect(verdict(.hexChecksum, whole) == .proven)
            #expect(verdict(.hexChecksum, whole.replacing("8vS", with: "8vT")) == .unknown)
        }
        #expect(verdict(.hexChecksum, "glsa_x_0000000") == .unknown)
    }

    /// The first vector of BIP 173, and one of its invalid ones.
    @Test func bech32() {
        #expect(verdict(.bech32, "A12UEL5L") == .proven)
        #expect(verdict(.bech32, "A12UEL5M") == .unknown)
        #expect(verdict(.bech32, "1") == .unknown && verdict(.bech32, "") == .unknown)
    }

    @Test func encodedObjects() {
        let json = Base64.encode(Array(#"{"iat":1690880000.1,"org":"x","url":"https://sentry.example"}"#.utf8))
        #expect(verdict(.encodedObject("iat"), "sntrys_\(json)_AAAA") == .proven)
        #expect(verdict(.encodedObject("eat"), "sntrys_\(json)_AAAA") == .unknown)
        #expect(verdict(.encodedObject("iat"), "sntrys_!!_AAAA") == .unknown)
    }

    @Test func macaroons() {
        let bytes: [UInt8] =
            [2, 1, 8] + Array("pypi.org".utf8) + [2, 4, 1, 2, 3, 4, 0, 0, 6, 32] + (0..<32).map { $0 }
        #expect(verdict(.macaroon, "pypi-" + Base64.encode(bytes, .url)) == .proven)
        #expect(verdict(.macaroon, "pypi-" + Base64.encode(Array(bytes.dropLast()), .url)) == .unknown)
    }

    @Test func encodedNumbers() {
        let number = Base64.encode(Array("192837465564738291".utf8), .url)
        #expect(verdict(.encodedNumber, "\(number).Xx1.abc") == .proven)
        #expect(verdict(.encodedNumber, "MTkyO.Xx1.abc") == .unknown)
    }

    /// From the public samples of Google's own SDK.
    @Test func publishedKeys() throws {
        #expect(try found(token("key: \"AIza", "SyDSb51JiIcB6OJpwwMicseKRhh", "rOq1cS7g\"")).isEmpty)
        #expect(try found(token("key: \"AIza", "SyDSb51JiIcB6OJpwwMicseKRhh", "rOq1cS7h\"")).count == 1)
    }

    @Test func whatIsPublicIsNoSecret() throws {
        let publishable = token("pk_li", "ve_51HZx4bKq9mNwPz7RtYvXc3dE")
        #expect(try found("stripe_api_key = \"\(publishable)\"").isEmpty)
        // Only in its own place: what stands beside it is reported.
        let both =
            "api_key = \"\(publishable)\"\napi_secret = \"" + token("Zf3D0LXCM3EIM", "bgJpUNnkRtOfOueHznB") + "\""
        #expect(try found(both).count == 1)
        let digest = String(repeating: "qUiQTy8P", count: 8)
        #expect(try found("auth_token: sha384-\(digest)").isEmpty)
    }
}
