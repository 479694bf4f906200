//! `report.html` of a batch: what was read, what failed, and what was found, to look at, search and print. A file holds up to
//! [`PER_PAGE`] reports and needs nothing from elsewhere; more reports make `report-2.html` and so on.
//!
//! The reports stand in the page as JSON lines, made while the batch runs and copied here one after the other, so that a run of any
//! size is never held; the page's own script draws from them what is looked at. The text of a report is there only on request.

mod entry;

pub use entry::page;

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::folder::create;
use crate::tally::{Counts, Tally};

/// Reports in one page.
const PER_PAGE: u64 = 2_000;
/// Failures shown; all of them stand in `failures.jsonl`.
const FAILURES: usize = 1_000;

const STYLE: &str = include_str!("html/page.css");
const SCRIPTS: [&str; 4] = [include_str!("html/base.js"), include_str!("html/plots.js"), include_str!("html/report.js"), include_str!("html/views.js")];
const WORDS: &str = include_str!("../../corpora/interface/page.toml");

/// Writes the pages of a batch into `folder`, where the lines of [`page`] stand as `_pages.jsonl`; gives the number of pages.
/// `analytes` holds for each id of an analyte its names in English and Chinese.
///
/// # Errors
/// Where the lines cannot be read or a page cannot be written.
pub fn report(tally: &Tally, folder: &Path, counts: &Counts, analytes: &Value) -> io::Result<u64> {
    let mut lines = BufReader::new(File::open(folder.join("_pages.jsonl"))?);
    let pages = counts.done.div_ceil(PER_PAGE).max(1);
    let words: toml::Table = WORDS.parse().map_err(io::Error::other)?;
    let failures = failures(&folder.join("failures.jsonl"))?;
    for page in 1..=pages {
        let mut out = BufWriter::with_capacity(1 << 20, create(&folder.join(name(page)))?);
        let run = json!({
            "version": env!("CARGO_PKG_VERSION"), "page": page, "pages": pages, "per_page": PER_PAGE, "done": counts.done, "failed": counts.failed,
            "tally": tally.json(), "failures": failures, "words": words, "analytes": analytes,
        });
        head(&mut out)?;
        write!(
            out,
            "<script type=\"application/json\" id=\"run\">{}</script>\n<script type=\"application/json\" id=\"reports\">[",
            harmless(&run.to_string())
        )?;
        let mut line = String::new();
        for index in 0..PER_PAGE {
            line.clear();
            if lines.read_line(&mut line)? == 0 {
                break;
            }
            write!(out, "{}{}", if index == 0 { "\n" } else { ",\n" }, harmless(line.trim_end()))?;
        }
        out.write_all(b"]</script>\n<script>\n")?;
        for script in SCRIPTS {
            out.write_all(script.as_bytes())?;
        }
        out.write_all(b"</script>\n</body>\n</html>\n")?;
        out.flush()?;
    }
    Ok(pages)
}

/// The name of a page by its number, from 1.
pub fn name(page: u64) -> String {
    if page == 1 { "report.html".into() } else { format!("report-{page}.html") }
}

fn head(out: &mut impl Write) -> io::Result<()> {
    // The policy keeps the page offline whatever a report holds.
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n\
         <link rel=\"icon\" href=\"data:,\">\n<title>bingli</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header></header>\n<main tabindex=\"-1\"></main>\n\
         <noscript><p>This page draws its tables with its own script, which this browser does not run. The same results stand in summary.csv, findings.csv and labs.csv.</p></noscript>\n"
    )
}

/// JSON that no HTML reader takes for markup: `<` stands in strings alone, where it may be escaped.
fn harmless(json: &str) -> String {
    json.replace('<', "\\u003c")
}

fn failures(path: &Path) -> io::Result<Vec<Value>> {
    let Ok(file) = File::open(path) else { return Ok(Vec::new()) };
    BufReader::new(file).lines().take(FAILURES).map(|line| serde_json::from_str(&line?).map_err(io::Error::from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_of_the_interface_have_the_same_words() {
        let words: toml::Table = WORDS.parse().unwrap();
        let keys = |language: &str| words[language].as_table().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys("en"), keys("zh"));
        assert!(
            words["en"]
                .as_table()
                .unwrap()
                .values()
                .chain(words["zh"].as_table().unwrap().values())
                .all(|word| word.as_str().is_some_and(|word| !word.is_empty()))
        );
    }

    #[test]
    fn pages_are_split_and_no_report_closes_the_script() {
        let folder = tempfile::tempdir().unwrap();
        let lines: String = (0..PER_PAGE + 1).map(|number| format!("{{\"id\":\"</script><b>{number}\"}}\n")).collect();
        std::fs::write(folder.path().join("_pages.jsonl"), lines).unwrap();
        let counts = Counts { done: PER_PAGE + 1, ..Counts::default() };
        assert_eq!(report(&Tally::default(), folder.path(), &counts, &json!({})).unwrap(), 2);
        for page in 1..=2 {
            let html = std::fs::read_to_string(folder.path().join(name(page))).unwrap();
            assert_eq!(html.matches("</script>").count(), 3);
            assert_eq!(html.matches("\\u003c/script>").count() as u64, if page == 1 { PER_PAGE } else { 1 });
        }
    }
}
