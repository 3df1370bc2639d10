"""A server that misbehaves as the tool that is called says, over `stdio` or `http`; no SDK."""

import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def discover(id):
    return {
        "jsonrpc": "2.0", "id": id, "result": {
            "resultType": "complete", "supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}},
            "ttlMs": 0, "cacheScope": "private"}}


def content(id, text):
    return {"jsonrpc": "2.0", "id": id, "result": {"resultType": "complete", "content": [{"type": "text", "text": text}]}}


def listed(id, params):
    tools = [{"name": f"t{params.get('cursor', '')}", "inputSchema": {"type": "object"}}]
    return {"jsonrpc": "2.0", "id": id, "result": {"tools": tools, "nextCursor": "again"}}


def hostile_schemas(id):
    here = f"http://127.0.0.1:{http.server_port}/schema.json"
    wide = {f"p{n}": {"anyOf": [{"type": "string"}, {"minLength": n}]} for n in range(20_000)}
    schemas = {
        "remote": {"type": "object", "properties": {"a": {"$ref": here}}},
        "dynamic": {"type": "object", "properties": {"a": {"$dynamicRef": here + "#node"}}},
        "circle": {"type": "object", "properties": {"a": {"$ref": "#/$defs/b"}}, "$defs": {
            "b": {"$ref": "#/$defs/c"}, "c": {"$ref": "#/$defs/b"}}},
        "tree": {"type": "object", "properties": {"a": {"$ref": "#"}}},
        "wide": {"type": "object", "properties": wide},
    }
    tools = [{"name": name, "inputSchema": schema} for name, schema in schemas.items()]
    return {"jsonrpc": "2.0", "id": id, "result": {
        "resultType": "complete", "tools": tools, "ttlMs": 0, "cacheScope": "private"}}


fetched = []


def encoded(message):
    return json.dumps(message).encode()


def progress(request):
    token = request["params"]["_meta"].get("progressToken", request["id"])
    return encoded({"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progressToken": token, "progress": 1}})


def standard_streams():
    out, lock = sys.stdout.buffer, threading.Lock()

    def put(*lines):
        with lock:
            for line in lines:
                out.write(line + b"\n")
            out.flush()

    print("nasty: ready", file=sys.stderr, flush=True)
    if sys.argv[2:] == ["greets"]:
        put(b"Welcome to the server!", b"It has started.")
    if sys.argv[2:] == ["babbles"]:
        while True:
            put(b"not a message")
            time.sleep(0.01)
    if sys.argv[2:] == ["silent"]:
        time.sleep(3600)
    for line in sys.stdin:
        request = json.loads(line)
        if "id" not in request:
            if request["method"] == "notifications/cancelled":
                print(f"cancelled {request['params']['requestId']}", file=sys.stderr, flush=True)
            continue
        id, method = request["id"], request["method"]
        if method == "server/discover":
            put(encoded(discover(id)))
        elif method == "tools/list":
            put(encoded(listed(id, request["params"])))
        else:
            name = request["params"].get("name")
            if name == "echo":
                put(encoded(content(id, request["params"]["arguments"]["text"])))
            elif name == "die":
                print("Traceback: \x1b[31mout of luck", file=sys.stderr, flush=True)
                os._exit(3)
            elif name == "wrong":
                put(encoded(content(id + 1000, "for another")), encoded(content(str(id), "for a text")))
            elif name == "twice":
                put(encoded(content(id, "first")), encoded(content(id, "second")))
            elif name == "garbage":
                put(b"Segmentation fault (core dumped)")
            elif name == "utf8":
                put(b'{"jsonrpc":"2.0","id":%d,"result":{"x":"\xff\xfe"}}' % id)
            elif name == "huge":
                put(b'{"jsonrpc":"2.0","id":%d,"result":{"x":"' % id + b"y" * (100 << 20) + b'"}}')
            elif name == "deep":
                put(b'{"jsonrpc":"2.0","id":%d,"result":' % id + b'{"a":' * 5000 + b"1" + b"}" * 5001)
            elif name == "flood":
                for _ in range(20_000):
                    put(progress(request))
                put(encoded(content(id, "flooded")))
            elif name == "trace":
                known = ("traceparent", "tracestate", "baggage")
                trace = {key: value for key, value in request["params"]["_meta"].items() if key in known}
                put(encoded(content(id, json.dumps(trace, sort_keys=True))))
            elif name == "forever":
                threading.Thread(target=lambda: [put(progress(request)) for _ in range(200_000)], daemon=True).start()
            elif name == "asks":
                put(encoded({"jsonrpc": "2.0", "id": 1, "method": "sampling/createMessage", "params": {}}))
                put(encoded(content(id, "asked")))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, body, type="application/json", status=200, **headers):
        self.send_response(status)
        self.send_header("Content-Type", type)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def events(self, pieces):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            for piece in pieces:
                self.wfile.write(piece)
                self.wfile.flush()
        except OSError:
            pass
        self.close_connection = True

    def do_GET(self):
        fetched.append(self.path)
        self.answer(b'{"type": "object"}')

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        id, method = request.get("id"), request["method"]
        if method == "server/discover":
            return self.answer(encoded(discover(id)))
        if method == "tools/list" and sys.argv[2:] == ["schemas"]:
            return self.answer(encoded(hostile_schemas(id)))
        if method == "tools/list":
            return self.answer(encoded(listed(id, request["params"])))
        name = request["params"].get("name")
        if name == "fetched":
            self.answer(encoded(content(id, str(len(fetched)))))
        elif name == "echo":
            self.answer(encoded(content(id, request["params"]["arguments"]["text"])))
        elif name == "die":
            self.close_connection = True
        elif name == "wrong":
            self.answer(encoded(content(id + 1000, "for another")))
        elif name == "garbage":
            self.answer(b"<html>502</html>", "text/html")
        elif name == "utf8":
            self.answer(b'{"jsonrpc":"2.0","id":%d,"result":{"x":"\xff"}}' % id)
        elif name == "huge":
            self.answer(b'{"jsonrpc":"2.0","id":%d,"result":{"x":"' % id + b"y" * (100 << 20) + b'"}}')
        elif name == "status":
            self.answer(b"no", "text/plain", 503)
        elif name == "moved":
            self.answer(b"", "text/plain", 307, Location="http://127.0.0.1:1/elsewhere")
        elif name == "line":
            self.events(b"data: " + b"z" * (1 << 20) if n == 0 else b"z" * (1 << 20) for n in range(100))
        elif name == "endless":
            self.events(b"data: " + progress(request) + b"\n\n" for _ in iter(int, 1))
        elif name == "cut":
            self.events([b"data: " + progress(request) + b"\n\n"])
        elif name == "other":
            self.events([b"data: " + encoded(content(id + 1, "for another")) + b"\n\n",
                         b"data: " + encoded(content(id, "for this")) + b"\n\n"])
        elif name == "silent":
            time.sleep(60)


if sys.argv[1] == "stdio":
    standard_streams()
else:
    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    print(f"http://127.0.0.1:{http.server_port}/mcp", flush=True)
    http.serve_forever()
