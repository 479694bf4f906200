"""Reads text with marks, `[[SPEC|words]]`, and gives plain text with its gold.

Marks nest. A spec names one or more items, joined by `;`. Offsets count code points of the plain text, so the gold is exact
by construction. Kinds: T tnm, SG stage group, SZ size, LN nodes, MG margin, LVI, PNI, ENE, DF differentiation, GR grade,
GL Gleason, IH stain, HI histology, LAT side, L laboratory result, @KIND an identifier.
"""
import re

STATUS = {"pos": "positive", "neg": "negative", "eq": "equivocal", "-": None}


def number(word):
    value = float(word)
    return int(value) if value == int(value) else value


def optional(word, read=number):
    return None if word in ("-", "") else read(word)


def words(token):
    return token.replace("_", " ")


def lab(args, inner):
    analyte, value = args[0], args[1]
    item = {"type": "lab", "analyte": analyte, "name": "", "kind": "numeric", "value": None, "value_high": None, "comparator": "",
            "unit": "", "reference": None, "flag": "", "text_value": "", "temporality": "current"}
    rest, shared = args[2:], ""
    if value.startswith("q:"):
        item.update(kind="qualitative", text_value=words(value[2:]))
    elif ".." in value:
        low, high = value.split("..")
        item.update(kind="range", value=number(low), value_high=number(high))
    else:
        sign = re.match(r"[<>]=?|", value).group()
        item.update(comparator=sign, value=number(value[len(sign):]))
    for token in rest:
        if token.startswith("u="):
            item["unit"] = words(token[2:])
        elif token.startswith("U="):  # one unit shared by several results, printed further on
            shared = words(token[2:])
        elif token.startswith("r="):
            low, high = token[2:].split("~")
            item["reference"] = [optional(low), optional(high)]
        elif token.startswith("f="):
            item["flag"] = token[2:]
        elif token.startswith("n="):
            item["name"] = words(token[2:])
        elif token == "h":
            item["temporality"] = "historical"
        elif token != "@":
            raise ValueError("unknown laboratory token %r" % token)
    if not item["name"]:
        item["name"] = re.match(r"[^\s:：,，=(（]+", inner).group()
    for word in (item["unit"], item["flag"], item["text_value"]):
        if word not in inner:
            raise ValueError("%r does not stand in %r" % (word, inner))
    item["unit"] = item["unit"] or shared
    return item


def finding(spec, inner):
    head, *args = spec.split()
    extra = {}
    for token in [a for a in args if a.startswith("!")]:
        args.remove(token)
        extra.update({"!hist": {"temporality": "historical"}, "!absent": {"presence": "absent"}, "!uncertain": {"presence": "uncertain"}}[token])
    arg = lambda i: args[i] if i < len(args) else "-"
    if head == "T":
        item = {"type": "tnm", "prefix": "" if arg(0) == "-" else arg(0), "t": optional(arg(1), str), "n": optional(arg(2), str), "m": optional(arg(3), str)}
    elif head == "SG":
        item = {"type": "stage_group", "system": arg(0), "stage": arg(1)}
    elif head == "SZ":
        item = {"type": "tumor_size", "dimensions_mm": sorted((number(a) for a in args), reverse=True)}
    elif head == "LN":
        item = {"type": "lymph_nodes", "positive": optional(arg(0)), "examined": optional(arg(1)), "station": optional(arg(2), words)}
    elif head == "MG":
        item = {"type": "margin", "status": arg(0), "distance_mm": optional(arg(1)), "site": optional(arg(2), words)}
    elif head in ("LVI", "PNI", "ENE"):
        item = {"type": head.lower(), "status": arg(0)}
    elif head == "DF":
        item = {"type": "differentiation", "from": arg(0), "to": optional(arg(1), str)}
    elif head == "GR":
        item = {"type": "grade", "system": arg(0), "grade": arg(1), "score": optional(arg(2))}
    elif head == "GL":
        item = {"type": "gleason", "primary": optional(arg(0)), "secondary": optional(arg(1)), "score": optional(arg(2)), "grade_group": optional(arg(3))}
    elif head == "IH":
        percent = [number(arg(3)), number(arg(4))] if arg(3) != "-" else None
        item = {"type": "ihc", "marker": words(arg(0)), "status": STATUS[arg(1)], "score": optional(arg(2), str), "percent": percent}
    elif head == "HI":
        item = {"type": "histology", "name": inner, "icdo": optional(arg(0), str)}
    elif head == "LAT":
        item = {"type": "laterality", "value": arg(0)}
    elif head == "L":
        item = lab(args, inner)
    else:
        raise ValueError("unknown mark %r" % spec)
    item.update(extra)
    return item


def read(marked):
    """Returns (text, items, identifiers) of a marked text."""
    out, length, stack, items, phi = [], 0, [], [], []
    for piece in re.split(r"(\[\[[^|\[\]]*\||\]\])", marked):
        if piece.startswith("[["):
            stack.append((piece[2:-1], length, len(out)))
        elif piece == "]]":
            spec, start, first = stack.pop()
            inner = "".join(out[first:])
            if spec.startswith("@"):
                phi.append({"kind": spec[1:], "start": start, "end": length, "value": inner})
                continue
            for one in spec.split(";"):
                item = finding(one, inner)
                item.update(verbatim=inner, start=start, end=length)
                items.append(item)
        else:
            out.append(piece)
            length += len(piece)
    if stack or "]]" in "".join(out):
        raise ValueError("a mark is not closed: %r" % stack)
    key = lambda x: (x["start"], x["end"])
    return "".join(out), sorted(items, key=key), sorted(phi, key=key)


def documents(text):
    """Splits a file of marked texts at its `=== name key=value ...` lines."""
    for block in re.split(r"(?m)^=== ", text)[1:]:
        head, body = block.split("\n", 1)
        name, *pairs = head.split()
        yield name, dict(p.split("=", 1) for p in pairs), body.rstrip("\n") + "\n"
