#!/usr/bin/env python3
"""What a tool call through the MCP gateway costs, beside the official Python SDK's server in the same run.

    mcp.py [--seconds N]

wrk calls a tool at 16 connections: one of the house's own by way of `gatehouse up` with its default policy, inspection and
the ledger; one of a server over stdio behind it; and, beside them, a tool of the Python SDK's own server, with no gateway
at all. Then 200 servers with 5,000 tools are put behind the gate. CPU is what the processes took, from /proc. Prints one
line a figure; exit 1 when a goal is missed.
"""

import argparse
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

import gateway
from gateway import ROOT, command, cpu, free_port, load, memory, start_gatehouse

PYTHON = ROOT / ".venv/bin/python"
VERSION = "2026-07-28"
SERVERS = 200

SERVER = """
import sys
from mcp.server.mcpserver import MCPServer
server = MCPServer("peer", log_level="ERROR")
@server.tool()
def echo(text: str) -> str:
    return text
server.run("streamable-http", host="127.0.0.1", port=int(sys.argv[1]), stateless_http=True, json_response=True)
"""

MANY = """
import json, sys
def tool(number):
    return {"name": f"tool_{number}", "description": "Does one thing of many.", "inputSchema": {"type": "object", "properties": {"text": {"type": "string"}}}, "annotations": {"readOnlyHint": True}}
INFO = {"name": "many", "version": "1"}
for line in sys.stdin:
    message = json.loads(line)
    method, done = message.get("method"), {"resultType": "complete", "_meta": {"io.modelcontextprotocol/serverInfo": INFO}}
    if "id" not in message:
        continue
    if method == "server/discover":
        done |= {"supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}}, "ttlMs": 0, "cacheScope": "private"}
    elif method == "tools/list":
        done |= {"tools": [tool(number) for number in range(int(sys.argv[1]))], "ttlMs": 0, "cacheScope": "private"}
    else:
        done |= {"content": [{"type": "text", "text": message["params"]["arguments"].get("text", "")}]}
    print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": done}), flush=True)
"""


def message(method, **params):
    meta = {
        "io.modelcontextprotocol/protocolVersion": VERSION,
        "io.modelcontextprotocol/clientInfo": {"name": "bench", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": {**params, "_meta": meta}})


def headers(method, name=None):
    base = {"MCP-Protocol-Version": VERSION, "Mcp-Method": method, "Accept": "application/json, text/event-stream"}
    return {**base, "Mcp-Name": name} if name else base


def call(folder, url, tool, arguments, key, seconds, pid):
    return load(
        folder, url, message("tools/call", name=tool, arguments=arguments), key, seconds, pid,
        headers=headers("tools/call", tool),
    )


def post(url, key, method):
    request = urllib.request.Request(
        url, data=message(method).encode(),
        headers={**headers(method), "Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def show(name, value, unit, reached=None, note=""):
    return gateway.show(name, value, unit, reached, note, suite="mcp")


def configure(folder, count, tools):
    (folder / "many.py").write_text(MANY)
    (folder / "gatehouse.yaml").write_text(
        "mcpServers:\n"
        + "".join(
            f"  s{number}: {{command: python3, args: ['-S', '-E', {folder}/many.py, '{tools}']}}\n"
            for number in range(count)
        )
    )


def agree(data, count):
    """Waits for the servers, and agrees to their tools as the user of this machine."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        servers = json.loads(command("mcp", "status", "--json", data=data))["servers"]
        if all(server["state"] == "ready" for server in servers):
            break
        time.sleep(0.5)
    else:
        sys.exit(f"the servers are not ready: {servers[:3]}")
    for number in range(count):
        command("mcp", "approve", f"s{number}", "--json", data=data)


def measure(folder, options, running):
    configure(folder, 1, 1)
    port, key, house = start_gatehouse(folder)
    running.append(house)
    url = f"http://127.0.0.1:{port}/mcp"
    agree(folder / "data", 1)
    rate, spent, tail = call(folder, url, "gate_session_budget", {}, key, options.seconds, house.pid)
    good = [
        show("a tool of the house's own, whole gate, CPU", f"{spent:.3f}", "ms", spent <= 0.12, "≤ 0.12"),
        show("a tool of the house's own, calls", f"{rate:.0f}", "/s", rate >= 8000, f"≥ 8000; 99th percentile {tail:.1f} ms"),
    ]
    own = spent
    # The server behind is a process below ours: it is counted apart.
    child = next(pid for pid in gateway.descendants(house.pid) if pid != house.pid)
    before = cpu(child)
    began = cpu(house.pid)
    rate, spent, _ = call(folder, url, "s0__tool_0", {"text": "hello"}, key, options.seconds, house.pid)
    theirs = (cpu(child) - before) / max(cpu(house.pid) - began, 1e-9)
    added = spent * (1 - theirs) - own
    good.append(show("what a server over stdio adds, CPU without its own", f"{added:.3f}", "ms", added <= 0.3, f"≤ 0.3; {rate:.0f} calls/s"))
    house.send_signal(signal.SIGTERM)
    house.wait(20)
    running.remove(house)
    shutil.rmtree(folder / "data")

    tools = 5000 // SERVERS
    configure(folder, SERVERS, tools)
    port, key, house = start_gatehouse(folder)
    running.append(house)
    url = f"http://127.0.0.1:{port}/mcp"
    agree(folder / "data", SERVERS)
    took = []
    for _ in range(5):
        time.sleep(6)  # lists are held for five seconds
        start = time.perf_counter()
        listed = post(url, key, "tools/list")["result"]
        took.append((time.perf_counter() - start) * 1000)
    first = sorted(took)[len(took) // 2]
    start = time.perf_counter()
    post(url, key, "tools/list")
    again = (time.perf_counter() - start) * 1000
    rest = json.loads(command("mcp", "status", "--json", data=folder / "data"))["servers"]
    approved = sum(server["approved"] for server in rest)
    note = f"≤ 20; {approved} tools of {len(rest)} servers, {len(listed['tools'])} on the page, held {again:.1f} ms"
    good.append(show("a page of the list, decided anew", f"{first:.1f}", "ms", first <= 20 and approved == 5000, note))
    alone = int(next(line for line in pathlib.Path(f"/proc/{house.pid}/status").read_text().splitlines() if line.startswith("VmHWM")).split()[1]) / 1000
    good.append(show(f"peak memory with {SERVERS} servers", f"{alone:.0f}", "MB", alone <= 250, "≤ 250, without the servers' own"))

    (folder / "peer.py").write_text(SERVER)
    port = free_port()
    peer = subprocess.Popen([PYTHON, folder / "peer.py", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    running.append(peer)
    time.sleep(4)
    rate, spent, _ = call(folder, f"http://127.0.0.1:{port}/mcp", "echo", {"text": "hello"}, "-", options.seconds, peer.pid)
    show("the Python SDK's server alone, CPU", f"{spent:.3f}", "ms", None, f"{spent / own:.1f}× ours, {rate:.0f} calls/s, {memory(peer.pid):.0f} MB")
    return all(good)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seconds", type=int, default=8)
    gateway.run(measure, arguments.parse_args())


if __name__ == "__main__":
    main()
