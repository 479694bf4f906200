#!/usr/bin/env python3
"""The same tasks through scikit-learn and through bingli, on the same folds, scored by the same code, as a Markdown table.

Usage: sklearn_tasks.py FOLDER BINARY [-o TABLE.md] [--tasks type,tstage] [--kinds logistic,svm,forest,boosting]
FOLDER holds NAME.jsonl with id, text, label, group, fold. Seconds are of processor time in user mode (a shared machine changes those on the
clock), for reading, all folds and, for bingli, every way to train that it tries and the final fit; scikit-learn fits once a fold with settings
given here. Peak memory is that of the process.
scikit-learn gets TF-IDF of words (Han text: characters) as 1-2-grams (1-3-grams); its boosting sees 100 dimensions of truncated SVD,
since it takes dense matrices only. Versions: requirements.txt beside this file.
"""
import argparse, datetime, json, os, platform, resource, subprocess, tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy
import sklearn
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

JOBS = os.cpu_count() or 1


def pipeline(kind, han):
    words = TfidfVectorizer(sublinear_tf=True, min_df=2, **(dict(analyzer="char", ngram_range=(1, 3)) if han else dict(ngram_range=(1, 2))))
    if kind == "logistic":
        return make_pipeline(words, LogisticRegression(C=10, max_iter=500))
    if kind == "svm":
        return make_pipeline(words, LinearSVC(C=1))
    if kind == "forest":
        return make_pipeline(words, RandomForestClassifier(n_estimators=200, n_jobs=JOBS, random_state=1))
    return make_pipeline(words, TruncatedSVD(100, random_state=1), HistGradientBoostingClassifier(max_iter=80, random_state=1))


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def figures(truth, said, scores, labels):
    row = dict(accuracy=accuracy_score(truth, said), macro_f1=f1_score(truth, said, labels=labels, average="macro", zero_division=0))
    areas = [roc_auc_score([label == own for label in truth], scores[:, at]) for at, own in enumerate(labels)]
    return dict(row, auroc=float(numpy.mean(areas)))


def peer(path, kind):
    """One kind of scikit-learn on all folds."""
    started = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    reports = read(path)
    texts, truth = [report["text"] for report in reports], [report["label"] for report in reports]
    folds = numpy.array([report["fold"] for report in reports])
    labels = sorted(set(truth))
    han = sum("\u4e00" <= sign <= "\u9fff" for text in texts[:200] for sign in text[:200]) > 2000
    said, scores = [None] * len(reports), numpy.full((len(reports), len(labels)), -1e9)
    for fold in sorted(set(folds)):
        inside, outside = numpy.flatnonzero(folds == fold), numpy.flatnonzero(folds != fold)
        model = pipeline(kind, han).fit([texts[at] for at in outside], [truth[at] for at in outside])
        own = [texts[at] for at in inside]
        given = model.decision_function(own) if kind == "svm" else model.predict_proba(own)
        if given.ndim == 1:
            given = numpy.stack([-given, given], axis=1)
        for at, values in zip(inside, given):
            said[at] = model.classes_[values.argmax()]
            for label, value in zip(model.classes_, values):
                scores[at, labels.index(label)] = value
    seconds = resource.getrusage(resource.RUSAGE_SELF).ru_utime - started
    return dict(figures(truth, said, scores, labels), seconds=seconds, megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def ours(path, kind, binary):
    """One kind of bingli, by its out-of-fold predictions. Without a kind: what it chooses itself."""
    reports = {report["id"]: report for report in read(path)}
    grouped = len({report["group"] for report in reports.values()}) < len(reports)
    with tempfile.TemporaryDirectory() as folder:
        predictions = os.path.join(folder, "predictions.jsonl")
        command = [binary, "train", path, "--label", "label", "--fold", "fold", "-o", os.path.join(folder, "model"), "--predictions", predictions]
        command += (["--group", "group"] if grouped else []) + (["--kind", kind] if kind else [])
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = usage.ru_utime
        if status != 0:
            raise SystemExit(f"bingli train --kind {kind} on {path} ended with status {status}")
        given = {record["id"]: record["labels"][0] for record in read(predictions)}
    ids = sorted(given)
    truth = [reports[name]["label"] for name in ids]
    labels = sorted(set(truth))
    scores = numpy.array([[given[name]["distribution"].get(label, 0.0) for label in labels] for name in ids])
    return dict(figures(truth, [given[name]["label"] for name in ids], scores, labels), seconds=seconds, megabytes=usage.ru_maxrss / 1024)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("binary")
    parser.add_argument("-o", "--output", default="/dev/stdout")
    parser.add_argument("--tasks", default="type,tstage,trials,diagnoses")
    parser.add_argument("--kinds", default="logistic,svm,forest,boosting")
    asked = parser.parse_args()
    version = subprocess.run([asked.binary, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    lines = [f"Measured on {datetime.date.today()}, {platform.machine()}, {JOBS} cores, Python {platform.python_version()}, scikit-learn {sklearn.__version__}, {version}.", ""]
    lines += ["| task | kind | program | accuracy | macro-F1 | macro AUROC | user seconds | peak MB |", "|---|---|---|---|---|---|---|---|"]
    for task in asked.tasks.split(","):
        path = os.path.join(asked.folder, task + ".jsonl")
        for kind in asked.kinds.split(",") + [None]:
            rows = [("bingli", ours(path, kind, asked.binary))]
            if kind:
                # A process of its own, so that its peak memory is its own.
                with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                    rows.insert(0, ("scikit-learn", pool.submit(peer, path, kind).result()))
            for program, row in rows:
                lines.append("| {} | {} | {} | {:.3f} | {:.3f} | {:.3f} | {:.1f} | {:.0f} |".format(
                    task, kind or "chosen", program, row["accuracy"], row["macro_f1"], row["auroc"], row["seconds"], row["megabytes"]))
                print(lines[-1], flush=True)
    with open(asked.output, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
