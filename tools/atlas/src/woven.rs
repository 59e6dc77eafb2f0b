//! A face for what has no photo: a woven square made from its id.

use std::fmt::Write as _;

/// Draws the woven square of an id: diamonds in two tones of one colour, the same on both sides of both axes.
/// The colour is that of the class `w0`…`w5`.
pub fn woven(seed: &str) -> String {
    let mut bits = hash(seed);
    let colour = bits % 6;
    bits /= 6;
    let (mut bold, mut soft) = (String::with_capacity(256), String::with_capacity(256));
    for cell in 0..9 {
        let (column, row) = (cell % 3, cell / 3);
        // The diagonal is always woven, so that no square is bare.
        let motif = if column == row { (bits % 4).max(1) } else { bits % 4 };
        bits /= 4;
        let mirrors = [(column, row), (4 - column, row), (column, 4 - row), (4 - column, 4 - row)];
        for (i, &(x, y)) in mirrors.iter().enumerate() {
            if mirrors[..i].contains(&(x, y)) {
                continue;
            }
            let (x, top) = (8 + 8 * x, 4 + 8 * y);
            // Writing to a text does not fail.
            let _ = match motif {
                1 => write!(bold, "M{x} {}l2 2-2 2-2-2z", top + 2),
                2 => write!(bold, "M{x} {top}l4 4-4 4-4-4z"),
                3 => write!(soft, "M{x} {top}l4 4-4 4-4-4z"),
                _ => Ok(()),
            };
        }
    }
    format!(
        "<svg class=\"woven w{colour}\" viewBox=\"0 0 48 48\" fill=\"currentColor\" aria-hidden=\"true\">\
         <path fill-opacity=\".16\" d=\"M0 0h48v48H0z\"/><path fill-opacity=\".3\" d=\"M4 4h40v40H4z\"/>\
         <path fill-opacity=\".45\" d=\"{soft}\"/><path d=\"{bold}\"/></svg>"
    )
}

/// FNV-1a, then stirred so that ids that differ in their last letter look nothing alike.
fn hash(seed: &str) -> u64 {
    let mix = |h: u64, byte: u8| (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let h = seed.bytes().fold(0xcbf2_9ce4_8422_2325, mix);
    let h = (h ^ (h >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    h ^ (h >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_id_has_its_own_small_face() {
        let faces: HashSet<String> = (0..500).map(|i| woven(&format!("id-{i}"))).collect();
        assert!(faces.len() > 495);
        assert!(faces.iter().all(|face| face.len() <= 900 && !face.contains("style")));
        assert_eq!(woven("a"), woven("a"));
    }
}
