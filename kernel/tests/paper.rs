//! A paper of a room goes to whoever prints, and comes back to the reader as a file.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use kernel::room::get;
use kernel::testing::House;
use kernel::{App, Ctx, Lang, Paper, Press, Reply, Result, Room, Settings};
use serde_json::json;

fn paper() -> Paper {
    Paper {
        template: "= #title",
        title: "Attestation".to_owned(),
        lang: Lang::Fr,
        data: json!({ "name": "Fadma" }),
        pictures: Vec::new(),
    }
}

/// Prints what it is told, without a press.
fn told(paper: &Paper) -> Result<Vec<u8>> {
    Ok(format!("{} {} {}", paper.title, paper.lang.code(), paper.data).into_bytes())
}

fn show(ctx: &Ctx) -> Result<Reply> {
    ctx.paper(&paper(), "attestation.pdf")
}

fn room(press: Option<kernel::Press>) -> Vec<Room> {
    vec![Room { name: "test", routes: vec![get("/paper", show).open()], press, ..Room::default() }]
}

#[test]
fn a_paper_is_shown_to_the_reader() {
    let house = House::open(room(Some(Press { print: told, png: |_| Ok(Vec::new()) })));
    let reader = house.visitor();
    let answer = reader.get("/paper").is(200).says("Attestation fr {\"name\":\"Fadma\"}");
    assert_eq!(answer.head["content-type"], "application/pdf");
    let disposition = answer.head["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("inline;") && disposition.contains("attestation.pdf"), "{disposition}");
}

#[test]
fn a_house_without_a_press_says_that_something_is_wrong() {
    House::open(room(None)).visitor().get("/paper").is(500);
}

#[test]
fn a_demonstration_prints_that_it_is_invented() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("demonstration"), "").unwrap();
    let app =
        App::open(&Settings::in_folder(&data), room(Some(Press { print: told, png: |_| Ok(Vec::new()) })))
            .unwrap();
    let printed = String::from_utf8(app.print(&paper()).unwrap()).unwrap();
    assert!(printed.contains("Données fictives"), "{printed}");
}
