#!/usr/bin/env python3
"""Reads NDJSON of FHIR R4 bundles with the package fhir.resources (R4B) and looks into what it read. Usage: read_fhir.py BUNDLES RECORDS"""

import base64
import json
import sys

from fhir.resources.R4B.bundle import Bundle


def main(bundles: str, records: str) -> None:
    with open(records, encoding="utf-8") as lines:
        known = {record["id"]: record for record in map(json.loads, lines)}
    count = observations = coded = 0
    with open(bundles, encoding="utf-8") as lines:
        for line in lines:
            bundle = Bundle.model_validate_json(line)
            count += 1
            record = known.pop(bundle.identifier.value)
            resources = [entry.resource for entry in bundle.entry]
            urls = [entry.fullUrl for entry in bundle.entry]
            assert len(set(urls)) == len(urls), "each fullUrl once"
            kinds = [resource.get_resource_type() for resource in resources]
            assert kinds[:3] == ["Patient", "DocumentReference", "DiagnosticReport"], kinds[:3]
            report = resources[2]
            assert [result.reference for result in report.result or []] == urls[3:]
            data = json.loads(line)["entry"][1]["resource"]["content"][0]["attachment"].get("data")
            text = base64.b64decode(data).decode() if data else None
            assert text == record.get("text"), f"{record['id']}: text"
            for observation in resources[3:]:
                observations += 1
                coded += bool(observation.code.coding)
                assert observation.subject.reference == urls[0] and observation.derivedFrom[0].reference == urls[1]
                for extension in observation.extension or []:
                    if extension.url == "urn:bingli:fhir:text-span":
                        place = {part.url: part for part in extension.extension}
                        start, end = place["start"].valueUnsignedInt, place["end"].valueUnsignedInt
                        assert 0 <= start <= end
                        if text is not None and "text" in place:
                            assert text[start:end] == place["text"].valueString, f"{record['id']}: {start}-{end}"
    assert not known, f"no bundle for {len(known)} records"
    assert observations > count, "observations"
    print(f"{count} bundles, {observations} observations, {coded} with LOINC: accepted by fhir.resources R4B")


if __name__ == "__main__":
    main(*sys.argv[1:])
