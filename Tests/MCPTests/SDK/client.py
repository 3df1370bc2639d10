"""Tries the official SDK's client against a server with one of everything.

usage: client.py MODE URL | client.py MODE COMMAND ARGUMENT...      MODE is auto or legacy
"""

import asyncio
import sys
import warnings

import mcp_types as types
from mcp import Client, StdioServerParameters
from mcp.shared.exceptions import MCPError

warnings.simplefilter("ignore")

MODE, TARGET = sys.argv[1], sys.argv[2:]
IS_MODERN = MODE == "auto"
IS_HTTP = TARGET[0].startswith("http")


class Seen:
    """What the server has told."""

    def __init__(self):
        self.logs, self.progress, self.messages = [], [], []


async def until(condition, what):
    for _ in range(12000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"never came: {what}")


def text(result):
    return result.content[0].text


async def elicit(context, params):
    if getattr(params, "mode", "form") == "url":
        return types.ElicitResult(action="accept")
    filled = {}
    for name, schema in params.requested_schema["properties"].items():
        if "default" in schema:
            filled[name] = schema["default"]
        elif schema["type"] == "boolean":
            filled[name] = True
        elif schema["type"] == "array":
            items = schema["items"]
            filled[name] = [items["enum"][0] if "enum" in items else items["anyOf"][0]["const"]]
        elif "enum" in schema:
            filled[name] = schema["enum"][0]
        elif "oneOf" in schema:
            filled[name] = schema["oneOf"][0]["const"]
        else:
            filled[name] = "Ada"
    return types.ElicitResult(action="accept", content=filled)


async def sample(context, params):
    content = types.TextContent(type="text", text="Paris")
    return types.CreateMessageResult(role="assistant", content=content, model="m", stop_reason="endTurn")


async def roots(context):
    return types.ListRootsResult(roots=[types.Root(uri="file:///a", name="a")])


def client(seen):
    async def log(params):
        seen.logs.append(params)

    async def message(message):
        seen.messages.append(message)

    server = TARGET[0] if IS_HTTP else StdioServerParameters(command=TARGET[0], args=TARGET[1:])
    return Client(
        server,
        mode=MODE,
        elicitation_callback=elicit,
        sampling_callback=sample,
        list_roots_callback=roots,
        logging_callback=log,
        log_level="info",
        message_handler=message,
        read_timeout_seconds=120,
    )


async def check_negotiation(c):
    assert c.protocol_version == ("2026-07-28" if IS_MODERN else "2025-11-25"), c.protocol_version
    assert c.server_info.name == "gatehouse-everything"
    assert c.server_capabilities.tools.list_changed and c.server_capabilities.resources.subscribe
    assert "one of everything" in c.instructions
    if not IS_MODERN:
        await c.send_ping()


async def check_tools(c):
    tools = {tool.name: tool for tool in (await c.list_tools()).tools}
    assert tools["json_schema_2020_12_tool"].input_schema["$defs"]["address"]["$anchor"] == "addressDef"
    assert text(await c.call_tool("test_simple_text")) == "This is a simple text response for testing."
    assert (await c.call_tool("test_image_content")).content[0].mime_type == "image/png"
    assert (await c.call_tool("test_audio_content")).content[0].mime_type == "audio/wav"
    assert (await c.call_tool("test_embedded_resource")).content[0].resource.uri == "test://embedded-resource"
    assert len((await c.call_tool("test_multiple_content_types")).content) == 3
    assert (await c.call_tool("test_error_handling")).is_error
    assert (await c.call_tool("test_structured_content")).structured_content == {"sum": 3}
    called = await c.call_tool("test_header_parameters", {"region": "Zürich", "count": 7})
    assert '"region":"Zürich"' in text(called), text(called)
    await refused(c.call_tool("no_such_tool"), -32602)


async def refused(call, code):
    try:
        await call
    except MCPError as error:
        assert error.code == code, error
    else:
        raise AssertionError("was not refused")


async def check_resources_and_prompts(c):
    assert len((await c.list_resources()).resources) == 3
    assert (await c.list_resource_templates()).resource_templates[0].uri_template == "test://template/{id}/data"
    assert "static text" in (await c.read_resource("test://static-text")).contents[0].text
    assert (await c.read_resource("test://static-binary")).contents[0].blob
    assert '"123"' in (await c.read_resource("test://template/123/data")).contents[0].text
    await refused(c.read_resource("test://nowhere"), -32602 if IS_MODERN else -32002)
    assert len((await c.list_prompts()).prompts) == 5
    prompt = await c.get_prompt("test_prompt_with_arguments", {"arg1": "one", "arg2": "two"})
    assert "arg1='one', arg2='two'" in prompt.messages[0].content.text
    asked = await c.get_prompt("test_input_required_result_prompt")
    assert asked.messages[0].content.text == "Prompt with context: Ada"
    completed = await c.complete(
        types.PromptReference(type="ref/prompt", name="test_simple_prompt"), {"name": "a", "value": "par"}
    )
    assert completed.completion.values == ["paris", "park", "party"]


async def check_notifications(c, seen):
    async def progress(progress, total, message):
        seen.progress.append(progress)

    result = await c.call_tool("test_tool_with_progress", progress_callback=progress)
    assert not result.is_error
    await until(lambda: seen.progress == [0, 50, 100], f"progress: {seen.progress}")
    if not IS_MODERN:
        await c.set_logging_level("info")
    await c.call_tool("test_tool_with_logging")
    await until(lambda: len(seen.logs) >= 3, f"logs: {seen.logs}")


async def check_input(c):
    assert text(await c.call_tool("test_elicitation", {"message": "?"})).startswith("User response: action=accept")
    assert '"age":30' in text(await c.call_tool("test_elicitation_sep1034_defaults"))
    assert '"titledMulti":["value1"]' in text(await c.call_tool("test_elicitation_sep1330_enums"))
    assert text(await c.call_tool("test_elicitation_url")) == "URL elicitation: accept"
    assert text(await c.call_tool("test_sampling", {"prompt": "?"})) == "LLM response: Paris"
    for name, answer in [
        ("elicitation", "Hello, Ada!"),
        ("sampling", "Sampling result: Paris"),
        ("list_roots", "Found 1 root(s)"),
        ("request_state", "state-ok: requestState validated"),
        ("tampered_state", "integrity-ok: state verified"),
        ("multiple_inputs", "Name: Ada; Greeting: Paris; Roots: 1"),
        ("multi_round", "Multi-round complete for Ada who likes Ada"),
        ("capabilities", "capabilities-ok: received elicit_input,sample_input"),
    ]:
        assert text(await c.call_tool(f"test_input_required_result_{name}")) == answer, name
    assert text(await c.call_tool("test_missing_capability")) == "Success"


async def check_replayed_state(c):
    """A state serves once, for its call only, and only as it was given."""
    name = "test_input_required_result_request_state"
    first = await c.session.call_tool(name, {}, allow_input_required=True)
    answers = {"confirm": types.ElicitResult(action="accept", content={"ok": True})}

    def again(name, state, arguments={}):
        return c.session.call_tool(
            name, arguments, input_responses=answers, request_state=state, allow_input_required=True
        )

    await refused(again("test_input_required_result_tampered_state", first.request_state), -32602)
    await refused(again(name, first.request_state, {"other": 1}), -32602)
    await refused(again(name, first.request_state[:-2] + "AA"), -32602)
    assert text(await again(name, first.request_state)).startswith("state-ok")
    await refused(again(name, first.request_state), -32602)


async def check_changes(c, seen):
    if IS_MODERN:
        async with c.listen(tools_list_changed=True, resource_subscriptions=["test://watched-resource"]) as changes:
            await c.call_tool("test_trigger_prompt_change")
            await c.call_tool("test_trigger_tool_change")
            first = await asyncio.wait_for(anext(changes), 5)
            assert "Tools" in type(first).__name__, first
            await c.call_tool("test_trigger_resource_change")
            second = await asyncio.wait_for(anext(changes), 5)
            assert "Resource" in type(second).__name__, second
        return

    def told(kind):
        return sum(isinstance(message, kind) for message in seen.messages)

    for _ in range(100):  # the stream for changes opens beside the first requests
        await c.call_tool("test_trigger_tool_change")
        if told(types.ToolListChangedNotification):
            break
        await asyncio.sleep(0.02)
    await until(lambda: told(types.ToolListChangedNotification), "the change of tools")
    await c.call_tool("test_trigger_resource_change")
    await c.subscribe_resource("test://watched-resource")
    await c.call_tool("test_trigger_resource_change")
    await until(lambda: told(types.ResourceUpdatedNotification), "the change of the resource")
    assert told(types.ResourceUpdatedNotification) == 1
    await c.unsubscribe_resource("test://watched-resource")


async def check_cancellation(c):
    try:
        await c.call_tool("test_wait", {"milliseconds": 30000}, read_timeout_seconds=0.2)
    except MCPError:
        pass
    else:
        raise AssertionError("was not cancelled")
    assert text(await c.call_tool("test_simple_text"))


async def check_many_at_once(c):
    calls = [c.call_tool("test_wait", {"milliseconds": 20}) for _ in range(40)]
    assert all(text(result) == "Waited" for result in await asyncio.gather(*calls))


async def check_reconnection(c):
    if IS_HTTP and not IS_MODERN:
        assert "came back" in text(await c.call_tool("test_reconnection"))


async def main():
    seen = Seen()
    async with client(seen) as c:
        await check_negotiation(c)
        await check_tools(c)
        await check_resources_and_prompts(c)
        await check_notifications(c, seen)
        await check_input(c)
        if IS_MODERN:
            await check_replayed_state(c)
        await check_changes(c, seen)
        await check_cancellation(c)
        await check_many_at_once(c)
        await check_reconnection(c)
    print("all well")


asyncio.run(main())
