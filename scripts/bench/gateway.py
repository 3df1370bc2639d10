#!/usr/bin/env python3
"""What a call through the model gateway costs, beside LiteLLM in the same run.

    gateway.py [--seconds N] [--without-peer]

nginx plays the provider: it answers every call with the same completion, whole or as 63 server-sent events. wrk calls it
at first directly, then by way of `gatehouse up` with its default policy, full detection and the ledger, then by way of
LiteLLM without any masking. CPU is what the gateway's processes took, from /proc. Prints one line a figure; exit 1 when
a goal is missed.
"""

import argparse
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
GATEHOUSE = ROOT / ".build/release/gatehouse"
LITELLM = ROOT / ".venv-peer/bin/litellm"
CONNECTIONS = 16
CHUNKS = 63
CALLS = 100_000
SLOW_STREAMS = 1000
PROSE = (
    "The harbour was quiet in the morning, and the boats lay where the tide had left them. Nobody had expected the "
    "weather to turn so soon, yet by noon the wind had gone round to the north and the water was grey. "
)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def request(model, stream):
    text = (PROSE * 6)[:820]
    body = {
        "model": model,
        "messages": [
            {"role": "system", "content": "You answer in one paragraph."},
            {"role": "user", "content": text},
        ],
        "max_tokens": 256,
    }
    if stream:
        body["stream"] = True
    return json.dumps(body)


def completion():
    answer = {
        "id": "chatcmpl-bench",
        "object": "chat.completion",
        "created": 1763000000,
        "model": "bench",
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": PROSE * 3}, "finish_reason": "stop"}
        ],
        "usage": {"prompt_tokens": 190, "completion_tokens": 130, "total_tokens": 320},
    }
    return json.dumps(answer)


def events():
    head = {"id": "chatcmpl-bench", "object": "chat.completion.chunk", "created": 1763000000, "model": "bench"}
    words = (PROSE * 3).split(" ")
    lines = []
    for at in range(CHUNKS - 1):
        delta = {"role": "assistant", "content": ""} if at == 0 else {"content": words[at % len(words)] + " "}
        lines.append({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
    lines.append({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    return "".join(f"data: {json.dumps(line)}\n\n" for line in lines) + "data: [DONE]\n\n"


def start_nginx(folder):
    port = free_port()
    (folder / "plain.json").write_text(completion())
    (folder / "stream.txt").write_text(events())
    (folder / "slow.txt").write_text(events())
    (folder / "nginx.conf").write_text(
        f"""
        worker_processes 1;
        daemon off;
        pid {folder}/nginx.pid;
        error_log {folder}/nginx.log;
        events {{ worker_connections 4096; }}
        http {{
            access_log off;
            keepalive_requests 100000000;
            client_body_temp_path {folder}/body;
            proxy_temp_path {folder}/proxy;
            fastcgi_temp_path {folder}/fastcgi;
            uwsgi_temp_path {folder}/uwsgi;
            scgi_temp_path {folder}/scgi;
            server {{
                listen 127.0.0.1:{port};
                error_page 405 =200 $uri;
                location /otlp/ {{ default_type application/json; return 200 '{{}}'; }}
                location /plain/ {{ rewrite ^ /plain.json last; }}
                location /stream/ {{ rewrite ^ /stream.txt last; }}
                location /slow/ {{ rewrite ^ /slow.txt last; }}
                location = /plain.json {{ root {folder}; default_type application/json; types {{}} }}
                location = /stream.txt {{ root {folder}; default_type text/event-stream; types {{}} }}
                location = /slow.txt {{ root {folder}; default_type text/event-stream; types {{}} limit_rate 2048; }}
            }}
        }}
        """
    )
    return port, subprocess.Popen(["/usr/sbin/nginx", "-c", f"{folder}/nginx.conf", "-e", f"{folder}/nginx.log"])


def configure(folder, upstream, telemetry=False):
    provider = "{{kind: openai, url: 'http://127.0.0.1:{}/{}/v1', key: bench, per_minute: 1000000, concurrent: 2000}}"
    (folder / "gatehouse.yaml").write_text(
        "models:\n  providers:\n"
        f"    plain: {provider.format(upstream, 'plain')}\n"
        f"    stream: {provider.format(upstream, 'stream')}\n"
        f"    slow: {provider.format(upstream, 'slow')}\n"
        f"server:\n  limits: {{connections: {SLOW_STREAMS + 100}}}\n"
        + (f"telemetry: {{otlp: {{endpoint: 'http://127.0.0.1:{upstream}/otlp'}}}}\n" if telemetry else "")
    )


def start_gatehouse(folder, role="developer"):
    """With the configuration in the folder; a port, the key of a service with that role, and the process."""
    port = free_port()
    data = folder / "data"
    log = open(folder / "gatehouse.log", "w", encoding="utf-8")
    run = subprocess.Popen(
        [GATEHOUSE, "up", "--data", data, "--listen", f"127.0.0.1:{port}", "--config", folder / "gatehouse.yaml"],
        stdout=log,
        stderr=log,
    )
    wait_for(f"http://127.0.0.1:{port}/readyz", run, folder / "gatehouse.log")
    command("key", "add-principal", "bench", "--kind", "service", "--role", role, data=data)
    principal = json.loads(command("key", "principals", "--json", data=data))["principals"][0]["id"]
    key = command("key", "create", principal, "--name", "bench", data=data).strip()
    return port, key, run


def command(*arguments, data):
    return subprocess.run(
        [GATEHOUSE, *arguments, "--data", data], check=True, capture_output=True, text=True
    ).stdout


def start_litellm(folder, upstream):
    port = free_port()
    models = [
        {
            "model_name": name,
            "litellm_params": {
                "model": "openai/bench",
                "api_base": f"http://127.0.0.1:{upstream}/{name}/v1",
                "api_key": "bench",
            },
        }
        for name in ("plain", "stream")
    ]
    (folder / "litellm.json").write_text(json.dumps({"model_list": models}))
    log = open(folder / "litellm.log", "w", encoding="utf-8")
    key = f"sk-{secrets.token_hex(32)}"
    run = subprocess.Popen(
        [LITELLM, "--config", folder / "litellm.json", "--host", "127.0.0.1", "--port", str(port), "--num_workers", "1"],
        stdout=log,
        stderr=log,
        env={**os.environ, "LITELLM_LOG": "ERROR", "LITELLM_MASTER_KEY": key},
    )
    wait_for(f"http://127.0.0.1:{port}/health/liveliness", run, folder / "litellm.log")
    return port, key, run


def wait_for(url, process, log, seconds=90):
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2)
            return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"{url} does not answer:\n{log.read_text()[-2000:]}")


def descendants(pid):
    """A process and all below it."""
    found = [pid]
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += descendants(int(child))
    return found


def cpu(pid):
    ticks = 0
    for each in descendants(pid):
        fields = pathlib.Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(pid, kind="VmRSS"):
    """Megabytes: now, or VmHWM at most."""
    total = 0
    for each in descendants(pid):
        status = pathlib.Path(f"/proc/{each}/status").read_text()
        total += next(int(line.split()[1]) for line in status.splitlines() if line.startswith(kind))
    return total / 1000


WRK = """
wrk.method = "POST"
wrk.body = io.open(os.getenv("BENCH_BODY")):read("*a")
wrk.headers["content-type"] = "application/json"
wrk.headers["authorization"] = "Bearer " .. os.getenv("BENCH_KEY")
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format("\\nRESULT %d %d %d %d\\n", summary.requests, summary.duration,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(99)))
end
"""


def load(folder, url, body, key, seconds, pid=None, connections=CONNECTIONS, headers=None):
    """Requests a second, CPU milliseconds a request, 99th percentile in milliseconds."""
    (folder / "body.json").write_text(body)
    more = "".join(f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}\n" for name, value in (headers or {}).items())
    (folder / "wrk.lua").write_text(WRK + more)
    environment = {**os.environ, "BENCH_BODY": str(folder / "body.json"), "BENCH_KEY": key}

    def once(duration):
        before = cpu(pid) if pid else 0
        out = subprocess.run(
            ["wrk", "-t", "1", "-c", str(connections), "--timeout", "60", "-d", f"{duration:.0f}s", "-s", folder / "wrk.lua", url],
            check=True,
            capture_output=True,
            text=True,
            env=environment,
        ).stdout
        spent = (cpu(pid) if pid else 0) - before
        line = next(line for line in out.splitlines() if line.startswith("RESULT"))
        requests, microseconds, errors, tail = (int(word) for word in line.split()[1:])
        return requests, errors, (requests / microseconds * 1e6, spent / max(requests, 1) * 1000, tail / 1000)

    once(2)
    requests, errors, figures = once(seconds)
    if errors or not requests:
        sys.exit(f"{url}: {errors} of {requests} calls failed")
    return figures


def telemetry(folder, upstream, url, key, gatehouse, seconds):
    """CPU milliseconds that telemetry takes of a chat: without and with it in turn, the median of the differences."""
    added = []
    for _ in range(5):
        spent = []
        for is_on in (False, True):
            configure(folder, upstream, is_on)
            gatehouse.send_signal(signal.SIGHUP)
            time.sleep(0.5)
            spent.append(load(folder, url, request("plain/bench", False), key, seconds / 2, gatehouse.pid)[1])
        added.append(spent[1] - spent[0])
    configure(folder, upstream)
    gatehouse.send_signal(signal.SIGHUP)
    return sorted(added)[len(added) // 2]


def show(name, value, unit, reached=None, note="", suite="gateway"):
    mark = {None: "    ", True: "ok  ", False: "MISS"}[reached]
    print(f"{mark} {suite}: {name:58} {value:>10} {unit:14} {note}", flush=True)
    return reached is not False


def run(measure, options):
    """Measures in a folder that goes again, ends what was started, and exits with 1 when a goal is missed."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-bench-"))
    folder.chmod(0o755)  # nginx gives up root, and its files must be readable then
    running = []
    try:
        sys.exit(0 if measure(folder, options, running) else 1)
    finally:
        for process in reversed(running):
            process.send_signal(signal.SIGTERM)
        for process in running:
            process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seconds", type=int, default=8)
    arguments.add_argument("--without-peer", action="store_true")
    run(measure, arguments.parse_args())


def measure(folder, options, running):
    upstream, nginx = start_nginx(folder)
    running.append(nginx)
    time.sleep(0.5)
    direct = {
        name: load(folder, f"http://127.0.0.1:{upstream}/{name}/v1/chat/completions", request(name, name == "stream"), "-", 3)
        for name in ("plain", "stream")
    }
    configure(folder, upstream)
    port, key, gatehouse = start_gatehouse(folder)
    running.append(gatehouse)
    url = f"http://127.0.0.1:{port}/v1/chat/completions"
    ours = {
        name: load(folder, url, request(f"{name}/bench", name == "stream"), key, options.seconds, gatehouse.pid)
        for name in ("plain", "stream")
    }
    peak = memory(gatehouse.pid, "VmHWM")
    rate, spent, tail = ours["plain"]
    good = [
        show("a chat of 1 KB, CPU", f"{spent:.3f}", "ms", spent <= 0.15, "≤ 0.15"),
        show("a chat of 1 KB, requests", f"{rate:.0f}", "/s", rate >= 8000, "≥ 8000, load generator and nginx on the same cores"),
        show("99th percentile added at 16 connections", f"{tail - direct['plain'][2]:.2f}", "ms",
             tail - direct["plain"][2] <= 2, f"≤ 2; nginx alone {direct['plain'][2]:.2f} ms"),
        show(f"a streamed answer of {CHUNKS} events, CPU", f"{ours['stream'][1]:.3f}", "ms", ours["stream"][1] <= 0.6, "≤ 0.6"),
        show("peak memory", f"{peak:.0f}", "MB", peak <= 120, "≤ 120"),
    ]
    added = telemetry(folder, upstream, url, key, gatehouse, options.seconds)
    good.append(show("what telemetry adds to a chat, its sending included, CPU", f"{added * 1000:.1f}", "µs", added <= 0.02, "≤ 20"))
    before = memory(gatehouse.pid)
    load(folder, url, request("plain/bench", False), key, CALLS / rate + 1, gatehouse.pid)
    after = memory(gatehouse.pid)
    good.append(show(f"memory after {CALLS:,} further calls", f"{after:.0f}", "MB", after <= before * 1.1, f"{before:.0f} before"))
    load(folder, url, request("slow/bench", True), key, 10, gatehouse.pid, SLOW_STREAMS)
    peak = memory(gatehouse.pid, "VmHWM")
    good.append(show(f"peak memory with {SLOW_STREAMS:,} slow streams at once", f"{peak:.0f}", "MB", peak <= 240, "≤ 240"))
    if not options.without_peer:
        if not LITELLM.exists():
            sys.exit("LiteLLM is missing: run scripts/setup.sh bench-gateway")
        port, key, peer = start_litellm(folder, upstream)
        running.append(peer)
        url = f"http://127.0.0.1:{port}/v1/chat/completions"
        for name in ("plain", "stream"):
            theirs = load(folder, url, request(name, name == "stream"), key, options.seconds, peer.pid)
            ratio = theirs[1] / ours[name][1]
            good.append(show(f"LiteLLM without masking, {name}, CPU", f"{theirs[1]:.2f}", "ms", ratio >= 40,
                             f"{ratio:.0f}× ours (≥ 40), {theirs[0]:.0f} requests/s, 99th percentile {theirs[2]:.0f} ms"))
    return all(good)


if __name__ == "__main__":
    main()
