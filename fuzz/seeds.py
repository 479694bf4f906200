#!/usr/bin/env python3
"""Writes what the fuzzers start from: the bundled reports in several encodings and files, names and units as a dictionary.

Usage: seeds.py    (writes fuzz/corpus/RULE/*, fuzz/corpus/dictionary). Standard library only; every text is invented.
"""
import gzip
import io
import json
import os
import re
import tarfile
import tomllib
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
OUT = os.path.join(HERE, "corpus")
# In the order of KINDS in tests/suite/invariants.rs.
KINDS = re.search(r"const KINDS: \[&str; \d+\] = \[(.*?)\];", open(os.path.join(ROOT, "tests/suite/invariants.rs"), encoding="utf-8").read(), re.S)
KINDS = re.findall(r'"([^"]+)"', KINDS.group(1))


def write(rule, name, content):
    folder = os.path.join(OUT, rule)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as out:
        out.write(content)


def reports():
    for language in ["en", "zh"]:
        folder = os.path.join(ROOT, "corpora", "reports", language)
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), "rb") as file:
                bytes_ = file.read()
            try:
                yield f"{language}-{name}", bytes_.decode("utf-8")
            except UnicodeDecodeError:
                # Some are written in other encodings on purpose.
                write("decode", f"{language}-{name}", b"\0" + bytes_[:400])


def archive(kind, files):
    out = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
            for name, content in files.items():
                whole.writestr(name, content)
    else:
        with tarfile.open(fileobj=out, mode="w:gz" if kind == "tar.gz" else "w") as whole:
            for name, content in files.items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                whole.addfile(info, io.BytesIO(content))
    return out.getvalue()


def inputs():
    """Small files of every kind."""
    text = "DIAGNOSIS: SECRETWORD carcinoma, pT2 N0.\n诊断：腺癌，CEA 3.4ng/mL\n".encode()
    lines = b'{"id":"a","text":"pT1 SECRETWORD"}\n{"id":2,"text":null}\n{broken SECRETWORD\n{"text":"b","age":"40","sex":"F","date":"2020-01-02"}\n'
    table = 'id,text,sex\na,"one, SECRETWORD\nline",男\nb,two\nc,三,F\n'.encode()
    word = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>pT2 SECRETWORD</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>CEA</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>'
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
    sheet = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>text</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>pT2 SECRETWORD</t></is></c></row></sheetData></worksheet>'
    book = '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="one" sheetId="1" r:id="r1"/></sheets></workbook>'
    links = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    hl7 = "MSH|^~\\&|LAB|X|||20200102||ORU^R01|1|P|2.5\rPID|1||77^^^H||NOBODY^N||19500101|F\rOBR|1|||11529-5\rOBX|1|NM|2039-6^CEA^LN||3.4|ng/mL|0-5|N|||F\rOBX|2|TX|22637-3||SECRETWORD pT2||||||F\r"
    fhir = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "DiagnosticReport", "id": "d", "status": "final", "conclusion": "pT2 SECRETWORD", "code": {"text": "report"}}}, {"resource": {"resourceType": "Observation", "id": "o", "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "2039-6"}]}, "valueQuantity": {"value": 3.4, "unit": "ng/mL"}}}]}
    small = {"a/one.txt": text, "b.jsonl": lines, "c.csv": table}
    plain = {
        "txt": text, "jsonl": lines, "csv": table, "tsv": table.replace(b",", b"\t"), "lines": text, "hl7": hl7.encode(),
        "html": b"<html><head><title>SECRETWORD</title></head><body><h1>Diagnosis</h1><table><tr><td>CEA</td><td>3.4</td></tr></table><p>pT2 &amp; N0</p></body></html>",
        "xml": b"<?xml version='1.0'?><ClinicalDocument xmlns='urn:hl7-org:v3'><component><section><title>Dx</title><text>pT2 SECRETWORD</text></section></component></ClinicalDocument>",
        "json": json.dumps(fhir).encode(), "zip": archive("zip", small), "tar": archive("tar", small), "tar.gz": archive("tar.gz", small), "tgz": archive("tar.gz", small),
        "docx": archive("zip", {"[Content_Types].xml": types, "word/document.xml": word}),
        "xlsx": archive("zip", {"[Content_Types].xml": types, "xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": links, "xl/worksheets/sheet1.xml": sheet}),
        "eml": b"From: nobody@example.org\nSubject: note\nContent-Type: text/plain\n\npT2 SECRETWORD\n", "rtf": b"{\\rtf1\\ansi pT2 \\u32454? SECRETWORD\\par}",
    }
    for kind in list(plain):
        if kind in ("txt", "jsonl", "csv"):
            plain[f"{kind}.gz"] = gzip.compress(plain[kind], mtime=0)
    for kind, content in plain.items():
        yield kind, content
    yield "zip", archive("zip", {"inner.zip": archive("zip", small), "../out.txt": text})
    yield "csv", "id,text\r\n1,腺癌\r\n".encode("gb18030")
    yield "jsonl", '{"id":"a","text":"腺癌"}\n'.encode("utf-16")


def main():
    for index, (name, text) in enumerate(reports()):
        short = text[:1500].encode("utf-8", "ignore")
        write("report", name, short)
        write("identifiers", name, short)
        if name.startswith("zh"):
            coding = ["utf-8", "gb18030", "utf-16-le", "utf-16"][index % 4]
            write("decode", name, bytes([index % 8]) + text[:400].encode(coding))
        elif index % 5 == 0:
            write("decode", name, bytes([index % 8]) + text[:400].encode("cp1252", "ignore"))
        write("quantity", name, text[:200].encode("ascii", "ignore"))
    for language in ["en", "zh"]:
        with open(os.path.join(ROOT, "corpora", "identifiers", f"{language}.jsonl"), encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                if number % 7 == 0:
                    write("identifiers", f"{language}-gold-{number}", json.loads(line)["text"][:1500].encode())
    for number, (kind, content) in enumerate(inputs()):
        write("read", f"{number:02}-{kind}", bytes([KINDS.index(kind)]) + content)
    for number in range(32):
        write("model", f"{number:02}", bytes([number % 8]) + bytes((number * 37 + index * 11) % 256 for index in range(number // 8 * 5)))
    words = set()
    for folder, _, names in os.walk(os.path.join(ROOT, "corpora", "lexicon")):
        for name in sorted(names):
            if name.endswith(".toml"):
                with open(os.path.join(folder, name), "rb") as file:
                    for entry in tomllib.load(file).get("entry", []):
                        words.update((entry.get("en") or [])[:2] + (entry.get("zh") or [])[:2] + (entry.get("spellings") or [])[:2])
    with open(os.path.join(OUT, "dictionary"), "w", encoding="ascii") as out:
        for word in sorted(words)[::4]:
            if 1 < len(word.encode()) < 32:
                out.write('"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"\n')


if __name__ == "__main__":
    main()
