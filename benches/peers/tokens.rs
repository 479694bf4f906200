//! Tokens of every text of a JSON Lines file, for the comparison in `speed.py`: prints the number of tokens and the seconds it took, folding
//! included, reading left out. Usage: tokens FILE.jsonl

use std::io::BufRead;
use std::time::Instant;

use bingli::fold::Folded;
use bingli::lexicon::Lexicon;
use bingli::tokenize::Tokenizer;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("expected a file, found none")?;
    let tokenizer = Tokenizer::new(&Lexicon::embedded()?)?;
    let mut texts: Vec<String> = Vec::new();
    for line in std::io::BufReader::new(std::fs::File::open(path)?).lines() {
        let value: serde_json::Value = serde_json::from_str(&line?)?;
        texts.extend(value["text"].as_str().map(str::to_string));
    }
    let count = |text: &String| {
        let folded = Folded::new(text);
        tokenizer.tokens(&folded, text, &[]).len()
    };
    // The dictionary is loaded with the first Chinese text.
    texts.iter().take(4).for_each(|text| {
        count(text);
    });
    let began = Instant::now();
    let tokens: usize = texts.iter().map(count).sum();
    println!("{tokens} {}", began.elapsed().as_secs_f64());
    Ok(())
}
