//! Any bytes as the page of a workbook. The other parts are sound, or the archive would hide the page.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sheet::{Limits, read};

/// One part of an archive, stored as it is.
fn part(archive: &mut Vec<u8>, list: &mut Vec<u8>, name: &str, content: &[u8]) {
    let start = archive.len() as u32;
    let mut about = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    about.extend(crc(content).to_le_bytes());
    about.extend((content.len() as u32).to_le_bytes());
    about.extend((content.len() as u32).to_le_bytes());
    about.extend((name.len() as u16).to_le_bytes());
    about.extend([0, 0]);
    archive.extend(b"PK\x03\x04");
    archive.extend(&about);
    archive.extend(name.bytes());
    archive.extend(content);
    list.extend(b"PK\x01\x02\x14\0");
    list.extend(&about);
    list.extend([0; 10]);
    list.extend(start.to_le_bytes());
    list.extend(name.bytes());
}

fn crc(content: &[u8]) -> u32 {
    !content.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    })
}

fn workbook(page: &[u8]) -> Vec<u8> {
    let (mut archive, mut list) = (Vec::new(), Vec::new());
    let parts: [(&str, &[u8]); 3] = [
        ("xl/workbook.xml", br#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="t" sheetId="1" r:id="a"/></sheets></workbook>"#),
        ("xl/_rels/workbook.xml.rels", br#"<Relationships><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#),
        ("xl/worksheets/sheet1.xml", page),
    ];
    for (name, content) in parts {
        part(&mut archive, &mut list, name, content);
    }
    let (start, length) = (archive.len() as u32, list.len() as u32);
    archive.extend(list);
    archive.extend(b"PK\x05\x06\0\0\0\0\x03\0\x03\0");
    archive.extend(length.to_le_bytes());
    archive.extend(start.to_le_bytes());
    archive.extend([0, 0]);
    archive
}

fuzz_target!(|bytes: &[u8]| {
    let _ = read("t.xlsx", bytes, Limits::default());
    if let Ok(table) = read("t.xlsx", &workbook(bytes), Limits::default()) {
        assert!(table.rows.iter().all(|row| row.cells.len() == table.header.len()));
    }
});
