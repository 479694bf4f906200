//! Files of an output folder: only their owner can read them, since outputs may hold what a report says, and no id of a report makes
//! a name that leaves the folder.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::Path;

/// Longest name of a file in bytes, with room for a number and an extension.
const LONGEST: usize = 180;

/// Creates a file that only its owner can read; what stood there is gone.
///
/// # Errors
/// What the file system says.
pub fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// Names of files for ids of reports: letters, digits, `-`, `_` and inner points of the id, everything else `_`; each name once.
#[derive(Debug, Default)]
pub struct Names(HashSet<u64>);

impl Names {
    /// The name for an id.
    pub fn of(&mut self, id: &str) -> String {
        let mut stem = String::new();
        for character in id.strip_suffix(".txt").unwrap_or(id).chars() {
            let kept = character.is_alphanumeric() || matches!(character, '-' | '_') || (character == '.' && !stem.is_empty() && !stem.ends_with('.'));
            if stem.len() + character.len_utf8() > LONGEST {
                break;
            }
            stem.push(if kept { character } else { '_' });
        }
        let stem = stem.trim_end_matches('.');
        let stem = if stem.is_empty() { "report" } else { stem };
        let mut name = stem.to_string();
        let mut number = 1;
        while !self.0.insert(hash(&name)) {
            number += 1;
            name = format!("{stem}~{number}");
        }
        name
    }
}

/// Names that differ in case alone are one file on some systems.
fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.to_lowercase().hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_id_leaves_the_folder_or_takes_another_ones_name() {
        let mut names = Names::default();
        let given = ["a.txt", "A", "../../etc/passwd", "/", "", "x/y.txt", "x_y", ".hidden", "病理/2023-1.txt", "nul\0", "..", "a#2"];
        let made: Vec<String> = given.iter().map(|id| names.of(id)).collect();
        assert_eq!(made[..2], ["a", "A~2"]);
        assert_eq!(made[8], "病理_2023-1");
        for name in &made {
            assert!(!name.contains(['/', '\\', '\0']) && !name.starts_with('.') && !name.is_empty() && name.len() < 200, "{name}");
        }
        let distinct: HashSet<String> = made.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(distinct.len(), made.len());
        assert!(names.of(&"长".repeat(500)).len() <= 200);
    }
}
