//! Chinese counts with a measure word: `淋巴结19枚，其中5枚见癌转移`, `淋巴结8枚均未见癌`, `一站(10个)、中间组(8个)淋巴结未查见癌`.
//! A count without a word on tumour stays out.

use super::{Count, Scene};
use crate::span::Span;

/// Words right behind a count that say none of them, and those that say all of them, carry tumour.
const NONE: [&str; 15] = ["均为见", "未见", "未查见", "未找见", "未检", "未及", "未发现", "无癌", "无转移", "阴性", "(-)", "慢性", "反应性", "增生", "未转移"];
const ALL: [&str; 8] = ["均见", "均可见", "均查见", "均有", "均为", "均阳性", "均(+)", "均转移"];
const SOME: [&str; 8] = ["见癌", "查见", "可见", "转移", "阳性", "(+)", "见转移", "有癌"];

/// Counts with `枚` or `个`, in the order of the text.
pub(super) fn measured(scene: &Scene<'_>) -> Vec<Count> {
    let text = scene.text;
    let mut out: Vec<Count> = Vec::new();
    let mut skip_to = 0;
    for (at, unit) in text.match_indices(['枚', '个']) {
        if at < skip_to {
            continue;
        }
        let Some((value, start)) = digits_before(text, at) else { continue };
        let (from, to) = statement(text, start);
        let Some(near) = text.get(scene.floor(start.saturating_sub(60)).max(from)..(at + 60).min(to).max(at)).or_else(|| text.get(from..at)) else { continue };
        let listed = text[..start].ends_with('(');
        if !(near.contains("淋巴结") || (listed && text[from..to].contains("淋巴结"))) || value > 150 {
            continue;
        }
        let behind = &text[at + unit.len()..to];
        // `2个淋巴结/57`: the unit stands behind the first number.
        if let Some(rest) = behind.strip_prefix("淋巴结/") {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if let Some(examined) = rest[..digits].parse().ok().filter(|examined| *examined >= value && digits <= 3) {
                skip_to = at + unit.len() + "淋巴结/".len() + digits;
                out.push(Count { positive: Some(value), examined: Some(examined), span: Span::new(start, skip_to), station: None, explicit: true });
                continue;
            }
        }
        let part = part_positive(behind).or_else(|| share_behind(behind).filter(|(share, _)| *share <= value && !listed));
        let none = NONE.iter().filter_map(|word| behind.find(word)).min();
        let all = ALL.iter().filter_map(|word| behind.find(word)).min();
        let some = SOME.iter().filter_map(|word| behind.find(word)).min();
        let other = behind.find(['枚', '个']).filter(|_| !listed);
        // `甲处5个,乙处8个,均未见癌`: all of the list share what is said behind the last.
        let shared = none.is_some_and(|no| {
            behind[..no].ends_with('均') && behind[..no].split(['枚', '个']).skip(1).all(|part| part.contains("淋巴结") || part.ends_with("均"))
        });
        let within = |found: Option<usize>| found.filter(|found| shared || other.is_none_or(|other| *found < other));
        let all_seen = seen(behind);
        let (positive, end) = match (part, within(none), within(all), within(some)) {
            (Some((positive, end)), _, _, _) if positive <= value => (positive, end),
            _ if all_seen.is_some_and(|(counted, _)| counted.is_none_or(|counted| counted <= value)) => {
                let (counted, end) = all_seen.unwrap_or_default();
                (counted.unwrap_or(value), end)
            }
            (_, Some(no), all, some) if all.is_none_or(|all| no <= all) && some.is_none_or(|some| no <= some) => (0, no + 6),
            (_, _, Some(yes), _) => (value, yes + 6),
            (_, _, _, Some(yes)) if yes <= 12 || listed => (value, yes + 6),
            _ => continue,
        };
        let mut end = (at + unit.len() + end).min(to);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        if !listed && !(shared && other.is_some()) {
            skip_to = end;
        }
        out.push(Count { positive: Some(positive), examined: Some(value), span: Span::new(start, end), station: None, explicit: false });
    }
    out
}

/// `,见鳞状细胞癌转移`, `,见癌转移2枚`: tumour said of the count right before, with its own count if there is one, and where that ends.
fn seen(behind: &str) -> Option<(Option<u32>, usize)> {
    let body = behind.trim_start_matches([',', ' ']);
    let body = body.strip_prefix("淋巴结").map_or(body, |rest| rest.trim_start_matches(['内', '中']));
    let rest = ["可见", "查见", "均见", "均有", "见", "有"].iter().find_map(|word| body.strip_prefix(word))?;
    let clause = &rest[..rest.find([',', '、', '(', '枚', '个']).unwrap_or(rest.len())];
    let at = clause.find("转移").filter(|at| *at <= 36 && clause[..*at].contains('癌'))? + "转移".len();
    let digits = clause[at..].bytes().take_while(u8::is_ascii_digit).count();
    let counted = if rest[at + digits..].starts_with(['枚', '个']) { clause[at..at + digits].parse().ok() } else { None };
    Some((counted, behind.len() - rest.len() + at + digits))
}

/// `其中5枚见癌`: the share named behind a total, and where it ends.
fn part_positive(behind: &str) -> Option<(u32, usize)> {
    let at = behind.find("其中").filter(|at| *at < 24)?;
    let rest = &behind[at + "其中".len()..];
    let digits = rest.trim_start_matches(['有', ' ']);
    let skipped = rest.len() - digits.len();
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    let value: u32 = digits.get(..length)?.parse().ok()?;
    let tail = digits[length..].trim_start_matches([' ', '枚', '个', '粒', '只']);
    (seen(tail).is_some() || SOME.iter().any(|word| tail.starts_with(word) || tail.starts_with(&format!("内{word}"))))
        .then_some((value, at + "其中".len() + skipped + length + 12))
}

/// `,3枚见癌转移`, `,癌转移5枚`, `,阳性3枚`: the share told right behind a total, and where it ends.
fn share_behind(behind: &str) -> Option<(u32, usize)> {
    let body = behind.trim_start_matches([',', ' ', '、']);
    let said = ["见癌转移", "可见癌转移", "查见癌转移", "癌转移", "见转移", "转移癌", "转移", "阳性"].iter().find_map(|word| body.strip_prefix(word));
    let rest = said.map_or(body, |rest| rest.trim_start_matches(['数', ':', ' ', '者']));
    let length = rest.find(['枚', '个', '粒']).filter(|at| *at <= 9)?;
    let value = match rest[..length].trim_end_matches(' ').parse() {
        Ok(value) => value,
        Err(_) => words_before(&rest[..length]).filter(|(_, start)| *start == 0)?.0,
    };
    let tail = rest[length..].trim_start_matches(['枚', '个', '粒']);
    let counted = said.is_some() || seen(tail).is_some() || SOME.iter().any(|word| tail.starts_with(word));
    (counted && body.len() < behind.len()).then(|| (value, behind.len() - tail.len() + if said.is_some() { 0 } else { 12 }))
}

/// `三`, `十二`, `二十一` before a measure word.
fn words_before(head: &str) -> Option<(u32, usize)> {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |word: char| if word == '两' { Some(2) } else { DIGITS.iter().position(|digit| *digit == word) };
    let taken: Vec<char> = head.chars().rev().take(4).take_while(|word| *word == '十' || digit(*word).is_some()).collect();
    let value = match taken[..] {
        ['十'] => 10,
        [one] => digit(one)?,
        [one, '十'] => 10 + digit(one)?,
        ['十', ten] => 10 * digit(ten)?,
        [one, '十', ten] => 10 * digit(ten)? + digit(one)?,
        _ => return None,
    };
    let length: usize = taken.iter().map(|word| word.len_utf8()).sum();
    Some((u32::try_from(value).ok()?, head.len() - length))
}

fn digits_before(text: &str, end: usize) -> Option<(u32, usize)> {
    let head = text[..end].trim_end_matches(' ');
    if let Some(found) = words_before(head) {
        return Some(found);
    }
    let start = head.len() - head.bytes().rev().take_while(u8::is_ascii_digit).count();
    let value = head[start..].parse().ok()?;
    (head.len() - start <= 3 && !head[..start].ends_with(['/', '.', '-'])).then_some((value, start))
}

/// Bytes of a statement on either side of a place at the most.
const LONGEST: usize = 2000;

/// The stretch between full stops and semicolons around a place.
fn statement(text: &str, at: usize) -> (usize, usize) {
    let (mut from, mut to) = (at.saturating_sub(LONGEST), (at + LONGEST).min(text.len()));
    while !text.is_char_boundary(from) {
        from += 1;
    }
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    let start = text[from..at].rfind(['。', ';', '\n']).map_or(from, |stop| from + stop + text[from + stop..].chars().next().map_or(1, char::len_utf8));
    let end = text[at..to].find(['。', ';', '\n']).map_or(to, |stop| at + stop);
    (start, end)
}
