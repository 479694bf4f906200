#!/usr/bin/env python3
"""Documents written by other programs give what their text gives.

LibreOffice writes .docx, .xlsx and .pdf of bundled reports in English and Chinese; HL7 v2 and FHIR R4 messages are written by hl7apy and
fhir.resources. Findings and laboratory results, without places, must be those of the text. Usage: documents.py BINGLI REPORTS WORK
"""

import base64
import csv
import json
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile

from fhir.resources.R4B.bundle import Bundle
from hl7apy.core import Message

COUNT = 10
PLACES = {"start", "end", "text", "cues", "section"}


def utf8(path):
    """A text, where it is in UTF-8: other encodings are another test's."""
    try:
        return path.read_text(encoding="utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        return None


def records(bingli, *inputs):
    run = subprocess.run([bingli, "extract", *map(str, inputs)], capture_output=True, text=True)
    return [json.loads(line) for line in run.stdout.splitlines()], run.stderr


def values(record):
    """What a report states, without places and without what the way of writing decides."""
    def plain(item):
        return json.dumps({key: value for key, value in item.items() if key not in PLACES}, sort_keys=True, ensure_ascii=False)
    return sorted(map(plain, record["findings"])), sorted(map(plain, record["labs"]))


def compare(kind, expected, found, stem):
    """Reports by stem; says what differs, and returns how many do."""
    by_stem = {stem(record["id"]): record for record in found}
    wrong = 0
    for name, record in expected.items():
        if name not in by_stem:
            print(f"{kind}: {name}: no record")
            wrong += 1
            continue
        for what, mine, theirs in zip(("findings", "labs"), values(record), values(by_stem[name])):
            if mine != theirs:
                wrong += 1
                for item in sorted(set(mine) ^ set(theirs)):
                    print(f"{kind}: {name}: {what} only in the {'text' if item in mine else kind}: {item[:300]}")
                break
    print(f"{kind}: {len(expected) - wrong} of {len(expected)} reports as their text")
    return wrong


def hl7(name, text):
    message = Message("ORU_R01", version="2.5")
    message.msh.msh_9 = "ORU^R01^ORU_R01"
    message.msh.msh_18 = "UNICODE UTF-8"
    message.pid.pid_3 = "P-1"
    message.pid.pid_8 = "U"
    obr = message.add_segment("OBR")
    obr.obr_3, obr.obr_4, obr.obr_25 = name, "11526-1^Pathology study^LN", "F"
    lines = [message.msh.to_er7(), message.pid.to_er7(), obr.to_er7()]
    escaped = text.replace("\\", "\\E\\").replace("|", "\\F\\").replace("^", "\\S\\").replace("&", "\\T\\").replace("~", "\\R\\").replace("\r", "")
    for number, line in enumerate(escaped.split("\n"), 1):
        lines.append(f"OBX|{number}|TX|11526-1^Pathology study^LN||{line}||||||F")
    return "\r".join(lines) + "\r"


def fhir(name, text):
    bundle = {
        "resourceType": "Bundle", "type": "collection", "entry": [
            {"fullUrl": f"urn:uuid:{name}", "resource": {
                "resourceType": "DiagnosticReport", "id": name, "status": "final", "code": {"text": "report"},
                "presentedForm": [{"contentType": "text/plain; charset=utf-8", "data": base64.b64encode(text.encode()).decode()}]}}]}
    return Bundle.model_validate(bundle).model_dump_json()


def main(bingli, reports, work):
    reports, work = pathlib.Path(reports), pathlib.Path(work).resolve()
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    texts = {}
    plain = work / "txt"
    plain.mkdir()
    for language in ("en", "zh"):
        own = {path.stem: text for path in sorted((reports / language).rglob("*.txt")) if (text := utf8(path))}
        # Of every kind of report some.
        for stem in sorted(own)[:: max(1, len(own) // COUNT)][:COUNT]:
            name = f"{language}-{stem}".replace("_", "-")
            texts[name] = own[stem]
            (plain / f"{name}.txt").write_text(own[stem], encoding="utf-8")
    files = sorted(plain.iterdir())
    expected = {pathlib.Path(record["id"]).stem: record for record in records(bingli, plain)[0]}
    assert len(expected) == 2 * COUNT, len(expected)
    wrong = 0

    def stem(name):
        return pathlib.Path(name).stem

    if shutil.which("soffice"):
        # --infilter: the texts are UTF-8.
        import_text = ["--infilter=Text (encoded):UTF8,LF,,,"]
        for target, rule in (("docx", "docx:MS Word 2007 XML"), ("pdf", "pdf:writer_pdf_Export")):
            if target == "pdf" and not shutil.which("pdftotext"):
                print("pdf was not compared: expected pdftotext of poppler-utils, found none")
                continue
            out = work / target
            out.mkdir()
            command = ["soffice", f"-env:UserInstallation=file://{work}/profile", "--headless", *import_text, "--convert-to", rule, "--outdir", str(out)]
            subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=900)
            like = expected
            if target == "pdf":
                # A page has columns where a text has runs of blanks.
                tabbed = work / "tabbed"
                tabbed.mkdir()
                for name, text in texts.items():
                    (tabbed / f"{name}.txt").write_text(re.sub(r"(?<=\S) {2,}(?=\S)", "\t", text), encoding="utf-8")
                like = {stem(record["id"]): record for record in records(bingli, tabbed)[0]}
            wrong += compare(target, like, records(bingli, out)[0], stem)
        table = work / "all.csv"
        with open(table, "w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["id", "text"])
            rows.writerows(texts.items())
        command = ["soffice", f"-env:UserInstallation=file://{work}/profile", "--headless", "--infilter=CSV:44,34,76,1,1/2/2/2", "--convert-to", "xlsx", "--outdir", str(work)]
        subprocess.run([*command, str(table)], check=True, capture_output=True, timeout=600)
        wrong += compare("xlsx", expected, records(bingli, work / "all.xlsx")[0], str)
        # The same documents in an archive.
        with zipfile.ZipFile(work / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted((work / "docx").iterdir()):
                archive.write(path, f"inner/{path.name}")
        wrong += compare("zip of docx", expected, records(bingli, work / "all.zip")[0], stem)
    else:
        print("docx, xlsx and pdf were not compared: expected LibreOffice (libreoffice-writer-nogui, libreoffice-calc-nogui), found none")

    (work / "hl7").mkdir()
    for name, text in texts.items():
        (work / "hl7" / f"{name}.hl7").write_bytes(hl7(name, text).encode())
    wrong += compare("hl7", expected, records(bingli, work / "hl7")[0], stem)
    (work / "all.ndjson").write_text("".join(fhir(name, text) + "\n" for name, text in texts.items()), encoding="utf-8")
    wrong += compare("fhir", expected, records(bingli, work / "all.ndjson")[0], str)
    sys.exit(f"{wrong} documents are not as their text" if wrong else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
