"""Draws T from the size or depth, N from the positive nodes, and the stage group that follows from both (8th edition; FIGO 2009/2018).

Only combinations that a registrar would accept are given; where no group follows, there is none.
"""

# T categories: (category, smallest mm, largest mm, English depth, Chinese depth)
T = {
    "colorectal": [("T1", 8, 25, "invading the submucosa", "浸润黏膜下层"), ("T2", 15, 40, "invading the muscularis propria", "浸润固有肌层"),
                   ("T3", 25, 75, "through the muscularis propria into pericolorectal tissue", "穿透固有肌层达肠周脂肪组织"),
                   ("T3", 30, 70, "extending into the subserosa", "浸润至浆膜下层"), ("T4a", 35, 95, "penetrating the visceral peritoneum", "穿透脏层腹膜")],
    "gastric": [("T1b", 8, 30, "confined to the submucosa", "局限于黏膜下层"), ("T2", 20, 45, "into the muscularis propria", "浸润固有肌层"),
                ("T3", 30, 70, "into subserosal connective tissue", "浸润至浆膜下结缔组织"), ("T4a", 35, 110, "penetrating the serosa", "穿透浆膜层")],
    "breast": [("T1b", 6, 10, "", ""), ("T1c", 11, 20, "", ""), ("T1c", 12, 20, "", ""), ("T2", 21, 49, "", ""), ("T3", 52, 88, "", "")],
    "lung": [("T1b", 11, 20, "", ""), ("T1c", 21, 30, "", ""), ("T2a", 31, 40, "with visceral pleural invasion (PL1)", "侵犯脏层胸膜（PL1）"),
             ("T2b", 41, 50, "", ""), ("T3", 51, 69, "", "")],
    "hepatocellular": [("T1a", 9, 20, "", ""), ("T1b", 22, 75, "", ""), ("T2", 24, 80, "", "")],
    "thyroid": [("T1a", 3, 10, "", ""), ("T1b", 11, 20, "", ""), ("T2", 21, 40, "", ""), ("T3b", 15, 45, "with gross extension into strap muscle", "侵犯带状肌")],
    "prostate": [("T2", 8, 24, "organ confined", "局限于前列腺内"), ("T3a", 14, 34, "with extraprostatic extension", "伴前列腺外侵犯"),
                 ("T3b", 18, 42, "with seminal vesicle invasion", "侵犯精囊腺")],
    "renal": [("T1a", 15, 40, "limited to the kidney", "局限于肾内"), ("T1b", 41, 70, "limited to the kidney", "局限于肾内"), ("T2a", 71, 99, "limited to the kidney", "局限于肾内"),
              ("T3a", 55, 110, "invading the renal sinus fat", "侵犯肾窦脂肪")],
    "cervical": [("T1b1", 9, 19, "invading the inner third of the stroma", "浸润宫颈壁内1/3"), ("T1b2", 21, 39, "invading the middle third of the stroma", "浸润宫颈壁中1/3"),
                 ("T1b3", 41, 62, "invading the outer third of the stroma", "浸润宫颈壁外1/3")],
    "endometrial": [("T1a", 12, 40, "invading the inner half of the myometrium", "浸润浅肌层（＜1/2）"), ("T1b", 22, 60, "invading the outer half of the myometrium", "浸润深肌层（＞1/2）"),
                    ("T2", 30, 70, "invading the cervical stroma", "累及宫颈间质")],
}
# N categories: (fewest positive nodes, category)
N = {
    "colorectal": [(7, "N2b"), (4, "N2a"), (2, "N1b"), (1, "N1a"), (0, "N0")],
    "gastric": [(16, "N3b"), (7, "N3a"), (3, "N2"), (1, "N1"), (0, "N0")],
    "breast": [(10, "N3a"), (4, "N2a"), (1, "N1a"), (0, "N0")],
    "thyroid": [(1, "N1a"), (0, "N0")],
}
ONE = [(1, "N1"), (0, "N0")]

GROUPS = {
    "colorectal": {"T1N0 T2N0": "I", "T3N0": "IIA", "T4aN0": "IIB", "T1N1 T2N1 T1N2a": "IIIA", "T3N1 T4aN1 T2N2a T3N2a T1N2b T2N2b": "IIIB", "T4aN2a T3N2b T4aN2b": "IIIC"},
    "gastric": {"T1N0": "IA", "T1N1 T2N0": "IB", "T1N2 T2N1 T3N0": "IIA", "T1N3a T2N2 T3N1 T4aN0": "IIB", "T2N3a T3N2 T4aN1 T4aN2": "IIIA",
                "T1N3b T2N3b T3N3a T4aN3a": "IIIB", "T3N3b T4aN3b": "IIIC"},
    "breast": {"T1N0": "IA", "T1N1 T2N0": "IIA", "T2N1 T3N0": "IIB", "T1N2a T2N2a T3N1 T3N2a": "IIIA", "T1N3a T2N3a T3N3a": "IIIC"},
    "lung": {"T1bN0": "IA2", "T1cN0": "IA3", "T2aN0": "IB", "T2bN0": "IIA", "T1bN1 T1cN1 T2aN1 T2bN1 T3N0": "IIB", "T3N1": "IIIA"},
    "hepatocellular": {"T1aN0": "IA", "T1bN0": "IB", "T2N0": "II"},
    "renal": {"T1aN0 T1bN0": "I", "T2aN0": "II", "T3aN0 T3aN1 T1bN1 T2aN1": "III"},
    "cervical": {"T1b1N0": "IB1", "T1b2N0": "IB2", "T1b3N0": "IB3", "T1b1N1 T1b2N1 T1b3N1": "IIIC1"},
    "endometrial": {"T1aN0": "IA", "T1bN0": "IB", "T2N0": "II", "T1aN1 T1bN1 T2N1": "IIIC1"},
}
LOOKUP = {site: {pair: stage for pairs, stage in sorted(groups.items()) for pair in pairs.split()} for site, groups in GROUPS.items()}
LETTERED_T = {"lung", "hepatocellular", "renal", "cervical", "endometrial"}


def node_category(site, positive):
    for least, category in N.get(site, ONE):
        if positive >= least:
            return category
    return "N0"


def group(site, t, n):
    """The stage group of the pathological categories, or None."""
    table = LOOKUP.get(site)
    if not table or n is None:
        return None
    short_t = t if site in LETTERED_T or t == "T4a" else t[:2]
    short_n = n if n.startswith(("N2", "N3")) else n[:2]
    return table.get(short_t + short_n)
