#!/usr/bin/env python3
"""A million generated reports through `extract` on one and on two threads: the same bytes, flat memory; and how cost grows.

Usage: scale.py BINARY [--reports 1000000] [--batch 0] [--seed 7] [-o docs/scale.svg] [--keep FILE] [--no-growth]
Standard library only; Linux. Memory is sampled each second; outputs are hashed as they come and never kept. Besides seconds and peak memory
against the number of reports (a thousand to the number asked for) there are runs over reports of growing length (the same text in all),
and training on growing vocabularies and numbers of classes. Draws all of it as one SVG and prints what it measured; ends with
`N passed, N failed` (the same bytes on one and two threads; peak below 300 MB; the last three quarters of a run grow by less than a tenth).
"""
import argparse
import datetime
import hashlib
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
GENERATOR = os.path.join(HERE, "..", "..", "corpora", "generator", "generate.py")


def resident(pid):
    try:
        with open(f"/proc/{pid}/status") as status:
            return next((int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS")), None)
    except OSError:
        return None


def run(arguments, hashed=True):
    """Seconds, peak in MB, samples of memory in MB a second, SHA-256 and bytes of standard output."""
    began = time.monotonic()
    process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE if hashed else subprocess.DEVNULL, stderr=subprocess.PIPE)
    samples, ended = [], threading.Event()

    def watch():
        while not ended.wait(1.0):
            if (now := resident(process.pid)) is not None:
                samples.append(now)

    said = []
    threads = [threading.Thread(target=watch), threading.Thread(target=lambda: said.append(process.stderr.read()))]
    for thread in threads:
        thread.start()
    digest, count = hashlib.sha256(), 0
    while hashed and (block := process.stdout.read(1 << 20)):
        digest.update(block)
        count += len(block)
    threads[1].join()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    ended.set()
    threads[0].join()
    if process.returncode:
        sys.exit(f"{' '.join(arguments)}: {said[0].decode()[-500:]}")
    return time.monotonic() - began, usage.ru_maxrss / 1024, samples, digest.hexdigest(), count


def head(source, target, count):
    with open(source, "rb") as lines, open(target, "wb") as out:
        for _, line in zip(range(count), lines):
            out.write(line)
    return os.path.getsize(target) / 1e6


def panel(at, title, label, points, unit):
    """A panel of a line of points (x, y), x on a logarithmic axis where it spans more than a factor of twenty."""
    left, top, width, height = at
    xs, ys = [x for x, _ in points], [y for _, y in points]
    logarithmic = min(xs) > 0 and max(xs) / min(xs) > 20
    scale = (lambda x: math.log10(x)) if logarithmic else (lambda x: x)
    low, high, most = scale(min(xs)), scale(max(xs)), max(ys) * 1.1 or 1
    place = lambda x, y: (left + (scale(x) - low) / ((high - low) or 1) * width, top + height - y / most * height)
    out = [f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="none" stroke="#999"/>']
    out.append(f'<text x="{left}" y="{top - 8}" font-weight="bold">{title}</text>')
    out.append(f'<text x="{left + width / 2}" y="{top + height + 32}" text-anchor="middle">{label}</text>')
    for share in (0, 0.5, 1):
        value = most * share
        out.append(f'<text x="{left - 6}" y="{top + height - height * share + 4}" text-anchor="end">{value:.3g}{unit if share == 1 else ""}</text>')
    shown = points if len(points) <= 8 else [points[0], points[len(points) // 2], points[-1]]
    for x, _ in shown:
        out.append(f'<text x="{place(x, 0)[0]:.1f}" y="{top + height + 16}" text-anchor="middle">{x:,.0f}</text>')
    line = " ".join(f"{a:.1f},{b:.1f}" for a, b in (place(x, y) for x, y in points))
    out.append(f'<polyline points="{line}" fill="none" stroke="#06c" stroke-width="2"/>')
    if len(points) <= 12:
        out += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="#06c"/>' for a, b in (place(x, y) for x, y in points)]
    return "\n".join(out)


def draw(panels, note):
    rows = (len(panels) + 1) // 2
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 {rows * 260 + 40}" font-family="sans-serif" font-size="11">', '<rect width="100%" height="100%" fill="#fff"/>']
    for index, (title, label, points, unit) in enumerate(panels):
        out.append(panel((70 + index % 2 * 450, 40 + index // 2 * 260, 340, 170), title, label, points, unit))
    out.append(f'<text x="20" y="{rows * 260 + 28}">{note}</text>\n</svg>\n')
    return "\n".join(out)


def lengths(binary, source, folder):
    """Seconds a MB against the length of a report, by joining the same texts."""
    with open(source, "rb") as lines:
        texts = [json.loads(line)["text"] for _, line in zip(range(4000), lines)]
    points = []
    for joined in [1, 4, 16, 64, 256]:
        path = os.path.join(folder, "length.jsonl")
        size = 0
        with open(path, "w", encoding="utf-8") as out:
            for start in range(0, len(texts), joined):
                text = "\n\n".join(texts[start : start + joined])
                size += len(text.encode())
                out.write(json.dumps({"id": str(start), "text": text}, ensure_ascii=False) + "\n")
        seconds = min(run([binary, "extract", path, "--jobs", "1"])[0] for _ in range(2))
        points.append((size / (len(texts) / joined) / 1000, seconds / (size / 1e6)))
    return points


def training(binary, source, folder, reports, vocabulary, classes):
    """Seconds and peak of training a logistic regression on generated reports with invented words behind them."""
    with open(source, "rb") as lines:
        texts = [json.loads(line)["text"][:400] for _, line in zip(range(reports), lines)]
    chance = random.Random(vocabulary * 31 + classes)
    path = os.path.join(folder, "train.jsonl")
    word = lambda number: "w" + "".join(chr(97 + number // 26**place % 26) for place in range(4))
    with open(path, "w", encoding="utf-8") as out:
        for number in range(reports):
            label = number % classes
            words = [word(chance.randrange(vocabulary)) for _ in range(60)] + [word(vocabulary + label)] * 2
            text = texts[number % len(texts)] + "\n" + " ".join(words)
            out.write(json.dumps({"id": str(number), "text": text, "label": f"class{label}"}) + "\n")
    seconds, peak, *_ = run([binary, "train", path, "--kind", "logistic", "-o", os.path.join(folder, "one.model")], hashed=False)
    return seconds, peak


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--reports", type=int, default=1_000_000)
    parser.add_argument("--batch", type=int, default=0, help="reports of a batch besides")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", help="the generated reports, made if it is not there")
    parser.add_argument("--no-growth", action="store_true")
    parser.add_argument("-o", "--output")
    wanted = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="bingli-scale-")
    passed, panels = [], []

    def draw_so_far(megabytes):
        if wanted.output:
            note = f"tests/long/scale.py, {datetime.date.today()}, two-core x86-64, {megabytes:.0f} MB of generated reports of both languages"
            with open(wanted.output, "w", encoding="utf-8") as out:
                out.write(draw(panels, note))

    def say(text):
        print(text, flush=True)

    def judge(name, holds):
        passed.append(holds)
        say(f"{'passed' if holds else 'FAILED'}: {name}")

    try:
        source = wanted.keep or os.path.join(folder, "reports.jsonl")
        if not os.path.exists(source):
            subprocess.run([sys.executable, GENERATOR, "--seed", str(wanted.seed), "--count", str(wanted.reports), "-o", source], check=True)
        megabytes = os.path.getsize(source) / 1e6
        hashes, memory = {}, []
        for jobs in ["1", "2"]:
            seconds, peak, samples, digest, count = run([wanted.binary, "extract", source, "--jobs", jobs])
            hashes[jobs] = (digest, count)
            say(f"extract, {wanted.reports} reports, {megabytes:.0f} MB, --jobs {jobs}: {seconds:.0f} s, {megabytes / seconds:.1f} MB/s, peak {peak:.0f} MB, output {count / 1e6:.0f} MB sha256 {digest[:16]}")
            judge(f"peak below 300 MB on {jobs}", peak < 300)
            if len(samples) >= 8:
                quarter = samples[len(samples) // 4]
                # A set of the hashes of ids grows by some tens of bytes a report and is doubled at a time.
                judge(f"memory on {jobs}: {quarter:.0f} MB after a quarter, {samples[-1]:.0f} MB at the end", samples[-1] < quarter * 1.1 + wanted.reports * 48 / 1e6)
            if jobs == "1":
                panels.append((f"Memory over a run of {wanted.reports:,} reports, one thread", "seconds", list(enumerate(samples, 1)) or [(0, peak)], " MB"))
        judge("the same bytes on one and on two threads", hashes["1"] == hashes["2"])
        if wanted.batch:
            path = os.path.join(folder, "batch.jsonl")
            size = head(source, path, wanted.batch)
            seconds, peak, *_ = run([wanted.binary, "batch", path, "-o", os.path.join(folder, "out")], hashed=False)
            say(f"batch, {wanted.batch} reports, {size:.0f} MB: {seconds:.0f} s, {size / seconds:.1f} MB/s, peak {peak:.0f} MB")
            judge("peak of the batch below 300 MB", peak < 300)
            shutil.rmtree(os.path.join(folder, "out"), ignore_errors=True)
        if not wanted.no_growth:
            times, peaks, count = [], [], 1000
            while count <= min(wanted.reports, 100_000):
                path = os.path.join(folder, "head.jsonl")
                head(source, path, count)
                seconds, peak, *_ = run([wanted.binary, "extract", path, "--jobs", "1"])
                times.append((count, seconds / count * 1e6))
                peaks.append((count, peak))
                say(f"extract, {count} reports: {seconds:.2f} s, peak {peak:.0f} MB")
                count *= 10
            panels.append(("Time a report against the number of reports", "reports", times, " µs"))
            panels.append(("Peak memory against the number of reports", "reports", peaks, " MB"))
            points = lengths(wanted.binary, source, folder)
            for length, seconds in points:
                say(f"extract, reports of {length:.1f} kB: {seconds:.3f} s/MB")
            panels.append(("Time a MB against the length of a report", "kB a report", points, " s"))
            draw_so_far(megabytes)
            for name, settings in {"vocabulary": [(1000, 4), (4000, 4), (16000, 4), (64000, 4)], "classes": [(2000, 2), (2000, 4), (2000, 8), (2000, 16)]}.items():
                points = []
                for vocabulary, classes in settings:
                    seconds, peak = training(wanted.binary, source, folder, 1000, vocabulary, classes)
                    say(f"train, 1000 reports, {vocabulary} words, {classes} classes: {seconds:.1f} s, peak {peak:.0f} MB")
                    points.append((vocabulary if name == "vocabulary" else classes, seconds))
                panels.append((f"Training (1,000 reports) against the {name}", "words" if name == "vocabulary" else "classes", points, " s"))
        draw_so_far(megabytes)
        say(f"{sum(passed)} passed, {len(passed) - sum(passed)} failed")
        sys.exit(0 if all(passed) else 1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
