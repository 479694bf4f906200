"""Draws laboratory results and writes them: running text, lines, or a table in columns. Every result's true value goes to the gold."""
from analytes import ANALYTES, PANELS, WORDS

ZH_POWER = ("×10^9/L", "10^9/L", "*10^9/L", "x10^9/L", "×10⁹/L", "×10^9/L")
EN_POWER = ("10^3/uL", "K/uL", "x10^3/uL", "x10(3)/uL", "10^3/uL")


class Result:
    __slots__ = ("id", "name", "text", "value", "unit", "low", "high", "low_text", "high_text", "flag", "words")


def value_text(g, analyte, lang):
    unit, low_text, high_text, low, high, decimals = analyte.units[lang]
    top = high if high is not None else low * 1.2
    bottom = low if low is not None else top * 0.1
    side = g.random()
    if side < 0.62 or low is None and side >= 0.84:
        value, flag = g.real(bottom, top), ""
    elif side < 0.84 and high is not None:
        reach = {"n": 1.12, "l": 1.12, "m": 2.6, "w": 40.0}[analyte.spread]
        value, flag = top * (1.02 + (reach - 1.02) * g.random() ** 2), "H"
    else:
        value, flag = bottom * g.real(0.9, 0.98) if analyte.spread == "n" else bottom * g.real(0.45, 0.95), "L"
    text = "%.*f" % (decimals, value)
    number = float(text)
    if high is not None and number > high:
        flag = "H"
    elif low is not None and number < low:
        flag = "L"
    else:
        flag = ""
    return text, number, flag


def draw(g, key, lang, count):
    """Some of the general panel, with the markers that belong to the disease."""
    ids = g.sample(PANELS[""], count)
    ids += [i for i in PANELS[key] if i not in ids]
    out = []
    for one in ids:
        analyte, r = ANALYTES[one], Result()
        r.id, r.name, r.words = one, g.pick(analyte.names[lang]), None
        r.text, r.value, r.flag = value_text(g, analyte, lang)
        r.unit, r.low_text, r.high_text, r.low, r.high, _ = analyte.units[lang]
        if r.unit == "10^9/L":
            r.unit = g.pick(ZH_POWER)
        elif r.unit == "10^3/uL":
            r.unit = g.pick(EN_POWER)
        out.append(r)
    if g.maybe(0.3):
        one, english, chinese = g.pick(WORDS)
        r = Result()
        r.id, r.name, r.text, r.value, r.unit, r.low_text, r.high_text, r.low, r.high, r.flag = one, g.pick(chinese if lang == "zh" else english), "", None, "", "", "", None, None, ""
        low = g.maybe(0.75)
        r.words = ("阴性" if low else "阳性") if lang == "zh" else ("negative" if low else "positive")
        out.append(r)
    return out


def interval(r):
    if r.low is None:
        return "<" + r.high_text
    if r.high is None:
        return ">" + r.low_text
    return r.low_text + "-" + r.high_text


def gold(r, flag="", reference=False):
    if r.words:
        return {"type": "lab", "analyte": r.id, "name": r.name, "kind": "qualitative", "value": None, "value_high": None, "comparator": "", "unit": "", "reference": None, "flag": "",
                "text_value": r.words, "temporality": "current"}
    return {"type": "lab", "analyte": r.id, "name": r.name, "kind": "numeric", "value": r.value, "value_high": None, "comparator": "", "unit": r.unit,
            "reference": [r.low, r.high] if reference and (r.low is not None or r.high is not None) else None, "flag": flag, "text_value": "", "temporality": "current"}


def lose_superscripts(report, results):
    """Where the report's printer lost its superscripts, 10^9 is 109."""
    if report.notation == "lost":
        for r in results:
            if "10^" in r.unit or "10⁹" in r.unit:
                r.unit = "×109/L" if "9" in r.unit or "⁹" in r.unit else "×1012/L" if "12" in r.unit else "x103/uL" if "3" in r.unit else "x106/uL"


def running(report, g, results, lang):
    """One sentence, results joined the way the language does."""
    lose_superscripts(report, results)
    arrows = g.maybe(0.5)
    printed = g.maybe(0.3)
    joint = "，" if lang == "zh" else ", "
    for i, r in enumerate(results):
        if i:
            report.write(joint)
        if r.words:
            report.item(r.name + ("" if lang == "zh" else " ") + r.words, gold(r))
            continue
        gap = g.pick(("", "：", "", " ")) if lang == "zh" else g.pick((" ", ": ", " of "))
        if gap == "" and r.name[-1].isdigit():
            gap = "："
        unit = r.unit if lang == "zh" or r.unit == "%" else " " + r.unit if r.unit else ""
        flag = ("↑" if r.flag == "H" else "↓") if arrows and r.flag and lang == "zh" else ""
        show = printed and (r.low is not None or r.high is not None)
        inside = ("（%s）" if lang == "zh" else " (%s)") % interval(r) if show else ""
        report.item(r.name + gap + r.text + unit + flag + inside, gold(r, flag, show))
    report.write("。" if lang == "zh" else ".")


def table(report, g, results, lang):
    """A table in columns: blanks or a stroke between them, with a head."""
    lose_superscripts(report, results)
    bar = g.pick(("  ", "\t", " | ")) if lang == "en" else g.pick(("  ", "\t", "    "))
    head = ("Test", "Result", "Unit", "Reference", "Flag") if lang == "en" else g.pick((("项目", "结果", "单位", "参考值", "提示"), ("检验项目", "结果", "单位", "参考区间", "标志")))
    order = g.pick(((0, 1, 2, 3, 4), (0, 1, 4, 2, 3), (0, 1, 4, 3, 2)))
    pad = bar == "  "
    marks = ("H", "L") if lang == "en" else g.pick((("↑", "↓"), ("↑", "↓"), ("H", "L")))
    report.write(bar.join(("%-10s" % head[i]) if pad else head[i] for i in order).rstrip(), "\n")
    for r in results:
        flag = (marks[0] if r.flag == "H" else marks[1]) if r.flag else ""
        cells = (r.name, r.words or r.text, r.unit, "" if r.words else interval(r), flag)
        line = bar.join(("%-10s" % cells[i]) if pad else cells[i] for i in order)
        shown = line.rstrip()
        if pad or not flag:
            report.item(shown.rstrip("| \t"), gold(r, flag, True))
        else:
            report.item(shown, gold(r, flag, True))
        report.write("\n")


def lines(report, g, results, lang):
    """One result a line, led in by a sign; the interval in brackets after it."""
    lose_superscripts(report, results)
    lead = g.pick(("- ", "", "* ")) if lang == "en" else g.pick(("", "·", "- "))
    gap = g.pick((": ", " ", " = ")) if lang == "en" else g.pick(("：", " "))
    for r in results:
        report.write(lead)
        if r.words:
            report.item(r.name + gap + r.words, gold(r))
        else:
            flag = (" " + r.flag if lang == "en" else "↑" if r.flag == "H" else "↓") if r.flag else ""
            shown = g.maybe(0.6) and (r.low is not None or r.high is not None)
            text = r.name + gap + r.text + (" " if lang == "en" and r.unit and r.unit != "%" else "") + r.unit + flag
            if shown:
                text += (" (%s)" if lang == "en" else "（%s）") % interval(r)
            report.item(text, gold(r, flag.strip(), shown))
        report.write("\n")
