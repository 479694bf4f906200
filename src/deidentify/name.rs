//! Names of persons in Latin script: after titles, before degrees, and by given names and family names that stand together.
//! A capital alone is no name; a word that is an eponym, a place or a word of the language counts only beside a sure name.

use super::find::{Finder, Institution};
use super::text::Shape;
use super::words::Flags;
use crate::span::Span;

/// The most words a name has behind a title.
const LONGEST: usize = 4;

impl Finder<'_> {
    /// Names of the text.
    pub fn names(&mut self) {
        self.titled();
        let mut index = 0;
        while index < self.text.tokens.len() {
            if self.text.capital(index)
                && let Some(last) = self.person(index)
            {
                let mut span = self.text.span(index, last);
                if self.text.initial(last) && self.text.from(span.end).starts_with('.') {
                    span.end += 1;
                }
                if !self.is_epithet_after(span.end) && !self.is_institution_next(last) {
                    self.push("name", span, false);
                }
                index = last;
            }
            index += 1;
        }
    }

    fn is_institution_next(&self, last: usize) -> bool {
        let next = last + 1;
        self.text.gap(last) == " "
            && self.text.capital(next)
            && self.institution_at(self.text.start(next)).is_some_and(|(_, kind)| matches!(kind, Institution::Head))
    }

    /// The last token of a person's name that begins at `index`.
    fn person(&self, index: usize) -> Option<usize> {
        let text = self.text;
        let flags = self.flags(index);
        let next = index + 1;
        if flags.any(Flags::GIVEN) && !flags.any(Flags::NEVER) && text.joins(index) && text.capital(next) {
            let sure = flags.surely(Flags::GIVEN);
            let shout = text.shape(index) == Shape::Upper && !text.initial(index);
            if text.initial(next) {
                if text.joins(next) && text.capital(next + 1) && self.is_family(next + 1, sure) {
                    return Some(next + 1);
                }
                let closed = !text.joins(next) || !text.capital(next + 1) || text.from(text.end(next)).starts_with('.');
                let section = text.gap(index) != " ";
                return (closed && !section && (sure || !shout && text.from(text.end(next)).starts_with('.'))).then_some(next);
            }
            if !sure && !self.flags(next).surely(Flags::NAME) || self.flags(next).any(Flags::NEVER) {
                return None;
            }
            if shout && self.flags(next).any(Flags::AMBIGUOUS) && self.shouted(index) {
                return None;
            }
            if self.is_family(next, sure) {
                let further = next + 1;
                let more = text.joins(next) && text.shape(further) == Shape::Title && self.flags(further).surely(Flags::SURNAME);
                return Some(if more { further } else { next });
            }
        }
        if flags.any(Flags::SURNAME) && text.gap(index) == ", " && text.capital(next) && self.flags(next).surely(Flags::GIVEN) && !flags.any(Flags::AMBIGUOUS) {
            let initial = text.joins(next) && text.initial(next + 1);
            return Some(if initial { next + 1 } else { next });
        }
        if text.initial(index)
            && text.gap(index) == ". "
            && text.shape(next) == Shape::Title
            && self.flags(next).surely(Flags::SURNAME)
            && !self.is_clinical(text.start(next))
        {
            return Some(next);
        }
        // `Calder, Teresa` on a line of its own or after a sign: an unknown word before a given name.
        let begins = || text.before(text.start(index)).trim_end_matches(' ').ends_with(['\n', ':', ',']);
        let unheard =
            || !flags.any(Flags::NEVER) && !flags.any(Flags::PART) && !self.is_clinical(text.start(index)) && self.place_at(text.start(index)).is_none();
        if text.shape(index) == Shape::Title
            && text.gap(index) == ", "
            && text.shape(next) == Shape::Title
            && self.flags(next).surely(Flags::GIVEN)
            && !text.capital(next + 1)
            && begins()
            && unheard()
        {
            return Some(next);
        }
        self.apposed(index).or_else(|| self.pinyin(index)).or_else(|| self.alone(index))
    }

    /// Whether a token may be the family name behind a given name.
    fn is_family(&self, index: usize, sure: bool) -> bool {
        let flags = self.flags(index);
        let text = self.text;
        if flags.any(Flags::NEVER) || text.initial(index) {
            return false;
        }
        if flags.any(Flags::NAME) {
            return sure || !flags.any(Flags::AMBIGUOUS);
        }
        let institution = self.institution_at(text.start(index)).is_some_and(|(_, kind)| kind != Institution::Known);
        sure && text.shape(index) == Shape::Title
            && !flags.any(Flags::PART)
            && !institution
            && !self.is_clinical(text.start(index))
            && self.hit(self.classes.epithet, text.start(index)).is_none()
    }

    /// `a 60-year-old man, Xan Y., seen`: words no list knows, set off by commas behind a word for a person.
    fn apposed(&self, index: usize) -> Option<usize> {
        let text = self.text;
        let previous = index.checked_sub(1)?;
        if text.shape(index) != Shape::Title || !matches!(text.gap(previous), ", " | " (" | ", (") || !self.flags(previous).any(Flags::PERSON) {
            return None;
        }
        let unheard = |index: usize| {
            let flags = self.flags(index);
            let place = self.place_at(text.start(index)).is_some() || self.institution_at(text.start(index)).is_some();
            text.shape(index) == Shape::Title
                && !flags.any(Flags::NEVER)
                && !flags.any(Flags::PART)
                && !place
                && !self.is_clinical(text.start(index))
                && text.end(index) - text.start(index) > 2
        };
        if !unheard(index) {
            return None;
        }
        let next = index + 1;
        let last = if text.gap(index) == " " && (unheard(next) || text.initial(next)) { next } else { index };
        let rest = text.from(text.end(last));
        (rest.starts_with(',') || rest.starts_with(')') || text.initial(last) && rest.starts_with('.')).then_some(last)
    }

    /// `Wang Xiaoming`, `Zhang Wei`: a surname in pinyin and syllables.
    fn pinyin(&self, index: usize) -> Option<usize> {
        let text = self.text;
        let next = index + 1;
        if !self.flags(index).any(Flags::PINYIN) || text.shape(index) != Shape::Title || text.gap(index) != " " || text.shape(next) != Shape::Title {
            return None;
        }
        let hyphened = text.gap(next) == "-" && self.words.syllables(text.word(next + 1)).is_some();
        let last = if hyphened { next + 1 } else { next };
        let syllables = self.words.syllables(text.word(next))?;
        let word = text.word(next).len();
        (hyphened || syllables == 2 && word >= 5 || word >= 3 && !self.flags(next).any(Flags::AMBIGUOUS))
            .then_some(last)
            .filter(|_| !self.flags(next).any(Flags::NEVER) && !self.is_clinical(text.start(next)))
    }

    /// A single name, where the words around it speak of a person.
    fn alone(&self, index: usize) -> Option<usize> {
        let text = self.text;
        let flags = self.flags(index);
        let previous = index.checked_sub(1)?;
        if text.shape(index) != Shape::Title || !flags.surely(Flags::NAME) || text.end(index) - text.start(index) < 3 {
            return None;
        }
        let rest = text.from(text.end(index));
        if rest.starts_with('-') || rest.starts_with(':') || self.is_clinical(text.start(index)) {
            return None;
        }
        let gap = text.gap(previous);
        let word = text.word(previous);
        let spoken = gap == " " && self.flags(previous).any(Flags::BEFORE_NAME);
        let quoted = gap == " " && matches!(word, "in" | "from") && rest.starts_with("'s ");
        let apposed = gap == ", " && text.shape(previous) == Shape::Lower && rest.starts_with(',') && flags.surely(Flags::GIVEN);
        let owner = flags.surely(Flags::GIVEN)
            && gap == " "
            && matches!(word, "for" | "with" | "to" | "by" | "is" | "of")
            && !text.capital(index + 1)
            && (rest.starts_with(',') || rest.starts_with(' ') || rest.starts_with('.') || rest.starts_with("'s") || rest.starts_with('?'));
        let patient = gap == ", " && self.flags(previous).any(Flags::PERSON);
        let owned = rest.starts_with("'s ") && self.flags(index + 2).any(Flags::OWNED);
        (spoken || quoted || apposed || owner || patient || owned).then_some(index)
    }

    /// Names after titles and before degrees.
    fn titled(&mut self) {
        for hit in self.text.reading.hits.of(self.classes.title) {
            let span = hit.span();
            if !self.text.folded.as_bytes()[span.start].is_ascii() {
                continue;
            }
            let first = self.text.token_from(span.start);
            if self.classes.title_after[hit.entry as usize] {
                self.before_degree(first, span);
            } else if self.text.capital(first) {
                self.after_title(first, span);
            } else {
                self.after_small_title(first, span);
            }
        }
    }

    fn after_title(&mut self, title: usize, span: Span) {
        let text = self.text;
        let stop = text.from(span.end).starts_with('.');
        let word = text.slice(span.start, span.end);
        if text.shape(title) == Shape::Upper && !stop && matches!(word, "mr" | "ms" | "mrs" | "prof" | "miss") {
            return;
        }
        let gap = text.slice(span.end + usize::from(stop), text.start(title + 1));
        if gap.len() > 3 || !gap.bytes().all(|byte| matches!(byte, b' ' | b'\n' | b'\r')) || word.contains(' ') {
            return;
        }
        if gap.contains('\n') && !self.flags(title + 1).any(Flags::NAME) {
            return;
        }
        if word == "drs" {
            self.further_names(title + 1);
        }
        if let Some(last) = self.run_of_names(title + 1) {
            let mut whole = Span::new(span.start, text.end(last));
            if text.initial(last) && text.from(whole.end).starts_with('.') {
                whole.end += 1;
            }
            self.push("name", whole, true);
        }
    }

    /// `mr. Ashdown`, `dr. ashdown`: notes typed without capitals. Without a stop, or for a name without its capital, only a known name will do.
    fn after_small_title(&mut self, title: usize, span: Span) {
        let text = self.text;
        let next = title + 1;
        let stop = text.from(span.end).starts_with('.');
        let known = self.flags(next).surely(Flags::SURNAME);
        let gap = text.slice(span.end + usize::from(stop), text.start(next));
        if gap != " " || self.flags(next).any(Flags::NEVER) || self.is_clinical(text.start(next)) && !known {
            return;
        }
        match text.shape(next) {
            Shape::Title if stop || known => self.after_title(title, span),
            Shape::Lower if known && stop => self.push("name", Span::new(span.start, text.end(next)), true),
            _ => {}
        }
    }

    /// `Drs. Ashdown, Barrowby and Calloway`: the names behind the first.
    fn further_names(&mut self, first: usize) {
        let text = self.text;
        let mut at = first;
        for _ in 0..4 {
            let Some(last) = self.run_of_names(at) else { return };
            self.push("name", text.span(at, last), true);
            let joined = text.gap(last) == " " && text.word(last + 1) == "and" && text.gap(last + 1) == " ";
            match (joined, text.gap(last)) {
                (true, _) => at = last + 2,
                (false, ", ") => at = last + 1,
                _ => return,
            }
        }
    }

    /// The last of the words that make up a name from a token on; an unknown word will do where it is no clinical one.
    pub fn run_of_names(&self, first: usize) -> Option<usize> {
        let text = self.text;
        let mut last = None;
        for index in first..first + LONGEST {
            let flags = self.flags(index);
            let known = flags.any(Flags::NAME) || flags.any(Flags::PINYIN) || text.initial(index);
            let loud = text.shape(index) == Shape::Upper && !text.initial(index);
            let label = self.hit(self.classes.label, text.start(index)).is_some_and(|hit| text.from(hit.end).trim_start().starts_with([':', '#']));
            if !text.capital(index) || flags.any(Flags::NEVER) && !text.initial(index) || label {
                break;
            }
            let broken = index > first && text.gap(index - 1).contains('\n') && !flags.any(Flags::NAME);
            let unknown_follows = broken
                || !known && (index > first && (loud || self.is_clinical(text.start(index)) || flags.any(Flags::PART)) || self.is_clinical(text.start(index)));
            let institution = index > first
                && self.institution_at(text.start(index)).is_some_and(|(span, kind)| kind == Institution::Head && span.start == text.start(index));
            if unknown_follows || institution {
                break;
            }
            last = Some(index);
            if !text.joins(index) {
                break;
            }
        }
        // `Mrs. Van der Berg`
        if let Some(end) = last
            && text.shape(end + 1) == Shape::Lower
            && text.gap(end) == " "
        {
            let mut next = end + 1;
            while matches!(text.word(next), "der" | "de" | "den" | "del" | "la" | "van" | "von" | "da" | "dos" | "di" | "du" | "bin" | "el" | "al")
                && text.gap(next) == " "
            {
                next += 1;
            }
            if next > end + 1 && text.shape(next) == Shape::Title && !self.flags(next).any(Flags::NEVER) {
                last = Some(next);
            }
        }
        last
    }

    /// `John A. Smith, M.D.`
    fn before_degree(&mut self, degree: usize, span: Span) {
        let text = self.text;
        if !text.reading.is_upper(span.start)
            || !text.reading.is_upper(span.end - 1 - usize::from(text.slice(span.start, span.end).ends_with('.'))) && text.slice(span.start, span.end) != "phd"
        {
            return;
        }
        let Some(previous) = degree.checked_sub(1) else { return };
        let gap = text.slice(text.end(previous), span.start);
        let comma = gap.contains(',');
        if gap.len() > 4 || !gap.bytes().all(|byte| matches!(byte, b' ' | b',' | b'.' | b'\n')) || (text.slice(span.start, span.end) == "do" && !comma) {
            return;
        }
        let mut first = previous;
        let (mut named, mut whole) = (false, false);
        for index in (previous.saturating_sub(3)..=previous).rev() {
            let flags = self.flags(index);
            if !text.capital(index)
                || flags.any(Flags::NEVER) && !text.initial(index)
                || index < previous && !text.joins(index) && text.gap(index) != ", "
                || self.is_clinical(text.start(index)) && !flags.any(Flags::NAME)
            {
                break;
            }
            named |= flags.any(Flags::NAME) || flags.any(Flags::PINYIN);
            whole |= !text.initial(index);
            first = index;
        }
        let words = previous + 1 - first;
        if whole
            && text.capital(previous)
            && (named || words >= 2 && comma)
            && !(text.initial(previous) && words == 1)
            && !self.flags(previous).any(Flags::NEVER)
        {
            self.push("name", text.span(first, previous), true);
        }
    }
}
