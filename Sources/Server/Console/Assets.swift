import HTTPTypes
import HummingbirdCore

/// The console's one style sheet, one script and one icon.
enum Assets {
    static var routes: [Route] {
        [
            route("/assets/console.css", PackageResources.console_css, "text/css; charset=utf-8"),
            route("/assets/console.js", PackageResources.console_js, "text/javascript; charset=utf-8"),
            route("/assets/icon.svg", PackageResources.icon_svg, "image/svg+xml"),
            route("/favicon.ico", PackageResources.icon_svg, "image/svg+xml"),
        ]
    }

    private static func route(_ path: String, _ bytes: [UInt8], _ type: String) -> Route {
        Route(.get, path, access: .open) { _ in
            var response = Response.bytes(bytes, type: type)
            response.headers[.cacheControl] = "public, max-age=31536000, immutable"
            return response
        }
    }
}
