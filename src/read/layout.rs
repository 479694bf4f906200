//! Text laid out from a tree: blanks run together, blocks begin on lines of their own, cells of a row stand between tabs.

/// What stands before the next word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Blank,
    Line,
    Tab,
}

/// A text being laid out.
#[derive(Debug)]
pub(super) struct Layout {
    out: String,
    gap: Gap,
    /// Cells begun in the rows that are open.
    rows: Vec<usize>,
    /// Lines and blanks are kept as they are.
    pub(super) verbatim: usize,
}

impl Layout {
    pub(super) const fn new() -> Self {
        Self { out: String::new(), gap: Gap::None, rows: Vec::new(), verbatim: 0 }
    }

    /// Words.
    pub(super) fn text(&mut self, text: &str) {
        for character in text.chars() {
            let blank = character.is_whitespace();
            if self.verbatim > 0 && character != '\r' {
                self.close_gap();
                self.out.push(character);
            } else if blank {
                self.gap = self.gap.max(Gap::Blank);
            } else {
                self.close_gap();
                self.out.push(character);
            }
        }
    }

    /// A block begins or ends.
    pub(super) fn block(&mut self) {
        self.gap = self.gap.max(Gap::Line);
    }

    /// A line ends.
    pub(super) fn line(&mut self) {
        if self.gap == Gap::Line {
            self.close_gap();
        }
        self.gap = Gap::Line;
    }

    /// A row of a table begins.
    pub(super) fn row(&mut self) {
        self.gap = Gap::Line;
        self.rows.push(0);
    }

    /// A row ends.
    pub(super) fn end_row(&mut self) {
        self.gap = Gap::Line;
        self.rows.pop();
    }

    /// A cell begins.
    pub(super) fn cell(&mut self) {
        let first = match self.rows.last_mut() {
            Some(cells) => {
                *cells += 1;
                *cells == 1
            }
            None => false,
        };
        self.gap = match (first, self.gap) {
            (true, _) => Gap::Line,
            // An empty cell keeps its place.
            (false, Gap::Tab) => {
                self.out.push('\t');
                Gap::Tab
            }
            (false, _) => Gap::Tab,
        };
    }

    fn close_gap(&mut self) {
        let gap = std::mem::replace(&mut self.gap, Gap::None);
        match gap {
            _ if self.out.is_empty() && gap != Gap::Tab => {}
            Gap::None => {}
            Gap::Blank => self.out.push(' '),
            Gap::Line => self.out.push('\n'),
            Gap::Tab => self.out.push('\t'),
        }
    }

    /// The text.
    pub(super) fn finish(mut self) -> String {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        self.out
    }
}
