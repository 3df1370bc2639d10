#!/usr/bin/env python3
"""The Rego engine that ours is compared with: regopy, the Python interface of rego-cpp.

    rego_peer.py measure FOLDER ENTRYPOINT SECONDS   FOLDER has policy.rego, data.json and inputs.json; prints JSON
                                                     with the microseconds that a decision takes, wall and CPU
    rego_peer.py answers                             reads {"module", "input"} a line, writes {"value"} or {"error"}
"""

import json
import os
import sys
import time

import regopy


def measure(folder, entry_point, seconds):
    """Medians over rounds of a compiled bundle asked with inputs that are built already."""
    builder = regopy.Interpreter()
    with open(f"{folder}/policy.rego", encoding="utf-8") as file:
        builder.add_module("policy.rego", file.read())
    with open(f"{folder}/data.json", encoding="utf-8") as file:
        builder.add_data(json.load(file))
    with open(f"{folder}/inputs.json", encoding="utf-8") as file:
        inputs = [regopy.Input(one) for one in json.load(file)]
    bundle = builder.build("true", [entry_point])
    interpreter = regopy.Interpreter()
    rounds = []
    end = time.monotonic() + seconds
    while time.monotonic() < end or len(rounds) < 3:
        wall, cpu, count = time.monotonic(), time.process_time(), 0
        while count < 500 and time.monotonic() - wall < seconds / 5:
            interpreter.set_input(inputs[count % len(inputs)])
            interpreter.query_bundle_entrypoint(bundle, entry_point)
            count += 1
        rounds.append(((time.process_time() - cpu) / count, (time.monotonic() - wall) / count))
    middle = len(rounds) // 2
    print(
        json.dumps(
            {
                "cpu": sorted(cpu for cpu, _ in rounds)[middle] * 1e6,
                "wall": sorted(wall for _, wall in rounds)[middle] * 1e6,
            }
        )
    )


def answer(case):
    interpreter = regopy.Interpreter()
    try:
        interpreter.add_module("policy.rego", case["module"])
        interpreter.set_input(case["input"])
        output = interpreter.query("x = data.t")
        if not output.ok():
            return {"error": str(output)}
        return {"value": json.loads(str(output))["bindings"]["x"]}
    except Exception as error:  # an error is an answer, whatever its kind
        return {"error": str(error)}


def main():
    if len(sys.argv) == 5 and sys.argv[1] == "measure":
        measure(sys.argv[2], sys.argv[3], float(sys.argv[4]))
    elif sys.argv[1:] == ["answers"]:
        # The engine prints what it finds wrong with a policy.
        answers = os.fdopen(os.dup(1), "w")
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        for line in sys.stdin:
            print(json.dumps(answer(json.loads(line))), file=answers)
        answers.close()
    else:
        sys.exit(__doc__)


main()
