//! Identifiers in Chinese: names behind labels and around titles, hospitals, addresses, dates in Chinese numerals.
//! A name of a hospital reaches back to a place, a sign or a word that a name does not hold; 我院, 外院 and 当地医院 name none.

use super::date;
use super::find::{Finder, Institution};
use crate::fold::is_han;
use crate::span::Span;

/// The most characters of a hospital before its last word.
const REACH: usize = 14;

impl Finder<'_> {
    /// The persons named at a byte, after a label: one or several with signs between.
    pub fn han_names(&self, at: usize, colon: bool) -> Option<Span> {
        let mut end = self.han_name(at, colon)?;
        for _ in 0..4 {
            let rest = self.text.from(end);
            let trimmed = rest.trim_start_matches(['、', ',', '/', ' ', '，', ';']);
            let next = end + (rest.len() - trimmed.len());
            if next == end || rest.len() - trimmed.len() > 4 || self.words.surname(trimmed).is_none() || self.hit(self.classes.label, next).is_some() {
                break;
            }
            match self.han_name(next, false) {
                Some(further) => end = further,
                None => break,
            }
        }
        Some(Span::new(at, end))
    }

    /// The end of the name at a byte.
    fn han_name(&self, at: usize, colon: bool) -> Option<usize> {
        let rest = self.text.from(at);
        let mut end = 0;
        let mut count = 0;
        for (offset, character) in rest.char_indices() {
            let inside = is_han(character)
                || matches!(character, '·' | '*' | '×' | '•')
                || character == 'x' && offset > 0
                || matches!(character, '\n' | ' ') && count == 1 && self.lone(&rest[offset..]);
            if !inside || count >= 16 || offset > 0 && self.starts_label(at + offset) || offset > 0 && self.starts_title(at + offset) {
                break;
            }
            end = offset + character.len_utf8();
            count += usize::from(!matches!(character, '\n' | ' '));
        }
        let name = &rest[..end];
        let surname = self.words.surname(name);
        let dotted = name.contains(['·', '•']);
        let starred = name.contains(['*', '×', '某']);
        let generic = self.hit(self.classes.safe, at).is_some_and(|hit| hit.start == at) || self.hit(self.classes.title, at).is_some_and(|hit| hit.start == at);
        if generic || count == 0 {
            return None;
        }
        match (count, surname) {
            (2..=4, Some(length)) if !self.is_no_name(at, name, length) => Some(at + end),
            (1, _) if starred => None,
            (2..=5, None) if colon && !dotted && !self.is_clinical(at) && (starred || count <= 3 && !self.is_word(name)) => Some(at + end),
            (_, _) if dotted && count >= 3 => Some(at + end),
            (5.., Some(length)) if colon => {
                let keep = length + 2;
                let cut: usize = name.chars().take(keep).map(char::len_utf8).sum();
                (!self.is_clinical(at)).then_some(at + cut)
            }
            _ => None,
        }
    }

    /// Whether the blanks a text begins with part the characters of one name: `某　某`, or a line break.
    fn lone(&self, rest: &str) -> bool {
        let next = rest.trim_start_matches([' ', '\n']);
        let given = next.chars().take_while(|c| is_han(*c)).count();
        rest.len() - next.len() <= 4 && (1..=2).contains(&given) && !next.starts_with(['男', '女', '性', '年', '住', '科', '病'])
    }

    /// Whether what begins like a name is made of clinical words.
    fn is_no_name(&self, at: usize, name: &str, surname: usize) -> bool {
        let given: usize = name.chars().take(surname).map(char::len_utf8).sum();
        self.is_clinical(at) || self.is_clinical(at + given) || name.contains(self.words.clinical_signs.as_slice())
    }

    /// Words that stand where a name is asked for and are none.
    fn is_word(&self, name: &str) -> bool {
        self.words.no_names.iter().any(|word| name.starts_with(word.as_str()))
    }

    fn starts_label(&self, at: usize) -> bool {
        self.hit(self.classes.label, at).is_some_and(|hit| hit.start == at && (hit.len() > 6 || self.text.from(hit.end).starts_with([':', ' '])))
    }

    fn starts_title(&self, at: usize) -> bool {
        self.hit(self.classes.title, at).is_some_and(|hit| hit.start == at)
    }

    /// Names before 医生, 教授 and the like, and between 患者 and a sex.
    pub fn han_titles(&mut self) {
        let text = self.text;
        for hit in text.reading.hits.of(self.classes.title) {
            let span = hit.span();
            if text.folded.as_bytes()[span.start].is_ascii() {
                continue;
            }
            if self.classes.title_subject[hit.entry as usize] {
                self.subject(span);
                continue;
            }
            if self.classes.title_relation[hit.entry as usize] {
                if let Some(end) = self.name_after_relation(span.end) {
                    self.push("name", Span::new(span.end, end), false);
                }
                continue;
            }
            if let Some(start) = self.name_before(span.start) {
                self.push("name", Span::new(start, span.start), false);
            } else if let Some(end) = self.name_after(span.end) {
                self.push("name", Span::new(span.end, end), false);
            }
        }
    }

    /// `患者某某某，男`, `患者：某某`.
    fn subject(&mut self, span: Span) {
        let text = self.text;
        let rest = text.from(span.end);
        let Some(length) = self.words.surname(rest) else { return };
        for given in [2, 1] {
            let name: usize = rest.chars().take(length + given).map(char::len_utf8).sum();
            let after = rest.get(name..).unwrap_or("").trim_start_matches([',', ' ', '(', '、']);
            let sex = after.starts_with("男") || after.starts_with("女") || after.starts_with("性别");
            if sex && rest[..name].chars().all(|c| is_han(c) || c == '*') && rest[..name].chars().count() == length + given {
                return self.push("name", Span::new(span.end, span.end + name), false);
            }
        }
    }

    /// Where the name that ends at a byte begins: a surname and one or two characters, or a surname alone.
    fn name_before(&self, end: usize) -> Option<usize> {
        let text = self.text;
        let head = text.before(end);
        let starts: Vec<usize> = head.char_indices().rev().take(4).map(|(at, _)| at).collect();
        for count in [3, 4, 2, 1] {
            let Some(start) = starts.get(count - 1).copied() else { continue };
            let name = &head[start..];
            let Some(length) = self.words.surname(name) else { continue };
            if !name.chars().all(|c| is_han(c) || matches!(c, '*' | '×')) || count < length || count > length + 2 {
                continue;
            }
            let bounded = self.bounded(start);
            let masked = name.contains(['某', '*', '×']);
            if (bounded || masked) && self.hit(self.classes.safe, start).is_none() && !self.is_clinical(start) && self.hit(self.classes.label, start).is_none()
            {
                return Some(start);
            }
        }
        None
    }

    /// `主治医师某某某 `: a name behind a title, with a sign or the end of the line behind it.
    fn name_after(&self, start: usize) -> Option<usize> {
        let rest = self.text.from(start);
        let length = self.words.surname(rest)?;
        for given in [2, 1] {
            let characters: Vec<char> = rest.chars().take(length + given + 1).collect();
            let name = characters.get(..length + given)?;
            let closed = characters.get(length + given).is_none_or(|next| !is_han(*next));
            if closed && name.iter().all(|c| is_han(*c)) && !self.is_clinical(start) && self.hit(self.classes.title, start).is_none() {
                return Some(start + name.iter().map(|c| c.len_utf8()).sum::<usize>());
            }
        }
        None
    }

    /// `家属某某某签字`: a name behind a word for a relative, closed by a sign or a verb.
    fn name_after_relation(&self, start: usize) -> Option<usize> {
        let rest = self.text.from(start);
        let length = self.words.surname(rest)?;
        for given in [2, 1] {
            let characters: Vec<(usize, char)> = rest.char_indices().take(length + given + 1).collect();
            if characters.len() < length + given || !characters[..length + given].iter().all(|(_, c)| is_han(*c)) {
                continue;
            }
            let end = characters.get(length + given).map_or(rest.len(), |(at, _)| *at);
            let after = &rest[end..];
            let closed = after.chars().next().is_none_or(|next| !is_han(next)) || self.words.after_names.iter().any(|word| after.starts_with(word.as_str()));
            if closed
                && !self.is_no_name(start, &rest[..end], length)
                && self.hit(self.classes.title, start).is_none()
                && self.hit(self.classes.label, start).is_none()
            {
                return Some(start + end);
            }
        }
        None
    }

    /// Names beside a sex: `  某某某  女 31岁`, `某某，男`, and two names in brackets: `(某某/某某)`.
    fn han_neighbours(&mut self) {
        let text = self.text;
        for (at, _) in text.folded.match_indices(['男', '女']) {
            let head = text.before(at);
            let name_end = head.trim_end_matches([' ', ',', '，', '|', '/', '\t', '、', '｜', '(']).len();
            let follows = text.from(at + '男'.len_utf8());
            if name_end == at
                || at - name_end > 6
                || !follows.is_empty()
                    && !follows.starts_with([' ', ',', '，', '|', '/', '、', '\n', '｜', ')', ';'])
                    && !follows.starts_with(|c: char| c.is_ascii_digit())
            {
                continue;
            }
            let run = head[..name_end].chars().rev().take_while(|c| is_han(*c) || matches!(c, '*' | '×')).count();
            let start = name_end - head[..name_end].chars().rev().take(run).map(char::len_utf8).sum::<usize>();
            let length = self.words.surname(&head[start..name_end]).unwrap_or(0);
            let bounded = head[..start].is_empty()
                || head[..start].ends_with([' ', '\n', '|', ')', '｜', '\t', '。'])
                || head[..start].ends_with(|c: char| c.is_ascii_digit());
            if length > 0 && bounded && run > length && run <= length + 2 && !self.is_clinical(start) && self.hit(self.classes.label, start).is_none() {
                self.push("name", Span::new(start, name_end), false);
            }
        }
        for (at, _) in text.folded.match_indices('(') {
            let inside = text.from(at + 1);
            let Some(close) = inside.find(')').filter(|close| *close <= 30) else { continue };
            let names: Vec<&str> = inside[..close].split('/').collect();
            let all = names.len() == 2
                && names.iter().all(|name| (2..=4).contains(&name.chars().count()) && name.chars().all(is_han) && self.words.surname(name).is_some());
            if all && !self.is_clinical(at + 1) && !self.is_clinical(at + 2 + names[0].len()) {
                self.push("name", Span::new(at + 1, at + 1 + close), false);
            }
        }
    }

    /// Whether a name may begin at a byte: after a sign, a digit, or a word that bounds names.
    fn bounded(&self, start: usize) -> bool {
        let head = self.text.before(start);
        let Some(previous) = head.chars().next_back() else { return true };
        !is_han(previous)
            || self.words.bounds.iter().any(|bound| head.ends_with(bound.as_str()))
            || self.hit(self.classes.title, start - previous.len_utf8()).is_some()
            || self.hit(self.classes.label, start - previous.len_utf8()).is_some()
    }

    /// Whether the institution at a byte names none.
    pub fn is_generic(&self, at: usize) -> bool {
        self.institution_at(at).is_some_and(|(_, kind)| kind == Institution::Generic)
    }

    /// Hospitals, addresses, dates and ages in Chinese numerals.
    pub fn han_places(&mut self) {
        let text = self.text;
        self.han_neighbours();
        for (at, _) in text.folded.match_indices('岁') {
            let digits: usize = text.before(at).chars().rev().take_while(|c| "一二三四五六七八九十百零〇".contains(*c)).map(char::len_utf8).sum();
            let number = text.slice(at - digits, at);
            if number.starts_with("九十") || number.contains('百') {
                self.push("age", Span::new(at - digits, at), true);
            }
        }
        for hit in text.reading.hits.of(self.classes.institution) {
            let span = hit.span();
            if text.folded.as_bytes()[span.start].is_ascii() {
                continue;
            }
            let start = match self.classes.institutions[hit.entry as usize] {
                Institution::Known => Some(self.reach(span.start).unwrap_or(span.start)),
                Institution::Head | Institution::Short | Institution::Weak => self.reach(span.start),
                Institution::Generic => None,
            };
            let Some(start) = start else { continue };
            self.push("hospital", Span::new(start, span.end), false);
        }
        for hit in text.reading.hits.of(self.classes.place) {
            let span = hit.span();
            if text.folded.as_bytes()[span.start].is_ascii() {
                continue;
            }
            let (end, parts) = self.address_end(span.end);
            let region = self.classes.places[hit.entry as usize] == super::find::Place::Region;
            if (parts > 0 || !region) && !self.is_epithet_after(end) {
                self.push(if parts > 1 { "address" } else { "place" }, Span::new(span.start, end), false);
            }
        }
        for (at, _) in text.folded.match_indices('年') {
            let digits: usize = text.before(at).bytes().rev().take_while(u8::is_ascii_digit).count();
            let vague = text.from(at + '年'.len_utf8()).starts_with(['初', '底', '末']);
            if digits == 4 && vague && text.slice(at - 4, at).starts_with(['1', '2']) {
                self.push("date", Span::new(at - 4, at + '年'.len_utf8() + '初'.len_utf8()), true);
            }
            if let Some(range) = date::han(text.folded, at) {
                self.push("date", Span::new(range.start, range.end), false);
            }
        }
    }

    /// Where the name of the institution whose last word begins at `end` begins; none where nothing singles it out.
    fn reach(&self, end: usize) -> Option<usize> {
        let text = self.text;
        let head = text.before(end);
        let mut start = end;
        for (at, character) in head.char_indices().rev().take(REACH) {
            let whole = is_han(character) || character.is_ascii_alphanumeric() || matches!(character, '*' | '(' | ')');
            if !whole {
                break;
            }
            if matches!(character, '(' | ')') && !text.slice(at + 1, end).starts_with(|c: char| is_han(c)) {
                break;
            }
            if let Some(place) = self.hit(self.classes.place, at).filter(|place| place.start == at && place.end <= end) {
                let earlier = place.start;
                start = earlier;
                if !text.before(earlier).chars().next_back().is_some_and(is_han)
                    || self.words.bounds.iter().any(|bound| text.before(earlier).ends_with(bound.as_str()))
                {
                    return Some(earlier);
                }
                continue;
            }
            let inside_place = self.hit(self.classes.place, at).is_some();
            let up_to = at + character.len_utf8();
            if !inside_place && self.words.bounds.iter().any(|bound| text.before(up_to).ends_with(bound.as_str()) && is_han(character)) {
                break;
            }
            start = at;
        }
        let name = text.slice(start, end);
        let name = name.trim_start_matches([')', '(']);
        let fraction = text.before(end - name.len()).ends_with(['-', '.', '/']);
        let name = if fraction { name.trim_start_matches(|c: char| c.is_ascii_digit()) } else { name };
        let start = end - name.len();
        let letters = name.chars().filter(|c| is_han(*c) || c.is_ascii_alphanumeric()).count();
        let starred = name.chars().filter(|c| *c == '*').count();
        let generic = self.words.generic_places.iter().any(|place| place == name) || name.is_empty() || name.ends_with("级") || name.chars().all(|c| c == '*');
        (letters >= 1 && !generic && (letters >= 2 || starred > 0) && !self.is_clinical_run(start, end)).then_some(start)
    }

    fn is_clinical_run(&self, start: usize, end: usize) -> bool {
        self.classes.clinical.iter().any(|class| self.hit(*class, start).is_some_and(|hit| hit.start <= start && hit.end + 3 >= end))
    }

    /// How far the parts of an address reach from a byte on, and how many there are.
    fn address_end(&self, from: usize) -> (usize, usize) {
        let text = self.text;
        let mut end = from;
        let mut parts = 0;
        'parts: while parts < 12 {
            let rest = text.from(end);
            for (count, (offset, character)) in rest.char_indices().enumerate() {
                if count > 9 || !(is_han(character) || character.is_ascii_alphanumeric() || matches!(character, '-' | '*' | '#')) {
                    break 'parts;
                }
                if offset > 0 && (self.institution_at(end + offset).is_some() && parts > 0 || matches!(character, '于' | '在' | '因' | '至')) {
                    break 'parts;
                }
                let numbered = rest[..offset].ends_with(|c: char| c.is_ascii_alphanumeric());
                if let Some(part) = self.words.parts.iter().find(|part| rest[offset..].starts_with(part.as_str())) {
                    let small = matches!(part.as_str(), "号" | "室" | "层" | "楼" | "组" | "栋" | "幢" | "单元" | "座" | "号楼" | "队");
                    if small && !numbered || offset == 0 && parts > 0 && !small {
                        continue;
                    }
                    end += offset + part.len();
                    parts += 1;
                    continue 'parts;
                }
            }
            break;
        }
        let number = text.from(end).bytes().take_while(u8::is_ascii_digit).count();
        let unit = ["单元", "栋", "幢", "座", "楼", "号楼", "层"].iter().any(|unit| text.before(end).ends_with(unit));
        if parts > 1 && unit && (3..=4).contains(&number) {
            end += number;
        }
        (end, parts)
    }

    /// An address where one begins right behind a phrase such as 家住.
    pub fn address_value(&mut self, at: usize, kind: &'static str) {
        let text = self.text;
        let rest = text.from(at);
        let trimmed = rest.trim_start_matches([' ', ':', '于', '在']);
        let start = at + (rest.len() - trimmed.len());
        let place = self.hit(self.classes.place, start).filter(|hit| hit.start == start);
        let (end, parts) = self.address_end(place.map_or(start, |hit| hit.end));
        if place.is_some() || parts >= 1 && end - start <= 90 && parts >= 1 && self.address_like(start, end) {
            self.push(kind, Span::new(start, end), true);
        }
    }

    /// Whether the words between two bytes hold a district, a road or a number, and not only a ward.
    fn address_like(&self, start: usize, end: usize) -> bool {
        let slice = self.text.slice(start, end);
        slice.chars().count() >= 3 && !slice.starts_with(['我', '本', '外', '当', '该', '某'])
    }
}
