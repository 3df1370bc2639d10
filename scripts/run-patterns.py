#!/usr/bin/env python3
"""Runs the three patterns on a copy of a repository, without a model and with a scripted one, and writes what was seen.

    run-patterns.py REPOSITORY [--gatehouse PROGRAM] [--write docs/run-records.md]

The copy gets flaws of this script's making: a secret, a package with a published flaw, an open security group, a command
made of what a request says. A house of its own, with data of its own, runs each pattern on it; one principal starts it,
another agrees to what it asks. The scripted model is a server with OpenAI's API in this process: it looks once where it
may, and adds words to what the procedure found. Figures go to the file, nothing of the repository's texts. Exit 1 when a
run does not end well, or when the secret came to the model.
"""

import argparse
import contextlib
import filecmp
import http.client
import http.server
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
AGENTS = ["explorer", "librarian", "oracle", "fixer", "council", "designer"]
# Each with whether it is taken back afterwards.
RUNS = [
    ("continuous-assessment", False),
    ("continuous-assessment", True),
    ("incident-response", False),
    ("compliance", False),
]
# In pieces, so that nobody who scans this file finds a token in it.
SECRET = "glpat" + "-" + "w4Nk8TzQ2v" + "LmX6rBp9Hs"
PLANTED = {
    "planted/app.py": 'from flask import Flask, request\nimport subprocess\n\napp = Flask(__name__)\n\n\n@app.route("/ping")\n'
    'def ping():\n    return subprocess.check_output("ping " + request.args["host"], shell=True)\n',
    "planted/settings.py": f'import sys\n\nGITLAB_TOKEN = "{SECRET}"\n',
    "planted/requirements.txt": "Django==4.2.1\n",
    "planted/main.tf": 'resource "aws_security_group" "admin" {\n  ingress {\n    from_port   = 22\n    to_port     = 22\n'
    '    protocol    = "tcp"\n    cidr_blocks = ["0.0.0.0/0"]\n  }\n}\n',
}
# Under the names and versions of its publication.
ADVISORY = {
    "id": "GHSA-7h4p-27mh-hmrw",
    "aliases": ["CVE-2023-41164"],
    "summary": "Denial of service in uri_to_iri",
    "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}],
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "django"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "4.2.5"}]}],
        }
    ],
}
SETUP = """package gatehouse.custom

allow contains {"rule": "setup", "reason": "the house is being set up"} if input.action.tool == "gate.principal.add"
"""


class Model(http.server.BaseHTTPRequestHandler):
    """A model that does as it is told. Its path begins with the agent's name."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        text = self.rfile.read(int(self.headers["content-length"])).decode()
        agent = self.path.split("/")[1]
        self.server.asked.append((agent, text))
        body = json.loads(text)
        message = {"role": "assistant", **self.answer(body)}
        answer = {
            "id": "c",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            # Roughly what a model would count.
            "usage": usage(len(text) // 4, len(json.dumps(message)) // 4),
        }
        data = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def answer(self, body):
        found = self.found(body)
        if found is None:
            return {"content": json.dumps({"value": "approve", "reason": "each change was shown to help"})}
        offered = [tool["function"]["name"] for tool in body.get("tools", [])]
        if "findings-list" in offered and not any(m["role"] == "tool" for m in body["messages"]):
            call = {"name": "findings-list", "arguments": json.dumps({"limit": 5})}
            return {"content": None, "tool_calls": [{"id": "c", "type": "function", "function": call}]}
        if "markdown" in found:
            return {"content": json.dumps({"markdown": found["markdown"] + "\n\nRead by a scripted model.\n"})}
        if "summary" in found:
            return {"content": json.dumps({"summary": "As the procedure says: " + found["summary"]})}
        gap = {"about": "judgement", "reason": "a scripted model has looked at it"}
        return {"content": json.dumps({"gaps": found["gaps"] + [gap]})}

    @staticmethod
    def found(body):
        opening = body["messages"][1]["content"]
        mark = "⟦data of the procedure⟧\n"
        if mark not in opening:
            return None
        return json.loads(opening.split(mark)[1].split("\n⟦end of data⟧")[0])

    def log_message(self, *_):
        pass


def usage(asked, said):
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


@contextlib.contextmanager
def model():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


class Local(http.client.HTTPConnection):
    """Over the house's own socket, as the user of this machine who runs this."""

    def __init__(self, data):
        super().__init__("localhost", timeout=600)
        self.path = str(data / "gatehouse.sock")

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class House:
    """One that runs. An agent with a key asks over the network; the user of this machine agrees."""

    def __init__(self, program, folder, server):
        self.program, self.folder, self.data = program, folder, folder / "data"
        # Who may change things is added by two people; there is one here, who says so to the first house.
        (folder / "setup.rego").write_text(SETUP)
        self.start({"policy": {"paths": [str(folder / "setup.rego")]}})
        self.key = self.principal("asker", "agent", "operator")
        self.stop()
        self.start(configuration(folder, server))
        advisory = {**ADVISORY, "modified": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
        (folder / "osv/PyPI").mkdir(parents=True)
        (folder / f"osv/PyPI/{ADVISORY['id']}.json").write_text(json.dumps(advisory))
        self.command("advisories", "import", folder / "osv")

    def start(self, settings):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        file, self.log = self.folder / "gatehouse.yaml", self.folder / "gatehouse.log"
        file.write_text(json.dumps(settings))
        with open(self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [self.program, "up", "--data", self.data, "--listen", f"127.0.0.1:{self.port}", "--config", file],
                stdout=log,
                stderr=log,
            )
        self.wait()

    def wait(self):
        for _ in range(900):
            if self.process.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2)
                return
            except OSError:
                time.sleep(0.1)
        sys.exit(f"the house does not answer:\n{self.log.read_text()[-2000:]}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.process.terminate()
        self.process.wait(60)

    def command(self, *arguments):
        done = subprocess.run([self.program, *arguments, "--data", self.data], capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"gatehouse {' '.join(map(str, arguments))}: {done.stderr}")
        return done.stdout

    def principal(self, name, kind, role):
        self.command("key", "add-principal", name, "--kind", kind, "--role", role)
        known = json.loads(self.command("key", "principals", "--json"))["principals"]
        found = next(principal["id"] for principal in known if principal["name"] == name)
        return self.command("key", "create", found, "--name", "run").strip()

    def call(self, connection, method, path, body=None):
        headers = {"content-type": "application/json"}
        if not isinstance(connection, Local):
            headers["authorization"] = f"Bearer {self.key}"
        with contextlib.closing(connection):
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            if answer.status >= 300:
                sys.exit(f"{method} {path}: {answer.status} {text[:2000]}")
            return json.loads(text)

    def look(self, path):
        return self.call(Local(self.data), "GET", path)

    def agree(self, approval):
        self.call(Local(self.data), "POST", f"/api/v1/approvals/{approval}/approve", {"reason": "looked at"})

    def act(self, tool, target, arguments):
        network = http.client.HTTPConnection("127.0.0.1", self.port, timeout=3600)
        body = {"tool": tool, "target": target, "arguments": arguments}
        return self.call(network, "POST", "/api/v1/actions", body)

    def status(self, run):
        arguments = {"run": run, "journal": True, "limit": 1000}
        return self.act("workflow.status", f"run:{run}", arguments)["answer"]

    def records(self, since):
        """What was recorded from an index on; the API has the newest first."""
        found, place = [], "/api/v1/ledger?limit=1000"
        while True:
            page = self.look(place)
            new = [entry for entry in page["entries"] if int(entry["index"]) >= since]
            found += [entry["payload"] for entry in new if isinstance(entry.get("payload"), dict)]
            if len(new) < len(page["entries"]) or not page.get("next"):
                return found[::-1]
            place = f"/api/v1/ledger?limit=1000&before={page['next']}"

    def size(self):
        newest = self.look("/api/v1/ledger?limit=1")["entries"]
        return int(newest[0]["index"]) + 1 if newest else 0


def configuration(folder, server):
    base = {"assess": {"roots": [str(folder / "copy")]}, "local_users": {str(os.getuid()): ["admin", "security_lead"]}}
    if server is None:
        return base
    at = f"http://127.0.0.1:{server.server_port}"
    # A repository's authors and addresses are personal data: who may see them is for whoever runs a house to say.
    common = {"kind": "openai-compatible", "key": "k", "clearance": ["untrusted", "pii"]}
    providers = {f"of-{name}": {**common, "url": f"{at}/{name}/v1"} for name in AGENTS}
    agents = {name: {"model": f"of-{name}/m"} for name in AGENTS if name != "council"}
    agents["council"] = {"models": ["of-council/one", "of-council/two"]}
    price = {"input": "2.50 USD", "output": "15 USD"}
    return {**base, "models": {"providers": providers, "fallback_price": price}, "agents": agents}


class Copy:
    """What the patterns run on: the repository with the flaws, and another copy of that to compare with."""

    def __init__(self, repository, folder):
        self.path, self.planted = folder / "copy", folder / "planted"
        shutil.copytree(repository, self.planted, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        for name, text in PLANTED.items():
            (self.planted / name).parent.mkdir(exist_ok=True)
            (self.planted / name).write_text(text)

    def renew(self, without=()):
        shutil.rmtree(self.path, ignore_errors=True)
        shutil.copytree(self.planted, self.path, symlinks=True)
        for name in without:
            (self.path / name).unlink()

    def changed(self, without=()):
        """How many files are not as they were."""
        files = [file.relative_to(self.planted) for file in self.planted.rglob("*") if file.is_file()]
        return sum(
            str(file) not in without and not filecmp.cmp(self.planted / file, self.path / file, shallow=False)
            for file in files
        )


def agree(house, seen):
    for approval in house.look("/api/v1/approvals?state=waiting")["approvals"]:
        seen.append(approval["tool"])
        house.agree(approval["id"])


def follow(house, run, ends, seen):
    """Until the run has come to an end; agrees to what it asks meanwhile."""
    while True:
        runs = house.act("workflow.runs", "workflow:all", {"limit": 10})["answer"]["runs"]
        state = next(one["state"] for one in runs if one["run"] == run)
        if state in ends:
            return house.status(run)
        if state in ("stuck", "failed", "cancelled"):
            sys.exit(f"{run} is {state}: {json.dumps(house.status(run))[:4000]}")
        agree(house, seen)
        time.sleep(0.2)


def play(house, pattern, copy, takes_back=False):
    # What a secret was taken out of cannot be put back: nobody has kept it.
    without = ["planted/settings.py"] if takes_back else []
    copy.renew(without)
    inputs = {"path": str(copy.path)}
    if pattern == "incident-response":
        inputs["title"] = "A token was pushed"
    since, seen, began = house.size(), [], time.monotonic()
    begun = house.act("workflow.run", f"workflow:{pattern}", {"workflow": pattern, "inputs": inputs})
    run = begun["answer"]["run"]
    status = follow(house, run, {"succeeded"}, seen)
    record = {
        "pattern": pattern,
        "status": status,
        "seconds": time.monotonic() - began,
        "approvals": seen,
        "changed": copy.changed(without),
        "records": house.records(since),
    }
    if takes_back:
        record["undo"] = undo(house, run)
        record["undo"]["left"] = copy.changed(without)
    return record


def undo(house, run):
    seen, began = [], time.monotonic()
    house.act("workflow.undo", f"run:{run}", {"run": run, "reason": "the record shows it"})
    status = follow(house, run, {"undone"}, seen)
    return {"state": status["state"], "seconds": time.monotonic() - began, "asked": len(seen)}


def times(status):
    """Seconds from the beginning of each step's first attempt to its end."""
    begun, took = {}, {}
    for entry in status["journal"]:
        step, kind, at = entry.get("step"), entry.get("kind"), entry.get("time")
        if kind == "begun" and not entry.get("is_undo"):
            begun.setdefault(step, at)
        if kind == "ended" and step in begun and not entry.get("is_undo"):
            took[step] = seconds(at) - seconds(begun[step])
    return took


def first_asked(status):
    """Seconds from the beginning of a run until it waits for people."""
    waiting = next(entry["time"] for entry in status["journal"] if entry["kind"] == "waiting")
    return seconds(waiting) - seconds(status["started"])


def seconds(text):
    whole, _, fraction = text.rstrip("Z").partition(".")
    return time.mktime(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) + float(f"0.{fraction or 0}")


def spent(records):
    """What the ledger says of each agent's work, by the step that asked for it."""
    found = {}
    for entry in records:
        if entry.get("tool") == "agents.run" and entry.get("type") == "outcome":
            step = entry.get("reason", "").split(" ")[1]
            found[step] = entry.get("facts", {})
    return found


def table(record):
    status, facts, took = record["status"], spent(record["records"]), times(record["status"])
    made = status["outputs"]["made_by"]
    lines = ["| step | state | by | calls | tokens | cost in USD | seconds |", "|---|---|---|---|---|---|---|"]
    for step in status["steps"]:
        fact, name = facts.get(step["id"], {}), step["id"]
        who = {"procedure": "procedure", "model": f"model `{fact.get('model')}`", None: ""}[fact.get("by")]
        if not who and step["state"] == "succeeded":
            who = "people" if step["id"] in ("agree", "declare", "sign") else "`scan.apply_fix`"
        agent = f" ({fact['agent']})" if fact else ""
        cost = f"{fact['money_micros'] / 1e6:.4f}" if fact.get("money_micros") else ""
        cells = [name + agent, step["state"], who, fact.get("steps", ""), fact.get("tokens") or "", cost]
        cells.append(f"{took[name]:.1f}" if name in took else "")
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    reasons = sorted({part["why"] for part in made.values() if part and part["why"]})
    return lines + [f"\nThe procedure's output stands, since: {reason}." for reason in reasons]


def account(record, mode, assess):
    outputs, entries = record["status"]["outputs"], record["records"]
    back = ", taken back" if "undo" in record else ""
    lines = [f"### {record['pattern']}{back}, {mode}", "", *table(record), ""]
    tools = {}
    for entry in entries:
        if entry.get("type") == "outcome" and entry.get("state") == "done":
            tools[entry["tool"]] = tools.get(entry["tool"], 0) + 1
    tools.pop("workflow.status", None)
    tools.pop("workflow.runs", None)
    lines.append(f"From first to last {record['seconds']:.1f} s; {len(entries)} entries in the ledger. Done: ")
    lines[-1] += ", ".join(f"`{name}` {count}" for name, count in sorted(tools.items())) + "."
    asked = first_asked(record["status"])
    lines.append(f"People were first asked after {asked:.1f} s; `scan.assess` alone takes {assess:.1f} s.")
    asked = ", ".join(f"`{tool}`" for tool in record["approvals"]) or "nothing"
    lines.append(f"Agreed to by another principal than the one that asked: {asked}.")
    if "before" in outputs:
        lines.append(
            f"Findings {outputs['before']} before and {outputs['after']} after, risk {outputs['risk']} and "
            f"{outputs['risk_left']}, score {outputs['score']} and {outputs['score_left']}; {record['changed']} files changed."
        )
    if "contained" in outputs:
        lines.append(
            f"Declared: {outputs['declared']}, contained: {outputs['contained']}, risk {outputs['risk']}; "
            f"{len(outputs['timeline'])} events in the timeline, {record['changed']} files changed."
        )
    if "signed" in outputs:
        lines.append(
            f"Signed: {outputs['signed']}, risk {outputs['risk']}, {len(outputs['not_met'])} controls not met; "
            f"{record['changed']} files changed."
        )
    if "undo" in record:
        back = record["undo"]
        lines.append(
            f"Taken back by `workflow.undo`: {back['state']} after {back['seconds']:.1f} s, agreed to {back['asked']} times, "
            f"{back['left']} files still changed."
        )
    return lines + [""]


def compare(house, copy):
    """Seconds of `gatehouse assess` alone, the better of two, in the same house."""
    best = float("inf")
    for _ in range(2):
        copy.renew()
        began = time.monotonic()
        house.act("scan.assess", f"repo:{copy.path}", {"path": str(copy.path)})
        best = min(best, time.monotonic() - began)
    return best


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("repository", type=pathlib.Path)
    parser.add_argument("--gatehouse", type=pathlib.Path, default=ROOT / ".build/release/gatehouse")
    parser.add_argument("--write", type=pathlib.Path)
    arguments = parser.parse_args()
    lines, leaked = [], False
    with model() as server:
        for mode, upstream in (("without a model", None), ("with a scripted model", server)):
            with tempfile.TemporaryDirectory(prefix="gh-", dir="/tmp") as folder:
                folder = pathlib.Path(folder)
                copy = Copy(arguments.repository, folder)
                with House(arguments.gatehouse.resolve(), folder, upstream) as house:
                    assess = compare(house, copy)
                    for pattern, takes_back in RUNS:
                        record = play(house, pattern, copy, takes_back)
                        lines += account(record, mode, assess)
                        print(f"{pattern}, {mode}: {record['seconds']:.1f} s", flush=True)
                verified = house.command("ledger", "verify").strip().splitlines()
                print(f"ledger, {mode}: {verified[0] if verified else 'sound'}", flush=True)
        leaked = any(SECRET in text for _, text in server.asked)
        size = sum(len(text) for _, text in server.asked)
        lines.append(
            f"The scripted model was asked {len(server.asked)} times, {size / 1e6:.2f} MB in all; the planted secret was "
            f"{'' if leaked else 'not '}in what it got."
        )
    build = "debug" if "debug" in str(arguments.gatehouse.resolve()) else "release"
    lines.append(f"{time.strftime('%Y-%m-%d')}, {build} build, {os.cpu_count()} cores.")
    report = "\n".join(lines) + "\n"
    if arguments.write:
        head, _, _ = arguments.write.read_text().partition("<!-- figures -->\n")
        arguments.write.write_text(f"{head}<!-- figures -->\n\n{report}")
    else:
        print(report)
    sys.exit(1 if leaked else 0)


if __name__ == "__main__":
    main()
