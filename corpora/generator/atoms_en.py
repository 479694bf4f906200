"""English ways of writing one finding each. Every function writes words into a report and says what they state."""

DIFF = {"well": "well", "moderate": "moderately", "poor": "poorly"}
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen")


def dimensions(g, size):
    if g.maybe(0.2):
        unit, parts = " mm", [str(n) for n in size]
    else:
        unit, parts = " cm", ["%.1f" % (n / 10) for n in size]
    return g.pick((" x ", " x ", " x ", "x", " X ", " by ")).join(parts) + unit


def size(r, g, c, before=""):
    if not c.size:
        return False
    if before:
        r.write(before)
    text = dimensions(g, c.size)
    if len(c.size) == 1 and g.maybe(0.4):
        text += g.pick((" in greatest dimension", " in diameter", " in maximum diameter"))
    r.item(text, {"type": "tumor_size", "dimensions_mm": c.size})
    return True


def specimen(g, c):
    return " x ".join("%.1f" % n for n in c.specimen) + " cm"


def histology(r, g, c, title=False):
    start = r.length
    if c.diff:
        a, b = c.diff
        text = DIFF[a] + (" to " + DIFF[b] if b else "") + g.pick((" differentiated", " differentiated", "-differentiated"))
        r.item(text.capitalize() if title else text, {"type": "differentiation", "from": a, "to": b})
        r.write(" ", c.histology[0])
    else:
        r.write(c.histology[0].capitalize() if title and not c.histology[0][1].isupper() else c.histology[0])
    if not c.benign:
        r.close(start, {"type": "histology", "name": "", "icdo": None})


def grade(r, g, c, before=""):
    if c.gleason:
        a, b, group = c.gleason
        told = g.maybe(0.5)
        text = g.pick(("Gleason score %d+%d=%d", "Gleason %d + %d = %d", "Gleason score: %d+%d = %d")) % (a, b, a + b)
        if told:
            text += g.pick((", Grade Group %d", " (Grade Group %d)", ", ISUP grade group %d")) % group
        r.write(before)
        r.item(text, {"type": "gleason", "primary": a, "secondary": b, "score": a + b, "grade_group": group if told else None})
    elif c.grade:
        r.write(before)
        if c.site.graded == "nottingham":
            low, high = {1: (3, 5), 2: (6, 7), 3: (8, 9)}[c.grade]
            score = g.between(low, high) if g.maybe(0.5) else None
            text = "Nottingham grade %d" % c.grade + (" (score %d of 9)" % score if score else "")
            r.item(text, {"type": "grade", "system": "nottingham", "grade": str(c.grade), "score": score})
        else:
            text = {"figo": "FIGO grade %d", "isup": "WHO/ISUP grade %d"}[c.site.graded] % c.grade
            r.item(text, {"type": "grade", "system": c.site.graded, "grade": str(c.grade), "score": None})
    else:
        return False
    return True


def tnm(r, g, c):
    if not c.t:
        return False
    n, m, p = c.n, c.m, c.prefix
    kind = g.between(0, 8)
    if kind == 0 and p == "p":
        text, p = " ".join(x for x in (c.t, n, m) if x), ""
    elif kind <= 1:
        text = p + c.t + " " + n + (" " + m if m else "")
    elif kind == 2:
        text = p + c.t + n + (m or "")
    elif kind == 3:
        text = p + c.t + ", " + p + n + (", pMX" if m == "MX" else "")
        m = m if m == "MX" else None
    elif kind == 4:
        text, m = p + c.t + " " + p + n, None
    elif kind == 5:
        text, m = p + c.t + " / " + p + n, None
    elif kind == 6:
        text, m = p + c.t + ". " + p + n, None
    elif kind == 7:
        text = p + c.t + "; " + n + ("; " + m if m else "")
    else:
        text = "(" + p + c.t + "," + n + ("," + m if m else "") + ")"
    if g.maybe(0.25):
        text = text.replace("X", "x")
    r.item(text, {"type": "tnm", "prefix": p, "t": c.t, "n": n, "m": m})
    return True


def stage(r, g, c, before=" "):
    if not c.stage:
        return False
    r.write(before)
    if c.system == "figo":
        r.write("FIGO ")
    elif c.system == "other":
        r.write("Ann Arbor ")
    r.item(g.pick(("stage ", "Stage ", "stage ")) + c.stage, {"type": "stage_group", "system": c.system, "stage": c.stage})
    return True


def nodes(r, g, c, joint="; ", end="."):
    for i, (station, found, examined) in enumerate(c.nodes):
        if i:
            r.write(joint)
        kind, name = g.between(0, 4), station[0]
        if kind == 0:
            text = "%s lymph nodes (%d/%d)" % (name, found, examined)
        elif kind == 1:
            text = "%s lymph nodes: %d of %d positive" % (name, found, examined)
        elif kind == 2 and found == 0:
            text = "%s %s lymph node%s, negative for tumor (0/%d)" % (WORDS[examined], name, "" if examined == 1 else "s", examined)
        elif kind == 3 and found and examined < 19:
            text = "metastatic carcinoma in %s of %s %s lymph nodes (%d/%d)" % (WORDS[found], WORDS[examined], name, found, examined)
        elif kind == 4 and found == 0:
            text = "no metastasis in %d %s nodes" % (examined, name)
        else:
            text = "%d/%d %s lymph nodes" % (found, examined, name)
        r.item(text, {"type": "lymph_nodes", "positive": found, "examined": examined, "station": name})
    if c.nodes:
        r.write(end)
    return bool(c.nodes)


def margin(r, g, c):
    if not c.margin:
        return False
    name, d = c.margin_site[0], c.distance
    plural = name.endswith("margins")
    if c.margin == "positive":
        text = name + g.pick((" positive for carcinoma", " involved by carcinoma", ": tumor present at ink"))
    elif c.margin == "indeterminate":
        text = name + g.pick((" cannot be assessed", ": cannot be determined", " indeterminate because of fragmentation"))
    elif c.margin == "close":
        text = name + g.pick((" close, 1 mm from tumor", " close (1 mm)"))
    elif d:
        far = "%d mm" % d if d < 10 or g.maybe(0.4) else "%.1f cm" % (d / 10)
        text = name + g.pick((" free of tumor, closest %s", " negative (nearest %s)", " uninvolved, distance %s")) % far
    else:
        text = name + (" are" if plural and g.maybe(0.5) else "") + g.pick((" negative", " free of carcinoma", " uninvolved by tumor", " clear"))
    r.item(text, {"type": "margin", "status": c.margin, "distance_mm": d, "site": name})
    return True


def invasion(r, g, kind, status, label=True):
    """Lymphovascular, perineural or extranodal: as a field, or as a phrase."""
    if not status:
        return False
    name = {"lvi": g.pick(("lymphovascular invasion", "angiolymphatic invasion", "lymph-vascular invasion", "vascular invasion")), "pni": "perineural invasion",
            "ene": g.pick(("extranodal extension", "extracapsular extension"))}[kind]
    if status == "indeterminate":
        text = name.capitalize() + ": " + g.pick(("indeterminate", "cannot be determined", "suspicious")) if label else g.pick(("suspicious for " + name, name + " cannot be excluded"))
    elif label:
        text = name.capitalize() + ": " + (g.pick(("present", "present", "identified")) if status == "present" else g.pick(("not identified", "absent", "none identified")))
    elif status == "present":
        text = g.pick((name + " is present", name + " is identified", "there is " + name))
    else:
        text = g.pick(("no " + name + " is seen", "no evidence of " + name, name + " is not identified"))
    r.item(text, {"type": kind, "status": status})
    return True


def stain(r, g, one, style):
    marker, name, _, status, score, percent = one
    if percent:
        low, high = percent
        amount = "%d%%" % low if low == high else "%d-%d%%" % (low, high)
    else:
        amount = ""
    if style == 0:
        text = name + " " + (score + " (" + status + ")" if score and marker == "HER2" else "positive" + (", " + amount if amount else "") if status == "positive" else status)
        score = score if marker == "HER2" else None
    elif style == 1:
        plain = "+" if status == "positive" else "-" if status == "negative" else ""
        text = name + " (" + (score or amount + ("+" if amount and marker != "KI-67" else "") or plain) + ")"
    else:
        text = name + ": " + (status.capitalize() if not score else status.capitalize() + ", " + score) + (" (" + amount + ")" if amount else "")
    r.item(text, {"type": "ihc", "marker": marker, "status": status, "score": score, "percent": percent})


def stains(r, g, c, style=None, joint=", ", end="."):
    style = g.between(0, 2) if style is None else style
    for i, one in enumerate(c.stains):
        if i:
            r.write(joint)
        stain(r, g, one, style)
    if c.stains:
        r.write(end)
    return bool(c.stains)


def site(r, g, c, comma=True):
    """The organ with its side, as on a specimen line."""
    if c.side:
        if g.maybe(0.5):
            r.item(c.side + " " + c.organ[0], {"type": "laterality", "value": c.side})
        else:
            r.write(c.organ[0], ", ")
            r.item(c.side, {"type": "laterality", "value": c.side})
        r.write(", " + c.place[0] if comma else "")
    else:
        r.write(c.organ[0] + (", " + c.place[0] if comma and c.place[0] != c.organ[0] else ""))


def history(r, g, c, day):
    """What an earlier biopsy showed: true of the patient, but not of this specimen."""
    past = {"temporality": "historical"}
    r.write("Biopsy elsewhere on ").identifier("DATE", day)
    r.write(" showed ")
    start = r.length
    r.write(c.histology[0])
    r.close(start, {"type": "histology", "name": "", "icdo": None, **past})
    if c.gleason:
        r.write(", ")
        r.item("Gleason 3+3=6", {"type": "gleason", "primary": 3, "secondary": 3, "score": 6, "grade_group": None, **past})
    r.write(". ")
