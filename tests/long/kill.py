#!/usr/bin/env python3
"""Kills a batch at random instants and checks that the outputs, once it was let finish, equal those of an uninterrupted run.

Usage: kill.py BINARY [--kills 50] [--reports 4000] [--seed 1]
Standard library only; the reports come from corpora/generator. Prints a line a kill and ends with `N passed, N failed`.
"""
import argparse
import filecmp
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
GENERATOR = os.path.join(HERE, "..", "..", "corpora", "generator", "generate.py")
OUTPUTS = ["reports.jsonl", "labs.csv", "findings.csv", "summary.csv", "summary.json", "failures.jsonl", "report.html"]


def batch(binary, source, out):
    return subprocess.Popen([binary, "batch", source, "-o", out, "--resume"], stderr=subprocess.PIPE, text=True)


def same(left, right):
    return [name for name in OUTPUTS if not filecmp.cmp(os.path.join(left, name), os.path.join(right, name), shallow=False)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--reports", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    chance = random.Random(wanted.seed)
    folder = tempfile.mkdtemp(prefix="bingli-kill-")
    try:
        source = os.path.join(folder, "reports.jsonl")
        subprocess.run([sys.executable, GENERATOR, "--seed", str(wanted.seed), "--count", str(wanted.reports), "-o", source], check=True)
        with open(source, "a", encoding="utf-8") as more:
            more.write('{"id": "broken"\n{"id": "without-text"}\n')
        whole = os.path.join(folder, "whole")
        began = time.monotonic()
        batch(wanted.binary, source, whole).communicate()
        duration = time.monotonic() - began
        passed = failed = kills = 0
        while kills < wanted.kills:
            out = os.path.join(folder, "out")
            shutil.rmtree(out, ignore_errors=True)
            killed_here = 0
            while True:
                run = batch(wanted.binary, source, out)
                try:
                    run.communicate(timeout=chance.uniform(0.0, duration * 1.2))
                    break
                except subprocess.TimeoutExpired:
                    run.send_signal(signal.SIGKILL)
                    run.communicate()
                    killed_here += 1
                    kills += 1
            differing = same(whole, out)
            if differing:
                failed += 1
            else:
                passed += 1
            print(f"killed {killed_here} times ({kills} in all), then finished: {'same bytes' if not differing else 'differs in ' + ', '.join(differing)}", flush=True)
            shutil.rmtree(out, ignore_errors=True)
        print(f"{passed} passed, {failed} failed")
        sys.exit(1 if failed else 0)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
