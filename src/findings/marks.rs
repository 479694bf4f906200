//! Places of a text where a grammar may begin, by a byte and its neighbours. A whole block is looked at without a branch, so that the
//! machine compares many bytes at once; only the few that are marked are looked at one by one.

/// Bytes that are looked at together.
const BLOCK: usize = 64;

/// The places of the bytes that `mark` accepts, given the byte before (0 at the start), the byte and the one behind (0 at the end).
/// It should compare without branches (`|`, `&`), and refuse the byte 0.
pub(super) fn marked(bytes: &[u8], mark: impl Fn(u8, u8, u8) -> bool) -> Vec<usize> {
    let mut out = Vec::with_capacity(bytes.len() / BLOCK);
    let mut start = 0;
    while start < bytes.len() {
        // The first block and the last have no neighbours on one side.
        let inner = start.checked_sub(1).and_then(|from| bytes.get(from..start + BLOCK + 1)?.try_into().ok());
        let flags = inner.map_or_else(|| flags(&padded(bytes, start), &mark), |near| flags(near, &mark));
        for (word, eight) in flags.as_chunks::<8>().0.iter().enumerate() {
            let mut set = u64::from_le_bytes(*eight);
            while set != 0 {
                out.push(start + word * 8 + set.trailing_zeros() as usize / 8);
                set &= set - 1;
            }
        }
        start += BLOCK;
    }
    out
}

/// A block with its neighbours, zeros where the text has none.
fn padded(bytes: &[u8], start: usize) -> [u8; BLOCK + 2] {
    let mut near = [0; BLOCK + 2];
    let (from, to) = (start.saturating_sub(1), (start + BLOCK + 1).min(bytes.len()));
    near[usize::from(start == 0)..][..to - from].copy_from_slice(&bytes[from..to]);
    near
}

/// One for each byte of a block that is marked.
fn flags(near: &[u8; BLOCK + 2], mark: &impl Fn(u8, u8, u8) -> bool) -> [u8; BLOCK] {
    let mut flags = [0; BLOCK];
    for (at, flag) in flags.iter_mut().enumerate() {
        *flag = u8::from(mark(near[at], near[at + 1], near[at + 2]));
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_found_whatever_the_length() {
        for length in [0, 1, 63, 64, 65, 127, 128, 129, 300] {
            let text: Vec<u8> = (0..length).map(|at| b"ab.c d"[(at * 7 + at / 5) % 6]).collect();
            let around = |at: usize| (if at == 0 { 0 } else { text[at - 1] }, text[at], text.get(at + 1).copied().unwrap_or(0));
            let mark = |before: u8, here: u8, next: u8| (here == b'.') & (next != 0) | (before == 0) & (here != 0) | (before == b'd') & (here == b'a');
            let expected: Vec<usize> = (0..length)
                .filter(|at| {
                    let (before, here, next) = around(*at);
                    mark(before, here, next)
                })
                .collect();
            assert_eq!(marked(&text, mark), expected, "{length}");
        }
    }
}
