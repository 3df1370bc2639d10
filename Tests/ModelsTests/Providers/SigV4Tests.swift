import Core
import Testing

@testable import Models

/// Against the vectors that AWS publishes: the signature test suite (service `service`), and the worked examples of the
/// IAM and S3 guides.
struct SigV4Tests {
    private let credentials = SigV4.Credentials(
        accessKey: "AKIDEXAMPLE", secretKey: Secret("wJalrXUtnFEMI/K7MDENG+" + "bPxRfiCYEXAMPLEKEY"))
    private let host = (name: "Host", value: "example.amazonaws.com")

    private func authorization(
        _ request: SigV4.Request, _ given: SigV4.Credentials? = nil, service: String = "service",
        at time: String = "2015-08-30T12:36:00Z"
    ) throws -> String {
        let time = try #require(Timestamp(time))
        let headers = SigV4.headers(
            signing: request, given ?? credentials, region: "us-east-1", service: service, at: time)
        return try #require(headers.last).value
    }

    @Test func getVanilla() throws {
        let request = SigV4.Request(method: "GET", path: "/", headers: [host])
        #expect(
            try authorization(request)
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + "SignedHeaders=host;x-amz-date, "
                + "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")
    }

    @Test func queryIsSorted() throws {
        let request = SigV4.Request(
            method: "GET", path: "/", query: [("Param2", "value2"), ("Param1", "value1")], headers: [host])
        #expect(
            try authorization(request).hasSuffix("b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"))
    }

    @Test func post() throws {
        let request = SigV4.Request(method: "POST", path: "/", headers: [host])
        #expect(
            try authorization(request).hasSuffix("5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"))
    }

    @Test func listUsersOfTheGuide() throws {
        let request = SigV4.Request(
            method: "GET", path: "/", query: [("Action", "ListUsers"), ("Version", "2010-05-08")],
            headers: [
                ("Host", "iam.amazonaws.com"), ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
            ])
        #expect(
            try authorization(request, service: "iam").hasSuffix(
                "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"))
    }

    @Test func objectOfTheGuide() throws {
        let own = SigV4.Credentials(
            accessKey: "AKIAIOSFODNN7" + "EXAMPLE", secretKey: Secret("wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY"))
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        let request = SigV4.Request(
            method: "GET", path: "/test.txt",
            headers: [
                ("Host", "examplebucket.s3.amazonaws.com"), ("Range", "bytes=0-9"), ("x-amz-content-sha256", empty),
            ])
        #expect(
            try authorization(request, own, service: "s3", at: "2013-05-24T00:00:00Z").hasSuffix(
                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"))
    }

    @Test func pathsAreEncodedTwiceAndValuesFolded() {
        let request = SigV4.Request(
            method: "POST", path: "/model/a%3A0/invoke", headers: [("B", "  x   y "), ("a", "1"), ("A", "2")])
        #expect(SigV4.canonical(request).hasPrefix("POST\n/model/a%253A0/invoke\n\na:1,2\nb:x y\n\na;b\n"))
    }

    @Test func temporaryCredentialsAreSignedAndNeverPrinted() throws {
        let own = SigV4.Credentials(accessKey: "A", secretKey: Secret("hush"), sessionToken: Secret("token-text"))
        let request = SigV4.Request(method: "GET", path: "/", headers: [host])
        #expect(try authorization(request, own).contains("SignedHeaders=host;x-amz-date;x-amz-security-token"))
        let shown = "\(own) \(ProviderAuth.sigV4(own, region: "r", service: "s"))"
        #expect(!shown.contains("hush") && !shown.contains("token-text"))
    }
}
