//! The real process: told to stop, it finishes what it accepted and ends well, on either engine.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use kernel::testing::on_both;

#[test]
fn a_server_that_is_told_to_stop_ends_well() {
    let rooms = || {
        tiwizi::open_pack().unwrap();
        tiwizi::rooms()
    };
    on_both(rooms, |house| {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_tiwizi"));
        command
            .arg("serve")
            .env("TIWIZI_DATA", folder.path().join("data"))
            .env("TIWIZI_LISTEN", "127.0.0.1:0");
        command.env_remove("TIWIZI_DATABASE_URL").stdout(Stdio::piped()).stderr(Stdio::piped());
        if let kernel::store::Place::Postgres(address) = house.app.store.place() {
            command.env("TIWIZI_DATABASE_URL", address);
        }
        let mut server = command.spawn().unwrap();
        let mut ready = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        let address =
            ready.trim().strip_prefix("ready http://").unwrap_or_else(|| panic!("it said {ready:?}"));
        let mut client = TcpStream::connect(address).unwrap();
        client.write_all(b"GET /directory HTTP/1.0\r\nhost: localhost\r\n\r\n").unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.0 200"), "{answer}");
        Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap();
        let ended = server.wait_with_output().unwrap();
        assert!(ended.status.success(), "{}: {}", ended.status, String::from_utf8_lossy(&ended.stderr));
    });
}
