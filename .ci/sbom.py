#!/usr/bin/env python3
"""The crates a build is made of as CycloneDX 1.5 JSON on standard output, from `cargo metadata --locked`.

Usage: .ci/sbom.py [--features parquet,encrypt] > bingli.cdx.json
Standard library only. Crates for tests and benchmarks are left out, those for building are in. The same lock file gives the same bytes.
"""
import argparse
import json
import subprocess
import tomllib


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", default="")
    wanted = parser.parse_args()
    command = ["cargo", "metadata", "--locked", "--format-version", "1"] + (["--features", wanted.features] if wanted.features else [])
    metadata = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root = metadata["resolve"]["root"]
    with open(packages[root]["manifest_path"].replace("Cargo.toml", "Cargo.lock"), "rb") as file:
        sums = {(package["name"], package["version"]): package.get("checksum") for package in tomllib.load(file)["package"]}
    needs = {id_: [dep["pkg"] for dep in node["deps"] if any(kind["kind"] != "dev" for kind in dep["dep_kinds"])] for id_, node in nodes.items()}
    seen, waiting = set(), [root]
    while waiting:
        id_ = waiting.pop()
        if id_ not in seen:
            seen.add(id_)
            waiting.extend(needs[id_])
    name = lambda id_: f"pkg:cargo/{packages[id_]['name']}@{packages[id_]['version']}"

    def component(id_):
        package = packages[id_]
        out = {"type": "application" if id_ == root else "library", "bom-ref": name(id_), "name": package["name"], "version": package["version"], "purl": name(id_)}
        if package["license"]:
            out["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
        if checksum := sums.get((package["name"], package["version"])):
            out["hashes"] = [{"alg": "SHA-256", "content": checksum}]
        return out

    order = sorted(seen, key=name)
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": component(root)},
        "components": [component(id_) for id_ in order if id_ != root],
        "dependencies": [{"ref": name(id_), "dependsOn": sorted({name(need) for need in needs[id_]})} for id_ in order],
    }
    print(json.dumps(bill, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
