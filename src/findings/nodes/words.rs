//! Counts in words beside a node: `two of fifteen lymph nodes`, `three lymph nodes, no tumor seen`, `no tumor in (4) hilar lymph nodes`,
//! and the fields of a form (`Number of nodes examined: 12`). A count without a word on tumour is gross description and stays out.

use super::count::leading;
use super::share::{is_label, share_of};
use super::{Count, NodeKind, Scene};
use crate::findings::squeeze::{Squeezed, squeezed};
use crate::span::Span;

/// Bytes between a count and the node it counts.
const REACH: usize = 130;

/// Bytes that two fields of one form may stand apart.
const FIELDS_APART: usize = 260;

const NEGATIVE: [&str; 34] = [
    "negative",
    "no tumor",
    "no tumour",
    "no evidence",
    "no metasta",
    "no malignan",
    "no carcinoma",
    "no neoplas",
    "free of",
    "benign",
    "reactive",
    "uninvolved",
    "without",
    "not involved",
    "hyperplas",
    "no nooplasm",
    "no cancer",
    "absence of",
    "no adenocarcinoma",
    "no significant",
    "no histologic",
    "tumor-free",
    "tumor free",
    "no diagnostic",
    "no residual",
    "no melanoma",
    "histiocytosis",
    "no lymphoma",
    "no viable",
    "unremarkable",
    "none involved",
    "none positive",
    "none contain",
    "not show",
];
const POSITIVE: [&str; 9] =
    ["positive", "metasta", "involved by", "with carcinoma", "with tumor", "containing tumor", "containing carcinoma", "contains tumor", "replaced by"];

/// Counts in English words, in the order of the text.
pub(super) fn worded(scene: &Scene<'_>) -> Vec<Count> {
    let mut out: Vec<Count> = Vec::new();
    for (span, kind) in scene.nodes() {
        if matches!(kind, NodeKind::Station | NodeKind::Isolated) {
            continue;
        }
        if out.last().is_some_and(|last| last.span.contains(span)) {
            continue;
        }
        let word = Span::new(span.start, span.start + word_length(scene.reading.slice(span)));
        let count = ratio(scene, span).or_else(|| share_behind(scene, word)).or_else(|| single(scene, word)).or_else(|| behind_name(scene, span));
        if let Some(count) = count {
            out.push(count);
        }
    }
    out.extend(fields(scene));
    out
}

/// Length of the noun at the start of a form: what `lymph nodes positive` says of its nodes is read apart.
fn word_length(form: &str) -> usize {
    let noun = form.strip_prefix("lymph ").unwrap_or(form);
    let ahead = form.len() - noun.len();
    ["nodes ", "node "].iter().find(|word| noun.starts_with(**word)).map_or(form.len(), |word| ahead + word.len() - 1)
}

/// `3 nodes positive out of 14`, `3 positive nodes out of 14`: the count before the nodes, the total behind them.
fn share_behind(scene: &Scene<'_>, node: Span) -> Option<Count> {
    let text = scene.text;
    let sentence = scene.sentence(node);
    let behind = text.get(node.end..scene.floor((node.end + 80).min(sentence.end)).max(node.end))?;
    memchr::memchr_iter(b'u', behind.as_bytes()).find(|at| behind.as_bytes()[..*at].ends_with(b"o") && behind[*at..].starts_with("ut"))?;
    let flat = Squeezed::new(behind);
    let behind = flat.text();
    let at = behind.find(" out of ")?;
    if behind[..at].split_whitespace().count() > 4 || behind[..at].contains([';', ':', ',', '.']) {
        return None;
    }
    let total = behind[at + 8..].trim_start_matches("a total of ");
    let (examined, length) = leading(total).filter(|(examined, _)| (1..=150).contains(examined))?;
    let end = node.end + flat.origin((behind.len() - total.len()) + length);
    let before = text.get(scene.floor(node.start.saturating_sub(40)).max(sentence.start)..node.start)?;
    let words = before.trim_end();
    let counted = ["positive", "involved", "metastatic", "lymph"].iter().fold(words, |rest, word| rest.strip_suffix(word).unwrap_or(rest).trim_end());
    let (positive, start) = trailing_count(counted).filter(|(positive, _)| *positive <= examined)?;
    let start = node.start - before.len() + start;
    Some(Count { positive: Some(positive), examined: Some(examined), span: Span::new(start, end), station: None, explicit: false })
}

/// `X of Y` before or behind a node word, within its sentence.
fn ratio(scene: &Scene<'_>, node: Span) -> Option<Count> {
    let text = scene.text;
    let sentence = scene.sentence(node);
    let from = scene.floor(node.start.saturating_sub(REACH)).max(sentence.start);
    let to = scene.floor((node.end + 60).min(sentence.end)).max(node.end);
    let window = text.get(from..to).filter(|window| names_a_total(window))?;
    let flat = Squeezed::new(window);
    let window = flat.text();
    // Where the word stands that every separator holds.
    let words: Vec<usize> = window.as_bytes().windows(2).enumerate().filter(|(_, pair)| matches!(*pair, b"of" | b"0f" | b"or")).map(|(at, _)| at).collect();
    let separators: [(&str, usize); 9] =
        [(" of ", 1), (" out of ", 5), (" 0f ", 1), (" or ", 1), (" of the ", 1), ("/of ", 1), (" of", 1), (" of. ", 1), ("of ", 0)];
    let found = separators.iter().flat_map(|(separator, ahead)| {
        let stands = move |at: &usize| window.get(*at..).is_some_and(|rest| rest.starts_with(separator));
        words.iter().filter_map(move |word| word.checked_sub(*ahead).filter(stands)).map(move |at| (at, *separator))
    });
    for (at, separator) in found {
        let Some((examined, length)) = leading(&window[at + separator.len()..]) else { continue };
        let Some((positive, start)) = trailing_count(&window[..at]) else { continue };
        let end = at + separator.len() + length;
        let opens = start;
        let (start, end) = (flat.origin(start), flat.origin(end));
        let before_node = from + end <= node.start;
        // What stands between the counted number and the node names the nodes, no other thing.
        let gap = if before_node { text.get(from + end..node.start)? } else { text.get(node.end..from + start)? };
        // A stop between a few words is a speck of the scan.
        let stopped = gap.contains(';') || (gap.contains('.') && (!before_node || gap.len() > 24));
        // `Page 2 of 8` at the foot of a page.
        let foot = window[..opens].trim_end().ends_with("page") || window[..opens].trim_end().ends_with("part");
        if foot || stopped || gap.split_whitespace().count() > 6 || positive > examined || examined == 0 || examined > 150 {
            continue;
        }
        let span = if before_node { Span::new(from + start, node.end) } else { Span::new(node.start, from + end) };
        let said = Span::new(span.end, statement_end(text, span.end, sentence.end));
        let denied = positive == examined && before_node && says_none(gap, said.of(text));
        let positive = if denied || scene.only_isolated(said) { 0 } else { positive };
        return Some(Count { positive: Some(positive), examined: Some(examined), span, station: None, explicit: false });
    }
    None
}

/// Whether a count stands behind a word that every separator of a ratio holds; a cheap look.
fn names_a_total(window: &str) -> bool {
    let bytes = window.as_bytes();
    memchr::memchr2_iter(b'f', b'r', bytes).any(|at| {
        let word = matches!(bytes[..=at], [.., b'o' | b'0', b'f'] | [.., b'o', b'r']);
        word && {
            let behind = window[at + 1..].trim_start_matches(['.', ' ', '\n', '\r', '\t']);
            leading(behind.strip_prefix("the").unwrap_or(behind)).is_some()
        }
    })
}

/// The count that ends right before the end of `text`, in words or digits, over `(2)` behind a word.
fn trailing_count(text: &str) -> Option<(u32, usize)> {
    let head = text.trim_end();
    let mut starts: Vec<usize> = head
        .char_indices()
        .filter(|(at, character)| *at == 0 || !character.is_whitespace() && head[..*at].ends_with([' ', '\n', '(', '-', ':', '.']))
        .map(|(at, _)| at)
        .collect();
    starts.reverse();
    let mut best = None;
    for start in starts.into_iter().take(4) {
        if let Some((value, length)) = leading(&head[start..])
            && head[start + length..].trim_matches([' ', ')', '.']).is_empty()
        {
            best = Some((value, start));
        }
    }
    best
}

/// `three lymph nodes, no tumor seen` and `no tumor in three lymph nodes`.
fn single(scene: &Scene<'_>, node: Span) -> Option<Count> {
    let text = scene.text;
    if scene.section(node) == "gross" {
        return None;
    }
    let sentence = scene.sentence(node);
    let from = scene.floor(node.start.saturating_sub(REACH)).max(sentence.start);
    let before = text.get(from..node.start)?;
    let first_count = (0..before.len()).find(|at| opens_count(before.as_bytes(), *at) && leading(&before[*at..]).is_some())?;
    let flat = Squeezed::new(before);
    let before = flat.text();
    // The nearest count before the node, with at most eight words that name the nodes between.
    let mut found = None;
    for at in flat.place(first_count)..before.len() {
        if opens_count(before.as_bytes(), at)
            && let Some((value, length)) = leading(&before[at..])
        {
            let gap = &before[at + length..];
            let side = gap.trim_start().split(|character: char| !character.is_ascii_alphanumeric()).next().is_some_and(|word| matches!(word, "r" | "l"));
            let station = side
                || gap.contains(':')
                || gap.starts_with("-half")
                || ["level", "station", "#", "part", "no.", "zone", "type", "stage", "grade", " stn", " st", " st."]
                    .iter()
                    .any(|word| before[..at].trim_end_matches([' ', '#']).ends_with(word));
            // `two of |28 nodes` whose first number was not read counts nothing.
            let head = before[..at].trim_end_matches([' ', '\n', '.']);
            let share = head.strip_suffix("of").is_some_and(|rest| {
                let first = rest.trim_end();
                first.ends_with(|last: char| last.is_ascii_digit()) || [" l", " i"].iter().any(|one| first.ends_with(one))
            });
            let open = gap.rfind('(').is_some_and(|open| !gap[open..].contains(')'));
            if value > 0
                && value <= 100
                && !station
                && !open
                && !share
                && !gap.contains([';', '/'])
                && !gap.contains(" cm")
                && !gap.contains(" of ")
                && gap.split_whitespace().count() <= 7
                && !gap.starts_with(['.', ':'])
                && !is_label(&before[..at], gap)
            {
                found = Some((value, at));
                break;
            }
        }
    }
    let (value, at) = found?;
    let start = from + flat.origin(at);
    let end = statement_end(text, node.end, sentence.end);
    let behind = text.get(node.end..end)?;
    let named = text.get(start..node.start)?;
    let ahead = squeezed(text.get(scene.floor(start.saturating_sub(120)).max(sentence.start)..start)?);
    // Wrapped lines and doubled blanks stand between the words.
    let plain = |part: &str| part.split_whitespace().collect::<Vec<_>>().join(" ");
    let (behind, named, ahead_plain) = (plain(behind), plain(named), plain(&ahead));
    // What the knife shows is no count of the microscope.
    if named.contains("grossly") || named.contains("possible") {
        return None;
    }
    let negative = first(&named, &NEGATIVE).or_else(|| first(&behind, &NEGATIVE));
    let positive = first(&named, &POSITIVE).or_else(|| first(&behind, &POSITIVE).filter(|at| !behind[..*at].contains("grossly")));
    let span = Span::new(start, end.min(node.end + 80));
    // `averaging 1 x 0.6 cm, submitted in toto`: the gross description, under whatever heading.
    let said = negative.or(positive).map_or(behind.as_str(), |at| behind.get(..at).unwrap_or(""));
    if !said.is_empty() && [" cm ", " cm,", "averaging", "measuring", "submitted"].iter().any(|word| said.contains(word)) {
        return None;
    }
    // `ten node metastases`: as many are positive; of how many is not said.
    if negative.is_none() && behind.starts_with("metasta") && !behind.starts_with("metastatic") {
        return Some(Count { positive: Some(value), examined: None, span, station: None, explicit: false });
    }
    let count = |positive, examined| Some(Count { positive, examined, span, station: None, explicit: false });
    match (negative, positive) {
        (Some(no), Some(yes)) if no <= yes => count(Some(0), Some(value)),
        (Some(_), None) => count(Some(0), Some(value)),
        (_, Some(yes)) if first(&named, &POSITIVE).is_none() && share_of(&behind[..yes], value).is_some() => {
            count(share_of(&behind[..yes], value), Some(value))
        }
        (_, Some(_)) => count(Some(if scene.only_isolated(Span::new(start, end)) { 0 } else { value }), Some(value)),
        (None, None) => {
            let object = ["in ", "in a total of ", "in multiple ", "in multiple (", "of ", "to ", "involving ", "in a ", "in (", "in all "]
                .iter()
                .any(|word| ahead.ends_with(word));
            let scanned = scanned_pair(text.get(node.end..).unwrap_or(""), value);
            match (object && first(&ahead_plain, &NEGATIVE).is_some(), object && ahead_plain.contains("metasta")) {
                (true, _) => count(Some(0), Some(value)),
                (false, true) if named.contains("examined") || behind.starts_with("examined") => count(Some(value), Some(value)),
                // The one node that is spoken of is the one examined.
                (false, true) if value == 1 && scanned.is_none() && scene.under_node_heading(start) => count(Some(1), Some(1)),
                (false, true) => count(Some(scanned.unwrap_or(value)), scanned.map(|_| value)),
                (false, false)
                    if (behind.starts_with("examined") || (behind.starts_with("are identified") && !behind.contains("gross")))
                        && !named.split(' ').any(|word| word == "no") =>
                {
                    let alone = value == 1 && scene.specimen_is_metastatic(start);
                    Some(Count { positive: alone.then_some(1), examined: Some(value), span: Span::new(start, node.end), station: None, explicit: false })
                }
                _ => None,
            }
        }
    }
}

/// Whether a word or number begins at a place.
fn opens_count(bytes: &[u8], at: usize) -> bool {
    let opens = |last: &u8| matches!(last, b' ' | b'\n' | b'\r' | b'\t' | b'-' | b'(' | b':' | b')' | b'.');
    bytes[at].is_ascii_alphanumeric() && bytes[..at].last().is_none_or(opens)
}

/// Where the first of some words stands.
fn first(part: &str, words: &[&str]) -> Option<usize> {
    let sign = |bytes: &[u8]| bytes.first().map_or(0, |byte| 1u32 << (byte & 31));
    let opening = words.iter().fold(0, |signs, word| signs | sign(word.as_bytes()));
    let bytes = part.as_bytes();
    (0..bytes.len()).find(|at| sign(&bytes[*at..]) & opening != 0 && words.iter().any(|word| bytes[*at..].starts_with(word.as_bytes())))
}

/// `two of two lymph nodes are negative`: all of them are without tumour.
fn says_none(named: &str, behind: &str) -> bool {
    let plain = behind.split_whitespace().collect::<Vec<_>>().join(" ");
    let negative = first(named, &NEGATIVE).or_else(|| first(&plain, &NEGATIVE).filter(|at| *at <= 24 && !plain[..*at].contains(['.', ':', '\n'])));
    negative.is_some() && first(named, &POSITIVE).is_none() && first(&plain, &POSITIVE).is_none_or(|yes| first(&plain, &NEGATIVE).is_some_and(|no| no < yes))
}

/// `(111)` for `(1/1)`: a stroke that was scanned as a one, where the total is the one that is said.
fn scanned_pair(behind: &str, total: u32) -> Option<u32> {
    let inside = behind.trim_start().strip_prefix('(')?;
    let digits: String = inside
        .split(')')
        .next()
        .filter(|digits| (3..=5).contains(&digits.len()))?
        .chars()
        .map(|character| match character {
            'i' | 'l' | '|' => '1',
            'o' => '0',
            other => other,
        })
        .collect();
    let (positive, rest) = (digits.get(..1)?, digits.get(1..2)?);
    (rest == "1" && digits.get(2..)?.parse() == Ok(total)).then(|| positive.parse().ok())?
}

/// `nodes: three negative for tumor`, `nodes x3: negative`: the count behind the name.
fn behind_name(scene: &Scene<'_>, node: Span) -> Option<Count> {
    let rest = scene.text.get(node.end..)?;
    if let Some(times) = rest.trim_start_matches(' ').strip_prefix('x')
        && let Some((value, length)) = leading(times).filter(|(value, _)| *value > 0)
        && let Some(said) = times[length..].trim_start_matches(' ').strip_prefix([':', ',', '-'])
    {
        // `x 3, excision: negative`
        let colon = said.bytes().take(48).position(|byte| matches!(byte, b':' | b'.' | b';')).filter(|at| said[*at..].starts_with(':'));
        let said = colon.map_or(said, |at| &said[at + 1..]).trim_start_matches([' ', '\n', '-', '*']);
        let positive = if NEGATIVE.iter().any(|word| said.starts_with(word)) { 0 } else { value };
        let known = positive == 0 || POSITIVE.iter().any(|word| said.starts_with(word));
        let end = node.end + rest.len() - times.len() + length;
        return known.then(|| Count { positive: Some(positive), examined: Some(value), span: Span::new(node.start, end), station: None, explicit: false });
    }
    // `lymph nodes (17): free of tumor`
    if let Some(inside) = rest.trim_start_matches(' ').strip_prefix('(')
        && let Some((value, length)) = leading(inside).filter(|(value, _)| *value > 0)
        && let Some(said) = inside[length..].strip_prefix(')')
    {
        let said = said.trim_start_matches([' ', ':', ',', '-', '\n']);
        let end = node.end + rest.len() - inside.len() + length + 1;
        let count =
            |positive| Some(Count { positive: Some(positive), examined: Some(value), span: Span::new(node.start, end), station: None, explicit: false });
        return if NEGATIVE.iter().any(|word| said.starts_with(word)) { count(0) } else { None };
    }
    let skipped = rest.len() - rest.trim_start_matches([' ', '\n', '-', '\r']).len();
    let body = rest[skipped..].strip_prefix(':')?;
    let (value, length) = leading(body).filter(|(value, _)| *value > 0)?;
    // `nodes: 3 positive out of 14`
    if let Some(total) = body[length..]
        .trim_start()
        .strip_prefix("positive ")
        .and_then(|tail| tail.trim_start().strip_prefix("out of ").or_else(|| tail.trim_start().strip_prefix("of ")))
        && let Some((examined, digits)) = leading(total).filter(|(examined, _)| *examined >= value)
    {
        let end = node.end + rest.len() - total.len() + digits;
        return Some(Count { positive: Some(value), examined: Some(examined), span: Span::new(node.start, end), station: None, explicit: false });
    }
    let tail = body[length..].trim_start();
    let end = node.end + skipped + 1 + length;
    let count = |positive| Some(Count { positive: Some(positive), examined: Some(value), span: Span::new(node.start, end), station: None, explicit: false });
    if NEGATIVE.iter().any(|word| tail.starts_with(word)) { count(0) } else { None }
}

/// Where the statement on nodes ends: at a stop, or where the next specimen or the next count of nodes begins.
fn statement_end(text: &str, from: usize, sentence_end: usize) -> usize {
    let mut limit = sentence_end.min(from + 110).max(from);
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    let tail = &text[from..limit];
    tail.find([';', '\u{3002}']).map_or(limit, |at| from + at)
}

/// `Number of nodes examined: 12 … Number of nodes involved: 2`.
fn fields(scene: &Scene<'_>) -> Vec<Count> {
    let mut out: Vec<Count> = Vec::new();
    let mut examined: Option<(u32, Span)> = None;
    let mut positive: Option<(u32, Span)> = None;
    for (span, kind) in scene.nodes() {
        if !matches!(kind, NodeKind::Examined | NodeKind::Positive) {
            continue;
        }
        let rest = scene.text.get(span.end..).unwrap_or("");
        let blanks = rest.len() - rest.trim_start_matches([' ', ':', '.', '-', '\n', '\r', '\t', '_', '=', '/']).len();
        let letter = rest[blanks..].strip_prefix('o').filter(|tail| !tail.starts_with(|next: char| next.is_ascii_alphanumeric()));
        let Some((value, length)) = letter.map(|_| (0, 1)).or_else(|| leading(&rest[blanks..])).filter(|_| blanks > 0 && blanks < 30) else { continue };
        let tail = rest[blanks + length..].trim_start();
        let share = tail.strip_prefix('/').is_some_and(|total| total.trim_start().starts_with(|next: char| next.is_ascii_digit()));
        if share || ["of ", "out of "].iter().any(|sign| tail.starts_with(sign)) {
            continue;
        }
        let at = Span::new(span.start, span.end + blanks + length);
        if kind == NodeKind::Examined {
            // The field again: another part of the report, which said no more of the one before.
            if let Some((total, at)) = examined.replace((value, at)) {
                out.push(unpaired(scene, total, at));
            }
        } else {
            positive = Some((value, at))
        }
        if let (Some((total, first)), Some((involved, second))) = (examined, positive) {
            let whole = first.join(second);
            if whole.len() <= FIELDS_APART && involved <= total {
                out.push(Count { positive: Some(involved), examined: Some(total), span: whole, station: None, explicit: true });
                (examined, positive) = (None, None);
            } else if kind == NodeKind::Examined {
                // Fields of different parts of the report: the earlier number of positive nodes has no total.
                positive = None;
            } else {
                out.push(unpaired(scene, total, first));
                (examined, positive) = (None, None);
            }
        }
    }
    if let Some((total, at)) = examined {
        out.push(unpaired(scene, total, at));
    }
    out
}

/// A total without a number of positive nodes: none where the line above it says so, as forms do (`Not involved⏎Number examined: 5`).
fn unpaired(scene: &Scene<'_>, total: u32, at: Span) -> Count {
    let head = scene.text.get(..at.start).unwrap_or("");
    let above = head.trim_end_matches(' ').strip_suffix('\n').map(|lines| lines.trim_end().rsplit('\n').next().unwrap_or("").trim());
    let none = above.is_some_and(|line| {
        line.len() <= 40 && !line.contains(':') && ["not involved", "uninvolved", "benign", "negative"].iter().any(|word| line.starts_with(word))
    });
    Count { positive: none.then_some(0), examined: Some(total), span: at, station: None, explicit: true }
}
