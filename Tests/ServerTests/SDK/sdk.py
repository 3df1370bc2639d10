"""The vendors' own clients against a gateway: every surface, streamed and not, with tools, and what goes wrong."""

import json
import os
import sys
import urllib.request

import anthropic
import openai
import upstream

ADDRESS = os.environ["GATEHOUSE_ADDRESS"]
KEY = os.environ["GATEHOUSE_KEY"]
EMAIL = "grace.hopper" + "@" + "navy-yard.org"
SECRET = "AKIA" + "Q3EGUMZ7" + "T5WX2LNK"
SAID = f"Write to {EMAIL} with aws_access_key_id={SECRET}"
checks = 0


def check(holds, what):
    global checks
    checks += 1
    if not holds:
        sys.exit(f"FAILED: {what}")


def passes(text, where):
    """The values of the session come back, and no secret does."""
    check(text and EMAIL in text, f"{where}: the address comes back, not {text!r}")
    check(SECRET not in text and upstream.ECHOED not in text, f"{where}: no secret comes back, not {text!r}")


def fails(kind, status, work, where):
    try:
        work()
    except kind as error:
        check(error.status_code == status, f"{where}: {status}, not {error.status_code}")
        check(str(error), f"{where}: it says why")
        return
    check(False, f"{where}: it fails")


def chat(client, model, where):
    asked = {"model": model, "messages": [{"role": "system", "content": SAID}, {"role": "user", "content": SAID}]}
    answer = client.chat.completions.create(**asked)
    passes(answer.choices[0].message.content, where)
    check(answer.usage.total_tokens == 50, f"{where}: usage")
    stream = list(client.chat.completions.create(**asked, stream=True))
    passes("".join(chunk.choices[0].delta.content or "" for chunk in stream), f"{where}, streamed")
    check(all(chunk.choices for chunk in stream), f"{where}: no usage that was not asked for")
    counted = list(client.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True}))
    check(counted[-1].usage.total_tokens == 50, f"{where}: usage of a stream")

    tool = {"name": "mail", "description": SAID, "parameters": {"type": "object", "properties": {}}}
    asked["tools"] = [{"type": "function", "function": tool}]
    call = client.chat.completions.create(**asked).choices[0].message.tool_calls[0]
    passes(call.function.arguments, f"{where}, tool")
    with client.chat.completions.stream(**asked) as events:
        streamed = events.get_final_completion().choices[0].message.tool_calls[0]
    passes(streamed.function.arguments, f"{where}, tool, streamed")
    history = [
        {"role": "assistant", "content": None, "tool_calls": [call.model_dump(exclude_none=True)]},
        {"role": "tool", "tool_call_id": call.id, "content": SAID},
    ]
    asked["messages"] = asked["messages"] + history
    passes(client.chat.completions.create(**asked).choices[0].message.content, f"{where}, tool's result")


def messages(client, model, where):
    asked = {"model": model, "max_tokens": 100, "system": SAID, "messages": [{"role": "user", "content": SAID}]}
    answer = client.messages.create(**asked)
    passes(answer.content[0].text, where)
    check(answer.usage.output_tokens == 20, f"{where}: usage")
    with client.messages.stream(**asked) as events:
        passes("".join(events.text_stream), f"{where}, streamed")
        check(events.get_final_message().stop_reason == "end_turn", f"{where}: it ends")

    asked["tools"] = [{"name": "mail", "description": SAID, "input_schema": {"type": "object", "properties": {}}}]
    use = client.messages.create(**asked).content[0]
    passes(use.input["to"], f"{where}, tool")
    with client.messages.stream(**asked) as events:
        passes(events.get_final_message().content[0].input["to"], f"{where}, tool, streamed")
    history = [
        {"role": "assistant", "content": [{"type": "tool_use", "id": use.id, "name": "mail", "input": use.input}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": use.id, "content": SAID}]},
    ]
    asked["messages"] = asked["messages"] + history
    passes(client.messages.create(**asked).content[0].text, f"{where}, tool's result")


def others(first, second):
    passes(first.responses.create(model="gpt-x", instructions=SAID, input=SAID).output_text, "responses")
    told, whole = "", None
    for event in first.responses.create(model="gpt-x", input=[{"role": "user", "content": SAID}], stream=True):
        if event.type == "response.output_text.delta":
            told += event.delta
        if event.type == "response.completed":
            whole = event.response.output_text
    passes(told, "responses, streamed")
    check(told == whole, "responses: the whole says what its pieces said")
    vectors = first.embeddings.create(model="gpt-x", input=[SAID])
    check(list(vectors.data[0].embedding) == [1.0, -1.0], "embeddings")
    counted = second.messages.count_tokens(model="claude-x", messages=[{"role": "user", "content": SAID}])
    check(counted.input_tokens == 12, "count_tokens")
    check("fast" in [model.id for model in first.models.list()], "models of the one")
    check("fast" in [model.id for model in second.models.list()], "models of the other")


def transcriptions(client):
    audio = b"RIFF\x24\x00\x00\x00WAVEfmt \xff\xfe\x00\r\n--gatehouse-form-0\r\n" + bytes(range(256)) * 40
    asked = {"model": "gpt-x", "prompt": SAID, "language": "en"}

    def file():
        return (f"call with {EMAIL}.wav", audio, "audio/wav")

    answer = client.audio.transcriptions.create(**asked, file=file())
    passes(answer.text, "transcription")
    check(answer.usage.total_tokens == 50, "transcription: usage")
    verbose = client.audio.transcriptions.create(
        **asked, file=file(), response_format="verbose_json", timestamp_granularities=["segment", "word"])
    passes(verbose.text, "transcription, verbose")
    passes(verbose.segments[0].text, "transcription, segment")
    check(verbose.segments[0].tokens == [], "transcription: no tokens that say it again")
    passes(client.audio.transcriptions.create(**asked, file=file(), response_format="srt"), "transcription, subtitles")
    told, whole = "", None
    for event in client.audio.transcriptions.create(**asked, file=file(), stream=True):
        if event.type == "transcript.text.delta":
            told += event.delta
        if event.type == "transcript.text.done":
            whole = event.text
    passes(told, "transcription, streamed")
    check(told == whole, "transcription: the whole says what its pieces said")
    check(len(upstream.heard) == 4, "transcription: all were sent on")
    check(all(one == (audio, "audio.wav", "audio/wav") for one in upstream.heard), "transcription: the sound as it was")
    fails(
        openai.BadRequestError, 400,
        lambda: client.audio.transcriptions.create(**asked, file=("notes.wav", b"This is no sound at all.")), "a text")


def failures(first, second):
    said = [{"role": "user", "content": "Hello"}]
    stranger = openai.OpenAI(base_url=f"{ADDRESS}/v1", api_key="gh_wrong", max_retries=0)
    other = anthropic.Anthropic(base_url=ADDRESS, api_key="gh_wrong", max_retries=0)
    fails(openai.AuthenticationError, 401, lambda: stranger.chat.completions.create(model="gpt-x", messages=said), "key")
    fails(
        anthropic.AuthenticationError, 401,
        lambda: other.messages.create(model="claude-x", max_tokens=9, messages=said), "key of the other")
    fails(
        openai.NotFoundError, 404, lambda: first.chat.completions.create(model="nobody/x", messages=said), "no model")
    fails(
        anthropic.NotFoundError, 404,
        lambda: second.messages.create(model="nobody/x", max_tokens=9, messages=said), "no model of the other")
    fails(
        openai.BadRequestError, 400, lambda: first.embeddings.create(model="gpt-x", input=[[1, 2, 3]]),
        "tokens as numbers")
    long = [{"role": "user", "content": "x" * (3 << 20)}]
    fails(
        openai.APIStatusError, 413, lambda: first.chat.completions.create(model="gpt-x", messages=long), "too large")


def councils(client):
    asked = {"model": "council/trio", "messages": [{"role": "user", "content": SAID}]}
    answer = client.chat.completions.create(**asked)
    passes(answer.choices[0].message.content, "council")
    council = answer.model_extra["council"]
    check(council["result"] == "unanimous" and len(council["answers"]) == 3, f"council: {council}")
    check(answer.usage.total_tokens == 150, "council: usage of all")
    check("council/trio" in [model.id for model in client.models.list()], "council among the models")
    fails(openai.BadRequestError, 400, lambda: client.chat.completions.create(**asked, stream=True), "council, streamed")
    fails(
        openai.NotFoundError, 404,
        lambda: client.chat.completions.create(**{**asked, "model": "council/duo"}), "no such council")
    told = client.post(
        "/councils", cast_to=object, body={"models": ["fast", "anthropic/claude-x"], "messages": asked["messages"]})
    check(told["object"] == "council" and told["agreement"][0]["models"] == ["fast", "anthropic/claude-x"], f"{told}")
    check(EMAIL in told["value"] and told["dissent"] == [], "a council of one's own")


def keeps(client):
    asked = urllib.request.Request(
        f"{ADDRESS}/api/v1/sessions", data=b'{"class": "kept"}',
        headers={"authorization": f"Bearer {KEY}", "content-type": "application/json"})
    session = json.load(urllib.request.urlopen(asked))
    check(session["bodies"] is True, "the session says that it keeps what is said")
    client = client.with_options(default_headers={"X-Gatehouse-Session": session["id"]})
    said = [{"role": "user", "content": SAID}]
    passes(client.chat.completions.create(model="gpt-x", messages=said).choices[0].message.content, "kept")
    stream = client.chat.completions.create(model="gpt-x", messages=said, stream=True)
    passes("".join(chunk.choices[0].delta.content or "" for chunk in stream), "kept, streamed")


def leaves(client):
    said = [{"role": "user", "content": "Hello"}]
    stream = client.messages.create(model="endless", max_tokens=9, messages=said, stream=True)
    next(iter(stream))
    stream.close()
    check(upstream.left.wait(20), "a client that goes away ends the call upstream")


upstream.start(int(os.environ["UPSTREAM_PORT"]))
first = openai.OpenAI(base_url=f"{ADDRESS}/v1", api_key=KEY, max_retries=0)
second = anthropic.Anthropic(base_url=ADDRESS, api_key=KEY, max_retries=0)
chat(first, "gpt-x", "chat")
chat(first, "anthropic/claude-x", "chat by messages")
messages(second, "claude-x", "messages")
messages(second, "openai/gpt-x", "messages by chat")
others(first, second)
transcriptions(first)
councils(first)
keeps(first)
log = "\n".join(upstream.received)
for planted in [EMAIL, "grace.hopper", SECRET, KEY]:
    check(planted not in log, f"{planted!r} never arrived at the provider")
check("<EMAIL_1>" in log, "its token did")
failures(first, second)
leaves(second)
figures = urllib.request.urlopen(f"{ADDRESS}/metrics").read().decode()
for name in ["token_usage_total", "operation_duration_seconds_count", "time_to_first_byte_seconds_count"]:
    check(f"gatehouse_gen_ai_client_{name}" in figures, f"{name} in /metrics")
print(f"{checks} checks, {len(upstream.received)} requests upstream")
