"""Goes through the gate with the official SDK's client.

usage: mcp_gateway.py MODE URL      MODE is auto or legacy
Keys come from the environment: AGENT_KEY of the one who asks, ADMIN_KEY of the one who agrees.
"""

import asyncio
import json
import os
import sys
import urllib.request
import warnings

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

warnings.simplefilter("ignore")

MODE, ADDRESS = sys.argv[1:]


def text(result):
    return result.content[0].text


def approve(pending):
    request = urllib.request.Request(
        f"{ADDRESS}/api/v1/approvals/{pending['approval']}/approve",
        data=json.dumps({"reason": "looked at"}).encode(),
        headers={"authorization": f"Bearer {os.environ['ADMIN_KEY']}", "content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        assert answer.status == 200


async def exercise(client):
    names = [tool.name for tool in (await client.list_tools()).tools]
    assert {"notes__read_note", "web__read_note", "notes__write_note", "gate_session_budget"} <= set(names), names

    for server in ("notes", "web"):
        read = await client.call_tool(f"{server}__read_note", {"name": "a"})
        assert not read.is_error and text(read) == "first note", read

        address = f"mcp://{server}/notes://all"
        assert address in [str(resource.uri) for resource in (await client.list_resources()).resources]
        templates = [template.uri_template for template in (await client.list_resource_templates()).resource_templates]
        assert f"mcp://{server}/notes://note/{{name}}" in templates, templates
        whole = (await client.read_resource(address)).contents[0]
        assert whole.text.startswith("a") and str(whole.uri) == address, whole
        one = (await client.read_resource(f"mcp://{server}/notes://note/a")).contents[0]
        assert one.text == "first note", one
        assert f"{server}__summarise" in [prompt.name for prompt in (await client.list_prompts()).prompts]
        prompt = await client.get_prompt(f"{server}__summarise", {"name": "a"})
        assert prompt.messages[0].content.text == "Summarise the note a.", prompt

    own = await client.call_tool("gate_session_budget", {})
    assert own.structured_content["session"]["id"].startswith("ses_"), own

    failed = await client.call_tool("notes__fail", {})
    assert failed.is_error and "fail" in text(failed), failed

    poisoned = await client.call_tool("notes__fetch_page", {})
    assert poisoned.is_error and "id_rsa" not in text(poisoned) and "withheld" in text(poisoned), poisoned

    arguments = {"name": f"b-{MODE}", "text": "second"}
    asked = await client.call_tool("notes__write_note", arguments)
    assert asked.is_error and "Nothing has been done yet" in text(asked), asked
    pending = asked.meta["gatehouse/pending"]
    again = await client.call_tool("notes__write_note", arguments)
    assert again.meta["gatehouse/pending"]["action"] == pending["action"], again
    unwritten = await client.call_tool("notes__read_note", {"name": arguments["name"]})
    assert text(unwritten) == "there is no such note", unwritten
    approve(pending)
    done = await client.call_tool("notes__write_note", arguments)
    assert not done.is_error and text(done) == f"wrote b-{MODE}", done

    try:
        await client.call_tool("notes__unheard_of", {})
    except MCPError as error:
        assert error.error.code == -32602, error
    else:
        raise AssertionError("a tool that there is not was called")


async def main():
    headers = {"authorization": f"Bearer {os.environ['AGENT_KEY']}"}
    async with httpx2.AsyncClient(headers=headers, timeout=120) as http:
        transport = streamable_http_client(f"{ADDRESS}/mcp", http_client=http)
        async with Client(transport, mode=MODE) as client:
            await exercise(client)
    print("done")


asyncio.run(asyncio.wait_for(main(), 100))
