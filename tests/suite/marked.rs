//! Marked cases: what a clinician can judge stands in `tests/cases/*.txt`, not in code.
//!
//! A line of text holds its expectations: `[words]{type key=value …}`. `type` is `lab` or the type of a finding; each key is a field of
//! the record's JSON and must be equal (`~` stands for a blank). `{none}` at the end of a line says that nothing is found; `{none lab}` that no lab is.
//! A result must overlap the words that are marked; `⏎` stands for a line break. Per line, the results of every type that is marked must be as many as the marks. A line that begins with `#` is a remark, a `!` before a line
//! says it is known to fail: it must fail. A line without expectation, or with malformed marks, is rejected.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use bingli::document::Document;
use bingli::findings::Extractor;
use bingli::lexicon::Lexicon;
use serde_json::Value;

/// What one mark expects.
#[derive(Debug, PartialEq)]
struct Mark {
    words: String,
    /// Bytes of the text.
    at: std::ops::Range<usize>,
    kind: String,
    fields: Vec<(String, String)>,
}

/// A line with its marks taken out.
#[derive(Debug, PartialEq)]
struct Case {
    text: String,
    marks: Vec<Mark>,
    /// Types of which nothing may be found; `*` for all.
    none: Vec<String>,
    fails: bool,
}

fn parse(line: &str) -> Result<Case, String> {
    let line = line.replace('⏎', "\n");
    let (fails, mut rest) = line.strip_prefix('!').map_or((false, line.as_str()), |rest| (true, rest));
    let mut case = Case { text: String::new(), marks: Vec::new(), none: Vec::new(), fails };
    while let Some(open) = rest.find(['[', '{']) {
        case.text.push_str(&rest[..open]);
        if rest[open..].starts_with('{') {
            let close = rest.find('}').ok_or("`{` without `}`")?;
            let mut parts = rest[open + 1..close].split_whitespace();
            if parts.next() != Some("none") {
                return Err(format!("`{}` stands behind no words", &rest[open..=close]));
            }
            case.none = parts.map(String::from).collect();
            if case.none.is_empty() {
                case.none.push("*".into());
            }
            rest = &rest[close + 1..];
            continue;
        }
        // A bracket is a mark where braces follow it; else it is text.
        let Some(close) = rest[open..].find("]{").map(|at| open + at) else {
            case.text.push('[');
            rest = &rest[open + 1..];
            continue;
        };
        let end = close + 2 + rest[close + 2..].find('}').ok_or("`]{` without `}`")?;
        let words = rest[open + 1..close].to_string();
        let mut parts = rest[close + 2..end].split_whitespace();
        let kind = parts.next().ok_or("a mark without a type")?.to_string();
        let fields = parts
            .map(|part| {
                part.split_once('=').map(|(key, value)| (key.to_string(), value.replace('~', " "))).ok_or_else(|| format!("`{part}`: expected key=value"))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let start = case.text.len();
        case.text.push_str(&words);
        case.marks.push(Mark { words, at: start..case.text.len(), kind, fields });
        rest = &rest[end + 1..];
    }
    case.text.push_str(rest);
    if case.marks.is_empty() && case.none.is_empty() {
        return Err("no expectation; say `{none}` where nothing must be found".into());
    }
    Ok(case)
}

/// A field of a result as the marks write it.
fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "null".into(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.as_f64().map_or_else(|| number.to_string(), |value| value.to_string()),
        Some(Value::Array(list)) => list.iter().map(|item| shown(Some(item))).collect::<Vec<_>>().join(","),
        Some(other) => other.to_string(),
    }
}

/// What stands against a case; nothing where it holds.
fn against(case: &Case, extractor: &Extractor) -> Vec<String> {
    let document = Document { text: case.text.clone(), ..Document::default() };
    let extraction = extractor.extract(&extractor.read(&document));
    let mut found: Vec<(String, bingli::span::Span, Value)> = Vec::new();
    for lab in &extraction.labs {
        found.push(("lab".into(), lab.span, serde_json::to_value(lab).unwrap_or_default()));
    }
    for finding in &extraction.findings {
        let value = serde_json::to_value(finding).unwrap_or_default();
        let kind = value.get("type").and_then(Value::as_str).unwrap_or("").to_string();
        found.push((kind, finding.span, value));
    }
    let mut wrong = Vec::new();
    for (kind, span, _) in &found {
        let words = span.of(&case.text);
        if case.none.iter().any(|none| none == "*" || none == kind) {
            wrong.push(format!("{kind} in `{words}`; expected none"));
        }
    }
    let mut used = vec![false; found.len()];
    for mark in &case.marks {
        let fits = |(index, (kind, span, value)): (usize, &(String, bingli::span::Span, Value))| {
            // A mark without words says only that there is such a result.
            let overlaps = mark.words.is_empty() || span.start < mark.at.end && mark.at.start < span.end;
            (!used[index] && overlaps && *kind == mark.kind && mark.fields.iter().all(|(key, expected)| shown(value.get(key)) == *expected)).then_some(index)
        };
        match found.iter().enumerate().find_map(fits) {
            Some(index) => used[index] = true,
            None => wrong.push(format!("`{}`: expected {} {:?}", mark.words, mark.kind, mark.fields)),
        }
    }
    for (index, (kind, span, value)) in found.iter().enumerate() {
        if !used[index] && case.marks.iter().any(|mark| mark.kind == *kind) {
            wrong.push(format!("`{}`: not expected {kind} {value}", span.of(&case.text)));
        }
    }
    wrong
}

fn check(file: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let extractor = Extractor::new(Arc::new(Lexicon::embedded().expect("embedded lexicon"))).expect("extractor");
    let mut wrong = Vec::new();
    let mut cases = 0;
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#')) {
        let case = parse(line).unwrap_or_else(|error| panic!("{file}:{}: {error}", number + 1));
        cases += 1;
        let found = against(&case, &extractor);
        if case.fails && found.is_empty() {
            wrong.push(format!("{file}:{}: marked as failing and holds; take the `!` away", number + 1));
        } else if !case.fails {
            wrong.extend(found.into_iter().map(|what| format!("{file}:{}: {what}", number + 1)));
        }
    }
    assert!(cases > 0, "{file}: no cases");
    assert!(wrong.is_empty(), "{} of {cases} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn laboratory_results_in_english() {
    check("labs_en.txt");
}

#[test]
fn laboratory_results_in_chinese() {
    check("labs_zh.txt");
}

#[test]
fn findings_in_english() {
    check("findings_en.txt");
}

#[test]
fn findings_in_chinese() {
    check("findings_zh.txt");
}

#[test]
fn malformed_marks_are_rejected() {
    for line in ["plain words", "[Hb 84]{", "[Hb 84]{}", "[Hb 84]{lab value}", "Hb 84 {lab value=84}"] {
        assert!(parse(line).is_err(), "{line}");
    }
    let case = parse("a [Hb 84 g/L]{lab analyte=hgb value=84} [1-2] b").expect("well-formed");
    assert_eq!((case.text.as_str(), case.marks.len()), ("a Hb 84 g/L [1-2] b", 1));
}
