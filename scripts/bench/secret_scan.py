#!/usr/bin/env python3
"""What looking for secrets in a source tree costs, beside detect-secrets in the same run.

    secret_scan.py [--tree FOLDER] [--without-peer]

`gatehouse assess` is measured as a command, with all that it does: opening its house, the gate, the ledger, the report. CPU is
user and system time of the process and its children. Without a folder, the sources of one of our dependencies are taken,
and the peer needs minutes for them. Prints one line a figure; exit 1 when a goal is missed.
"""

import argparse
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from gateway import GATEHOUSE, ROOT, show  # noqa: E402

PEER = ROOT / ".venv-secrets/bin/detect-secrets"


def spent(*command, **options):
    """CPU seconds of a command, and what it wrote."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run([str(each) for each in command], check=True, capture_output=True, **options).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, out


def copied(tree, folder):
    """Without git, so that both read the same files; its size in bytes."""
    shutil.copytree(tree, folder, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file() and not each.is_symlink())


def ours(folder, data):
    times = []
    for _ in range(3):
        seconds, out = spent(GATEHOUSE, "assess", folder, "--format", "json", "--quiet", "--data", data)
        times.append(seconds)
    report = json.loads(out)
    return min(times), len(report["findings"]), report["could_not_check_count"]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--tree", type=pathlib.Path, default=ROOT / ".build/checkouts/swift-crypto")
    arguments.add_argument("--without-peer", action="store_true")
    options = arguments.parse_args()
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-bench-"))
    try:
        size = copied(options.tree, scratch / "tree")
        seconds, findings, unchecked = ours(scratch / "tree", scratch / "data")
        note = f"{size / 1e6:.1f} MB, {findings} findings, {unchecked} could not be checked"
        good = [show("gatehouse assess, the whole command, CPU", f"{seconds:.2f}", "s", None, note, suite="secrets")]
        if not options.without_peer:
            if not PEER.exists():
                sys.exit("detect-secrets is missing: run scripts/setup.sh bench-secrets")
            theirs, out = spent(PEER, "scan", "--all-files", ".", cwd=scratch / "tree", env={**os.environ, "LC_ALL": "C.UTF-8"})
            count = sum(len(each) for each in json.loads(out)["results"].values())
            ratio = theirs / max(seconds, 1e-9)
            good.append(show("detect-secrets over the same, CPU", f"{theirs:.2f}", "s", ratio >= 100,
                             f"{ratio:.0f}× ours (≥ 100), {count} findings", suite="secrets"))
        sys.exit(0 if all(good) else 1)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
