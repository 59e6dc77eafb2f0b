//! Hands two letters to the mail server at an address, for its judge: `sample_letters smtp://127.0.0.1:2525`.

use std::process::ExitCode;
use std::time::Duration;

use courier::{Letter, Mailer, Outcome};

fn main() -> ExitCode {
    let url = std::env::args().nth(1).unwrap_or_default();
    let Ok(mailer) = Mailer::open(&url, "Tiwizi – essai <tiwizi@example.org>", Duration::from_secs(10))
    else {
        return ExitCode::FAILURE;
    };
    let long = "Une phrase assez longue pour qu’une ligne ne la tienne pas, avec des accents. ".repeat(40);
    let letters = [
        Letter {
            id: "0190a000-0000-7000-8000-000000000001",
            to: "sponsor@example.org",
            subject: "Fiche mensuelle de l’équipe – Tiwizi du Sud : 22 coopératives",
            text: &long,
            document: Some(("rapport-2026-10-31.pdf", "application/pdf", b"%PDF-1.7 \r\n.\r\n")),
        },
        Letter {
            id: "0190a000-0000-7000-8000-000000000002",
            to: "partner@example.org",
            subject: "البطاقة الشهرية للفريق\r\nBcc: everybody@example.org",
            text: "السلام عليكم،\n.\nتجدون رفقته التقرير.\n",
            document: Some(("تقرير.pdf", "application/pdf", b"%PDF-1.7")),
        },
    ];
    let sent = letters.into_iter().all(|letter| mailer.send(letter) == Outcome::Accepted);
    if sent { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
