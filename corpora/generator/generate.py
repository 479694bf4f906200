#!/usr/bin/env python3
"""Writes invented pathology reports and clinical notes with their gold. See corpora/README.md.

    generate.py --seed N --count N [--lang en|zh|both] -o FILE.jsonl [--gold FILE]
    generate.py --labs-only [--damage KIND] --seed N --count N -o FILE.jsonl --gold FILE
    generate.py --identifiers zh|en -o FILE.jsonl
    generate.py --bundle corpora/reports
"""
import argparse
import json
import sys

import cases
import styles_en
import styles_zh
from chance import Chance
from report import Report

STYLES = {"en": styles_en.STYLES, "zh": styles_zh.STYLES}
TEST = {"en": ("lettered", "terse", "hand-02"), "zh": ("buchong", "ziduan", "hand-02")}  # whole house styles that no model is trained on


def split(lang, group):
    return "test" if group in TEST[lang] else "train"


def one(g, lang, style, label_index):
    """One report: (house style, label, the report)."""
    case = cases.draw(g, label_index)
    name, write = STYLES[lang][style]
    report = Report()
    write(report, g, case)
    return name, case.label, report


def reports(seed, count, lang):
    g = Chance(seed)
    langs = ("en", "zh") if lang == "both" else (lang,)
    labels = len(cases.LABELS)
    for i in range(count):
        language = langs[i % len(langs)]
        style = g.between(0, len(STYLES[language]) - 1)
        name, label, report = one(g, language, style, i // len(langs) % labels)
        yield "r%07d" % i, language, name, label, report


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write_reports(options):
    out = open(options.output, "w", encoding="utf-8", newline="\n")
    gold = open(options.gold, "w", encoding="utf-8", newline="\n") if options.gold else None
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for name, lang, group, label, report in reports(options.seed, options.count, options.lang):
        text = report.text()
        out.write(encode({"id": name, "text": text, "label": label, "group": lang + "-" + group, "split": split(lang, group)}) + "\n")
        if gold:
            items, phi = report.gold(text)
            gold.write(encode({"doc": name, "items": items, "phi": phi, "label": label, "group": lang + "-" + group, "language": lang}) + "\n")
    out.close()
    if gold:
        gold.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--lang", choices=("en", "zh", "both"), default="both")
    parser.add_argument("-o", "--output")
    parser.add_argument("--gold")
    parser.add_argument("--bundle", metavar="DIR", help="write the bundled reports below DIR, labels.tsv and gold.jsonl beside it")
    parser.add_argument("--labs-only", action="store_true", help="short laboratory lines instead of reports")
    parser.add_argument("--damage", default="none", help="with --labs-only: one way of damage (see damage.py)")
    parser.add_argument("--identifiers", choices=("zh", "en"), help="write the identifier texts of a language")
    options = parser.parse_args()
    if options.bundle:
        import bundle
        bundle.write(options.bundle)
        return
    if not options.output:
        parser.error("expected -o FILE, found none")
    if options.identifiers:
        import identifiers
        identifiers.write(options.identifiers, options.output)
    elif options.labs_only:
        import damage
        damage.write(options)
    else:
        write_reports(options)


if __name__ == "__main__":
    sys.exit(main())
