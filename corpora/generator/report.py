"""A report in the making. Whoever writes a finding says what it is, so the gold's offsets are exact by construction.

Offsets count code points. Nothing here reads text back.
"""


class Report:
    __slots__ = ("parts", "length", "spans", "ids", "upper", "notation", "capital")

    def __init__(self):
        self.parts, self.length, self.spans, self.ids, self.upper, self.notation, self.capital = [], 0, [], [], False, None, False

    def write(self, *texts):
        for text in texts:
            if self.upper:
                text = text.upper()
            if self.capital and text:
                text, self.capital = text[0].upper() + text[1:], False
            self.parts.append(text)
            self.length += len(text)
        return self

    def sentence(self, *texts):
        """Writes, and the next word begins with a capital letter."""
        self.write(*texts)
        self.capital = True
        return self

    def item(self, text, fields):
        """Writes words that state a finding."""
        start = self.length
        if fields["type"] == "tnm":  # pT2 begins no sentence with a capital
            self.capital = False
        self.write(text)
        self.spans.append((start, self.length, fields))

    def close(self, start, fields):
        """Says that everything written since `start` states a finding."""
        self.spans.append((start, self.length, fields))

    def identifier(self, kind, text):
        start = self.length
        self.write(text)
        self.ids.append((start, self.length, kind))

    def text(self):
        return "".join(self.parts)

    def gold(self, text, change=None):
        """The items and identifiers of `text`; `change` maps printed words where the whole text was changed letter by letter."""
        items = []
        for start, end, fields in self.spans:
            item = dict(fields)
            verbatim = text[start:end]
            if item["type"] == "lab":
                for key in ("name", "unit", "flag", "text_value"):
                    word = item[key].upper() if self.upper else item[key]
                    item[key] = change(word) if change else word
            elif item["type"] == "histology":
                item["name"] = verbatim
            for key in ("station", "site"):
                if item.get(key):
                    word = item[key] if item[key] in verbatim else item[key].upper() if self.upper else item[key]
                    item[key] = change(word) if change else word
            item.update(verbatim=verbatim, start=start, end=end)
            items.append(item)
        items.sort(key=lambda i: (i["start"], i["end"]))
        phi = [{"kind": kind, "start": start, "end": end, "value": text[start:end]} for start, end, kind in self.ids]
        return items, phi
