"""Chinese ways of writing one finding each. Every function writes words into a report and says what they state."""

DIFF = {"well": "高", "moderate": "中", "poor": "低"}
SIDES = {"left": "左", "right": "右"}
ROMAN = {"IV": "Ⅳ", "III": "Ⅲ", "II": "Ⅱ", "I": "Ⅰ"}


def dimensions(g, size):
    kind = g.between(0, 5)
    if kind == 0:
        unit, parts = "mm", [str(n) for n in size]
    else:
        unit, parts = g.pick(("cm", "cm", "CM", "厘米")), ["%.1f" % (n / 10) if kind < 3 else "%g" % (n / 10) for n in size]
    return g.pick(("×", "×", "*", "x", "X")).join(parts) + unit


def size(r, g, c, before=""):
    if not c.size:
        return False
    r.write(before)
    text = dimensions(g, c.size)
    r.item((g.pick(("直径", "最大径", "直径约")) if len(c.size) == 1 else g.pick(("", "大小", "体积", "大小约"))) + text, {"type": "tumor_size", "dimensions_mm": c.size})
    return True


def specimen(g, c):
    return "×".join("%g" % n for n in c.specimen) + "cm"


def histology(r, g, c):
    start = r.length
    if c.diff:
        a, b = c.diff
        text = DIFF[a] + (g.pick(("-", "", "至")) + DIFF[b] if b else "") + "分化"
        r.item(text, {"type": "differentiation", "from": a, "to": b})
    r.write(c.histology[1])
    if not c.benign:
        r.close(start, {"type": "histology", "name": "", "icdo": None})


def grade(r, g, c, before=""):
    if c.gleason:
        a, b, group = c.gleason
        told = g.maybe(0.5)
        text = g.pick(("Gleason评分%d+%d=%d分", "Gleason评分：%d+%d=%d", "Gleason %d+%d=%d分")) % (a, b, a + b)
        if told:
            text += g.pick(("，分级分组%d组", "（ISUP %d组）")) % group
        r.write(before)
        r.item(text, {"type": "gleason", "primary": a, "secondary": b, "score": a + b, "grade_group": group if told else None})
    elif c.grade:
        r.write(before)
        number = ("I", "II", "III", "IV")[c.grade - 1] if g.maybe(0.4) else str(c.grade)
        score = None
        if c.site.graded == "nottingham":
            text = g.pick(("组织学分级：%s级", "%s级", "Nottingham分级%s级")) % ("I", "II", "III")[c.grade - 1]
            system = "nottingham" if "Nott" in text else "generic"
        else:
            text, system = {"figo": "FIGO %s级", "isup": "WHO/ISUP %s级"}[c.site.graded] % number, c.site.graded
        r.item(text, {"type": "grade", "system": system, "grade": str(c.grade), "score": score})
    else:
        return False
    return True


def tnm(r, g, c):
    if not c.t:
        return False
    n, m, p = c.n, c.m, c.prefix
    kind = g.between(0, 5)
    if kind == 0 and p == "p":
        text, p = c.t + n + (m or ""), ""
    elif kind <= 1:
        text = p + c.t + " " + n + (" " + m if m else "")
    elif kind == 2:
        text = p.upper() + c.t.upper() + n.upper() + (m or "")
    elif kind == 3:
        text, m = p + c.t + "，" + p + n, None
    elif kind == 4:
        text, m = p + c.t + "、" + p + n, None
    else:
        text = p + c.t + n + (m or "")
    if g.maybe(0.3):
        text = text.replace("X", "x")
    r.item(text, {"type": "tnm", "prefix": p, "t": c.t, "n": n, "m": m})
    return True


def stage(r, g, c, before="，"):
    if not c.stage:
        return False
    text = c.stage
    if g.maybe(0.3):
        for plain, sign in ROMAN.items():
            if text.startswith(plain):
                text = sign + text[len(plain):]
                break
    r.write(before, {"figo": "FIGO ", "other": "Ann Arbor "}.get(c.system, ""))
    r.item(text + "期", {"type": "stage_group", "system": c.system, "stage": c.stage})
    return True


def nodes(r, g, c, joint="，", end="。"):
    for i, (station, found, examined) in enumerate(c.nodes):
        if i:
            r.write(joint)
        kind, name = g.between(0, 4), station[1]
        if kind == 0:
            text = "%s淋巴结%d/%d" % (name, found, examined)
        elif kind == 1:
            text = "%s淋巴结%s癌转移（%d/%d）" % (name, "见" if found else "未见", found, examined)
        elif kind == 2 and found == 0:
            text = "%s淋巴结%d枚，均未见癌转移" % (name, examined)
        elif kind == 3 and found:
            text = "%s淋巴结%d枚，其中%d枚见癌转移" % (name, examined, found)
        elif kind == 4:
            text = "（%s）淋巴结%d/%d%s" % (name, found, examined, "查见癌" if found else "未查见癌")
        else:
            text = "%s淋巴结（%d/%d）" % (name, found, examined)
        r.item(text, {"type": "lymph_nodes", "positive": found, "examined": examined, "station": name})
    if c.nodes:
        r.write(end)
    return bool(c.nodes)


def margin(r, g, c):
    if not c.margin:
        return False
    name, d = c.margin_site[1], c.distance
    if c.margin == "positive":
        text = name + g.pick(("见癌累及", "阳性", "查见癌"))
    elif c.margin == "indeterminate":
        text = name + g.pick(("无法评估", "因组织破碎无法判断"))
    elif c.margin == "close":
        text = g.pick(("癌紧邻%s，距离1mm", "%s距癌1mm，紧邻")) % name
    elif d:
        text = name + g.pick(("未见癌，距癌%s", "阴性，最近距离%s", "未查见癌（%s）")) % ("%dmm" % d if d < 10 else "%gcm" % (d / 10))
    else:
        text = name + g.pick(("未见癌", "阴性", "净", "（-）", "未见癌累及", "均未查见癌"))
    r.item(text, {"type": "margin", "status": c.margin, "distance_mm": d, "site": name})
    return True


PHRASES = {("lvi", "present"): ("脉管内见癌栓", "脉管癌栓（+）", "可见脉管侵犯", "查见脉管癌栓"), ("lvi", "absent"): ("未见脉管癌栓", "未见明确脉管侵犯", "脉管癌栓（-）", "脉管内未见癌栓"),
           ("lvi", "indeterminate"): ("可疑脉管侵犯", "脉管癌栓可疑", "不除外脉管侵犯"),
           ("pni", "present"): ("神经侵犯（+）", "见神经侵犯", "癌侵犯神经束"), ("pni", "absent"): ("未见神经侵犯", "神经侵犯（-）", "未见明确神经束侵犯"),
           ("ene", "present"): ("可见结外侵犯", "癌组织突破淋巴结被膜"), ("ene", "absent"): ("未见结外侵犯", "淋巴结被膜外未见癌")}
FIELDS = {"lvi": "脉管侵犯", "pni": "神经侵犯", "ene": "结外侵犯"}


def invasion(r, g, kind, status, label=False):
    if not status:
        return False
    text = FIELDS[kind] + "：" + {"present": "有", "absent": "无"}.get(status, "可疑") if label else g.pick(PHRASES[kind, status])
    r.item(text, {"type": kind, "status": status})
    return True


def stain(r, g, one, style):
    marker, _, name, status, score, percent = one
    amount = ""
    if percent:
        amount = "%d%%" % percent[0] if percent[0] == percent[1] else "%d-%d%%" % tuple(percent)
    plain = {"positive": "+", "negative": "-"}.get(status, "")
    left, right = (("（", "）"), ("(", ")"), ("（", "）"))[style]
    if score:
        inside = score if style != 2 or score == "0" else "+" * int(score[0])
    elif amount:
        inside = ("约" if style == 2 else "") + amount + ("+" if style != 1 or marker != "KI-67" else "")
    else:
        inside = plain
    r.item(name + left + inside + right, {"type": "ihc", "marker": marker, "status": status, "score": score, "percent": percent})


def stains(r, g, c, style=None, joint=None, end="。"):
    style = g.between(0, 2) if style is None else style
    joint = g.pick(("，", "、", "，", " ")) if joint is None else joint
    for i, one in enumerate(c.stains):
        if i:
            r.write(joint)
        stain(r, g, one, style)
    if c.stains:
        r.write(end)
    return bool(c.stains)


def side(c):
    return SIDES[c.side] if c.side else ""


def site(r, g, c, brackets=True):
    """The organ with its side, as before a diagnosis."""
    r.write("（" if brackets else "")
    word = side(c) + c.organ[1]
    if c.side:
        r.item(word, {"type": "laterality", "value": c.side})
    else:
        r.write(word)
    if g.maybe(0.4) and c.place is not c.organ:
        r.write(c.place[1])
    r.write("）" if brackets else "")


def history(r, g, c, day):
    """What an earlier biopsy showed: true of the patient, but not of this specimen."""
    past = {"temporality": "historical"}
    r.write("患者于").identifier("DATE", day)
    r.write(g.pick(("在外院行穿刺活检，病理示", "外院活检提示")))
    start = r.length
    r.write(c.histology[1])
    r.close(start, {"type": "histology", "name": "", "icdo": None, **past})
    if c.gleason:
        r.write("，")
        r.item("Gleason评分3+3=6分", {"type": "gleason", "primary": 3, "secondary": 3, "score": 6, "grade_group": None, **past})
    r.write("。")
