//! No voices are invented: a few texts have a short tone instead, so that the button is seen and heard.

use kernel::kinds::File;
use kernel::{App, Id, Result, Tx, Upload};
use people::{Recording, Tongue, part_subject, word_subject};

use super::{ago, id, put};

/// Samples a second; a tone needs no more.
const RATE: u32 = 8_000;

const WORDS: &[&str] = &[
    "sign_in.title",
    "sign_in.login",
    "sign_in.password",
    "space.members",
    "space.documents",
    "space.add_document",
    "space.correct",
    "space.sees",
    "tile.diagnosis",
    "tile.plan",
    "tile.visit",
];

pub(super) fn tell(app: &App, tx: &mut Tx<'_>) -> Result<()> {
    let boussole = coaching::boussole();
    let item = Id::named(&format!("{boussole} A1"));
    let mut subjects: Vec<String> = WORDS.iter().map(|key| word_subject(key)).collect();
    subjects.push(part_subject(boussole, &format!("item/{item}/ask")));
    subjects.extend((0..5).map(|level| part_subject(boussole, &format!("item/{item}/level/{level}"))));
    subjects.push(part_subject(id("call 2"), "title"));
    subjects.push(part_subject(id("module GV1"), "title"));
    for tongue in [Tongue::Tachelhit, Tongue::Darija] {
        for (n, subject) in subjects.iter().enumerate() {
            let id = id(&format!("recording {subject} {tongue:?}"));
            if kernel::record::find::<Recording>(tx, id)?.is_some() {
                continue;
            }
            let low = if tongue == Tongue::Darija { 294 } else { 392 };
            let bytes = tone(low, low * 5 / 4 + 6 * n as u32);
            let upload = Upload { field: "file".into(), name: "demonstration.wav".into(), bytes };
            let file = kernel::files::keep_as(app, tx, &upload, id, "audio/wav")?;
            let recording = Recording {
                id,
                version: 1,
                subject: subject.clone(),
                tongue,
                file: File(file.to_string()),
                since: ago(12),
                speaker: Some("Son de démonstration, aucune voix".into()),
                agreed: true,
            };
            put(tx, &recording, 12)?;
        }
    }
    Ok(())
}

/// Two tones of a third of a second, one after the other, as a WAV file of 8-bit samples: 5 kB.
fn tone(first: u32, second: u32) -> Vec<u8> {
    let length = RATE / 3;
    let sample = |n: u32| {
        let (frequency, at) = if n < length { (first, n) } else { (second, n - length) };
        let wave = (std::f64::consts::TAU * f64::from(frequency) * f64::from(at) / f64::from(RATE)).sin();
        // Rises and falls softly, or it would click.
        let loud = (f64::from(at.min(length - at)) / f64::from(RATE / 40)).min(1.0);
        (128.0 + 70.0 * wave * loud) as u8
    };
    let samples: Vec<u8> = (0..2 * length).map(sample).collect();
    let size = samples.len() as u32;
    let mut wav = Vec::with_capacity(samples.len() + 44);
    wav.extend(b"RIFF");
    wav.extend((36 + size).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend(RATE.to_le_bytes());
    wav.extend(RATE.to_le_bytes());
    wav.extend(b"\x01\0\x08\0data");
    wav.extend(size.to_le_bytes());
    wav.extend(samples);
    wav
}
