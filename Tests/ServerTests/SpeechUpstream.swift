import Foundation
import TestSupport

/// A provider of transcriptions that hears what a recording has between "SAY " and a line's end; what has none it refuses.
enum SpeechUpstream {
    static func open() async throws -> TestServer {
        try await TestServer { _, arrival in
            // Not the noise after it: the standard library throws for each byte that is no UTF-8 and catches that itself,
            // and Swift Testing keeps a backtrace of whatever is thrown.
            let beginning = String(decoding: arrival.body.prefix { $0 < 0x80 }, as: UTF8.self)
            let told = beginning.components(separatedBy: "SAY ").dropFirst().first
            guard let words = told?.prefix(while: { $0 != "\r\n" && $0 != "\n" }) else {
                return .answer(400, body: "{\"error\": {\"message\": \"nothing can be heard\"}}")
            }
            return .answer(200, body: "{\"text\": \"\(words)\"}")
        }
    }
}
