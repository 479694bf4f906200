"""Writes the bundled reports: those written by hand (marked texts in hand/) and one of every house style for every label.

The files go to DIR/en and DIR/zh; labels.tsv and gold.jsonl go beside DIR, so that the folder holds nothing but reports.
"""
import os

import cases
import charsets
import damage
import marks
from chance import Chance
from generate import STYLES, compact, split
from report import Report

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = 20261
LABEL_OF = dict(zip(cases.KEYS, cases.LABELS))
CYCLE = {"zh": {1: "gb18030", 4: "gbk", 7: "utf-16le-bom", 10: "utf-16be", 13: "big5"}, "en": {11: "utf-16le-bom", 5: "utf-8-bom"}}
PERIOD = {"zh": 17, "en": 23}


def hand_written():
    for lang in ("en", "zh"):
        for part in ("1", "2"):
            with open(os.path.join(HERE, "hand", "%s-%s.txt" % (lang, part)), encoding="utf-8") as file:
                for name, head, marked in marks.documents(file.read()):
                    text, items, phi = marks.read(marked)
                    yield {"path": "%s/hand-%s.txt" % (lang, name), "label": LABEL_OF[name.rsplit("-", 1)[0]], "language": lang, "group": "%s-%s" % (lang, head["group"]),
                           "split": split(lang, head["group"]), "encoding": head["encoding"], "hand": 1, "text": text, "items": items, "phi": phi}


def generated():
    g = Chance(SEED)
    for lang in ("en", "zh"):
        count = 0
        for style, (name, write) in enumerate(STYLES[lang]):
            for index, key in enumerate(cases.KEYS):
                report = Report()
                if count % 4 == 3:
                    report.notation = "lost"
                write(report, g, cases.draw(g, index))
                text, change = report.text(), None
                encoding = CYCLE[lang].get(count % PERIOD[lang], "utf-8")
                if encoding == "big5":
                    change = charsets.traditional
                elif lang == "zh" and count % 13 == 6:
                    change = charsets.full_width
                if change:
                    text = change(text)
                if lang == "en" and count % 9 == 4:
                    everything = report.spans + [(start, end, {}) for start, end, _ in report.ids]
                    text = charsets.ocr(g, text, everything)
                try:
                    charsets.encode(text, encoding)
                except UnicodeEncodeError:
                    if encoding == "big5":
                        raise  # a character without a traditional form in traditional.py
                    encoding = "gb18030" if encoding == "gbk" else "utf-8"
                items, phi = report.gold(text, change)
                yield {"path": "%s/%s-%s-01.txt" % (lang, name, key), "label": cases.LABELS[index], "language": lang, "group": "%s-%s" % (lang, name), "split": split(lang, name),
                       "encoding": encoding, "hand": 0, "text": text, "items": items, "phi": phi}
                count += 1


def files():
    """Every file of the bundle: {path relative to corpora: bytes}."""
    records = sorted(list(hand_written()) + list(generated()), key=lambda r: r["path"])
    out = {"reports/" + r["path"]: charsets.encode(r["text"], r["encoding"]) for r in records}
    columns = ("path", "label", "language", "group", "split", "encoding", "hand")
    table = ["\t".join(columns)] + ["\t".join(str(r[c]) for c in columns) for r in records]
    out["labels.tsv"] = ("\n".join(table) + "\n").encode()
    gold = [compact({"doc": r["path"], "items": r["items"], "phi": r["phi"], "label": r["label"], "group": r["group"], "language": r["language"]}) for r in records]
    damaged, meant = damage.texts(SEED, 80, damage.KINDS, "both")
    out["damage/lines.jsonl"], out["damage/lines.gold.jsonl"] = damaged.encode(), meant.encode()
    out["gold.jsonl"] = ("\n".join(gold) + "\n").encode()
    return out


def write(folder):
    root = os.path.dirname(os.path.abspath(folder))
    for path, raw in files().items():
        if path.startswith("reports/"):
            target = os.path.join(folder, path[len("reports/"):])
        else:
            target = os.path.join(root, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as file:
            file.write(raw)
