//! A message of HL7 v2 (ORU^R01, and MDM for documents) as documents, one an order: text of its observations in their order, coded
//! results beside it, patient, number, date and status from PID, OBR and OBX. Observations that were deleted or are wrong are left out.

mod signs;

use encoding_rs::Encoding;

use super::Failure;
use super::parse::sex;
use crate::decode::{by_name, decode, name};
use crate::document::{CodedResult, Document, Meta, Status};
use crate::error::FailureKind;
use signs::{Segment, Signs};

/// The documents of a message.
pub(super) fn documents(
    bytes: &[u8],
    id: &str,
    source: &str,
    forced: Option<&'static Encoding>,
    attachment: &dyn Fn(&str, &[u8]) -> Result<String, (FailureKind, String)>,
) -> Vec<Result<Document, Failure>> {
    let fail = |kind, what: String| vec![Err(Failure::new(id, source, kind, what))];
    let encoding = match forced.map_or_else(|| stated(bytes), |encoding| Ok(Some(encoding))) {
        Ok(encoding) => encoding,
        Err(what) => return fail(FailureKind::Unsupported, what),
    };
    let decoded = match decode(bytes, encoding) {
        Ok(decoded) => decoded,
        Err(error) => return fail(error.kind, error.what),
    };
    let Some(signs) = Signs::of(&decoded.text) else {
        return fail(FailureKind::Malformed, "expected a message that begins with MSH and its separators, found something else".into());
    };
    let text = joined(&decoded.text, signs.field, signs.escape);
    let segments: Vec<Segment<'_>> = text.split('\r').filter(|line| !line.trim().is_empty()).map(|line| Segment(line.split(signs.field).collect())).collect();
    let kind = segments.first().map_or("", |header| header.field(9));
    let code = signs.component(kind, 1);
    if code != "ORU" && code != "MDM" {
        let known = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        return fail(FailureKind::Unsupported, format!("expected a message ORU^R01, found {}", if known { code.as_str() } else { "no type that is known" }));
    }
    let mut orders: Vec<Order> = Vec::new();
    let mut patient = Meta::default();
    let mut born = String::new();
    for segment in &segments {
        match segment.name() {
            "PID" => (patient, born) = person(segment, &signs),
            "OBR" | "TXA" => match orders.last_mut() {
                Some(last) if last.continues(segment, &signs) => {}
                _ => orders.push(Order::begin(segment, &signs)),
            },
            "OBX" | "NTE" => {
                if orders.is_empty() {
                    orders.push(Order::default());
                }
                if let Some(order) = orders.last_mut() {
                    order.observe(segment, &signs, attachment);
                }
            }
            _ => {}
        }
    }
    if orders.is_empty() {
        return fail(FailureKind::NoText, "expected an order with observations (OBR, OBX), found none".into());
    }
    orders.retain(|order| !order.is_bare());
    let encoding = name(decoded.encoding);
    let one = |(index, order): (usize, Order)| {
        let id = if index == 0 { id.to_string() } else { format!("{id}/{}", index + 1) };
        order.document(id, source, &encoding, &patient, &born)
    };
    if orders.is_empty() {
        return fail(FailureKind::NoText, "expected observations (OBX), found none".into());
    }
    orders.into_iter().enumerate().map(one).collect()
}

/// The encoding that MSH-18 states; `None` where the bytes must show it.
fn stated(bytes: &[u8]) -> Result<Option<&'static Encoding>, String> {
    let header = bytes.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    // A sender's name in a multi-byte encoding may hold a byte that looks like the separator: the field is then further on.
    let Some(written) =
        header.split(|byte| *byte == b'|').skip(17).map(|field| String::from_utf8_lossy(field).trim().to_uppercase()).find(|field| !field.is_empty())
    else {
        return Ok(None);
    };
    let first = written.split('~').next().unwrap_or("").trim();
    let label = match first {
        "" | "ASCII" | "US-ASCII" => return Ok(None),
        "UNICODE UTF-8" | "UTF-8" | "UTF8" | "UNICODE" => "utf-8",
        "UNICODE UTF-16" => "utf-16le",
        "GB 18030-2000" | "GB18030" | "GB18030-2000" | "GBK" | "GB2312" | "CP936" => "gb18030",
        "BIG-5" | "BIG5" => "big5",
        "8859/1" => "iso-8859-1",
        "8859/15" => "iso-8859-15",
        "8859/2" => "iso-8859-2",
        other => other,
    };
    // A field behind MSH-18 that names no encoding is none.
    let named = by_name(label);
    if named.is_none() && header.split(|byte| *byte == b'|').nth(17).is_none_or(|field| field.trim_ascii().is_empty()) {
        return Ok(None);
    }
    named.map(Some).ok_or_else(|| "MSH-18: expected the name of a character set that is known, found another".into())
}

/// The text with lines that begin no segment joined to the one before, as a broken field.
fn joined(text: &str, field: char, escape: char) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split('\r').filter(|line| !line.trim().is_empty()) {
        let mut signs = line.chars();
        let named = signs.next().is_some_and(|sign| sign.is_ascii_uppercase()) && signs.by_ref().take(2).filter(char::is_ascii_alphanumeric).count() == 2;
        let begins = named && signs.next().is_none_or(|sign| sign == field);
        if begins || out.is_empty() {
            out.push('\r');
        } else {
            out.extend([escape, '.', 'b', 'r', escape]);
        }
        out.push_str(line);
    }
    out.trim_start_matches('\r').to_string()
}

/// The patient and the date of birth.
fn person(segment: &Segment<'_>, signs: &Signs) -> (Meta, String) {
    let mut identifiers = Vec::new();
    for number in [2, 3, 4, 18, 19, 20] {
        identifiers.extend(signs.repeats(segment.field(number)).map(|value| signs.part_of(value, 1)));
    }
    let patient = identifiers.first().cloned();
    for number in [5, 6, 9] {
        for value in signs.repeats(segment.field(number)) {
            identifiers.extend(names(&signs.part_of(value, 1), &signs.part_of(value, 2)));
        }
    }
    for number in [11, 13, 14] {
        identifiers.extend(signs.repeats(segment.field(number)).map(|value| signs.part_of(value, 1)));
    }
    identifiers.retain(|value| !value.is_empty());
    let meta = Meta { patient: patient.filter(|value| !value.is_empty()), sex: sex(segment.field(8)), identifiers, ..Meta::default() };
    (meta, signs.component(segment.field(7), 1))
}

/// A name as texts repeat it.
pub(super) fn names(family: &str, given: &str) -> Vec<String> {
    let (family, given) = (family.trim(), given.trim());
    if given.is_empty() || family.is_empty() {
        return [family, given].into_iter().filter(|name| !name.is_empty()).map(str::to_string).collect();
    }
    if crate::fold::is_han(family.chars().next().unwrap_or(' ')) {
        return vec![format!("{family}{given}"), format!("{family} {given}")];
    }
    vec![format!("{given} {family}"), format!("{family}, {given}"), format!("{family} {given}")]
}

/// A time of a message as a date by ISO 8601, shortened to what is known.
fn date(time: &str) -> Option<String> {
    let digits: String = time.chars().take_while(char::is_ascii_digit).collect();
    let part = |from: usize, to: usize| digits.get(from..to);
    match (part(0, 4), part(4, 6), part(6, 8)) {
        (Some(year), Some(month), Some(day)) => Some(format!("{year}-{month}-{day}")),
        (Some(year), Some(month), None) => Some(format!("{year}-{month}")),
        (Some(year), None, None) => Some(year.to_string()),
        _ => None,
    }
}

/// Whole years between two dates by ISO 8601.
pub(super) fn age(born: &str, at: &str) -> Option<f64> {
    let day = |date: &str| -> Option<(i32, u32)> {
        let mut parts = date.splitn(3, '-');
        let year = parts.next()?.parse().ok()?;
        let month: u32 = parts.next()?.parse().ok()?;
        let day: u32 = parts.next()?.get(..2)?.parse().ok()?;
        Some((year, month * 100 + day))
    };
    let ((from, birthday), (to, today)) = (day(born)?, day(at)?);
    let years = to - from - i32::from(today < birthday);
    (0..=130).contains(&years).then(|| f64::from(years))
}

/// An order and what was observed for it.
#[derive(Debug, Default)]
struct Order {
    number: String,
    date: Option<String>,
    status: Option<Status>,
    cancelled: bool,
    identifiers: Vec<String>,
    /// Text by the name of its observation.
    text: Vec<(String, String)>,
    results: Vec<CodedResult>,
    /// Why a document that it carries could not be read.
    failed: Option<(FailureKind, String)>,
}

impl Order {
    fn begin(segment: &Segment<'_>, signs: &Signs) -> Self {
        if segment.name() == "TXA" {
            let status = match segment.field(17) {
                "LA" | "AU" => Some(Status::Final),
                "DI" | "DO" | "IP" | "IN" | "PA" => Some(Status::Preliminary),
                _ => None,
            };
            return Self { number: signs.component(segment.field(12), 1), date: date(segment.field(4)), status, ..Self::default() };
        }
        let number = [3, 2].into_iter().map(|number| signs.component(segment.field(number), 1)).find(|number| !number.is_empty());
        let status = match segment.field(25).trim() {
            "F" => Some(Status::Final),
            "C" => Some(Status::Amended),
            "P" | "A" | "R" => Some(Status::Preliminary),
            _ => None,
        };
        let mut identifiers = Vec::new();
        for number in [16, 28, 32, 33, 34] {
            for value in signs.repeats(segment.field(number)) {
                identifiers.extend(names(&signs.part_of(value, 2), &signs.part_of(value, 3)));
            }
        }
        identifiers.retain(|value| !value.is_empty());
        Self {
            number: number.unwrap_or_default(),
            date: [22, 7, 14].into_iter().find_map(|number| date(segment.field(number))),
            status,
            cancelled: segment.field(25).trim() == "X",
            identifiers,
            ..Self::default()
        }
    }

    /// Whether a segment goes on with the same order.
    fn continues(&self, segment: &Segment<'_>, signs: &Signs) -> bool {
        let next = Self::begin(segment, signs);
        segment.name() == "OBR" && !next.cancelled && (self.is_bare() && self.number.is_empty() || !next.number.is_empty() && next.number == self.number)
    }

    const fn is_bare(&self) -> bool {
        self.text.is_empty() && self.results.is_empty() && self.failed.is_none() && !self.cancelled
    }

    fn observe(&mut self, segment: &Segment<'_>, signs: &Signs, attachment: &dyn Fn(&str, &[u8]) -> Result<String, (FailureKind, String)>) {
        if segment.name() == "NTE" {
            self.say(String::new(), signs.lines(segment.field(3)));
            return;
        }
        match segment.field(11).trim() {
            "D" | "X" | "W" | "N" | "O" => return,
            "C" => self.status = Some(Status::Amended),
            "P" | "R" | "S" if self.status.is_none() => self.status = Some(Status::Preliminary),
            _ => {}
        }
        let (kind, value) = (segment.field(2).trim(), segment.field(5));
        let code = |number| signs.component(segment.field(3), number);
        let name = Some(code(2)).filter(|name| !name.is_empty()).or_else(|| Some(code(5))).filter(|name| !name.is_empty()).unwrap_or_else(|| code(1));
        let measured = !segment.field(6).trim().is_empty() || !segment.field(7).trim().is_empty();
        match kind {
            "ED" => {
                let part = |number| signs.part_of(value, number);
                let content = if part(4).eq_ignore_ascii_case("base64") { super::base64::decode(&part(5)) } else { Some(part(5).into_bytes()) };
                let read = content.ok_or_else(|| (FailureKind::Malformed, "OBX-5: expected Base64, found something else".to_string()));
                match read.and_then(|bytes| attachment(&format!("{}/{}", part(2), part(3)).to_lowercase(), &bytes)) {
                    Ok(text) => self.say(name, text),
                    Err(failed) => self.failed = Some(failed),
                }
            }
            "RP" => self.failed = Some((FailureKind::NoText, "expected a text, found a pointer to one elsewhere; nothing is fetched".into())),
            "NM" | "SN" => self.result(segment, signs, name),
            "ST" | "CE" | "CWE" | "CNE" | "" if measured => self.result(segment, signs, name),
            "CE" | "CWE" | "CNE" | "CF" => {
                for value in signs.repeats(value) {
                    let words = Some(signs.part_of(value, 2)).filter(|words| !words.is_empty()).unwrap_or_else(|| signs.part_of(value, 1));
                    self.say(String::new(), format!("{name}: {words}"));
                }
            }
            _ => self.say(name, signs.lines(value)),
        }
    }

    /// Text, joined to what was said under the same name.
    fn say(&mut self, name: String, text: String) {
        match self.text.last_mut() {
            Some((last, own)) if *last == name || name.is_empty() => {
                own.push('\n');
                own.push_str(&text);
            }
            _ => self.text.push((name, text)),
        }
    }

    fn result(&mut self, segment: &Segment<'_>, signs: &Signs, name: String) {
        let field = segment.field(5);
        let part = |number| signs.component(field, number);
        let value = match segment.field(2).trim() {
            "SN" if part(3) == "-" => format!("{}-{}", part(2), part(4)),
            "SN" => format!("{}{}{}{}", if part(1) == "=" { String::new() } else { part(1) }, part(2), part(3), part(4)),
            "CE" | "CWE" | "CNE" => Some(part(2)).filter(|words| !words.is_empty()).unwrap_or_else(|| part(1)),
            _ => signs.lines(field).trim().to_string(),
        };
        let code = |number| signs.component(segment.field(3), number);
        let loinc = [(3, 1), (6, 4)].into_iter().find(|(system, _)| code(*system) == "LN").map(|(_, number)| code(number));
        self.results.push(CodedResult {
            loinc,
            name,
            value,
            unit: signs.component(segment.field(6), 1),
            reference: signs.lines(segment.field(7)).trim().to_string(),
            flag: signs.component(segment.field(8), 1),
            date: date(segment.field(14)),
        });
    }

    fn document(self, id: String, source: &str, encoding: &str, patient: &Meta, born: &str) -> Result<Document, Failure> {
        let fail = |kind, what: String| Err(Failure::new(&id, source, kind, what));
        if self.cancelled {
            return fail(FailureKind::Unsupported, "expected a report in force, found a cancelled order (OBR-25 X)".into());
        }
        if let Some((kind, what)) = self.failed {
            return fail(kind, what);
        }
        let headed = self.text.len() > 1;
        let mut text = String::new();
        for (name, own) in &self.text {
            // Of `Path report.final diagnosis` the last part is the heading.
            let heading = name.rsplit('.').next().unwrap_or("").trim();
            if headed && !heading.is_empty() {
                text.push_str(heading);
                text.push_str(":\n");
            }
            text.push_str(own.trim_end());
            text.push('\n');
        }
        if text.trim().is_empty() && self.results.is_empty() {
            return fail(FailureKind::NoText, "expected text or results (OBX-5), found none".into());
        }
        let mut meta = patient.clone();
        meta.identifiers.extend(self.identifiers);
        meta.report_number = Some(self.number).filter(|number| !number.is_empty());
        meta.age_years = date(born).zip(self.date.clone()).and_then(|(born, at)| age(&born, &at));
        meta.date = self.date;
        meta.status = self.status;
        Ok(Document { id, source: source.into(), text, encoding: encoding.into(), meta, is_record: true, results: self.results, ..Document::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(message: &str) -> Vec<Result<Document, Failure>> {
        documents(message.as_bytes(), "m", "m.hl7:1", None, &|_, bytes| Ok(String::from_utf8_lossy(bytes).into_owned()))
    }

    const HEAD: &str = "MSH|^~\\&|LIS|A|B|C|20260102||ORU^R01|1|P|2.5\rPID|1||P-77^^^H||FAMILY^GIVEN||19600203|F\r";

    #[test]
    fn text_results_patient_and_status() {
        let message = format!(
            "{HEAD}OBR|1||S26-1|11526-1^Pathology study^LN|||20260101|||||||||||||||20260102||PAT|C\r\
             OBX|1|FT|22637-3^Path report.final diagnosis^LN||Invented \\T\\ carcinoma\\.br\\pT2, ~3 mm~N0||||||F\r\
             OBX|2|TX|22634-0^Path report.gross observation^LN||Gross\rOBX|3|NM|718-7^Hemoglobin^LN||8.4|g/dL|12-16|L|||F|||20260101\r\
             OBX|4|SN|1^X^L||<^5|ng/mL|||||F\rOBX|5|TX|9^Old^L||wrong||||||D\r"
        );
        let documents = read(&message);
        let document = documents[0].as_ref().unwrap();
        assert_eq!(document.text, "final diagnosis:\nInvented & carcinoma\npT2, ~3 mm\nN0\ngross observation:\nGross\n");
        assert_eq!((document.meta.age_years, document.meta.status), (Some(65.0), Some(Status::Amended)));
        assert_eq!(document.meta.report_number.as_deref(), Some("S26-1"));
        assert!(document.meta.identifiers.contains(&"GIVEN FAMILY".to_string()));
        assert_eq!((document.results.len(), document.results[1].value.as_str()), (2, "<5"));
        assert_eq!(document.results[0].loinc.as_deref(), Some("718-7"));
    }

    #[test]
    fn orders_of_another_number_are_documents_of_their_own() {
        let message = format!("{HEAD}OBR|1||A|x\rOBX|1|TX|x||one\nmore\rOBR|2||B|x|||||||||||||||||||||X\rOBR|3||C|x\rOBX|1|TX|x||two\r");
        let found = read(&message.replace('\n', "\r"));
        assert_eq!(found.len(), 3);
        assert_eq!(found[0].as_ref().unwrap().text, "one\nmore\n");
        assert_eq!((found[2].as_ref().unwrap().id.as_str(), found[1].is_err()), ("m/3", true));
    }

    #[test]
    fn another_message_or_character_set_is_named() {
        let kinds = |message: &str| read(message)[0].as_ref().map_err(|failure| failure.kind).err();
        assert_eq!(kinds("MSH|^~\\&|||||||ADT^A01|1|P|2.5\rPID|1\r"), Some(FailureKind::Unsupported));
        assert_eq!(kinds("MSH|^~\\&|||||||ORU^R01|1|P|2.5||||||ISO IR87\rOBX|1|TX|||x\r"), Some(FailureKind::Unsupported));
        assert_eq!(kinds("MSH|^~\\&|||||||ORU^R01|1|P|2.5\rOBR|1||A\r"), Some(FailureKind::NoText));
        assert_eq!(kinds("MSH"), Some(FailureKind::Malformed));
    }
}
