import Core
import HummingbirdCore

struct FindingPages: Sendable {
    let page: Page
    let rooms: Rooms
    var routes: [Route] { [] }
    func openCounts() async throws -> [Severity: Int] { [:] }
}
