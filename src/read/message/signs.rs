//! How a message of HL7 v2 is divided: segments, fields, repetitions, components, and escapes within them. Total: any line divides somehow.

/// Signs that divide a message, as its MSH states them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signs {
    pub(super) field: char,
    pub(super) component: char,
    pub(super) repeat: char,
    pub(super) escape: char,
    pub(super) part: char,
}

/// One segment: its fields, numbered as the standard does.
pub(super) struct Segment<'a>(pub(super) Vec<&'a str>);

impl<'a> Segment<'a> {
    pub(super) fn name(&self) -> &'a str {
        self.0.first().copied().unwrap_or("")
    }

    /// A field; MSH-1 is the separator itself and is not asked for.
    pub(super) fn field(&self, number: usize) -> &'a str {
        let index = if self.name() == "MSH" { number.saturating_sub(1) } else { number };
        self.0.get(index).copied().unwrap_or("")
    }
}

impl Signs {
    pub(super) fn of(header: &str) -> Option<Self> {
        let mut signs = header.strip_prefix("MSH")?.chars();
        let mut next = || signs.next().filter(|sign| !sign.is_alphanumeric() && !sign.is_control());
        let field = next()?;
        let (component, repeat) = (next()?, next().unwrap_or('~'));
        Some(Self {
            field,
            component,
            repeat,
            escape: next().filter(|sign| *sign != field).unwrap_or('\\'),
            part: next().filter(|sign| *sign != field).unwrap_or('&'),
        })
    }

    /// A component of a field's first repetition, from 1.
    pub(super) fn component(&self, field: &str, number: usize) -> String {
        let first = field.split(self.repeat).next().unwrap_or("");
        self.part_of(first, number)
    }

    pub(super) fn part_of(&self, repetition: &str, number: usize) -> String {
        self.plain(repetition.split(self.component).nth(number - 1).unwrap_or("")).trim().to_string()
    }

    pub(super) fn repeats<'a>(&self, field: &'a str) -> impl Iterator<Item = &'a str> + use<'a> {
        field.split(self.repeat).filter(|value| !value.trim().is_empty() && *value != "\"\"")
    }

    /// The lines of a text field. A repetition sign right before a number is the writer's "about".
    pub(super) fn lines(&self, field: &str) -> String {
        let mut out = String::new();
        let mut rest = field.chars().peekable();
        while let Some(sign) = rest.next() {
            let about = rest.peek().is_some_and(char::is_ascii_digit) && out.ends_with([' ', '(', '（']);
            out.push(if sign == self.repeat && !about { '\n' } else { sign });
        }
        self.plain(&out)
    }

    /// A value without its escapes.
    pub(super) fn plain(&self, value: &str) -> String {
        let mut out = String::with_capacity(value.len());
        let mut rest = value;
        while let Some((before, after)) = rest.split_once(self.escape) {
            out.push_str(before);
            let Some((code, behind)) = after.split_once(self.escape).filter(|(code, _)| self.unescape(code, &mut out)) else {
                // A lone sign is a sign.
                out.push(self.escape);
                rest = after;
                continue;
            };
            let _ = code;
            rest = behind;
        }
        out.push_str(rest);
        out
    }

    /// Writes what an escape stands for; whether it is one.
    fn unescape(&self, code: &str, out: &mut String) -> bool {
        match code {
            "F" => out.push(self.field),
            "S" => out.push(self.component),
            "T" => out.push(self.part),
            "R" => out.push(self.repeat),
            "E" => out.push(self.escape),
            "H" | "N" => {}
            _ if code.starts_with(".br") || code.starts_with(".sp") || code.starts_with(".ce") => out.push('\n'),
            _ if code.starts_with('.') && code.len() <= 8 => {}
            _ if code.starts_with('X') && code.len() % 2 == 1 && code.len() <= 65 && code[1..].bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                let bytes: Vec<u8> = (1..code.len()).step_by(2).filter_map(|at| u8::from_str_radix(code.get(at..at + 2)?, 16).ok()).collect();
                out.extend(String::from_utf8_lossy(&bytes).chars().map(|sign| if sign == '\r' { '\n' } else { sign }));
            }
            _ => return false,
        }
        true
    }
}
