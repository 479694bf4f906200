#!/usr/bin/env python3
"""Repeats the reports of a folder to a number of JSON lines. Usage: many.py FOLDER COUNT"""

import itertools
import json
import pathlib
import sys

folder, number = pathlib.Path(sys.argv[1]), int(sys.argv[2])
texts = []
for path in sorted(folder.rglob("*.txt")):
    try:
        texts.append(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        continue  # written in another encoding on purpose
for index, text in zip(range(number), itertools.cycle(texts)):
    print(json.dumps({"id": f"{index:05}", "text": text}, ensure_ascii=False))
