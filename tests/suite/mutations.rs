//! The bundled reports, damaged as reports are damaged: cut, doubled, shuffled, blanks lost, widened, misread, mixed, bracketed. Whatever comes
//! of a text, its places are places of the text. `PROPTEST_CASES=5000 cargo test mutations` runs longer.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;

use crate::invariants::{document, identifiers, judge, record_of};

static REPORTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora/reports");
    let mut paths: Vec<_> = ["en", "zh"].iter().flat_map(|language| fs::read_dir(root.join(language)).unwrap()).flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.iter().filter_map(|path| bingli::decode::decode(&fs::read(path).ok()?, None).ok()).map(|decoded| decoded.text).collect()
});

/// One kind of damage; the numbers say where.
#[derive(Debug, Clone)]
enum Damage {
    Cut(usize, usize),
    Double(usize, usize),
    SwapLines(usize, usize),
    Join(usize),
    Widen(usize, usize),
    Misread(usize),
    Mix(usize, usize),
    Bracket(usize, usize),
    Strange(usize, char),
    Shout,
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = || 0..6000usize;
    prop_oneof![
        (at(), 1..300usize).prop_map(|(at, length)| Damage::Cut(at, length)),
        (at(), 1..300usize).prop_map(|(at, length)| Damage::Double(at, length)),
        (at(), at()).prop_map(|(one, other)| Damage::SwapLines(one, other)),
        (1..9usize).prop_map(Damage::Join),
        (at(), 1..200usize).prop_map(|(at, length)| Damage::Widen(at, length)),
        (2..40usize).prop_map(Damage::Misread),
        (at(), at()).prop_map(|(report, at)| Damage::Mix(report, at)),
        (at(), 1..400usize).prop_map(|(at, depth)| Damage::Bracket(at, depth)),
        (at(), any::<char>()).prop_map(|(at, character)| Damage::Strange(at, character)),
        Just(Damage::Shout),
    ]
}

fn apply(text: &[char], damage: &Damage) -> Vec<char> {
    let place = |at: usize| if text.is_empty() { 0 } else { at % text.len() };
    let range = |at: usize, length: usize| place(at)..(place(at) + length).min(text.len());
    let joined = |parts: [&[char]; 3]| parts.concat();
    match *damage {
        Damage::Cut(at, length) => joined([&text[..range(at, length).start], &[], &text[range(at, length).end..]]),
        Damage::Double(at, length) => joined([&text[..range(at, length).end], &text[range(at, length)], &text[range(at, length).end..]]),
        Damage::SwapLines(one, other) => {
            let mut lines: Vec<&[char]> = text.split(|character| *character == '\n').collect();
            let count = lines.len();
            lines.swap(one % count, other % count);
            lines.join(&'\n')
        }
        Damage::Join(every) => {
            let mut count = 0;
            let mut keeps = |character: &char| {
                count += usize::from(character.is_whitespace());
                !character.is_whitespace() || count % every != 0
            };
            text.iter().copied().filter(|character| keeps(character)).collect()
        }
        Damage::Widen(at, length) => {
            let wide = range(at, length);
            let widen = |character: char| if character.is_ascii_graphic() { char::from_u32(character as u32 + 0xFEE0).unwrap_or(character) } else { character };
            text.iter().enumerate().map(|(index, character)| if wide.contains(&index) { widen(*character) } else { *character }).collect()
        }
        Damage::Misread(every) => {
            let misread = |character: char| match character {
                '0' => 'O',
                'O' => '0',
                '1' => 'l',
                'l' => '1',
                '5' => 'S',
                '.' => '·',
                '日' => '曰',
                other => other,
            };
            text.iter().enumerate().map(|(index, character)| if index % every == 0 { misread(*character) } else { *character }).collect()
        }
        Damage::Mix(report, at) => {
            let other: Vec<char> = REPORTS[report % REPORTS.len()].chars().take(800).collect();
            joined([&text[..place(at)], &other, &text[place(at)..]])
        }
        Damage::Bracket(at, depth) => {
            let open: Vec<char> = "([（【".chars().cycle().take(depth).collect();
            joined([&text[..place(at)], &open, &text[place(at)..]])
        }
        Damage::Strange(at, character) => joined([&text[..place(at)], &[character], &text[place(at)..]]),
        Damage::Shout => text.iter().flat_map(|character| character.to_uppercase()).collect(),
    }
}

fn damaged(report: usize, damages: &[Damage]) -> String {
    let text: Vec<char> = REPORTS[report % REPORTS.len()].chars().take(4000).collect();
    damages.iter().fold(text, |text, damage| apply(&text, damage)).into_iter().collect()
}

fn cases(few: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(few);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn a_damaged_report_keeps_its_places(report in 0..10_000usize, damages in prop::collection::vec(damage(), 1..6)) {
        let text = damaged(report, &damages);
        record_of(&text);
        identifiers(text.as_bytes());
    }
}

proptest! {
    #![proptest_config(cases(4))]

    #[test]
    fn damaged_reports_give_the_same_on_any_number_of_threads(
        reports in prop::collection::vec((0..10_000usize, prop::collection::vec(damage(), 1..4)), 20..40)
    ) {
        use std::sync::atomic::AtomicBool;
        use bingli::run::{Step, run_ordered};
        let texts: Vec<String> = reports.iter().map(|(report, damages)| damaged(*report, damages)).collect();
        let run = |jobs: usize| {
            let mut out = Vec::new();
            let work = |text: &String| serde_json::to_string(&record_of(text)).unwrap();
            run_ordered(texts.iter(), jobs, &AtomicBool::new(false), |_| (), work, |()| String::new(), |line| {
                out.push(line);
                Step::Continue
            });
            out
        };
        let one = run(1);
        prop_assert_eq!(&one, &run(2));
        prop_assert!(one.iter().all(|line| !line.is_empty()), "no worker was lost");
    }
}

#[test]
fn texts_at_the_edge_keep_the_rules() {
    let edges = [
        "",
        "\0",
        "\u{FEFF}",
        "\n",
        "\r\n\r\n",
        "（",
        "。",
        "T",
        "pT",
        "1",
        "0.",
        ".",
        "1/",
        "/0",
        "99999999999999999999/0",
        "淋巴结",
        "淋巴结0/0",
        "CEA",
        "CEA1e400",
        "年月日",
        "𠮷",
        "e\u{301}",
        "10⁹⁹⁹",
        "\u{202E}pT2",
    ];
    for one in edges {
        for other in edges {
            record_of(&format!("{one}{other}"));
            record_of(&format!("{one} {other}\n{one}"));
        }
    }
    let (mut long, mut deep) = ("CEA 3.4 ng/mL, pT2 N1 (2/14); ".repeat(4000), "(".repeat(50_000));
    long.push_str("诊断：腺癌");
    deep.push_str("pT2");
    for text in [long, deep, "T1".repeat(20_000), "淋巴结1/2".repeat(9000), "张".repeat(20_000), "a ".repeat(30_000)] {
        let record = record_of(&text);
        judge(&document(&text).text, &record);
    }
}
