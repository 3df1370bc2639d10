"""A server made with the official SDK, for the client's tests: `server.py stdio` or `server.py http`.

Over HTTP it writes its address on the standard output.
"""

import asyncio
import socket
import sys
from typing import Annotated

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.resolve import Elicit, Resolve
from pydantic import BaseModel

server = MCPServer("sdk-server", version="1.2.3", instructions="for tests")


class Colour(BaseModel):
    colour: str


def ask() -> Elicit[Colour]:
    return Elicit("Which colour?", Colour)


@server.tool()
def add(a: int, b: int) -> int:
    return a + b


@server.tool()
def fail() -> str:
    raise ValueError("no such thing")


@server.tool()
async def count(to: int, ctx: Context) -> str:
    for step in range(to):
        await ctx.report_progress(step + 1, to, f"step {step + 1}")
    return "counted"


@server.tool()
async def sleep(seconds: float) -> str:
    await asyncio.sleep(seconds)
    return "slept"


@server.tool()
async def paint(answer: Annotated[Colour, Resolve(ask)]) -> str:
    return f"painted {answer.colour}"


@server.tool()
def large(size: int) -> str:
    return "x" * size


@server.resource("test://note")
def note() -> str:
    return "a note"


@server.prompt()
def greet(name: str) -> str:
    return f"Hello, {name}"


if sys.argv[1] == "stdio":
    server.run()
else:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    print(f"http://127.0.0.1:{port}/mcp", flush=True)
    server.run("streamable-http", host="127.0.0.1", port=port)
