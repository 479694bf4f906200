//! Tokens of a folded text. Latin words by UAX#29, Han words by jieba with the names of the lexicon, signs one by one.
//!
//! A token's form is a slice of the folded text; its span points into the original, which is never changed. Tokens stand in
//! the order of the text, do not overlap, and together cover everything but blanks. Tokens that touch a span to be skipped
//! (an identifier) are left out, so that nothing built on tokens ever sees one.

mod han;
mod latin;
mod stem;
mod subword;

pub use han::HanWords;
pub use stem::{Stemmer, StemmerKind};
pub use subword::Subwords;

use crate::error::Result;
use crate::fold::{Folded, count_han, is_han};
use crate::lexicon::Lexicon;
use crate::span::Span;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A word of letters, with or without digits.
    Word,
    /// Digits, with their decimals.
    Number,
    /// A word of Han characters.
    Han,
    /// A sign.
    Sign,
}

/// One token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// Its place in the original text.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
    /// Its folded form.
    pub form: &'a str,
}

/// Cuts texts into tokens. Built once; the Han dictionary is loaded when the first Han text comes.
#[derive(Debug)]
pub struct Tokenizer {
    han: HanWords,
}

impl Tokenizer {
    /// A tokenizer that knows the Chinese names of a lexicon.
    ///
    /// # Errors
    /// None today; a lexicon without a class that is needed would be one.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        Ok(Self { han: HanWords::new(lexicon) })
    }

    /// The tokens of a folded text, without those that touch a span of `skip` (original offsets, sorted, not overlapping).
    pub fn tokens<'a>(&self, folded: &'a Folded, original: &str, skip: &[Span]) -> Vec<Token<'a>> {
        let text = folded.text();
        let mut out = Vec::with_capacity(text.len() / 5);
        let mut next = 0;
        let mut push = |span: Span, kind: Kind| {
            let place = folded.to_original(span, original);
            while skip.get(next).is_some_and(|skipped| skipped.end <= place.start) {
                next += 1;
            }
            if skip.get(next).is_none_or(|skipped| !skipped.overlaps(place)) {
                out.push(Token { span: place, kind, form: span.of(text) });
            }
        };
        for (run, han) in (Runs { text, at: 0, mixed: count_han(text) > 0 }) {
            if han {
                self.han.cut(run.of(text), &mut |start, end| push(Span::new(run.start + start, run.start + end), Kind::Han));
            } else {
                latin::cut(run.of(text), &mut |start, end, kind| push(Span::new(run.start + start, run.start + end), kind));
            }
        }
        out
    }
}

/// Stretches of a text that are all Han or without Han, in turn.
struct Runs<'a> {
    text: &'a str,
    at: usize,
    /// Whether there is any Han.
    mixed: bool,
}

impl Iterator for Runs<'_> {
    type Item = (Span, bool);

    fn next(&mut self) -> Option<(Span, bool)> {
        let rest = self.text.get(self.at..)?;
        let han = is_han(rest.chars().next()?);
        let length = if !self.mixed { rest.len() } else { rest.find(|character| is_han(character) != han).unwrap_or(rest.len()) };
        let run = Span::new(self.at, self.at + length);
        self.at = run.end;
        Some((run, han))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str) {
        let tokenizer = Tokenizer::new(&Lexicon::embedded().unwrap()).unwrap();
        let folded = Folded::new(text);
        let tokens = tokenizer.tokens(&folded, text, &[]);
        assert!(tokens.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "in order, not overlapping");
        let joined: String = tokens.iter().map(|token| token.form).collect();
        let expected: String = folded.text().chars().filter(|character| !character.is_whitespace()).collect();
        assert_eq!(joined, expected, "all but blanks is covered");
        for token in &tokens {
            assert_eq!(Folded::new(token.span.of(text)).text().trim(), token.form, "a token slices back");
        }
    }

    #[test]
    fn tokens_of_a_mixed_report_slice_back() {
        check("（左）乳腺浸润性癌，ＨＥＲ２（３＋），Ki-67约30%，pT2N1a; don't use 1.5x2cm.The résumé");
        check("");
        check(" \n\t ");
    }

    #[test]
    fn identifiers_are_not_seen() {
        let tokenizer = Tokenizer::new(&Lexicon::embedded().unwrap()).unwrap();
        let text = "Patient Smithson has carcinoma";
        let folded = Folded::new(text);
        let forms: Vec<&str> = tokenizer.tokens(&folded, text, &[Span::new(8, 12)]).iter().map(|token| token.form).collect();
        assert_eq!(forms, ["patient", "has", "carcinoma"], "a word that is partly an identifier is left out whole");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_text_is_covered(text in "[a-zA-Z0-9 .,'\u{4e00}-\u{4e20}癌肿瘤é🙂\n-]{0,60}") {
            check(&text);
        }
    }
}
