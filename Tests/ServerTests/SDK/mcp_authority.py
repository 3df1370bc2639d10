"""An authorization server that signs tokens for whatever resource is asked for: `mcp_authority.py PORT`."""

import json
import pathlib
import sys
import time
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "Servers"))
import serving  # noqa: E402

key = ec.generate_private_key(ec.SECP256R1())
asked = {}


def token(resource, **more):
    now = int(time.time())
    claims = {"iss": base, "sub": "ada", "aud": resource, "iat": now, "exp": now + 300, **more}
    return jwt.encode(claims, key, "ES256", {"kid": "one", "typ": "at+jwt"})


class Handler(serving.Handler):
    def do_GET(self):
        path, query = self.target()
        if path == "/.well-known/oauth-authorization-server":
            self.answer(serving.metadata(base))
        elif path == "/keys":
            public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key()))
            self.answer({"keys": [{**public, "kid": "one", "alg": "ES256", "use": "sig"}]})
        elif path == "/authorize":
            asked["challenge"] = query["code_challenge"]
            back = {"code": "c0de", "state": query["state"], "iss": base}
            self.answer({}, 302, Location=query["redirect_uri"] + "?" + urlencode(back))
        elif path == "/for":
            # For the tests: a token for any audience.
            self.answer({"token": token(query["audience"])})
        else:
            self.answer({}, 404)

    def do_POST(self):
        body = self.body()
        if self.path == "/register":
            return self.answer({"client_id": "registered"}, 201)
        form = serving.form(body)
        if serving.digest(form["code_verifier"].encode()) != asked["challenge"]:
            return self.answer({"error": "invalid_grant"}, 400)
        self.answer({"access_token": token(form["resource"]), "token_type": "Bearer", "expires_in": 300})


http, base = serving.start(Handler, int(sys.argv[1]))
serving.run(http, base)
