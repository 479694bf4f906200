//! From what was typed about inputs and work to what reads and structures them.

use std::sync::Arc;

use anyhow::{Context, bail};

use super::args::{Deid, Input, Work};
use crate::deidentify::key::Key;
use crate::lexicon::Lexicon;
use crate::pipeline::{Pipeline, Settings};
use crate::read::parse::Parser;
use crate::read::{Fields, Format, Inputs, JoinedColumns};

impl Input {
    /// The inputs, with the columns that travel with a document.
    pub fn inputs(&self, columns: Vec<String>) -> anyhow::Result<Inputs> {
        let format = match self.input_format.as_deref() {
            None => None,
            Some(name) => match Format::by_name(name) {
                Some(format) => Some(format),
                None => bail!("--input-format: expected {}, found `{name}`", Format::NAMES),
            },
        };
        let encoding = match self.encoding.as_deref() {
            None => None,
            Some(name) => match crate::decode::by_name(name) {
                Some(encoding) => Some(encoding),
                None => bail!("--encoding: expected the name of an encoding (utf-8, gb18030, big5, utf-16le, …), found `{name}`"),
            },
        };
        let table = match &self.columns_from {
            None => None,
            Some(path) => Some(Arc::new(JoinedColumns::read(path).map_err(|what| anyhow::anyhow!("--columns-from {}: {what}", path.display()))?)),
        };
        let fields = Fields { id: self.id.clone(), text: self.text.clone(), columns, table };
        Ok(Inputs { paths: self.inputs.clone(), format, encoding, fields, max_report_bytes: self.max_report_bytes })
    }
}

impl Inputs {
    /// The parser of the pieces of these inputs.
    pub fn parser(&self) -> Parser {
        Parser::new(self.fields.clone(), self.encoding).with_limit(self.max_report_bytes)
    }
}

impl super::args::Deidentify {
    /// The number of threads.
    pub fn jobs(&self) -> usize {
        self.jobs.filter(|jobs| *jobs > 0).unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get))
    }
}

impl Work {
    /// The number of threads.
    pub fn jobs(&self) -> usize {
        self.jobs.filter(|jobs| *jobs > 0).unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get))
    }

    /// The lexicon: the embedded one or the folder named.
    pub fn lexicon(&self) -> anyhow::Result<Arc<Lexicon>> {
        Ok(Arc::new(match &self.lexicon {
            None => Lexicon::embedded()?,
            Some(folder) => Lexicon::from_folder(folder).with_context(|| format!("--lexicon {}", folder.display()))?,
        }))
    }

    /// The pipeline.
    pub fn pipeline(&self) -> anyhow::Result<Pipeline> {
        self.pipeline_with_text(self.with_text)
    }

    /// The pipeline, with the text in its records or without.
    pub fn pipeline_with_text(&self, with_text: bool) -> anyhow::Result<Pipeline> {
        let hash_ids = self.hash_ids.as_deref().map(Key::read).transpose()?.map(Arc::new);
        Ok(Pipeline::new(self.lexicon()?, Settings { deidentify: self.deid != Deid::Off, with_text, hash_ids })?)
    }
}
