"""A protected server and its authorization server in one, over HTTP; misbehaves as its second argument says."""

import base64
import hashlib
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

wrong = sys.argv[2] if len(sys.argv) > 2 else ""
challenges = {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, body, status=200, **headers):
        body = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/.well-known/oauth-protected-resource/mcp":
            resource = "https://elsewhere.example/mcp" if wrong == "resource" else base + "/mcp"
            return self.answer({"resource": resource, "authorization_servers": [base], "scopes_supported": ["tools"]})
        if url.path == "/.well-known/oauth-authorization-server":
            return self.answer({
                "issuer": base + ("/" if wrong == "metadata" else ""), "authorization_endpoint": base + "/authorize",
                "token_endpoint": base + "/token", "registration_endpoint": base + "/register",
                "code_challenge_methods_supported": [] if wrong == "pkce" else ["S256"],
                "authorization_response_iss_parameter_supported": True})
        if url.path == "/authorize" and query["code_challenge_method"] == "S256" and query["resource"] == base + "/mcp":
            challenges["c0de"] = query["code_challenge"]
            back = {"code": "c0de", "state": query["state"]}
            if wrong != "silent":
                back["iss"] = base + ("/" if wrong == "iss" else "")
            return self.answer({}, 302, Location=query["redirect_uri"] + "?" + urlencode(back))
        self.answer({}, 404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/register":
            return self.answer({"client_id": "registered"}, 201)
        if self.path == "/token":
            form = {name: values[0] for name, values in parse_qs(body).items()}
            if form["grant_type"] == "authorization_code":
                digest = hashlib.sha256(form["code_verifier"].encode()).digest()
                proven = base64.urlsafe_b64encode(digest).decode().rstrip("=") == challenges.pop(form["code"], None)
            else:
                proven = form["refresh_token"] == "again"
            if not proven or form["resource"] != base + "/mcp":
                return self.answer({"error": "invalid_grant"}, 400)
            token = "fresh" if form["grant_type"] == "refresh_token" else "first"
            return self.answer({
                "access_token": token, "token_type": "Bearer", "expires_in": 3600, "refresh_token": "again"})
        request = json.loads(body)
        if self.headers["Authorization"] not in ("Bearer first", "Bearer fresh"):
            return self.answer({}, 401, WWW_Authenticate='Bearer realm="a, b", scope="tools"')
        if request["method"] == "server/discover":
            return self.answer({"jsonrpc": "2.0", "id": request["id"], "result": {
                "resultType": "complete", "supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}},
                "ttlMs": 0, "cacheScope": "private"}})
        text = self.headers["Authorization"].split()[1]
        self.answer({"jsonrpc": "2.0", "id": request["id"], "result": {
            "resultType": "complete", "content": [{"type": "text", "text": text}]}})


http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
http.daemon_threads = True
base = f"http://127.0.0.1:{http.server_port}"
print(f"{base}/mcp", flush=True)
http.serve_forever()
