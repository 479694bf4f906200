"""Draws one patient's case: what the report will say, before any words are chosen. Size, depth, nodes and stage agree with each other."""
import staging
from others import BENIGN, LYMPHOMA
from sites import KINDS, SECOND, SITES

LABELS = [s.label for s in SITES] + ["lymphoma", "benign"]
KEYS = [s.key for s in SITES] + ["lymphoma", "benign"]
DIFF = [("well", None), ("moderate", None), ("moderate", None), ("moderate", None), ("poor", None), ("moderate", "poor"), ("well", "moderate")]
GLEASONS = [(3, 3, 1), (3, 4, 2), (3, 4, 2), (4, 3, 3), (4, 4, 4), (4, 5, 5), (5, 4, 5)]


class Case:
    """Fields are None where the report does not speak of them."""
    __slots__ = ("label", "key", "site", "organ", "place", "side", "procedure", "histology", "diff", "grade", "gleason", "size", "depth", "t", "n", "m", "stage", "system", "nodes",
                 "margin", "distance", "margin_site", "lvi", "pni", "ene", "stains", "gross", "micro", "sex", "age", "specimen", "benign", "molecular", "previous", "prefix")


MOLECULAR = {"colorectal": (("KRAS exon 2 mutation p.G12D detected", "KRAS基因2号外显子突变（G12D）"), ("KRAS, NRAS and BRAF wild type", "KRAS、NRAS、BRAF均为野生型")),
             "lung": (("EGFR exon 21 L858R mutation detected", "EGFR基因21外显子L858R突变"), ("no EGFR mutation found", "EGFR基因未检出突变")),
             "thyroid": (("TERT promoter wild type", "TERT启动子未检出突变"),),
             "endometrial": (("POLE hotspots wild type", "POLE基因未检出热点突变"),), "breast": (("BRCA1/2 testing pending", "BRCA1/2基因检测待回报"),)}


def stain(g, spec, ki=(5, 70)):
    marker, english, chinese, mode = spec
    status, score, percent = "positive", None, None
    if mode == "-" or mode == "?" and g.maybe(0.45):
        status = "negative"
    elif mode == "er":
        if g.maybe(0.3):
            status = "negative"
        else:
            low = g.between(1, 19) * 5
            percent = [low, low]
    elif mode == "her2":
        score = g.pick(("0", "1+", "2+", "3+"))
        status = {"2+": "equivocal", "3+": "positive"}.get(score, "negative")
    elif mode == "ki":
        low = g.between(*ki)
        low -= low % 5 if low > 10 else 0
        percent = [low, low + 10] if g.maybe(0.12) else [low, low]
    elif mode in "+?" and g.maybe(0.18):
        score = g.pick(("2+", "3+"))
    return marker, english, chinese, status, score, percent


def kind_decides(mode, histology):
    """A stain that follows from the histology becomes `+` or `-`."""
    word = KINDS.get(mode)
    if not word:
        return mode
    if word.startswith("not "):
        return "-" if word[4:] in histology else "+"
    return "+" if word in histology else "-"


def tumour(g, index):
    site, c = SITES[index], Case()
    c.label, c.key, c.site, c.organ, c.benign = site.label, site.key, site, site.organ, False
    c.place, c.procedure, c.histology = g.pick(site.places), g.pick(site.procedures), g.pick(site.histologies)
    c.side = g.pick(("left", "right")) if site.sides else None
    c.sex = site.sex or g.pick("MF")
    c.age = g.between(29, 86)
    c.t, low, high, deep_en, deep_zh = g.pick(staging.T[site.key])
    c.depth = (deep_en, deep_zh) if deep_en else None
    first = g.between(low, high)
    c.size = [first] if g.maybe(0.25) else sorted([first, max(2, int(first * g.real(0.55, 0.98))), max(2, int(first * g.real(0.2, 0.6)))][:g.between(2, 3)], reverse=True)
    c.diff = g.pick(DIFF) if site.graded is True and "signet" not in c.histology[0] else None
    c.grade = g.between(1, 3) if site.graded in ("nottingham", "figo") else g.between(1, 4) if site.graded == "isup" and "chromophobe" not in c.histology[0] else None
    if "serous" in c.histology[0]:
        c.grade = None
    c.gleason = g.pick(GLEASONS) if site.graded == "gleason" else None
    nodes_expected = g.maybe({"hepatocellular": 0.25, "renal": 0.3, "thyroid": 0.8, "prostate": 0.8}.get(site.key, 0.95))
    c.nodes, positive = [], 0
    if nodes_expected:
        spread = g.maybe({"T1": 0.15, "T2": 0.35, "T3": 0.5}.get(c.t[:2], 0.65))
        single = site.key in ("hepatocellular", "renal")
        for station in g.sample(site.stations, 1 if single else g.between(1, min(3, len(site.stations)))):
            examined = g.between(1, 4) if single else g.between(3, 18)
            found = min(examined, g.between(0, 5)) if spread and not single else 0
            c.nodes.append((station, found, examined))
            positive += found
    c.n = staging.node_category(site.key, positive) if c.nodes else "NX"
    c.m = g.pick((None, None, None, "M0", "MX"))
    c.stage = staging.group(site.key, c.t, c.n)
    c.system = "figo" if site.key in ("cervical", "endometrial") else "ajcc"
    c.margin = g.pick(("negative",) * 16 + ("positive", "positive", "close", "close", "indeterminate"))
    c.margin_site = g.pick(site.margins)
    c.distance = 1 if c.margin == "close" else g.between(2, 40) if c.margin == "negative" and g.maybe(0.4) else None
    c.lvi = "present" if c.key == "hepatocellular" and c.t == "T2" else "absent" if c.key == "hepatocellular" else g.pick(("present", "absent", "absent")) if positive == 0 else g.pick(("present", "present", "absent"))
    if c.lvi == "absent" and g.maybe(0.08) and c.key != "hepatocellular":
        c.lvi = "indeterminate"
    c.pni = g.pick(("present", "absent", None)) if site.key in ("colorectal", "gastric", "prostate", "cervical", "thyroid") else None
    c.ene = g.pick(("present", "absent")) if positive and site.key in ("breast", "thyroid", "cervical") and g.maybe(0.6) else None
    lost = g.pick(((), (), (), ("MLH1", "PMS2"), ("MSH2", "MSH6")))
    c.stains = []
    for spec in g.sample(site.stains, g.between(3, min(9, len(site.stains)))):
        if spec[3] == "mmr":
            c.stains.append((spec[0], spec[1], spec[2], "negative" if spec[0] in lost else "positive", None, None))
        else:
            c.stains.append(stain(g, spec[:3] + (kind_decides(spec[3], c.histology[0]),)))
    c.gross, c.micro = g.pick(site.gross), g.pick(site.micro)
    if site.key in SECOND:
        second = "signet" not in c.histology[0] if site.key == "gastric" else SECOND[site.key] in c.histology[0]
        c.micro = site.micro[1 if second else 0]
    c.specimen = [g.between(5, 22), g.between(4, 12), g.between(2, 6)]
    c.molecular = g.pick(MOLECULAR[c.key]) if c.key in MOLECULAR and g.maybe(0.35) else None
    c.previous = g.maybe(0.4)
    c.prefix = "yp" if c.key in ("breast", "gastric", "colorectal", "lung") and g.maybe(0.1) else "p"
    if c.prefix == "yp":
        c.stage = None  # groups after neoadjuvant treatment have their own table
    return c


def without_stage(g, label):
    c = Case()
    for field in Case.__slots__:
        setattr(c, field, None)
    c.label = c.key = label
    c.nodes, c.stains = [], []
    c.age, c.sex = g.between(19, 88), g.pick("MF")
    c.specimen = [g.between(2, 8), g.between(1, 4), g.between(1, 3)]
    c.benign = label == "benign"
    if c.benign:
        c.organ, c.histology, c.procedure, c.gross, c.micro, sex = g.pick(BENIGN)
        c.sex = sex or c.sex
        c.place = c.organ
        if g.maybe(0.25):
            c.stains = [stain(g, ("KI-67", "Ki-67", "Ki-67", "ki"), (1, 4))]
        return c
    c.organ = c.place = g.pick(LYMPHOMA["places"])
    c.histology, panel, ki = g.pick(LYMPHOMA["kinds"])
    c.procedure = g.pick((("excisional biopsy", "切除活检"), ("core biopsy", "穿刺活检")))
    c.stains = [stain(g, (m, m.replace("CYCLIN", "cyclin"), m.replace("CYCLIN D1", "CyclinD1").replace("BCL", "Bcl-"), mode)) for m, mode in panel]
    c.stains.append(stain(g, ("KI-67", "Ki-67", "Ki-67", "ki"), ki))
    c.gross, c.micro = g.pick(LYMPHOMA["gross"]), g.pick(LYMPHOMA["micro"])
    if g.maybe(0.35):
        c.stage, c.system = g.pick(("IA", "IIA", "IIIA", "IIIB", "IVA", "IVB")), "other"
    return c


def draw(g, index):
    """The case of the label with this index."""
    return tumour(g, index) if index < len(SITES) else without_stage(g, LABELS[index])
