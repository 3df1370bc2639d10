import Channels
import Core
import HTTPTypes
import HummingbirdCore

/// `POST /channels/NAME`, and below it what a vendor posts elsewhere: the channel itself looks who signed a request.
struct ChannelRoutes: Sendable {
    let channels: Channels

    var routes: [Route] {
        [
            Route(.post, "/channels/{name}", access: .open, unhurried: true, handler: take),
            Route(.post, "/channels/{name}/{tail}", access: .open, unhurried: true, handler: take),
        ]
    }

    private func take(_ call: Call) async throws -> Response {
        let headers = call.headers
        let tail = call.path.split(separator: "/").count > 2 ? call.parameter("tail") : ""
        let answer = try await channels.take(
            ChannelRequest(
                name: call.parameter("name"), tail: tail,
                headers: { name in HTTPField.Name(name).flatMap { headers[$0] } }, body: call.body))
        return .bytes(answer.body, type: answer.contentType, status: HTTPResponse.Status(code: answer.status))
    }
}
