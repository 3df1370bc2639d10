"""A protected server and those who give tokens for it, over HTTP, in the ways that its second argument names. It checks
what it is sent as strictly as the standards let it; what it refuses, the client has done wrong."""

import base64
import json
import pathlib
import sys
import time
from urllib.parse import urlencode

import jwt

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "Servers"))
import serving  # noqa: E402
from serving import digest  # noqa: E402

way = sys.argv[2]
key = sys.argv[3] if len(sys.argv) > 3 else None
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_JAG = "urn:ietf:params:oauth:token-type:id-jag"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
NONCES = {"server": "n-server", "resource": "n-resource"}
issued, proofs, seen = {}, set(), {"tokens": 0, "scope": "", "jkt": None}


class Wrong(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Wrong(what)


def thumbprint(jwk):
    members = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    return digest(json.dumps(members, sort_keys=True, separators=(",", ":")).encode())


def proven(proof, method, address, nonce, token=None):
    """The thumbprint of the key of a proof (RFC 9449, section 4.3); None where it lacks the nonce."""
    need(proof, "no proof")
    head = jwt.get_unverified_header(proof)
    need(head["typ"] == "dpop+jwt" and head["alg"] == "ES256" and "d" not in head["jwk"], "head of the proof")
    shown = jwt.PyJWK(head["jwk"], "ES256").key
    claims = jwt.decode(proof, shown, ["ES256"], options={"verify_aud": False, "verify_iat": False})
    need(claims["htm"] == method and claims["htu"] == address, "target of the proof")
    need(abs(time.time() - claims["iat"]) < 60, "time of the proof")
    need(claims["jti"] not in proofs, "a proof twice")
    proofs.add(claims["jti"])
    need(claims.get("ath") == (digest(token.encode()) if token else None), "token of the proof")
    return thumbprint(head["jwk"]) if claims.get("nonce") == nonce else None


class Handler(serving.Handler):
    def do_GET(self):
        path, query = self.target()
        if path == "/authorize":
            seen.update(scope=query.get("scope", ""), jkt=query.get("dpop_jkt"), challenge=query["code_challenge"])
            back = {"code": "c0de", "state": query["state"], "iss": base}
            return self.answer({}, 302, Location=query["redirect_uri"] + "?" + urlencode(back))
        if way == "undescribed":
            return self.answer({}, 404)
        if path == "/.well-known/oauth-protected-resource/mcp":
            return self.answer({
                "resource": base + "/mcp", "authorization_servers": [base], "scopes_supported": ["tools"]})
        if path == "/.well-known/oauth-authorization-server":
            methods = {
                "key": ["private_key_jwt"], "posted": ["client_secret_post"], "secret": ["client_secret_basic"],
                "exchange": ["none", "client_secret_basic"]}.get(way, ["none"])
            return self.answer(serving.metadata(
                base, token_endpoint_auth_methods_supported=methods, dpop_signing_alg_values_supported=["ES256"]))
        self.answer({}, 404)

    def do_POST(self):
        body = self.body()
        try:
            if self.path == "/register":
                secret = {"client_secret": "s", "token_endpoint_auth_method": "client_secret_post"}
                return self.answer({"client_id": "registered", **(secret if way == "posted" else {})}, 201)
            form = serving.form(body)
            if self.path == "/idp/token":
                return self.exchange(form)
            if self.path == "/token":
                return self.token(form)
            self.serve(json.loads(body))
        except (Wrong, KeyError, jwt.PyJWTError) as error:
            self.answer({"error": "invalid_request", "error_description": repr(error)}, 400)

    def exchange(self, form):
        need(form["grant_type"] == EXCHANGE and form["requested_token_type"] == ID_JAG, "kind of exchange")
        need(form["subject_token_type"].endswith(":id_token") and form["subject_token"] == "ada's", "subject")
        need(form["audience"] == base and form["resource"] == base + "/mcp", "whom it is for")
        need(form["client_id"] == "at-the-idp", "client")
        kind = "urn:ietf:params:oauth:token-type:access_token" if way == "other-token" else ID_JAG
        self.answer({"access_token": "vouched", "issued_token_type": kind, "token_type": "N_A"})

    def token(self, form):
        seen["tokens"] += 1
        need(form["resource"] == base + "/mcp", "resource")
        bound, renewed = None, form["grant_type"] == "refresh_token"
        if way == "dpop":
            bound = proven(self.headers["DPoP"], "POST", base + "/token", NONCES["server"])
            if bound is None:
                return self.answer({"error": "use_dpop_nonce"}, 400, DPoP_Nonce=NONCES["server"])
            need(bound == seen["jkt"], "key of the authorization")
        if renewed:
            need(form["refresh_token"] == "again", "refresh token")
        elif way in ("dpop", "step", "stubborn", "undescribed", "posted"):
            need(form["grant_type"] == "authorization_code", "grant")
            need(digest(form["code_verifier"].encode()) == seen["challenge"], "verifier")
        elif way in ("key", "secret"):
            need(form["grant_type"] == "client_credentials", "grant")
        else:
            need(form["grant_type"] == JWT_BEARER and form["assertion"] == "vouched", "assertion")
        if way == "key":
            need(form["client_assertion_type"] == ASSERTION, "kind of assertion")
            algorithm = jwt.get_unverified_header(form["client_assertion"])["alg"]
            claims = jwt.decode(form["client_assertion"], key, [algorithm], audience=base, issuer="machine")
            need(claims["sub"] == "machine" and claims["exp"] - claims["iat"] <= 300, "claims")
            need(claims["jti"] not in proofs, "an assertion twice")
            proofs.add(claims["jti"])
        elif way in ("secret", "exchange"):
            need(self.headers["Authorization"] == "Basic " + base64.b64encode(b"machine:a%3Ab").decode(), "client")
        elif way == "posted":
            need(form["client_id"] == "registered" and form["client_secret"] == "s", "client")
        token = f"t{seen['tokens']}"
        scope = form.get("scope", seen["scope"])
        issued[token] = (scope.split(), bound)
        self.answer({
            "access_token": token, "token_type": "DPoP" if bound else "Bearer", "expires_in": 60 if bound else 3600,
            "scope": scope,
            **({"refresh_token": "again"} if way in ("dpop", "posted") else {})})

    def serve(self, request):
        scheme, _, token = (self.headers["Authorization"] or "").partition(" ")
        scopes, bound = issued.get(token, (None, None))
        wanted = "DPoP" if way == "dpop" else "Bearer"
        if scopes is None or scheme != wanted:
            return self.answer({}, 401, WWW_Authenticate=f'{wanted} scope="tools"')
        if bound:
            found = proven(self.headers["DPoP"], "POST", base + "/mcp", NONCES["resource"], token)
            if found is None:
                return self.answer(
                    {}, 401, WWW_Authenticate='DPoP error="use_dpop_nonce"', DPoP_Nonce=NONCES["resource"])
            need(found == bound, "key of the token")
            # The next proof is to name another (RFC 9449, section 8.2).
            NONCES["resource"] += "+"
        name = request["params"].get("name")
        if name == "admin" and ("admin" not in scopes or way == "stubborn"):
            return self.answer({}, 403, WWW_Authenticate='Bearer error="insufficient_scope", scope="admin"')
        result = {"resultType": "complete", "content": [{"type": "text", "text": f"{token}: {' '.join(scopes)}"}]}
        if request["method"] == "server/discover":
            result = {"resultType": "complete", "supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}},
                      "ttlMs": 0, "cacheScope": "private"}
        headers = {"DPoP_Nonce": NONCES["resource"]} if bound else {}
        self.answer({"jsonrpc": "2.0", "id": request["id"], "result": result}, **headers)


http, base = serving.start(Handler)
serving.run(http, f"{base}/mcp")
