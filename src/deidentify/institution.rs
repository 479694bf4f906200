//! Hospitals and places in Latin script: known names, and runs of capitals that end in the word for an institution; cities,
//! with the state and the postcode behind them; streets behind a number.

use super::find::{Finder, Institution, Place};
use super::text::Shape;
use super::words::Flags;
use crate::span::Span;

/// The most words before the head of a name.
const REACH: usize = 6;

impl Finder<'_> {
    /// Institutions, cities and streets.
    pub fn places(&mut self) {
        for hit in self.text.reading.hits.of(self.classes.institution) {
            let span = hit.span();
            if !self.text.folded.as_bytes()[span.start].is_ascii() {
                continue;
            }
            let found = match self.classes.institutions[hit.entry as usize] {
                Institution::Known => self.known(span),
                Institution::Head => self.headed(span, false),
                Institution::Weak => self.headed(span, true),
                Institution::Short | Institution::Generic => None,
            };
            if let Some(span) = found {
                let span = self.with_tail(span);
                self.push("hospital", span, false);
            }
        }
        for hit in self.text.reading.hits.of(self.classes.place) {
            let span = hit.span();
            if self.text.folded.as_bytes()[span.start].is_ascii() {
                self.city(span, self.classes.places[hit.entry as usize]);
            }
        }
        for hit in self.text.reading.hits.of(self.classes.street) {
            self.street(hit.span());
        }
    }

    /// A name as it stands, with the head behind it.
    fn known(&self, span: Span) -> Option<Span> {
        let text = self.text;
        if !text.reading.is_upper(span.start) || self.is_epithet_after(span.end) {
            return None;
        }
        let first = text.token_from(span.start);
        let after = text.token_from(span.end);
        let single = after == first + 1;
        let shouted = self.shouted(first);
        if single && shouted && self.flags(first).any(Flags::NAME) || self.flags(first).any(Flags::NEVER) && single {
            return None;
        }
        let mut end = span.end;
        if let Some((head, _)) = self
            .institution_at(text.start(after))
            .filter(|(head, kind)| matches!(kind, Institution::Head | Institution::Weak) && head.start == text.start(after))
            && matches!(text.gap(after - 1), " " | "'s " | "-" | "\n")
        {
            end = head.end;
        }
        let given = self.flags(first).any(Flags::NAME) && single && self.flags(after).any(Flags::NAME) && text.gap(first) == " " && end == span.end;
        let behind_given =
            single && first > 0 && self.flags(first - 1).any(Flags::GIVEN) && text.capital(first - 1) && text.gap(first - 1) == " " && end == span.end;
        (!given && !behind_given).then_some(Span::new(span.start, end))
    }

    /// The name that ends in the head at `span`: the capitals before it.
    fn headed(&self, span: Span, weak: bool) -> Option<Span> {
        let text = self.text;
        let head = text.token_from(span.start);
        let capital = text.reading.is_upper(span.start);
        let shouted = self.shouted(head);
        let mut first = head;
        let mut named = false;
        let mut steps = 0;
        while first > 0 && steps < REACH {
            let previous = first - 1;
            let gap = text.gap(previous);
            let word = text.word(previous);
            let flags = self.flags(previous);
            let saint = matches!(word, "st" | "mt" | "ft");
            let connected =
                matches!(gap, " " | "-" | "\n" | "'s " | "' " | " & " | "'" | "/") || gap == ". " && (saint || word == "dr" || text.initial(previous));
            let torn = gap == "\n"
                && !(self.is_city_token(previous)
                    || self.institution_token(previous)
                    || flags.any(Flags::PART) && text.shape(previous) == Shape::Title && !shouted);
            if !connected || torn {
                break;
            }
            if text.shape(previous) == Shape::Lower {
                let joint = matches!(word, "of" | "and" | "for" | "de")
                    && previous > 0
                    && text.capital(previous - 1)
                    && gap == " "
                    && text.gap(previous - 1) == " "
                    && named
                    && !shouted;
                if word == "s" || joint && self.flags(previous - 1).any(Flags::PART) {
                    first = previous;
                    steps += 1;
                    continue;
                }
                break;
            }
            if !text.capital(previous) {
                break;
            }
            let place = self.is_city_token(previous);
            let part = flags.any(Flags::PART);
            let known = place || saint || flags.any(Flags::NAME) || self.institution_token(previous);
            let unknown = !part && !known;
            if flags.any(Flags::NEVER) && !part && !known || unknown && (shouted || self.is_clinical(text.start(previous)) && !part) {
                break;
            }
            if !capital && !(place || self.institution_token(previous) || gap == "'s " || named) {
                break;
            }
            named |= !part && !saint || saint && named || place;
            first = previous;
            steps += 1;
        }
        while first < head && (matches!(text.word(first), "and" | "of" | "for" | "s" | "de") || text.shape(first) == Shape::Lower) {
            first += 1;
        }
        if named && first < head {
            if weak && !capital && !(self.is_city_token(head - 1) || self.institution_token(head - 1) || self.is_city_end(span.start)) {
                return None;
            }
            let roomy = weak
                && matches!(
                    text.word(head),
                    "lab"
                        | "labs"
                        | "laboratory"
                        | "facility"
                        | "office"
                        | "offices"
                        | "branch"
                        | "school"
                        | "foundation"
                        | "associates"
                        | "inc"
                        | "corp"
                        | "ltd"
                        | "llc"
                        | "campus"
                        | "center"
                        | "centre"
                        | "institute"
                        | "medical"
                        | "practice"
                        | "er"
                        | "ed"
                        | "icu"
                        | "church"
                        | "college"
                        | "academy"
                        | "hotel"
                );
            if roomy
                && !(first..head).any(|index| {
                    self.is_city_token(index) || self.institution_token(index) || self.flags(index).surely(Flags::NAME) || text.gap(index) == "'s "
                })
            {
                return None;
            }
            let quiet =
                weak && matches!(
                    text.word(head),
                    "med"
                        | "health"
                        | "general"
                        | "gen"
                        | "center"
                        | "centre"
                        | "ed"
                        | "er"
                        | "lab"
                        | "labs"
                        | "medical"
                        | "practice"
                        | "school"
                        | "inc"
                        | "hotel"
                        | "church"
                        | "corp"
                ) && !capital;
            let mut start = text.start(first);
            if self.is_city_end(start)
                && let Some(city) = self.city_ending(start)
            {
                start = city;
            }
            return (!quiet && !self.is_epithet_after(span.end)).then_some(Span::new(start, span.end));
        }
        if capital && !weak {
            let rest = text.from(span.end);
            let after = text.token_from(span.end);
            if (rest.starts_with(" of ") || rest.starts_with(" in ")) && text.capital(after + 1) && self.place_at(text.start(after + 1)).is_some() && !shouted {
                return Some(Span::new(text.start(first), span.end));
            }
            if rest.starts_with(' ') && text.capital(after) && self.place_at(text.start(after)).is_some_and(|(_, kind)| kind != Place::Region) && !shouted {
                return Some(Span::new(text.start(first), span.end));
            }
            let before = text.word(first.wrapping_sub(1));
            if span.len() > 12
                && text.slice(span.start, span.end).contains(' ')
                && text.shape(head) == Shape::Title
                && matches!(before, "at" | "to" | "from" | "in")
            {
                return Some(Span::new(text.start(first), span.end));
            }
            let proper = text.shape(head) == Shape::Title
                && first < head
                && matches!(
                    text.word(first),
                    "general" | "memorial" | "community" | "county" | "children" | "regional" | "university" | "women" | "city" | "state" | "veterans"
                );
            if proper && !text.before(text.start(first)).trim_end().ends_with(['.', ':', '?', '\n']) && text.start(first) > 0 {
                return Some(Span::new(text.start(first), span.end));
            }
        }
        None
    }

    /// Whether a token lies in a known name of an institution.
    fn institution_token(&self, index: usize) -> bool {
        self.institution_at(self.text.start(index)).is_some_and(|(_, kind)| kind == Institution::Known)
    }

    /// Whether a token lies in the name of a city or a region.
    fn is_city_token(&self, index: usize) -> bool {
        self.hit(self.classes.place, self.text.start(index)).is_some()
    }

    /// Whether a city's name ends right before a byte.
    fn is_city_end(&self, start: usize) -> bool {
        self.city_ending(start).is_some()
    }

    fn city_ending(&self, start: usize) -> Option<usize> {
        let at = start.checked_sub(2)?;
        let hit = self.hit(self.classes.place, at)?;
        (hit.end + 1 == start && self.text.reading.is_upper(hit.start)).then_some(hit.start)
    }

    /// ` in Boston, MA`, `, New York`, ` of Philadelphia` behind a name.
    fn with_tail(&self, span: Span) -> Span {
        let text = self.text;
        let mut end = span.end;
        let rest = text.from(end);
        for joint in [" of ", " in ", " at ", ", ", " - ", "-", " ", "\n"] {
            if rest.starts_with(joint) {
                let at = end + joint.len();
                let index = text.token_from(at);
                if matches!(joint, " in " | ", ")
                    && text.start(index) == at
                    && text.shape(index) == Shape::Upper
                    && self.classes.codes.iter().any(|code| code == text.word(index))
                {
                    end = text.end(index);
                    break;
                }
                if let Some((place, kind)) = self.place_at(at)
                    && text.reading.is_upper(at)
                    && (kind != Place::Region || joint == " of ")
                    && !self.is_epithet_after(place.end)
                {
                    end = place.end;
                }
                break;
            }
        }
        Span::new(span.start, self.with_state(end))
    }

    /// `, MA 02115`, `, Massachusetts` behind a city.
    fn with_state(&self, end: usize) -> usize {
        let text = self.text;
        let rest = text.from(end);
        let Some(joint) = [", ", ",", " "].iter().find(|joint| rest.starts_with(**joint)) else { return end };
        let at = end + joint.len();
        let index = text.token_from(at);
        if text.start(index) != at {
            return end;
        }
        let code = text.shape(index) == Shape::Upper && self.classes.codes.iter().any(|code| code == text.word(index));
        let state = self.place_at(at).filter(|(_, kind)| *kind == Place::Region).filter(|_| text.reading.is_upper(at)).map(|(span, _)| span.end);
        let Some(mut end) = (if code { Some(text.end(index)) } else { state }) else { return end };
        let zip = text.token_from(end);
        if text.digits(zip) && text.end(zip) - text.start(zip) == 5 && matches!(text.gap(zip - 1), " " | ", " | "  ") {
            end = text.end(zip);
            if text.digits(zip + 1) && text.gap(zip) == "-" && text.end(zip + 1) - text.start(zip + 1) == 4 {
                end = text.end(zip + 1);
            }
        }
        end
    }

    fn city(&mut self, span: Span, kind: Place) {
        let text = self.text;
        if !text.reading.is_upper(span.start) || kind == Place::Region || self.is_epithet_after(span.end) {
            return;
        }
        let with_state = self.with_state(span.end);
        let first = text.token_from(span.start);
        let previous = first.wrapping_sub(1);
        let word = text.word(previous);
        let prepositioned = text.gap(previous) == " " && matches!(word, "in" | "at" | "from" | "near" | "to" | "of" | "around");
        if with_state == span.end {
            let hyphened = text.before(span.start).ends_with('-') || text.from(span.end).starts_with('-');
            let named = self.flags(previous).any(Flags::GIVEN) && text.capital(previous) && text.gap(previous) == " ";
            let next = text.token_from(span.end);
            let surname =
                text.gap(next.wrapping_sub(1)) == " " && text.capital(next) && self.flags(next).any(Flags::SURNAME) && self.flags(first).any(Flags::GIVEN);
            let shouted = self.shouted(first) || text.shape(first) == Shape::Upper && span.len() > 3;
            if hyphened || named || surname || shouted && !prepositioned {
                return;
            }
            if kind == Place::Ambiguous && !(prepositioned && !shouted && !matches!(word, "to" | "of") && !text.capital(next)) {
                return;
            }
        }
        self.push("place", Span::new(span.start, with_state), false);
    }

    /// `1234 Elm St, Apt 5, Boston`.
    fn street(&mut self, span: Span) {
        let text = self.text;
        let last = text.token_from(span.start);
        if !text.capital(last) {
            return;
        }
        let mut first = last;
        for _ in 0..4 {
            let Some(previous) = first.checked_sub(1) else { return };
            let gap = text.gap(previous);
            if !matches!(gap, " " | ". " | "\n" | "") {
                return;
            }
            first = previous;
            if text.digits(first) && !gap.is_empty() {
                break;
            }
            if !text.capital(first) && !matches!(text.word(first), "th" | "nd" | "rd" | "st") {
                return;
            }
        }
        let short = span.len() <= 3
            || matches!(text.word(last), "close" | "loop" | "way" | "place" | "route" | "trail" | "circle" | "court" | "drive" | "square" | "alley");
        if short
            && (text.shape(last) != Shape::Title
                || text.from(span.end).starts_with(" of ")
                || text.from(span.end).trim_start().starts_with(|c: char| c.is_ascii_digit())
                || (first..last).any(|index| text.gap(index).contains('\n') || self.is_clinical(text.start(index))))
        {
            return;
        }
        let number = text.end(first) - text.start(first);
        if !text.digits(first)
            || first + 1 >= last && !text.from(span.end).starts_with(',')
            || number > 6
            || text.before(text.start(first)).ends_with(['.', '/', 'x'])
            || self.is_clinical(text.start(first + 1))
        {
            return;
        }
        let mut end = text.end(last) + usize::from(text.from(text.end(last)).starts_with('.'));
        for unit in [
            ", apt ", " apt ", ", apt. ", " apt. ", ", apt #", " apt #", ", suite ", " suite ", ", unit ", " unit ", ", #", " #", ", ste ", " ste ",
            ", floor ", ", room ", ", rm ",
        ] {
            if let Some(rest) = text.from(end).strip_prefix(unit) {
                end += unit.len() + rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
                break;
            }
        }
        for joint in [", ", " ", "\n", ",\n"] {
            if text.from(end).starts_with(joint)
                && let Some((place, _)) = self.place_at(end + joint.len())
                && text.reading.is_upper(place.start)
            {
                end = self.with_state(place.end);
                break;
            }
        }
        if let Some(rest) = text.from(end).strip_prefix(", ") {
            let town = text.token_from(end + 2);
            let second = text.gap(town) == " " && text.shape(town + 1) == Shape::Title;
            let last = if second { town + 1 } else { town };
            let closed = text.from(text.end(last)).starts_with([',', '.', '\n', ';']) || text.end(last) == text.folded.len();
            if !rest.is_empty()
                && text.start(town) == end + 2
                && text.shape(town) == Shape::Title
                && closed
                && !self.flags(town).any(Flags::NEVER)
                && !self.is_clinical(text.start(town))
            {
                end = text.end(last);
            }
        }
        let end = self.with_state(end);
        self.push("address", Span::new(text.start(first), end), false);
    }
}
