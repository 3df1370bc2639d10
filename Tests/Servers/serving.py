"""What the tests' own servers over HTTP have in common: answers in JSON, and what is told of an authorization server."""

import base64
import hashlib
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, body=None, status=200, **headers):
        """A header's name has an underscore for each hyphen."""
        body = json.dumps(body).encode() if body is not None else b""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def target(self):
        """The path, and the first value of each name in the query."""
        url = urlsplit(self.path)
        return url.path, form(url.query)

    def body(self):
        return self.rfile.read(int(self.headers["Content-Length"])).decode()


def form(text):
    return {name: values[0] for name, values in parse_qs(text).items()}


def digest(data):
    """SHA-256 in base64url, as of PKCE's challenges (RFC 7636, section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def metadata(base, **other):
    """Of an authorization server (RFC 8414)."""
    return {
        "issuer": base, "authorization_endpoint": base + "/authorize", "token_endpoint": base + "/token",
        "registration_endpoint": base + "/register", "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True, **other}


def start(handler, port=0):
    """A server that takes connections, and its address."""
    http = ThreadingHTTPServer(("127.0.0.1", port), handler)
    http.daemon_threads = True
    return http, f"http://127.0.0.1:{http.server_port}"


def run(http, address):
    """Tells the address, and serves."""
    print(address, flush=True)
    http.serve_forever()
