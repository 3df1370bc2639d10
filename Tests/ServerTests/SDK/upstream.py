"""A provider of both dialects, which says again what it was told, and keeps all that it got."""

import email
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

received = []
heard = []
left = threading.Event()
ECHOED = "AKIA" + "Y2LNKQ3E" + "GUMZ7T5W"


def text(content):
    """All that a content says, however it is nested."""
    if isinstance(content, list):
        return " ".join(text(part.get("text", part.get("content", ""))) for part in content)
    return content


def told(body):
    """The text of the last thing that was said."""
    last = body.get("messages") or body["input"]
    if isinstance(last, list):
        last = text([last[-1]])
    return f"You said: {last} Also {ECHOED} it ends."


def pieces(text, size=7):
    return [text[at : at + size] for at in range(0, len(text), size)]


def arguments(body):
    return json.dumps({"to": told(body)})


def chat(body):
    message = {"role": "assistant", "content": told(body)}
    if body.get("tools") and body["messages"][-1]["role"] == "user":
        call = {"id": "t1", "type": "function", "function": {"name": "mail", "arguments": arguments(body)}}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
    reason = "tool_calls" if message["content"] is None else "stop"
    return {
        "id": "c1", "object": "chat.completion", "created": 1, "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": reason, "logprobs": None}],
        "usage": {"prompt_tokens": 30, "completion_tokens": 20, "total_tokens": 50},
    }


def chat_events(body):
    whole = chat(body)
    message = whole["choices"][0]["message"]

    def chunk(delta, reason=None):
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        return None, {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}

    yield chunk({"role": "assistant", "content": ""})
    if message["content"] is None:
        call = message["tool_calls"][0]
        head = {"index": 0, "id": "t1", "type": "function", "function": {"name": "mail", "arguments": ""}}
        yield chunk({"tool_calls": [head]})
        for piece in pieces(call["function"]["arguments"]):
            yield chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
    else:
        for piece in pieces(message["content"]):
            yield chunk({"content": piece})
    yield chunk({}, whole["choices"][0]["finish_reason"])
    if body.get("stream_options", {}).get("include_usage"):
        yield None, {**chunk({})[1], "choices": [], "usage": whole["usage"]}
    yield None, "[DONE]"


def message(body):
    block = {"type": "text", "text": told(body)}
    last = body["messages"][-1]["content"]
    answers_tool = isinstance(last, list) and any(part.get("type") == "tool_result" for part in last)
    if body.get("tools") and not answers_tool:
        block = {"type": "tool_use", "id": "t1", "name": "mail", "input": json.loads(arguments(body))}
    return {
        "id": "m1", "type": "message", "role": "assistant", "model": body["model"], "content": [block],
        "stop_reason": "tool_use" if block["type"] == "tool_use" else "end_turn", "stop_sequence": None,
        "usage": {"input_tokens": 30, "output_tokens": 20},
    }


def message_events(body):
    whole = message(body)
    block = whole["content"][0]
    start = {**whole, "content": [], "stop_reason": None, "usage": {"input_tokens": 30, "output_tokens": 1}}
    yield "message_start", {"message": start}
    if block["type"] == "text":
        yield "content_block_start", {"index": 0, "content_block": {"type": "text", "text": ""}}
        for piece in pieces(block["text"]):
            yield "content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": piece}}
    else:
        yield "content_block_start", {"index": 0, "content_block": {**block, "input": {}}}
        for piece in pieces(json.dumps(block["input"])):
            yield "content_block_delta", {"index": 0, "delta": {"type": "input_json_delta", "partial_json": piece}}
    yield "content_block_stop", {"index": 0}
    delta = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    yield "message_delta", {"delta": delta, "usage": {"output_tokens": 20}}
    yield "message_stop", {}


def response(body, text=None, status="completed"):
    text = told(body) if text is None else text
    part = {"type": "output_text", "text": text, "annotations": []}
    item = {"type": "message", "id": "o1", "role": "assistant", "status": status, "content": [part]}
    return {
        "id": "r1", "object": "response", "created_at": 1, "status": status, "model": body["model"], "output": [item],
        "parallel_tool_calls": True, "tool_choice": "auto", "tools": [], "error": None, "incomplete_details": None,
        "instructions": None, "metadata": {}, "temperature": 1, "top_p": 1,
        "usage": {
            "input_tokens": 30, "output_tokens": 20, "total_tokens": 50,
            "input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0},
        },
    }


def response_events(body):
    text = told(body)
    at = {"item_id": "o1", "output_index": 0, "content_index": 0}
    whole = response(body)
    begun = {**whole, "output": [], "status": "in_progress", "usage": None}
    item = {**whole["output"][0], "content": [], "status": "in_progress"}
    events = [
        ("response.created", {"response": begun}),
        ("response.output_item.added", {"output_index": 0, "item": item}),
        ("response.content_part.added", {**at, "part": {"type": "output_text", "text": "", "annotations": []}}),
    ]
    events += [("response.output_text.delta", {**at, "delta": piece, "logprobs": []}) for piece in pieces(text)]
    events += [
        ("response.output_text.done", {**at, "text": text, "logprobs": []}),
        ("response.content_part.done", {**at, "part": whole["output"][0]["content"][0]}),
        ("response.output_item.done", {"output_index": 0, "item": whole["output"][0]}),
        ("response.completed", {"response": whole}),
    ]
    for number, (name, event) in enumerate(events):
        yield name, {**event, "sequence_number": number}


def embeddings(body):
    # 1.0 and -1.0 as little-endian floats, as clients ask for them, or as numbers.
    vector = "AACAPwAAgL8=" if body.get("encoding_format") == "base64" else [1.0, -1.0]
    return {
        "object": "list", "model": body["model"], "usage": {"prompt_tokens": 5, "total_tokens": 5},
        "data": [{"object": "embedding", "index": 0, "embedding": vector}],
    }


def form(content_type, data):
    """The fields of a form, and its file under its name."""
    parts = email.message_from_bytes(f"content-type: {content_type}\r\n\r\n".encode() + data).get_payload()
    fields = {}
    for part in parts:
        name = part.get_param("name", header="content-disposition")
        fields.setdefault(name, []).append(part)
    texts = {name: found[0].get_payload() for name, found in fields.items() if name != "file"}
    file = fields["file"][0]
    return {
        **texts, "stream": texts.get("stream") == "true", "file_name": file.get_filename(),
        "audio": file.get_payload(decode=True), "media_type": file.get_content_type(),
    }


def transcript(body):
    return f"They said: {body['prompt']} Also {ECHOED} it ends."


def transcription(body):
    usage = {"type": "tokens", "input_tokens": 30, "output_tokens": 20, "total_tokens": 50}
    if body.get("response_format") == "verbose_json":
        segment = {
            "id": 0, "seek": 0, "start": 0.0, "end": 3.5, "text": transcript(body), "tokens": [50364, 400],
            "temperature": 0.0, "avg_logprob": -0.2, "compression_ratio": 1.1, "no_speech_prob": 0.01,
        }
        return {
            "task": "transcribe", "language": "english", "duration": 3.5, "text": transcript(body),
            "segments": [segment], "usage": {"type": "duration", "seconds": 4},
        }
    return {"text": transcript(body), "usage": usage}


def transcription_events(body):
    for piece in pieces(transcript(body)):
        yield "transcript.text.delta", {"delta": piece, "logprobs": []}
    yield "transcript.text.done", transcription(body)


class Provider(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    whole = {
        "/v1/chat/completions": chat, "/v1/responses": response, "/v1/embeddings": embeddings, "/v1/messages": message,
        "/v1/messages/count_tokens": lambda body: {"input_tokens": 12}, "/v1/audio/transcriptions": transcription,
    }
    events = {
        "/v1/chat/completions": chat_events, "/v1/responses": response_events, "/v1/messages": message_events,
        "/v1/audio/transcriptions": transcription_events,
    }

    def log_message(self, *_):
        pass

    def do_POST(self):
        data = self.rfile.read(int(self.headers["content-length"]))
        received.append(f"{self.path} {self.headers} {data.decode(errors='replace')}")
        kind = self.headers["content-type"]
        body = form(kind, data) if kind.startswith("multipart/") else json.loads(data)
        if "audio" in body:
            heard.append((body["audio"], body["file_name"], body["media_type"]))
        if body.get("stream"):
            return self.stream(body)
        answer, kind = json.dumps(self.whole[self.path](body)).encode(), "application/json"
        if body.get("response_format") == "srt":
            answer, kind = f"1\n00:00:00,000 --> 00:00:03,500\n{transcript(body)}\n".encode(), "text/plain"
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def stream(self, body):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        try:
            for name, event in self.events[self.path](body):
                if name:
                    event = {"type": name, **event}
                data = event if isinstance(event, str) else json.dumps(event)
                self.chunk((f"event: {name}\n" if name else "") + f"data: {data}\n\n")
                if body["model"] == "endless":
                    self.wait_until_left()
            self.chunk("")
        except OSError:
            self.close_connection = True
            left.set()

    def chunk(self, text):
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def wait_until_left(self):
        if not self.rfile.read(1):
            raise OSError("the client has gone")


def start(port):
    server = ThreadingHTTPServer(("127.0.0.1", port), Provider)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
