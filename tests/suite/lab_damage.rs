//! Invented lines of laboratory results, damaged one way at a time (`corpora/damage`, made by `corpora/generator`): how many results
//! are found in spite of it, and how many are found wrong, by kind of damage. The table is golden: a change of any figure shows
//! itself (`BINGLI_BLESS=1` writes it anew).

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use bingli::document::Document;
use bingli::findings::Extractor;
use bingli::lexicon::Lexicon;
use serde_json::Value;

#[derive(Default)]
struct Count {
    gold: usize,
    found: usize,
    unit: usize,
    /// Values no line states for that analyte.
    wrong: usize,
    /// Of these, values with nothing said against them.
    silent: usize,
}

fn lines(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora/damage").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
}

#[test]
fn damaged_results_are_found_or_left_and_not_made_up() {
    let extractor = Extractor::new(Arc::new(Lexicon::embedded().expect("embedded lexicon"))).expect("extractor");
    let gold: BTreeMap<String, Value> = lines("lines.gold.jsonl").into_iter().map(|line| (line["doc"].as_str().unwrap_or("").to_string(), line)).collect();
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    for line in lines("lines.jsonl") {
        let id = line["id"].as_str().expect("id");
        let document = Document { text: line["text"].as_str().expect("text").to_string(), ..Document::default() };
        let labs = extractor.extract(&extractor.read(&document)).labs;
        let items = gold[id]["items"].as_array().expect("items");
        let count = counts.entry(gold[id]["damage"].as_str().expect("damage").to_string()).or_default();
        let same = |item: &Value, analyte: &str, value: f64| {
            item["analyte"] == analyte && item["value"].as_f64().is_some_and(|gold| (gold - value).abs() <= 1e-6 * gold.abs())
        };
        for item in items.iter().filter(|item| item["value"].is_number()) {
            count.gold += 1;
            let hit = labs.iter().find(|lab| lab.value.is_some_and(|value| same(item, &lab.analyte, value)));
            count.found += usize::from(hit.is_some());
            count.unit += usize::from(hit.is_some_and(|lab| lab.ucum.is_some() || item["unit"] == ""));
        }
        for lab in &labs {
            let Some(value) = lab.value else { continue };
            if !items.iter().any(|item| same(item, &lab.analyte, value)) {
                count.wrong += 1;
                count.silent += usize::from(lab.doubts.is_empty());
            }
        }
    }
    let mut table = String::from("damage        results  found  with unit  wrong  of these without a doubt\n");
    for (damage, count) in &counts {
        let share = |part: usize| part as f64 / count.gold as f64;
        writeln!(table, "{damage:<12} {:>8}  {:.3}      {:.3}  {:>5}  {:>5}", count.gold, share(count.found), share(count.unit), count.wrong, count.silent)
            .expect("a string takes what is written");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens/lab_damage.txt");
    if std::env::var_os("BINGLI_BLESS").is_some() {
        fs::write(&path, &table).expect("golden");
    }
    print!("{table}");
    assert_eq!(fs::read_to_string(&path).unwrap_or_default(), table, "the table of damage has changed");
}
