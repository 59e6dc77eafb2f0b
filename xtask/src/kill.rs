//! What was acknowledged is there, whatever becomes of the server or of its clients.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, SystemTime};

use crate::Result;
use crate::http::Client;
use crate::machine::{run, scratch};
use crate::server::{Server, build, tiwizi};

const ROUNDS: u32 = 200;
const WRITERS: usize = 4;
const DROPS: usize = 1_000;
const DROPS_AT_ONCE: usize = 50;
/// Answers worth walking out of: a page, a list, a streamed file.
const LONG: [&str; 3] = ["/", "/organisations", "/organisations/export/csv"];

/// A cooperative that the server said it keeps.
struct Kept {
    id: String,
    name: String,
}

/// Kills the server under load, again and again; then its clients leave without a word.
pub(crate) fn kill() -> Result {
    build()?;
    let data = scratch("kill")?.join("data");
    let seed = SystemTime::UNIX_EPOCH.elapsed()?.as_nanos() as u64;
    println!("seed {seed}");
    let mut chance = Chance(seed);

    let mut server = Server::start("demo", &data)?;
    let mut client = server.sign_in("administrator")?;
    let mut kept: Vec<Kept> = Vec::new();
    let mut unread = 0;
    for round in 1..=ROUNDS {
        kept.extend(storm(&mut server, &client, &mut chance)?);
        if round % 20 == 0 {
            check(&data)?;
            println!("round {round}: {} acknowledged", kept.len());
        }
        server = Server::start("serve", &data)?;
        client.address.clone_from(&server.address);
        find(&client, &kept[unread..]).map_err(|error| format!("round {round}: {error}"))?;
        unread = kept.len();
    }
    find(&client, &kept)?;
    if kept.len() < ROUNDS as usize {
        return Err(format!("only {} writes in {ROUNDS} rounds: that proves nothing", kept.len()).into());
    }
    println!("{ROUNDS} kills, {} acknowledged writes, none lost", kept.len());

    walk_out(&client)?;
    drop(server);
    check(&data)
}

/// Writers write until the server is killed at a random moment; gives what it acknowledged.
fn storm(server: &mut Server, client: &Client, chance: &mut Chance) -> Result<Vec<Kept>> {
    let calm = Duration::from_millis(50 + chance.next() % 351);
    let chances: Vec<Chance> = (0..WRITERS).map(|_| Chance(chance.next())).collect();
    thread::scope(|scope| {
        let writers: Vec<_> =
            chances.into_iter().map(|chance| scope.spawn(|| write(client, chance))).collect();
        thread::sleep(calm);
        server.kill();
        let mut kept = Vec::new();
        for writer in writers {
            kept.extend(writer.join().map_err(|_| "a writer panicked")??);
        }
        Ok(kept)
    })
}

fn write(client: &Client, mut chance: Chance) -> std::result::Result<Vec<Kept>, String> {
    let mut kept = Vec::new();
    loop {
        let id = uuid(&mut chance);
        let name = format!("Kill {:x}", chance.next());
        let form = [
            ("id", &*id),
            ("kind", "cooperative"),
            ("name.fr", &name),
            ("place", "08.587.11.07"),
            ("force", "yes"),
        ];
        match client.post("/organisations", &form) {
            Ok(answer) if matches!(answer.status, 200 | 303) => kept.push(Kept { id, name }),
            Ok(answer) => {
                return Err(format!(
                    "a write is refused: {} {}",
                    answer.status,
                    String::from_utf8_lossy(&answer.body)
                ));
            }
            Err(_) => return Ok(kept),
        }
    }
}

fn find(client: &Client, kept: &[Kept]) -> Result {
    for Kept { id, name } in kept {
        let answer = client.get(&format!("/organisations/{id}"))?;
        if answer.status != 200 || !String::from_utf8_lossy(&answer.body).contains(name) {
            return Err(format!(
                "organisation {id}, {name}, was acknowledged and is lost: status {}",
                answer.status
            )
            .into());
        }
    }
    Ok(())
}

fn check(data: &Path) -> Result {
    run(&mut tiwizi("check", data)?)
}

/// Clients that leave in the middle of an answer, one after the other and all at once.
fn walk_out(client: &Client) -> Result {
    let leave = |turn: usize| client.send("GET", LONG[turn % LONG.len()], "")?.read_exact(&mut [0]);
    (0..DROPS).try_for_each(leave)?;
    let together = Barrier::new(DROPS_AT_ONCE);
    let crowd = &|turn| {
        together.wait();
        leave(turn)
    };
    thread::scope(|scope| {
        let crowd: Vec<_> = (0..DROPS_AT_ONCE).map(|turn| scope.spawn(move || crowd(turn))).collect();
        crowd
            .into_iter()
            .try_for_each(|client| client.join().map_err(|_| io::Error::other("a client panicked"))?)
    })?;
    match client.get("/health")?.status {
        200 => println!("{DROPS} clients left one by one, {DROPS_AT_ONCE} at once: the server serves"),
        status => return Err(format!("after clients left, /health answers {status}").into()),
    }
    Ok(())
}

/// Numbers that look random and can be had again from their seed (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// An identifier as devices make them (UUID version 7).
fn uuid(chance: &mut Chance) -> String {
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().as_millis() as u64;
    let (a, b) = (chance.next(), chance.next());
    format!(
        "{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}",
        (now >> 16) as u32,
        now as u16,
        a & 0xfff,
        0x8000 | (a >> 48) & 0x3fff,
        b >> 16
    )
}
