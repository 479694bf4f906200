#!/usr/bin/env python3
"""The same work by others and by bingli, in one run on the same reports, each on one core, as a Markdown table.

Usage: speed.py BINARY TOKENS [--reports 2000] [--seed 1] [--texts en=FILE] [--texts zh=FILE] [-o docs/peers.md]
BINARY is a release build of bingli, TOKENS one of `cargo build --release --example tokens`. Versions: requirements-speed.txt beside this file
(`pip install -r`); ripgrep as installed. The reports are the bundled ones and generated ones of both languages, or those of JSON lines with `text`,
plain or gzip, that are named with --texts.

Laboratory values and TNM: Python's `re` with one alternation of every name of an analyte and one of every spelling of a unit in the lexicon,
and one TNM pattern; medspaCy with a target rule a name and one for TNM, once its target matcher alone and, in English, once in the pipeline it loads by
default (sentences, targets, ConText for the assertion). All find less than bingli (no ranges, lists, codes or other findings). Slow ones see fewer reports, as the table says. Seconds are seconds of the processor (so that a busy machine changes little), the best
of three, slow ones once; without start-up, for programs (bingli, cat, ripgrep) with it, and no less than the hundredth that the system counts in.
"""
import argparse
import datetime
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
TNM = r"\b[ycpra]{0,2}T\s?(?:[0-4Xx]|is)[a-d]?\s?,?\s?[pc]?N\s?[0-3Xx]"


def lexicon():
    names, units = {"en": set(), "zh": set()}, set()
    folder = os.path.join(ROOT, "corpora", "lexicon")
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".toml"):
            continue
        with open(os.path.join(folder, name), "rb") as file:
            vocabulary = tomllib.load(file)
        for entry in vocabulary.get("entry", []):
            if vocabulary.get("class") == "analyte":
                names["en"].update(entry.get("en", []))
                names["zh"].update(entry.get("zh", []))
            elif vocabulary.get("class") == "unit":
                units.update(entry.get("spellings", []))
    return names, units


def reports(language, count, seed):
    folder = os.path.join(ROOT, "corpora", "reports", language)
    texts = []
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            try:
                texts.append(file.read().decode("utf-8"))
            except UnicodeDecodeError:
                pass
    generator = os.path.join(ROOT, "corpora", "generator", "generate.py")
    made = subprocess.run([sys.executable, generator, "--lang", language, "--seed", str(seed), "--count", str(count), "-o", "/dev/stdout"], check=True, capture_output=True).stdout
    return texts + [json.loads(line)["text"] for line in made.decode().splitlines()]


def read(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def size(texts):
    return sum(len(text.encode()) for text in texts) / 1e6


def timed(work, times=3):
    spent = lambda: sum(os.times()[:4])
    best = float("inf")
    for _ in range(times):
        began = spent()
        work()
        best = min(best, spent() - began)
    return max(best, 0.01)


def alternation(forms):
    return "|".join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form)))


def by_re(names, units, language):
    word = alternation(names["en"])
    names = rf"(?<![a-z])(?:{word})(?![a-z])" + (f"|{alternation(names['zh'])}" if language == "zh" else "")
    labs = re.compile(rf"(?:{names})\s*[:：]?\s*([<>≤≥]?\s*\d+(?:\.\d+)?)\s*({alternation(units)})?", re.I)
    tnm = re.compile(TNM)

    def work(texts):
        return sum(len(labs.findall(text)) + len(tnm.findall(text)) for text in texts)

    return work


def target_rules(names, language):
    from medspacy.target_matcher import TargetRule

    forms = [*names["en"], *(names["zh"] if language == "zh" else [])]
    return [TargetRule(form, "LAB") for form in forms] + [TargetRule("TNM", "TNM", pattern=[{"TEXT": {"REGEX": TNM.replace(r"\s?", "")}}])]


def by_target_matcher(names, language):
    import medspacy  # noqa: F401 (registers what a document of the matcher has)
    import spacy
    from medspacy.target_matcher import TargetMatcher

    nlp = spacy.blank(language)
    matcher = TargetMatcher(nlp)
    matcher.add(target_rules(names, language))
    return lambda texts: sum(len(matcher(nlp.make_doc(text)).ents) for text in texts)


def by_medspacy(names, language):
    import medspacy
    from loguru import logger

    logger.remove()  # Its splitter of sentences logs every token.
    nlp = medspacy.load()
    nlp.get_pipe("medspacy_target_matcher").add(target_rules(names, language))
    return lambda texts: sum(len(nlp(text).ents) for text in texts)


def tokenizer_of(texts, language):
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.train_from_iterator(texts, trainers.WordPieceTrainer(vocab_size=8000, special_tokens=["[UNK]"], show_progress=False))
    return tokenizer


def ripgrep_version():
    return subprocess.run(["rg", "--version"], capture_output=True, text=True).stdout.split()[1]


def versions():
    from importlib.metadata import version

    return ", ".join(f"{name} {version(name)}" for name in ["medspacy", "spacy", "jieba", "tokenizers"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("tokens")
    parser.add_argument("--reports", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--texts", action="append", default=[], metavar="LANG=FILE")
    parser.add_argument("-o", "--output")
    wanted = parser.parse_args()
    names, units = lexicon()
    folder = tempfile.mkdtemp(prefix="bingli-peers-")
    rows = []

    def row(work, who, language, megabytes, seconds, note=""):
        rows.append((work, who, language, megabytes / seconds, megabytes, note))
        print(f"{work} | {who} | {language} | {megabytes / seconds:.2f} MB/s | {note}", file=sys.stderr, flush=True)

    try:
        for language in ["en", "zh"]:
            given = [pair.partition("=")[2] for pair in wanted.texts if pair.startswith(f"{language}=")]
            texts = read(given[0]) if given else reports(language, wanted.reports, wanted.seed)
            few = texts[:100]
            megabytes = size(texts)
            path = os.path.join(folder, f"{language}.jsonl")
            with open(path, "w", encoding="utf-8") as out:
                for number, text in enumerate(texts):
                    out.write(json.dumps({"id": str(number), "text": text}, ensure_ascii=False) + "\n")
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            row("read", "cat", language, megabytes, timed(lambda: subprocess.run(["cat", path], **quiet)), "start-up included")
            row("read", f"ripgrep {ripgrep_version()} -c, one thread", language, megabytes, timed(lambda: subprocess.run(["rg", "-j1", "-c", "carcinoma|癌", path], **quiet)), "two words; start-up included")
            tnm = re.compile(TNM)
            row("TNM alone", "Python re, one pattern (the yardstick)", language, megabytes, timed(lambda: [tnm.findall(text) for text in texts]))
            extract = [wanted.binary, "extract", path, "--jobs", "1"]
            row("labs and TNM", "bingli extract: all findings, assertion, codes, identifiers", language, megabytes, timed(lambda: subprocess.run(extract, **quiet)), "start-up included")
            work = by_re(names, units, language)
            row("labs and TNM", "Python re, the lexicon's forms", language, size(few), timed(lambda: work(few), 1), f"{len(few)} reports")
            for who, make in [("medspaCy, target matcher alone", by_target_matcher)] + [("medspaCy, default pipeline", by_medspacy)] * (language == "en"):
                work = make(names, language)
                work(few[:3])
                row("labs and TNM", who, language, size(few), timed(lambda: work(few), 1), f"{len(few)} reports")
            said = min((subprocess.run([wanted.tokens, path], capture_output=True, text=True, check=True).stdout.split() for _ in range(3)), key=lambda pair: float(pair[1]))
            row("tokens", "bingli", language, megabytes, float(said[1]), f"{int(said[0])} tokens, folding included")
            tokenizer = tokenizer_of(texts[:500], language)
            encode = lambda: sum(len(one.ids) for one in tokenizer.encode_batch(texts, add_special_tokens=False))
            row("tokens", "Hugging Face tokenizers, WordPiece of 8000", language, megabytes, timed(encode, 1), f"{encode()} tokens")
            if language == "zh":
                import jieba

                jieba.setLogLevel(60)
                jieba.initialize()
                cut = lambda: sum(len(jieba.lcut(text)) for text in texts)
                row("tokens", "jieba (Python)", language, megabytes, timed(cut, 1), f"{cut()} tokens")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    lines = [
        "# Beside others",
        "",
        f"MB of text a second of one core, two-core x86-64, {datetime.date.today()}; Python {sys.version.split()[0]}, {versions()}. What each does, and how it is timed,",
        "stands in the head of `benches/peers/speed.py`, which wrote this page:",
        "",
        "```sh",
        "cargo build --release --bin bingli --example tokens",
        "pip install -r benches/peers/requirements-speed.txt",
        "benches/peers/speed.py target/release/bingli target/release/examples/tokens -o docs/peers.md",
        "```",
        "",
        "| work | by | language | MB/s | MB seen | |",
        "|---|---|---|---:|---:|---|",
    ]
    lines += [f"| {work} | {who} | {language} | {rate:.2f} | {seen:.2f} | {note} |" for work, who, language, rate, seen, note in rows]
    lines += [
        "",
        "Reports of " + ("; ".join(f"{language}: a file of one's own" if any(pair.startswith(f"{language}=") for pair in wanted.texts) else f"{language}: bundled and generated" for language in ["en", "zh"])) + ".",
        "Generated reports are dense: nearly every line holds a result or a finding, and bingli writes five bytes of record for each byte of text.",
        "On prose it is faster; `benches` has the stages apart.",
    ]
    text = "\n".join(lines) + "\n"
    if wanted.output:
        # The section on learning is by fit.py and stays.
        kept = ""
        if os.path.exists(wanted.output):
            with open(wanted.output, encoding="utf-8") as file:
                kept = file.read().partition("\n## Learning\n")[2]
        with open(wanted.output, "w", encoding="utf-8") as out:
            out.write(text + ("\n## Learning\n" + kept if kept else ""))
    else:
        print(text)


if __name__ == "__main__":
    main()
