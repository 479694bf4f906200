//! Model files as an enemy would write them: small models of every kind, edited, their checksum made right again. Each is an error or a model
//! that labels without a panic.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a rule that cannot be judged is broken")]

use std::fmt::Write;
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;

use bingli::features::{Bag, Corpus, FeatureSpace, Recipe, Rows};
use bingli::models::bundle::{Bundle, Manifest, Training};
use bingli::models::{Targets, kind};
use sha2::{Digest, Sha256};

/// Bytes of an edit: where (two), what, and a value (two).
const EDIT: usize = 5;
const MARK: &[u8] = br#"{\"sha256\":\""#;

fn bag(seed: usize) -> Bag {
    const WORDS: [&str; 5] = ["column", "gate", "hinge", "lock", "tile"];
    let terms = WORDS.iter().enumerate().filter(|(index, _)| (seed >> index) & 1 == 1 || seed % 2 == *index).map(|(_, word)| (format!("word:{word}"), 1));
    Bag { terms: terms.collect(), numbers: vec![("size".into(), (seed * 7 % 11) as f32)], patient: None }
}

/// A small model of every kind.
static SMALL: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let corpus = Corpus::new((0..24).map(bag).collect(), 1);
    let rows: Vec<usize> = (0..24).collect();
    let labels: Vec<u32> = (0..24).map(|row| row % 2).collect();
    let groups: Vec<u32> = (0..24).collect();
    let recipe = Recipe { min_groups: 1, min_reports: 1, ..Recipe::many(None) };
    let space = FeatureSpace::fit(&corpus, &Rows { rows: &rows, labels: &labels, classes: 2, groups: &groups }, &recipe).unwrap();
    let x = space.matrix(&corpus, &rows);
    let targets = Targets { labels: &labels, classes: 2, weights: &[1.0; 24], groups: None };
    let small = |name: &&str| {
        let classifier = kind::settings(name, 1.0).unwrap().fit(&x, &targets, 1, &AtomicBool::new(false)).unwrap();
        let manifest = Manifest::new("00".into(), vec!["even".into(), "odd".into()], 1.5, &space, &*classifier, Training::default());
        Bundle { manifest, space: space.clone(), classifier }.to_bytes().unwrap()
    };
    kind::KINDS.iter().map(small).collect()
});

/// The first byte chooses a kind, or 255 takes the rest for the file itself; what follows are edits.
pub fn model(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let mut file = if *first == 255 { rest.to_vec() } else { edited(&SMALL[usize::from(*first) % SMALL.len()], rest) };
    make_right(&mut file);
    let Ok(model) = Bundle::from_bytes(&file) else { return };
    for seed in [0, 5, 21] {
        let row = model.space.of_bag(&bag(seed));
        let probabilities = model.classifier.probabilities(&row);
        assert_eq!(probabilities.dim(), (1, model.manifest.labels.len()));
        for class in 0..model.classifier.classes() {
            for (column, _) in model.classifier.contributions(&row, 0, class) {
                assert!(!model.space.name(column).is_empty());
            }
        }
    }
    model.classifier.weights(0);
    assert_eq!(model.manifest.checksum().len(), 64);
    let _ = model.to_bytes();
}

fn edited(small: &[u8], edits: &[u8]) -> Vec<u8> {
    let mut file = small.to_vec();
    let header = |file: &[u8]| u64::from_le_bytes(file[..8].try_into().unwrap());
    for edit in edits.chunks_exact(EDIT).take(16) {
        let at = 8 + usize::from(u16::from_le_bytes([edit[0], edit[1]])) % (file.len() - 8);
        let inside = (at as u64) < 8 + header(&file);
        let grown: i64 = match edit[2] % 7 {
            0 => {
                file[at] = edit[3];
                0
            }
            1 => {
                file.insert(at, edit[3]);
                1
            }
            2 if file.len() > 1000 => {
                file.remove(at);
                -1
            }
            3 => {
                // The next number of the header becomes another.
                let number = |byte: &u8| byte.is_ascii_digit();
                let start = at + file[at..].iter().position(number).unwrap_or(0);
                let end = start + file[start..].iter().position(|byte| !number(byte)).unwrap_or(0);
                let with = ["0", "1", "2", "-1", "1e9", "4294967296", "18446744073709551615", "1e400", "null", "[]"][usize::from(edit[3]) % 10];
                file.splice(start..end, with.bytes());
                with.len() as i64 - (end - start) as i64
            }
            4 => {
                let aligned = 8 + header(&file) as usize + at / 4 * 4;
                let with = [u32::MAX, 0x7F80_0000, 0x7FC0_0000, 0x7F7F_FFFF, 0, 1, 0x8000_0000][usize::from(edit[3]) % 7];
                if let Some(place) = file.get_mut(aligned..aligned + 4) {
                    place.copy_from_slice(&with.to_le_bytes());
                }
                0
            }
            5 => {
                file.truncate(file.len().saturating_sub(usize::from(edit[3])).max(1000));
                0
            }
            _ => {
                file[at] ^= 1 << (edit[3] % 8);
                0
            }
        };
        if inside {
            let length = header(&file).saturating_add_signed(grown);
            file[..8].copy_from_slice(&length.to_le_bytes());
        }
    }
    file
}

/// Puts the right checksum where the file has one.
fn make_right(file: &mut [u8]) {
    let Some(at) = file[..file.len().min(512)].windows(MARK.len()).position(|window| window == MARK).map(|at| at + MARK.len()) else { return };
    if at + 64 > file.len() {
        return;
    }
    file[at..at + 64].fill(b'0');
    let digits = Sha256::digest(&*file).iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    });
    file[at..at + 64].copy_from_slice(digits.as_bytes());
}

#[test]
fn a_small_model_of_every_kind_is_loaded_and_edited_ones_do_no_harm() {
    for kind in 0..kind::KINDS.len() as u8 {
        assert!(Bundle::from_bytes(&SMALL[usize::from(kind)]).is_ok());
        model(&[kind]);
        for seed in 0..400u32 {
            let edits: Vec<u8> = (0..10u32).map(|index| (seed.wrapping_mul(2_654_435_761).wrapping_add(index * 40_503) >> 11) as u8).collect();
            model(&[&[kind], edits.as_slice()].concat());
        }
    }
}
