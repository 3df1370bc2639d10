"""A server that wants an authorization of each who uses it, and the authority that gives them.

`/authorize?…&as=NAME` consents as somebody; tokens are `tok-NAME-N`, each good for a second."""

import json
import pathlib
import secrets
import sys
from urllib.parse import urlencode

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "Servers"))
import serving  # noqa: E402

codes, refreshes, tokens = {}, {}, {}


def token(name):
    number = 1 + sum(1 for other in tokens.values() if other == name)
    access, refresh = f"tok-{name}-{number}", secrets.token_hex(16)
    tokens[access], refreshes[refresh] = name, name
    return {"access_token": access, "token_type": "Bearer", "expires_in": 1, "refresh_token": refresh}


class Handler(serving.Handler):
    def do_GET(self):
        path, query = self.target()
        if path == "/.well-known/oauth-protected-resource/mcp":
            return self.answer({"resource": base + "/mcp", "authorization_servers": [base]})
        if path == "/.well-known/oauth-authorization-server":
            return self.answer(serving.metadata(base))
        if path == "/authorize":
            code = secrets.token_hex(16)
            codes[code] = (query["as"], query["code_challenge"], query["redirect_uri"])
            return self.answer({"back": urlencode({"code": code, "state": query["state"], "iss": base})})
        self.answer({}, 404)

    def do_POST(self):
        body = self.body()
        if self.path == "/register":
            return self.answer({"client_id": "registered"}, 201)
        if self.path == "/token":
            return self.grant(serving.form(body))
        self.serve(json.loads(body))

    def grant(self, form):
        if form["grant_type"] == "refresh_token":
            name = refreshes.pop(form["refresh_token"], None)
            return self.answer(token(name)) if name else self.answer({"error": "invalid_grant"}, 400)
        name, challenge, back = codes.pop(form["code"], (None, None, None))
        proven = serving.digest(form["code_verifier"].encode()) == challenge
        if name is None or not proven or back != form["redirect_uri"]:
            return self.answer({"error": "invalid_grant"}, 400)
        self.answer(token(name))

    def serve(self, request):
        sent = self.headers["Authorization"] or ""
        if sent.removeprefix("Bearer ") not in tokens:
            return self.answer({}, 401, WWW_Authenticate='Bearer scope="tools"')
        if "id" not in request:
            return self.answer({}, 202)
        done = {"resultType": "complete", "ttlMs": 0, "cacheScope": "private", "_meta": {
            "io.modelcontextprotocol/serverInfo": {"name": "personal", "version": "1"}}}
        if request["method"] == "server/discover":
            done |= {"supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}}}
        elif request["method"] == "tools/list":
            done |= {"tools": [
                {"name": "whoami", "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": True}}]}
        else:
            done |= {"content": [{"type": "text", "text": sent}]}
        self.answer({"jsonrpc": "2.0", "id": request["id"], "result": done})


http, base = serving.start(Handler)
serving.run(http, f"{base}/mcp")
