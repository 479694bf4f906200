#!/usr/bin/env python3
"""Checks the corpora: gold slices its text, every value is one the annotation allows, labels.tsv is complete, and the bundle regenerates to the same bytes.

    check.py [CORPORA]      (default: the folder above this one); exit code 1 and a list of what is wrong, or 0.
"""
import json
import os
import re
import sys

import bundle
import cases
import charsets

STATUS = {"present", "absent", "indeterminate"}
DEGREES = {"well", "moderate", "poor", "undifferentiated"}
PHI = set("NAME DATE HOSPITAL DEPARTMENT ADDRESS ID_CARD PHONE EMAIL SOCIAL MEDICAL_RECORD PATHOLOGY_NUMBER BED HEALTH_PLAN PASSPORT PLATE BANK_CARD AGE URL IP DEVICE".split())
T, N, M = re.compile(r"T([0-4][a-d]?[1-3]?|is|X)$"), re.compile(r"N([0-3][a-c]?|1mi|X)$"), re.compile(r"M([01][a-c]?|X)$")


def enums(item):
    """Why this item is not allowed, or None."""
    kind = item["type"]
    if kind == "lab":
        if item["kind"] not in ("numeric", "qualitative", "range", "trend") or item["temporality"] not in ("current", "historical"):
            return "kind or temporality"
        if (item["kind"] == "numeric") != (item["value"] is not None):
            return "a number is there exactly for numeric results"
    elif kind == "tnm":
        for key, form in (("t", T), ("n", N), ("m", M)):
            if item[key] is not None and not form.match(item[key]):
                return "category %r" % item[key]
        if item["prefix"] not in ("", "p", "yp", "c", "yc", "r", "rp", "a"):
            return "prefix"
    elif kind in ("lvi", "pni", "ene"):
        return None if item["status"] in STATUS else "status"
    elif kind == "margin":
        return None if item["status"] in ("negative", "positive", "close", "indeterminate") else "status"
    elif kind == "differentiation":
        return None if item["from"] in DEGREES and (item["to"] is None or item["to"] in DEGREES) else "degree"
    elif kind == "ihc":
        if item["status"] not in ("positive", "negative", "equivocal", None) or item["score"] not in (None, "0", "1+", "2+", "3+"):
            return "status or score"
    elif kind == "lymph_nodes":
        if item["positive"] is not None and item["examined"] is not None and item["positive"] > item["examined"]:
            return "more positive than examined"
    elif kind == "stage_group":
        return None if re.fullmatch(r"I{1,3}[A-C]?[1-3]?|IV[A-C]?", item["stage"]) and item["system"] in ("ajcc", "figo", "dukes", "other") else "stage"
    elif kind == "tumor_size":
        dims = item["dimensions_mm"]
        return None if dims and dims == sorted(dims, reverse=True) else "longest first"
    elif kind not in ("grade", "gleason", "histology", "laterality"):
        return "type"
    return None


def spans(where, text, items, value):
    for item in items:
        if text[item["start"]:item["end"]] != item[value]:
            yield "%s: offset %d; expected %r, found %r" % (where, item["start"], item[value], text[item["start"]:item["end"]])


def reports(root):
    made = bundle.files()
    for path, raw in sorted(made.items()):
        place = os.path.join(root, path)
        if not os.path.isfile(place):
            yield "%s: expected a file, found none" % path
        elif open(place, "rb").read() != raw:
            yield "%s: expected the bytes that generate.py writes, found others" % path
    on_disk = {"reports/%s/%s" % (lang, f) for lang in ("en", "zh") for f in os.listdir(os.path.join(root, "reports", lang))}
    for extra in sorted(on_disk - set(made)):
        yield "%s: expected only generated files, found one more" % extra
    rows = [dict(zip(("path", "label", "language", "group", "split", "encoding", "hand"), line.split("\t"))) for line in made["labels.tsv"].decode().splitlines()[1:]]
    texts, groups = {}, {}
    for row in rows:
        texts[row["path"]] = charsets.decode(made["reports/" + row["path"]], row["encoding"])
        if row["label"] not in cases.LABELS or groups.setdefault(row["group"], row["split"]) != row["split"]:
            yield "labels.tsv: %s: label unknown or group in both splits" % row["path"]
    for line in made["gold.jsonl"].decode().splitlines():
        gold = json.loads(line)
        text = texts.pop(gold["doc"])
        yield from spans(gold["doc"], text, gold["items"], "verbatim")
        yield from spans(gold["doc"], text, gold["phi"], "value")
        for item in gold["items"]:
            why = enums(item)
            if why:
                yield "%s: %s %r: %s" % (gold["doc"], item["type"], item["verbatim"], why)
            if item["type"] == "lab" and item["kind"] == "numeric" and item["name"] not in text:
                yield "%s: name %r is not in the text" % (gold["doc"], item["name"])
        for item in gold["phi"]:
            if item["kind"] not in PHI:
                yield "%s: kind %r" % (gold["doc"], item["kind"])
    for left in sorted(texts):
        yield "%s: expected gold, found none" % left
    yield from damaged(made)


def damaged(made):
    texts = {r["id"]: r["text"] for r in map(json.loads, made["damage/lines.jsonl"].decode().splitlines())}
    for line in made["damage/lines.gold.jsonl"].decode().splitlines():
        gold = json.loads(line)
        yield from spans(gold["doc"], texts.pop(gold["doc"]), gold["items"], "verbatim")
    for left in sorted(texts):
        yield "%s: expected gold, found none" % left


def identifiers(root):
    for lang in ("zh", "en"):
        path = os.path.join(root, "identifiers", lang + ".jsonl")
        if not os.path.isfile(path):
            continue
        import identifiers as texts
        raw = open(path, encoding="utf-8").read()
        if raw != texts.everything(lang):
            yield "identifiers/%s.jsonl: expected what generate.py writes, found other bytes" % lang
        for line in raw.splitlines():
            record = json.loads(line)
            yield from spans(record["id"], record["text"], record["phi"], "value")
            for item in record["phi"]:
                if item["type"] not in PHI:
                    yield "%s: type %r" % (record["id"], item["type"])


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    wrong = list(reports(root)) + list(identifiers(root))
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
