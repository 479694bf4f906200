//! The visible text of a page, and the text of XML: blocks on lines of their own, rows of tables with tabs, no script and no style.

use encoding_rs::Encoding;
use html5gum::{DefaultEmitter, Token, Tokenizer};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::layout::Layout;

/// Elements of a page that show nothing or are no text of it.
const SILENT: [&[u8]; 8] = [b"script", b"style", b"title", b"template", b"noscript", b"object", b"select", b"svg"];
/// Elements without an end.
const VOID: [&[u8]; 13] = [b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"source", b"track", b"wbr"];
/// Elements that do not break a line.
const INLINE: [&str; 30] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "content", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label", "linkHtml",
    "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u", "var",
];
/// Bytes of a page in which its encoding is declared.
const DECLARED: usize = 4096;

/// The text of a page.
pub(super) fn html(page: &str) -> String {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut layout = Layout::new();
    // The element whose content is not shown, and how many of its name are open.
    let mut silent: Option<(Vec<u8>, usize)> = None;
    for token in Tokenizer::new_with_emitter(page, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let name = tag.name.as_slice();
                if let Some((own, depth)) = &mut silent {
                    *depth += usize::from(own == name && !tag.self_closing);
                    continue;
                }
                let hidden = tag.attributes.contains_key(&b"hidden"[..]) || tag.attributes.get(&b"style"[..]).is_some_and(|style| is_hidden(style.as_slice()));
                if (SILENT.contains(&name) || hidden) && !VOID.contains(&name) && !tag.self_closing {
                    silent = Some((name.to_vec(), 1));
                    continue;
                }
                start(&mut layout, name);
            }
            Token::EndTag(tag) => {
                let name = tag.name.as_slice();
                if let Some((own, depth)) = &mut silent {
                    *depth -= usize::from(own == name);
                    if *depth == 0 {
                        silent = None;
                    }
                    continue;
                }
                end(&mut layout, name);
            }
            Token::String(words) if silent.is_none() => layout.text(&String::from_utf8_lossy(words.as_slice())),
            _ => {}
        }
    }
    layout.finish()
}

fn is_hidden(style: &[u8]) -> bool {
    let style: Vec<u8> = style.iter().filter(|byte| !byte.is_ascii_whitespace()).map(u8::to_ascii_lowercase).collect();
    memchr::memmem::find(&style, b"display:none").is_some() || memchr::memmem::find(&style, b"visibility:hidden").is_some()
}

fn start(layout: &mut Layout, name: &[u8]) {
    match name {
        b"br" => layout.line(),
        b"tr" => layout.row(),
        b"td" | b"th" => layout.cell(),
        b"pre" | b"textarea" => {
            layout.block();
            layout.verbatim += 1;
        }
        _ if is_inline(name) => {}
        _ => layout.block(),
    }
}

fn end(layout: &mut Layout, name: &[u8]) {
    match name {
        b"tr" => layout.end_row(),
        b"td" | b"th" | b"br" => {}
        b"pre" | b"textarea" => {
            layout.verbatim = layout.verbatim.saturating_sub(1);
            layout.block();
        }
        _ if is_inline(name) => {}
        _ => layout.block(),
    }
}

fn is_inline(name: &[u8]) -> bool {
    std::str::from_utf8(name).is_ok_and(|name| INLINE.contains(&name)) || matches!(name, b"img" | b"input" | b"wbr" | b"meta" | b"link")
}

/// The text of XML; elements of another kind than those of pages break lines.
///
/// # Errors
/// Where it is not well-formed: the byte.
pub(super) fn xml(text: &str) -> Result<String, String> {
    let mut reader = Reader::from_str(text);
    let mut layout = Layout::new();
    let mut open = 0usize;
    loop {
        let at = reader.buffer_position();
        match reader.read_event() {
            Err(_) => return Err(format!("byte {at}: expected well-formed XML, found something else")),
            Ok(Event::Eof) => break,
            Ok(Event::Start(tag)) => {
                open += 1;
                start(&mut layout, tag.local_name().as_ref().as_bytes());
            }
            Ok(Event::End(tag)) => {
                open = open.saturating_sub(1);
                end(&mut layout, tag.local_name().as_ref().as_bytes());
            }
            Ok(Event::Empty(tag)) => {
                let name = tag.local_name();
                let name = name.as_ref().as_bytes();
                start(&mut layout, name);
                end(&mut layout, name);
            }
            Ok(Event::Text(words)) => layout.text(&words.xml10_content()),
            Ok(Event::CData(words)) => layout.text(&words.xml10_content()),
            Ok(Event::GeneralRef(name)) => layout.text(&reference(&name)),
            Ok(_) => {}
        }
    }
    if open > 0 {
        return Err("expected the end of the document, found the end of the file".into());
    }
    Ok(layout.finish())
}

/// What a reference stands for; one that is not known stays as written.
pub(super) fn reference(name: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(character)) = name.resolve_char_ref() {
        return character.to_string();
    }
    let name: &str = name;
    quick_xml::escape::resolve_predefined_entity(name).map_or_else(|| format!("&{name};"), str::to_string)
}

/// The encoding that a page or XML declares, where its bytes are not marked.
pub(super) fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    if Encoding::for_bom(bytes).is_some() {
        return None;
    }
    let start = bytes.get(..bytes.len().min(DECLARED))?.to_ascii_lowercase();
    let is_xml = start.trim_ascii_start().starts_with(b"<?xml");
    let key: &[u8] = if is_xml { b"encoding" } else { b"charset" };
    let at = memchr::memmem::find(&start, key)? + key.len();
    let rest = start.get(at..)?.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let name: Vec<u8> = rest
        .iter()
        .copied()
        .skip_while(|byte| matches!(byte, b'"' | b'\''))
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte))
        .collect();
    // A declaration that could be read is no UTF-16.
    crate::decode::by_name(std::str::from_utf8(&name).ok()?).filter(|encoding| encoding.is_ascii_compatible())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_becomes_lines_and_rows() {
        let page = "<html><head><title>no</title><style>p{}</style></head><body><p>One <b>two</b>\n three</p><script>if (a<b) x()</script>\
            <table><tr><td><p>Hb</p></td><td>84</td><td></td><td>g/L</td></tr><tr><th>a<td>b</tr></table>pT3<sub>x</sub><br>N1&nbsp;&lt;2\
            <div style='display: none'>no <div>no</div></div><ul><li>x<li>y</ul></body></html>";
        assert_eq!(html(page), "One two three\nHb\t84\t\tg/L\na\tb\npT3x\nN1 <2\nx\ny\n");
    }

    #[test]
    fn xml_gives_its_text_or_the_place_of_what_is_wrong() {
        let document = "<?xml version=\"1.0\"?><r><t>Site &lt; 2&#x4E00;</t><x a='no'/><table><tr><td>Hb</td><td>84</td></tr></table><![CDATA[a & b]]></r>";
        assert_eq!(xml(document).unwrap(), "Site < 2一\nHb\t84\na & b\n");
        assert!(xml("<a><b></a>").is_err() && xml("<a>").is_err());
    }

    #[test]
    fn the_declared_encoding_is_found() {
        assert_eq!(declared(b"<html><meta charset=\"gb2312\">").unwrap().name(), "gb18030");
        assert_eq!(declared(b"<meta http-equiv='Content-Type' content='text/html; charset=big5'>").unwrap().name(), "Big5");
        assert_eq!(declared(b"<?xml version='1.0' encoding='GBK'?>").unwrap().name(), "gb18030");
        assert!(declared(b"<p>").is_none());
    }
}
