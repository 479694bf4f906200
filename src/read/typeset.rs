//! A typeset page as its writer wrote it: lines that only the width of the page broke are joined, gaps between columns become tabs, and
//! the blank that a typesetter puts between Han and Latin goes. Nothing else is changed.

use crate::fold::is_han;

/// Narrower pages break no lines.
const NARROW: usize = 60;

/// A line of a page.
struct Line {
    text: String,
    /// Its columns, for the last of the lines joined.
    width: usize,
    has_columns: bool,
}

/// The text of a page.
pub(super) fn page(page: &str) -> String {
    let most = page.lines().map(|line| width(line.trim_end())).max().unwrap_or(0);
    let mut lines: Vec<Line> = Vec::new();
    for raw in page.lines() {
        let own = raw.trim();
        let has_columns = own.contains("   ");
        match lines.last_mut() {
            Some(last) if most >= NARROW && !has_columns && !last.has_columns && goes_on(last, own, most) => {
                let han = own.chars().next().is_some_and(is_wide) || last.text.chars().next_back().is_some_and(is_wide);
                if !han {
                    last.text.push(' ');
                }
                last.text.push_str(own);
                last.width = width(raw.trim_end());
            }
            _ => lines.push(Line { text: own.to_string(), width: width(raw.trim_end()), has_columns }),
        }
    }
    let mut out = String::with_capacity(page.len());
    for line in lines {
        spaced(&line.text, &mut out);
        out.push('\n');
    }
    out
}

/// Whether the next line goes on with the last: its first word would not have fitted, and neither a sentence ended nor an item begins.
fn goes_on(last: &Line, own: &str, most: usize) -> bool {
    let (Some(end), Some(first)) = (last.text.chars().next_back(), own.chars().next()) else { return false };
    if matches!(end, '.' | '。' | ';' | '；' | '!' | '！' | '?' | '？') || is_item(own) {
        return false;
    }
    let word: usize = if is_wide(first) { 2 } else { own.chars().take_while(|sign| !sign.is_whitespace() && !is_wide(*sign)).count() };
    let slack = if is_wide(first) || is_wide(end) { 2 } else { 0 };
    // Columns are those of a raster into which letters of all widths were put: a few in a hundred more or less.
    (last.width + word + slack) * 100 > most * 93
}

/// Whether a line begins an item of a list.
fn is_item(own: &str) -> bool {
    let mut signs = own.chars();
    let first = signs.next().unwrap_or(' ');
    if matches!(first, '-' | '*' | '•' | '·' | '●' | '○' | '■' | '□' | '◆') {
        return true;
    }
    let rest = own.trim_start_matches(['(', '（']);
    let number = rest.chars().take_while(|sign| sign.is_ascii_digit() || "一二三四五六七八九十".contains(*sign)).count();
    let letter = usize::from(number == 0 && first.is_ascii_uppercase());
    let mut behind = rest.chars().skip(number + letter);
    let stop = behind.next().is_some_and(|sign| matches!(sign, ')' | '）' | '.' | '、'));
    // `2.3 cm` is no item.
    (1..=2).contains(&(number + letter))
        && stop
        && !behind.next().is_some_and(|sign| sign.is_ascii_digit())
        && (letter == 0 || own.contains(". ") || own.contains(") "))
}

/// Writes a line with tabs for gaps and without the blanks between Han and Latin.
fn spaced(line: &str, out: &mut String) {
    let signs: Vec<char> = line.chars().collect();
    let mut at = 0;
    while at < signs.len() {
        let blanks = signs[at..].iter().take_while(|sign| **sign == ' ').count();
        match blanks {
            0 => {
                out.push(signs[at]);
                at += 1;
                continue;
            }
            1 => {
                let (before, after) = (at.checked_sub(1).and_then(|before| signs.get(before)), signs.get(at + 1));
                let apart = before.zip(after).is_some_and(|(before, after)| {
                    is_letter(*before) && (after.is_ascii_alphanumeric()) || (before.is_ascii_alphanumeric() || *before == '%') && is_letter(*after)
                });
                if !apart {
                    out.push(' ');
                }
            }
            _ => out.push('\t'),
        }
        at += blanks;
    }
}

/// Han, or a numeral of its fonts.
fn is_letter(sign: char) -> bool {
    is_han(sign) || ('\u{2160}'..='\u{217F}').contains(&sign)
}

fn is_wide(sign: char) -> bool {
    is_letter(sign) || matches!(sign, '\u{3000}'..='\u{303F}' | '\u{FF01}'..='\u{FF60}')
}

fn width(line: &str) -> usize {
    line.chars().map(|sign| if is_wide(sign) { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_page_are_joined_and_columns_kept() {
        let long = "The invented tumour lies in a part of the body that is nowhere and measures two";
        assert_eq!(page(&format!("{long}\ncentimetres.\nNext line\n- item")), format!("{long} centimetres.\nNext line\n- item\n"));
        assert_eq!(
            page("HGB      122                  g/L         115-150\n  淋巴结 3/9，FIGO III 级，Ⅲ B 期"),
            "HGB\t122\tg/L\t115-150\n淋巴结3/9，FIGO III级，Ⅲ B期\n".replace("Ⅲ B", "ⅢB")
        );
        let chinese = "编造的文字只为试验，占满一行直到纸边为止，再写几个字也就够了，此处换行后";
        assert_eq!(page(&format!("{chinese}\n继续写。")), format!("{chinese}继续写。\n"));
    }

    #[test]
    fn items_begin_lines_and_sizes_do_not() {
        assert!(is_item("1. one") && is_item("（2）two") && is_item("三、three") && is_item("B. four"));
        assert!(!is_item("2.3 cm") && !is_item("12 mm") && !is_item("word") && !is_item(""));
    }
}
