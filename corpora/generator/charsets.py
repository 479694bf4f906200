"""Encodings and letter-by-letter changes of whole reports. Every change keeps the number of code points, so gold offsets stay."""
from traditional import TRADITIONAL

CODECS = {"utf-8": ("utf-8", b""), "utf-8-bom": ("utf-8", b"\xef\xbb\xbf"), "gb18030": ("gb18030", b""), "gbk": ("gbk", b""), "big5": ("big5", b""),
          "utf-16le-bom": ("utf-16-le", b"\xff\xfe"), "utf-16be": ("utf-16-be", b"")}
FULL_WIDTH = {c: c + 0xFEE0 for c in list(range(48, 58)) + list(range(65, 91)) + list(range(97, 123)) + [ord(x) for x in "()/+-%<>.*"]}
OCR = {"l": "1", "I": "l", "e": "c", "o": "0", "n": "ri"[0], "h": "b", "t": "f", "S": "5", "B": "8", "a": "o"}


def encode(text, name):
    codec, mark = CODECS[name]
    return mark + text.encode(codec)


def decode(raw, name):
    codec, mark = CODECS[name]
    return raw[len(mark):].decode(codec)


def full_width(text):
    return text.translate(FULL_WIDTH)


def traditional(text):
    return text.translate(TRADITIONAL).replace("恢複", "恢復").replace("⁹", "9")  # Big5 has no small nine: the superscript is lost


def ocr(g, text, spans):
    """Wrong letters outside what the gold names; inside TNM and node counts only the letter O for zero."""
    safe = [False] * len(text)
    for start, end, fields in spans:
        for i in range(start, end):
            safe[i] = True
    out = list(text)
    for i, c in enumerate(text):
        if not safe[i] and c in OCR and g.maybe(0.05):
            out[i] = OCR[c]
    for start, end, fields in spans:
        if fields.get("type") == "tnm":
            for i in range(start, end):
                if out[i] == "0" and g.maybe(0.7):
                    out[i] = "O"
    return "".join(out)
