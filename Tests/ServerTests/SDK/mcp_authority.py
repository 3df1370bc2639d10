"""An authorization server that signs tokens for whatever resource is asked for: `mcp_authority.py PORT`."""

import base64
import hashlib
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

base = f"http://127.0.0.1:{sys.argv[1]}"
key = ec.generate_private_key(ec.SECP256R1())
asked = {}


def token(resource, **more):
    now = int(time.time())
    claims = {"iss": base, "sub": "ada", "aud": resource, "iat": now, "exp": now + 300, **more}
    return jwt.encode(claims, key, "ES256", {"kid": "one", "typ": "at+jwt"})


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, body, status=200, **headers):
        body = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/.well-known/oauth-authorization-server":
            self.answer({
                "issuer": base, "authorization_endpoint": base + "/authorize", "token_endpoint": base + "/token",
                "registration_endpoint": base + "/register", "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": True})
        elif url.path == "/keys":
            public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key()))
            self.answer({"keys": [{**public, "kid": "one", "alg": "ES256", "use": "sig"}]})
        elif url.path == "/authorize":
            asked["challenge"] = query["code_challenge"]
            back = {"code": "c0de", "state": query["state"], "iss": base}
            self.answer({}, 302, Location=query["redirect_uri"] + "?" + urlencode(back))
        elif url.path == "/for":
            # For the tests: a token for any audience.
            self.answer({"token": token(query["audience"])})
        else:
            self.answer({}, 404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/register":
            return self.answer({"client_id": "registered"}, 201)
        form = {name: values[0] for name, values in parse_qs(body).items()}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != asked["challenge"]:
            return self.answer({"error": "invalid_grant"}, 400)
        self.answer({"access_token": token(form["resource"]), "token_type": "Bearer", "expires_in": 300})


http = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
http.daemon_threads = True
http.serve_forever()
