#!/usr/bin/env python3
"""Logistic regression on the same matrix by scikit-learn and by bingli: seconds, peak memory and loss, as rows of a Markdown table.

Usage: fit.py FOLDER FIT [--tasks type,trials] [--strength 10] [--repeat 3] [-o FILE]
FOLDER holds TASK.jsonl with text and label, FIT is `cargo build --release --example fit`. Versions: requirements.txt beside this file.

The matrix is TF-IDF (sublinear counts, rows of length 1): words and pairs of words, or runs of one to three characters where the text has
Han. Both minimise the sum of the cross-entropies and |W|^2 / 2C, intercepts free. scikit-learn runs with the largest tolerance of 1e-1,
1e-2, ... at which its loss lies within a thousandth of the least loss that any of the runs found: the cheapest run that is good enough.
bingli runs with its defaults, which end nearer to the minimum. Seconds are seconds of the processor for the fit alone, on one thread (for bingli
the reading of the matrix is measured by a run of no iterations and taken off), the least of --repeat runs that take turns; memory is the peak of a
process that holds matrix and fit.
"""
import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile

for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"]:
    os.environ[name] = "1"


def matrix(path):
    from sklearn.feature_extraction.text import TfidfVectorizer

    with open(path, encoding="utf-8") as lines:
        reports = [json.loads(line) for line in lines]
    texts = [report["text"] for report in reports]
    han = sum("\u4e00" <= sign <= "\u9fff" for text in texts[:200] for sign in text[:200]) > 2000
    options = dict(analyzer="char", ngram_range=(1, 3)) if han else dict(ngram_range=(1, 2))
    x = TfidfVectorizer(sublinear_tf=True, min_df=2, **options).fit_transform(texts)
    x.sort_indices()
    names = sorted({report["label"] for report in reports})
    return x, [names.index(report["label"]) for report in reports]


def write(path, x, labels):
    import numpy

    with open(path, "wb") as out:
        numpy.array([x.shape[0], x.shape[1], max(labels) + 1], "<u8").tofile(out)
        for part, kind in [(x.indptr, "<u8"), (x.indices, "<u4"), (x.data, "<f4"), (labels, "<u4")]:
            numpy.asarray(part).astype(kind).tofile(out)


def read(path):
    import numpy
    import scipy.sparse

    with open(path, "rb") as file:
        rows, columns, _ = (int(value) for value in numpy.fromfile(file, "<u8", 3))
        starts = numpy.fromfile(file, "<u8", rows + 1).astype("int64")
        indices = numpy.fromfile(file, "<u4", starts[-1]).astype("int32")
        values = numpy.fromfile(file, "<f4", starts[-1]).astype("float64")
        return scipy.sparse.csr_matrix((values, indices, starts), (rows, columns)), numpy.fromfile(file, "<u4", rows).astype("int64")


def scikit(path, strength, tolerance):
    """In a process of its own: loss, seconds of the fit, peak memory in MB."""
    import numpy
    from sklearn.linear_model import LogisticRegression

    x, labels = read(path)
    before = resource.getrusage(resource.RUSAGE_SELF)
    model = LogisticRegression(C=strength, tol=tolerance, max_iter=2000).fit(x, labels)
    after = resource.getrusage(resource.RUSAGE_SELF)
    seconds, peak = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, after.ru_maxrss / 1024
    logits = x @ model.coef_.T + model.intercept_
    if logits.shape[1] == 1:
        logits = numpy.hstack([numpy.zeros_like(logits), logits])
    largest = logits.max(axis=1)
    loss = (largest + numpy.log(numpy.exp(logits - largest[:, None]).sum(axis=1)) - logits[numpy.arange(len(labels)), labels]).sum()
    return loss + (model.coef_**2).sum() / (2 * strength), seconds, peak


def ours(fit, path, strength, repeat, between):
    def run(iterations):
        process = subprocess.Popen([fit, path, str(strength), *iterations], stdout=subprocess.PIPE)
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"{fit} ended with status {status}")
        return float(said), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024

    reading = min(run(["0"])[1] for _ in range(3))
    runs = []
    for _ in range(repeat):
        runs.append(run([]))
        between()
    loss, seconds, peak = min(runs, key=lambda found: found[1])
    return loss, max(seconds - reading, 0.01), peak


def main():
    # Parts of the run in processes of their own: a process starts with the memory of the one that began it.
    if sys.argv[1:2] == ["--scikit"]:
        print(*scikit(sys.argv[2], float(sys.argv[3]), float(sys.argv[4])))
        return
    if sys.argv[1:2] == ["--matrix"]:
        x, labels = matrix(sys.argv[2])
        write(sys.argv[3], x, labels)
        print(f"{x.shape[0]} × {x.shape[1]} × {max(labels) + 1}")
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("fit")
    parser.add_argument("--tasks", default="type,tstage,trials,diagnoses")
    parser.add_argument("--strength", type=float, default=10.0)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("-o", "--output", default="/dev/stdout")
    asked = parser.parse_args()
    lines = ["| task | rows × columns × classes | by | loss | seconds | peak MB |", "|---|---|---|---:|---:|---:|"]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "matrix")
        for task in asked.tasks.split(","):
            made = [sys.executable, __file__, "--matrix", os.path.join(asked.folder, task + ".jsonl"), path]
            shape = subprocess.run(made, check=True, capture_output=True, text=True).stdout.strip()

            def theirs_at(tolerance):
                command = [sys.executable, __file__, "--scikit", path, str(asked.strength), str(tolerance)]
                return *map(float, subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()), tolerance

            runs = [theirs_at(tolerance) for tolerance in [1e-1, 1e-2, 1e-3, 1e-4]]
            least = min(ours(asked.fit, path, asked.strength, 1, lambda: None)[0], *(run[0] for run in runs))
            again = [next((run for run in runs if run[0] <= least * 1.001), runs[-1])]
            own = ours(asked.fit, path, asked.strength, asked.repeat, lambda: again.append(theirs_at(again[0][3])))
            theirs = min(again, key=lambda run: run[1])
            for who, (loss, seconds, peak) in [(f"scikit-learn, tol {theirs[3]:g}", theirs[:3]), ("bingli", own)]:
                lines.append(f"| {task} | {shape} | {who} | {loss:.3f} | {seconds:.2f} | {peak:.0f} |")
                print(lines[-1], file=sys.stderr, flush=True)
    with open(asked.output, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
