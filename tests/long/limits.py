#!/usr/bin/env python3
"""What a run must bear without growing: one line of 200 MB, a table whose quote is never closed, gzip that opens to far more than a report may
have, 100,000 files in one folder, and folders a thousand deep.

Usage: limits.py BINARY [--files 100000] [--megabytes 200]
Standard library only. Prints a line a trial with the peak of its memory and ends with `N passed, N failed`.
"""
import argparse
import gzip
import os
import subprocess
import sys
import tempfile
import time

GOOD = b'{"id": "good", "text": "Invented carcinoma, pT2 N0."}\n'
MOST = 300  # MB of memory that any run may take


def run(arguments):
    """Exit code, number of lines of standard output, standard error, peak in MB, seconds."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=out, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = 0
        out.seek(0)
        said.seek(0)
        return os.waitstatus_to_exitcode(status), sum(1 for _ in out), said.read().decode(), usage.ru_maxrss / 1024, time.monotonic() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--megabytes", type=int, default=200)
    wanted = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="bingli-limits-")
    results = []

    def judge(name, passed, peak, seconds, found):
        results.append(passed)
        print(f"{'passed' if passed else 'FAILED'}: {name}: peak {peak:.0f} MB, {seconds:.1f} s, {found}", flush=True)

    def path(name):
        return os.path.join(folder, name)

    def much(out):
        for _ in range(wanted.megabytes):
            out.write(b"x" * 1_000_000)

    try:
        long = {
            "long.jsonl": (GOOD + b'{"id": "long", "text": "', b'"}\n' + GOOD.replace(b"good", b"last"), 2),
            "long.csv": (b"id,text\ngood,pT2\nlong,", b"\nlast,pT1\n", 1),
            "quote.csv": (b'id,text\ngood,pT2\nlong,"', b"\nlast,pT1\n", 1),
            "long.txt": (b"", b"", 0),
        }
        for name, (before, after, least) in long.items():
            for packed in [False, True]:
                file = path(name + (".gz" if packed else ""))
                with gzip.open(file, "wb", compresslevel=1) if packed else open(file, "wb") as out:
                    out.write(before)
                    much(out)
                    out.write(after)
                code, lines, said, peak, seconds = run([wanted.binary, "extract", file])
                passed = code in (1, 2) and "too-large" in said and lines >= least and peak < MOST
                judge(f"{os.path.basename(file)}, {wanted.megabytes} MB in one", passed, peak, seconds, f"exit {code}, {lines} records")
                os.remove(file)
        wide = path("wide")
        os.mkdir(wide)
        for number in range(wanted.files):
            with open(os.path.join(wide, f"{number:06}.txt"), "w") as out:
                out.write(f"Invented carcinoma {number}, pT{number % 4 + 1} N0.")
        code, lines, said, peak, seconds = run([wanted.binary, "batch", wide, "-o", path("out")])
        with open(os.path.join(path("out"), "reports.jsonl")) as file:
            lines = sum(1 for _ in file)
        judge(f"{wanted.files} files in one folder", code == 0 and lines == wanted.files and peak < MOST, peak, seconds, f"exit {code}, {lines} records")
        code, _, said, peak, seconds = run([wanted.binary, "batch", wide, "-o", path("out"), "--resume"])
        judge("the same again with --resume", code == 0 and f"{wanted.files} taken over" in said and peak < MOST, peak, seconds, said.strip().splitlines()[-1].split("; ")[0])
        deep = path("deep")
        subprocess.run(["mkdir", "-p", os.path.join(deep, *["d"] * 1000)], check=True)
        with open(os.path.join(deep, *["d"] * 1000, "report.txt"), "w") as out:
            out.write("pT2")
        code, lines, said, peak, seconds = run([wanted.binary, "extract", deep])
        judge("folders a thousand deep", code == 0 and lines == 1 and peak < MOST, peak, seconds, f"exit {code}, {lines} records")
        print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
        sys.exit(0 if all(results) else 1)
    finally:
        # Deeper than Python's own way of removing folders goes.
        subprocess.run(["rm", "-rf", folder], check=False)


if __name__ == "__main__":
    main()
