"""Texts with every identifier marked, for measuring what leaves the pipeline: templates filled with invented values, and those written by hand.

A placeholder in capitals, {NAME}, is an identifier and goes to the gold; one in small letters, {sex}, is not. About a quarter of the texts
hold no identifier but numbers and words that look like some.
"""
import os
import re

import marks
import people
import styles_zh
import styles_en
import cases
from chance import Chance
from generate import compact
from identifier_texts import NEGATIVE_EN, NEGATIVE_ZH, PLAIN_EN, PLAIN_ZH, TEMPLATES_EN, TEMPLATES_ZH
from report import Report

SEED = {"zh": 4141, "en": 4242}
COUNT = {"zh": 400, "en": 160}
HERE = os.path.dirname(os.path.abspath(__file__))
HAN_DIGITS = "〇一二三四五六七八九"


def date_words_zh(g):
    y, m, d = people.day(g)
    kind = g.between(0, 9)
    if kind == 0:
        return "%d月%d日" % (m, d)
    if kind == 1:
        return "%d年%d月" % (y, m)
    if kind == 2:
        return "%d%02d%02d" % (y, m, d)
    if kind == 3:
        number = lambda n: ("十" if n == 10 else "十" + HAN_DIGITS[n - 10] if n < 20 else HAN_DIGITS[n // 10] + "十" + (HAN_DIGITS[n % 10] if n % 10 else "")) if n >= 10 else HAN_DIGITS[n]
        return "".join(HAN_DIGITS[int(c)] for c in str(y)) + "年%s月%s日" % (number(m), number(d))
    return people.date_zh(g, (y, m, d))


def mobile_zh(g):
    n = people.mobile(g)
    return g.pick((n, n, n, "%s %s %s" % (n[:3], n[3:7], n[7:]), "%s-%s-%s" % (n[:3], n[3:7], n[7:]), "+86 " + n, "+86-" + n, n[:3] + "****" + n[7:]))


def identity_zh(g):
    kind = g.between(0, 5)
    if kind == 4:
        return people.identity_old(g)
    whole = people.identity(g)
    return whole[:6] + "*" * 8 + whole[14:] if kind == 5 else whole


def address_zh(g):
    return "%s%s市%s%s%d号%s" % (g.pick(("", "江苏省", "浙江省", "四川省", "湖北省", "山东省")), g.pick(people.TOWNS), g.pick(("青山区", "城东区", "西园区", "")), g.pick(people.ROADS), g.between(1, 388),
                              g.pick(("", "%d栋%d室" % (g.between(1, 30), g.between(101, 2104)), "%d单元%d" % (g.between(1, 4), g.between(101, 902)))))


def letters(g, count, alphabet="abcdefghjkmnpqrstuvwxyz"):
    return "".join(g.pick(alphabet) for _ in range(count))


def ward_bed(g):
    return g.pick(("%d" % g.between(1, 68), "%02d" % g.between(1, 40), "+%d" % g.between(1, 9), "%d-%d" % (g.between(1, 9), g.between(1, 40))))


FILL_ZH = {
    "NAME": people.name_zh, "SURNAME": people.surname_zh, "DATE": date_words_zh, "BIRTH": lambda g: people.date_zh(g, people.day(g, 1936, 1999)), "HOSPITAL": people.hospital_zh, "DEPARTMENT": lambda g: g.pick(people.WARDS), "ADDRESS": address_zh,
    "ID_CARD": identity_zh, "PHONE": mobile_zh, "LANDLINE": lambda g: "0%s%s%s" % (g.pick(("10", "21", "571", "512", "28", "755")), g.pick(("-", "", " ")), g.pick("2345678") + g.digits(7)),
    "EMAIL": lambda g: "%s%s@%s" % (letters(g, 6), g.digits(3), g.pick(("mail.example", "hospital.example.cn", "post.example.com"))),
    "WECHAT": lambda g: g.pick(("wx_", "wxid_", "")) + letters(g, 7) + g.digits(3), "QQ": lambda g: g.pick("123456789") + g.digits(g.between(6, 9)),
    "MEDICAL_RECORD": lambda g: g.pick(("", "", "", "M", "ZY", "B")) + g.digits(g.between(6, 10)), "PATHOLOGY_NUMBER": people.pathology_number, "BED": ward_bed,
    "HEALTH_PLAN": lambda g: g.pick(("", "YB", "S")) + g.digits(g.between(9, 12)), "PASSPORT": lambda g: g.pick("EGDP") + g.digits(8),
    "PLATE": lambda g: g.pick("京沪苏浙粤川鄂鲁") + g.pick("ABCDEF") + g.pick(("", "·")) + letters(g, 1, "ABCDEFGHJKLMNPQ") + g.digits(4), "BANK_CARD": people.card,
    "AGE": lambda g: str(g.between(90, 103)), "URL": lambda g: "https://%s.example/%s/%s" % (letters(g, 6), letters(g, 3), g.digits(6)),
    "IP": lambda g: "10.%d.%d.%d" % (g.between(0, 255), g.between(0, 255), g.between(1, 254)), "DEVICE": lambda g: letters(g, 3, "ABCDEFGHJKLMNPRSTUVWXYZ") + g.digits(7),
    "sex": lambda g: g.pick("男女"), "age": lambda g: str(g.between(18, 88)), "plain": lambda g: g.pick(PLAIN_ZH), "n": lambda g: str(g.between(2, 9)), "real": lambda g: "%.1f" % g.real(0.5, 90),
}
FILL_EN = {
    "NAME": people.name_en, "SURNAME": lambda g: g.pick(people.EN_SURNAMES), "DATE": people.date_en, "BIRTH": lambda g: people.date_en(g, people.day(g, 1936, 1999)), "HOSPITAL": lambda g: g.pick(people.EN_HOSPITALS),
    "ADDRESS": lambda g: "%d %s %s, %s" % (g.between(2, 980), g.pick(("Orchard", "Mill", "Harbor", "Quarry", "Linden")), g.pick(("Street", "Avenue", "Lane", "Road")), g.pick(("Northmoor", "Coldwater", "Harrow Vale"))),
    "ID_CARD": lambda g: "9%s-%s-%s" % (g.digits(2), g.digits(2), g.digits(4)), "PHONE": lambda g: g.pick(("(%s) 555-01%s", "%s-555-01%s", "%s.555.01%s")) % (g.between(201, 989), g.digits(2)),
    "EMAIL": lambda g: "%s.%s@%s" % (letters(g, 5), letters(g, 6), g.pick(("mail.example", "clinic.example.org"))), "MEDICAL_RECORD": lambda g: g.pick(("", "M")) + g.digits(8),
    "PATHOLOGY_NUMBER": lambda g: g.pick(("S%02d-%s", "SP-%02d-%s", "C%02d-%s")) % (g.between(10, 24), g.digits(5)), "HEALTH_PLAN": lambda g: letters(g, 3, "ABCDEFGH") + g.digits(9),
    "AGE": lambda g: str(g.between(90, 103)), "URL": FILL_ZH["URL"], "IP": FILL_ZH["IP"], "DEVICE": FILL_ZH["DEVICE"], "PASSPORT": lambda g: g.digits(9), "PLATE": lambda g: letters(g, 3, "ABCDEFGHJK") + "-" + g.digits(4),
    "BED": lambda g: str(g.between(1, 40)), "age": FILL_ZH["age"], "plain": lambda g: g.pick(PLAIN_EN), "n": FILL_ZH["n"], "real": FILL_ZH["real"],
}
TYPE = {"BIRTH": "DATE", "SURNAME": "NAME", "LANDLINE": "PHONE", "WECHAT": "SOCIAL", "QQ": "SOCIAL"}


def fill(g, template, values):
    report = Report()
    for piece in re.split(r"(\{\w+\})", template):
        if piece.startswith("{"):
            name = piece[1:-1]
            if name.isupper():
                report.identifier(TYPE.get(name, name), values[name](g))
            else:
                report.write(values[name](g))
        else:
            report.write(piece)
    return report


def generated(lang):
    g = Chance(SEED[lang])
    values, templates, negatives = (FILL_ZH, TEMPLATES_ZH, NEGATIVE_ZH) if lang == "zh" else (FILL_EN, TEMPLATES_EN, NEGATIVE_EN)
    styles = styles_zh.STYLES if lang == "zh" else styles_en.STYLES
    for i in range(COUNT[lang]):
        if i % 4 == 3:
            report = fill(g, negatives[i // 4 % len(negatives)] + g.pick(("", "\n{plain}")), values)
        elif i % 8 == 1:
            report = Report()
            g.pick(styles)[1](report, g, cases.draw(g, g.between(0, len(cases.LABELS) - 1)))
        else:
            report = fill(g, templates[(i - i // 4 - i // 8) % len(templates)] + g.pick(("", "", "\n{plain}")), values)
        yield report.text(), [{"type": k, "value": report.text()[s:e], "start": s, "end": e} for s, e, k in report.ids]


def hand_written(lang):
    path = os.path.join(HERE, "hand", "identifiers-%s.txt" % lang)
    if os.path.isfile(path):
        with open(path, encoding="utf-8") as file:
            for line in file.read().splitlines():
                text, _, phi = marks.read(line.replace("⏎", "\n"))
                yield text, [{"type": p["kind"], "value": p["value"], "start": p["start"], "end": p["end"]} for p in phi]


def everything(lang):
    """All texts of a language, as JSON lines."""
    lines = []
    for hand, source in ((0, generated(lang)), (1, hand_written(lang))):
        for number, (text, phi) in enumerate(source, 1):
            lines.append(compact({"id": "%s-%s-%03d" % (lang, "hand" if hand else "made", number), "text": text, "phi": phi, "hand": hand}))
    return "\n".join(lines) + "\n"


def write(lang, path):
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(everything(lang))
