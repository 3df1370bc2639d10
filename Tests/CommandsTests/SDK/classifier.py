"""A stand-in for Presidio's analyzer, on the standard library alone: `POST /analyze`, offsets as Python counts them.

It prints its port and serves until it is killed. Its answers have the members that Presidio's have.
"""

import http.server
import json
import re

RECOGNIZERS = {"PERSON": r"Zoë Müller|Ada Byron", "ORGANIZATION": r"Acme 🚀 Corp", "LOCATION": r"Baker Street \d+"}


class Analyzer(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path != "/analyze" or body.get("language") != "en":
            return self.answer(500, {"error": "No matching recognizers were found to serve the request."})
        wanted = body.get("entities") or list(RECOGNIZERS)
        found = [
            {
                "analysis_explanation": None, "end": match.end(), "entity_type": kind,
                "recognition_metadata": {"recognizer_identifier": "Test_1", "recognizer_name": "Test"},
                "score": 0.85, "start": match.start(),
            }
            for kind in wanted
            for match in re.finditer(RECOGNIZERS.get(kind, r"(?!)"), body["text"])
        ]
        self.answer(200, [one for one in found if one["score"] >= body.get("score_threshold", 0)])

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Analyzer)
print(server.server_port, flush=True)
server.serve_forever()
