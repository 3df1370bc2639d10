"""A protected server and its authorization server in one, over HTTP; misbehaves as its second argument says."""

import json
import pathlib
import sys
from urllib.parse import urlencode

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "Servers"))
import serving  # noqa: E402

wrong = sys.argv[2] if len(sys.argv) > 2 else ""
challenges = {}


class Handler(serving.Handler):
    def do_GET(self):
        path, query = self.target()
        if path == "/.well-known/oauth-protected-resource/mcp":
            resource = "https://elsewhere.example/mcp" if wrong == "resource" else base + "/mcp"
            return self.answer({"resource": resource, "authorization_servers": [base], "scopes_supported": ["tools"]})
        if path == "/.well-known/oauth-authorization-server":
            return self.answer(serving.metadata(
                base, issuer=base + ("/" if wrong == "metadata" else ""),
                code_challenge_methods_supported=[] if wrong == "pkce" else ["S256"]))
        if path == "/authorize" and query["code_challenge_method"] == "S256" and query["resource"] == base + "/mcp":
            challenges["c0de"] = query["code_challenge"]
            back = {"code": "c0de", "state": query["state"]}
            if wrong != "silent":
                back["iss"] = base + ("/" if wrong == "iss" else "")
            return self.answer({}, 302, Location=query["redirect_uri"] + "?" + urlencode(back))
        self.answer({}, 404)

    def do_POST(self):
        body = self.body()
        if self.path == "/register":
            return self.answer({"client_id": "registered"}, 201)
        if self.path == "/token":
            form = serving.form(body)
            if form["grant_type"] == "authorization_code":
                proven = serving.digest(form["code_verifier"].encode()) == challenges.pop(form["code"], None)
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


http, base = serving.start(Handler)
serving.run(http, f"{base}/mcp")
