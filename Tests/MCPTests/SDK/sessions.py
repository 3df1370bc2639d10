"""A server of 2025-11-25 over HTTP whose sessions end and whose streams are cut, as the tool that is called says; no SDK.

What a client must not do is answered with 400, and so is a session's absence; 404 is for sessions that have ended."""

import json
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "Servers"))
import serving  # noqa: E402

lock = threading.Lock()
live, opened, cuts = set(), [0], {}
own_streams = {}


def content(id, text):
    return {"jsonrpc": "2.0", "id": id, "result": {"content": [{"type": "text", "text": text}]}}


def event(message=None, id=None, retry=None):
    lines = [f"id: {id}"] if id else []
    lines += [f"retry: {retry}"] if retry is not None else []
    return "\n".join([*lines, "data: " + (json.dumps(message) if message else "")]).encode() + b"\n\n"


class Handler(serving.Handler):
    def stream(self, *events):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for piece in events:
            self.wfile.write(piece)
        self.wfile.flush()
        self.close_connection = True

    def session(self):
        """The session that the request names, once it was found to be live."""
        name = self.headers["Mcp-Session-Id"]
        if name is None or self.headers["MCP-Protocol-Version"] != "2025-11-25":
            self.answer(status=400)
        elif name not in live:
            self.answer(status=404)
        else:
            return name

    def do_DELETE(self):
        if name := self.session():
            live.discard(name)
            self.answer()

    def do_GET(self):
        name = self.session()
        if not name:
            return
        last = self.headers["Last-Event-ID"]
        if last is None:
            # The stream of its own; kept open, for strays.
            self.stream()
            self.close_connection = False
            own_streams[name] = self.wfile
            time.sleep(60)
            return
        kind, id, since, least = cuts[last]
        if time.monotonic() - since < least:
            return self.answer(status=400)
        if kind == "hops" and not last.endswith("-3"):
            return self.cut(kind, id, f"{last}-{last.count('-') + 1}"[-12:], least)
        if kind == "spin":
            return self.stream(event(id=last, retry=1))
        if kind == "unresumable":
            return self.answer(status=405)
        self.stream(event(content(id, f"resumed after {last}"), id="end"))

    def cut(self, kind, id, name, least):
        """A stream that ends before the answer, and says where and when to come back."""
        cuts[name] = (kind, id, time.monotonic(), least)
        progress = {"jsonrpc": "2.0", "method": "notifications/progress", "params": {
            "progressToken": id, "progress": len(cuts)}}
        self.stream(event(id=name, retry=int(least * 1000) + 50), event(progress, id=name))

    def do_POST(self):
        request = json.loads(self.body())
        id, method = request.get("id"), request.get("method")
        if method == "initialize":
            # A session is not opened in another.
            if self.headers["Mcp-Session-Id"]:
                return self.answer(status=400)
            with lock:
                opened[0] += 1
                name = f"s{opened[0]}"
                live.add(name)
            result = {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}},
                      "serverInfo": {"name": "sessions", "version": "1"}}
            return self.answer({"jsonrpc": "2.0", "id": id, "result": result}, Mcp_Session_Id=name)
        name = self.session()
        if not name:
            return
        if id is None:
            return self.answer(status=202)
        self.call(name, id, request["params"].get("name"))

    def call(self, session, id, tool):
        if tool == "where":
            self.answer(content(id, session))
        elif tool == "expire":
            live.discard(session)
            self.answer(content(id, "expired"))
        elif tool == "always":
            live.discard(session)
            self.answer(status=404)
        elif tool == "opened":
            self.answer(content(id, str(opened[0])))
        elif tool == "lost":
            self.stream(event({"jsonrpc": "2.0", "method": "notifications/message", "params": {
                "level": "info", "data": "about to go"}}))
        elif tool == "impatient":
            self.stream(event(id="never", retry=3_600_000))
        elif tool == "stray":
            while session not in own_streams:
                time.sleep(0.01)
            own_streams[session].write(event(content(id, "stray")))
            own_streams[session].flush()
            time.sleep(0.2)
            self.answer(content(id, "right"))
        else:
            self.cut(tool, id, f"{tool}-{id}", 0.3 if tool == "cut" else 0)


http, base = serving.start(Handler)
serving.run(http, f"{base}/mcp")
