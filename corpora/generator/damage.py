"""Short lines of laboratory results, damaged one way at a time. The gold stays what was meant, with offsets into the damaged line.

Kinds: none, superscript-lost (10^9 as 109), o-for-zero (letter O in the number), full-width, glued (no blank or colon anywhere),
case-folded, space-in-number (1 2.5), unit-case (G/L, ng/ML).
"""
import charsets
import labs
from chance import Chance
from generate import compact
from report import Report

KINDS = ("none", "superscript-lost", "o-for-zero", "full-width", "glued", "case-folded", "space-in-number", "unit-case")
COUNTS = {"wbc", "rbc", "plt", "neut_abs", "lymph_abs"}


def spaced(g, text):
    """One blank inside a number of at least three characters, where OCR puts it: beside the point or between digits."""
    place = g.between(1, len(text) - 1)
    return text[:place] + " " + text[place:]


def damaged(g, r, kind, lang):
    """(name, value, unit) as printed, or None where this damage cannot happen to this result."""
    name, value, unit = r.name, r.text, r.unit
    if kind == "superscript-lost":
        if r.id not in COUNTS or "^" not in unit:
            return None
        unit = unit.replace("10^", "10").replace("*", "×").replace("x", "×")
        unit = unit if unit.startswith("×") else "×" + unit
    elif kind == "o-for-zero":
        if "0" not in value:
            return None
        value = value.replace("0", g.pick("Oo") if value[0] == "0" else "O")
    elif kind == "full-width":
        value, unit = charsets.full_width(value), charsets.full_width(unit)
        name = charsets.full_width(name) if g.maybe(0.5) else name
    elif kind == "case-folded":
        name, unit = name.lower(), unit.lower()
        if name == r.name and unit == r.unit:
            return None
    elif kind == "space-in-number":
        if len(value) < 3:
            return None
        value = spaced(g, value)
    elif kind == "unit-case":
        other = g.pick((unit.upper(), unit.lower(), unit.swapcase()))
        if other == unit:
            return None
        unit = other
    return name, value, unit


def line(g, kind, lang):
    """One line with one to three results of one kind of damage."""
    report, possible = Report(), []
    for r in labs.draw(g, g.pick(("colorectal", "gastric", "hepatocellular", "prostate", "lymphoma", "benign")), lang, 12):
        if r.id in COUNTS:
            r.unit = "×10^12/L" if r.id == "rbc" else "×10^9/L"
        printed = None if r.words else damaged(g, r, kind, lang)
        if printed:
            possible.append((r, printed))
    for r, (name, value, unit) in g.sample(possible, g.between(1, 3)):
        if kind == "glued":
            gap, before = "", ""
        elif lang == "zh":
            gap, before = g.pick(("：", " ", "：")), ""
        else:
            gap, before = g.pick((" ", ": ")), "" if unit == "%" or not unit else " "
        if report.length:
            report.write("；" if lang == "zh" else "; ")
        gold = labs.gold(r)
        gold.update(name=name, unit=unit)
        report.item(name + gap + value + before + unit, gold)
    report.write("。" if lang == "zh" else ".")
    return report


def lines(seed, count, kind, lang):
    g = Chance("%s %d" % (kind, seed))
    langs = ("en", "zh") if lang == "both" else (lang,)
    made = 0
    while made < count:
        report = line(g, kind, langs[made % len(langs)])
        if report.spans:
            yield "%s-%05d" % (kind, made), report
            made += 1


def texts(seed, count, kinds, lang):
    """The lines and their gold, each as JSON lines."""
    out, gold = [], []
    for kind in kinds:
        for name, report in lines(seed, count, kind, lang):
            text = report.text()
            items, _ = report.gold(text)
            out.append(compact({"id": name, "text": text, "group": kind}))
            gold.append(compact({"doc": name, "items": items, "damage": kind}))
    return "\n".join(out) + "\n", "\n".join(gold) + "\n"


def write(options):
    if options.damage not in KINDS and options.damage != "all":
        raise SystemExit("--damage: expected one of %s or all, found %s" % (", ".join(KINDS), options.damage))
    pair = texts(options.seed, options.count, KINDS if options.damage == "all" else (options.damage,), options.lang)
    for path, content in zip((options.output, options.gold), pair):
        if path:
            with open(path, "w", encoding="utf-8", newline="\n") as file:
                file.write(content)
