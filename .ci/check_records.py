#!/usr/bin/env python3
"""Checks every record of a JSON Lines file against a JSON Schema. Usage: check_records.py SCHEMA RECORDS"""
import json
import sys

import jsonschema

schema = json.load(open(sys.argv[1], encoding="utf-8"))
validator = jsonschema.Draft202012Validator(schema)
validator.check_schema(schema)
bad = count = 0
for number, line in enumerate(open(sys.argv[2], encoding="utf-8"), 1):
    count += 1
    for error in validator.iter_errors(json.loads(line)):
        bad += 1
        print(f"record {number}: {'/'.join(map(str, error.absolute_path))}: does not fit {error.validator}")
print(f"{count} records, {bad} places that do not fit")
sys.exit(1 if bad or not count else 0)
