//! Numbers behind a marker: scores (`2+`), percentages with their comparisons, Allred sums. A number that is none of these is left.

use super::value::Stain;
use crate::findings::cursor::Cursor;

/// `2+`, `30%`, `25-50%`, `>75%`, `10%-20%`; false where the number is no value of a stain.
pub(super) fn number(cursor: &mut Cursor<'_>, stain: &mut Stain, colon: bool) -> bool {
    if allred(cursor, stain, colon) {
        return true;
    }
    let start = *cursor;
    let mut next = *cursor;
    let above = next.skip(b">", 1) > 0 || next.eat("≥");
    let below = !above && (next.skip(b"<", 1) > 0 || next.eat("≤"));
    next.skip(b"=~ ", 2);
    let Some(low) = next.decimal() else { return false };
    // `2-3+`
    if low <= 3.0 && low.fract() == 0.0 && next.peek(0) == b'-' && matches!(next.peek(1), b'1'..=b'4') && next.peek(2) == b'+' && !above && !below {
        stain.score = Some(format!("{low}-{}+", next.peek(1) - b'0'));
        stain.single_plus = false;
        next.at += 3;
        *cursor = next;
        return true;
    }
    if next.peek(0) == b'+' && low <= 4.0 && low.fract() == 0.0 && !above && !below {
        next.at += 1;
        if matches!(next.peek(0), b'/' | b'-') && next.peek(1).is_ascii_digit() {
            next.at += 1;
            next.decimal();
            next.skip(b"+", 1);
        }
        stain.score = Some(format!("{low}+"));
        stain.single_plus = false;
        *cursor = next;
        return true;
    }
    let mut high = low;
    let percent_first = next.peek(0) == b'%';
    let mut range = next;
    range.skip(b"% ", 2);
    let dashed = range.skip(b"-~", 2) > 0 || range.eat("至") || range.eat("到") || range.word("to");
    if dashed {
        range.skip(b" ", 1);
        if let Some(upper) = range.decimal()
            && (range.peek(0) == b'%' || percent_first)
            && upper >= low
        {
            high = upper;
            next = range;
        }
    }
    next.skip(b" ", 1);
    if !(next.skip(b"%", 1) > 0
        || (percent_first && high == low && {
            next.skip(b"%", 1);
            true
        }))
        && !(percent_first && high > low)
    {
        if colon && low == 0.0 && !start.peek(1).is_ascii_digit() && start.peek(1) != b'.' {
            stain.score = Some("0".into());
            *cursor = next;
            return true;
        }
        return false;
    }
    match (above || stain.above == Some(true), below || stain.above == Some(false)) {
        (true, _) => stain.share(low, 100.0),
        (_, true) => stain.share(0.0, low),
        _ => stain.share(low, high),
    }
    *cursor = next;
    true
}

/// An Allred sum: `5+3=8`, `8/8`, or a lone number behind the word. Two or less is negative.
pub(super) fn allred(cursor: &mut Cursor<'_>, stain: &mut Stain, colon: bool) -> bool {
    let mut next = *cursor;
    let Some(first) = next.integer() else { return false };
    let sum = {
        let mut parts = next;
        parts.skip(b" ", 1);
        (parts.skip(b"+", 1) == 1)
            .then(|| {
                parts.skip(b" ", 1);
                let second = parts.integer()?;
                parts.skip(b" ", 1);
                (parts.skip(b"=", 1) == 1).then_some(())?;
                parts.skip(b" ", 1);
                let total = parts.integer()?;
                (first + second == total).then_some((total, parts))
            })
            .flatten()
    };
    let total = match sum {
        Some((total, parts)) => {
            next = parts;
            Some(total)
        }
        None if stain.allred && !matches!(next.peek(0), b'/' | b'+' | b'%' | b'-' | b'.') => Some(first),
        None => None,
    };
    let mut of = next;
    of.skip(b" ", 1);
    let eighths = matches!((of.peek(0), of.peek(1)), (b'/', b'8')) && !of.peek(2).is_ascii_digit() && (colon || stain.allred || sum.is_some());
    let Some(total) = total.or(eighths.then_some(first)).filter(|total| *total <= 8 && (colon || stain.allred)) else { return false };
    stain.say(if total <= 2 { "negative" } else { "positive" });
    *cursor = next;
    if eighths {
        cursor.at = of.at + 2;
    }
    true
}
