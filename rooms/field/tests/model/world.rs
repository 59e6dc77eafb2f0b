//! The model: telephones, what they did, and what must therefore stand on the server.

use std::collections::{BTreeMap, BTreeSet};

use field::{Batch, Sent, apply, receive};
use kernel::testing::House;
use kernel::{Actor, Fields, Id, Standing, sql};
use people::testing::account;
use proptest::prelude::*;

use super::backup::Backup;
use super::{FIELDS, Loss, PHONES};

/// A value that somebody gave, as the model remembers it.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    source: Option<Id>,
    branch: Option<Id>,
    /// The place in its thread of work, which is also its time.
    made: i64,
    base: i64,
    /// On a page: the version that it made.
    version: Option<i64>,
    field: usize,
    value: String,
}

/// A value that is like no other.
fn value(mark: char, n: usize, field: usize) -> String {
    match FIELDS[field] {
        "email" => format!("{mark}{n}@example.org"),
        "website" => format!("https://{mark}{n}.example.org"),
        _ => format!("{mark}{n}"),
    }
}

pub(super) struct Phone {
    account: Id,
    device: Id,
    branch: Id,
    /// What its clock is off, which it knows or does not.
    wrong: i64,
    knows: bool,
    locked: bool,
    version: i64,
    outbox: Vec<Sent>,
    /// What the server has done; it stays for a while.
    past: Vec<Sent>,
}

pub(super) struct World<'a> {
    house: &'a House,
    organisation: Id,
    pub(super) phones: Vec<Phone>,
    manager: Id,
    clock: i64,
    /// How many values were given, so that each is another.
    given: usize,
    edits: Vec<Edit>,
    pub(super) all: Vec<(Id, Sent)>,
    backup: Option<(Backup, usize)>,
}

impl Drop for World<'_> {
    fn drop(&mut self) {
        let organisation = self.organisation;
        if !std::thread::panicking() {
            self.house.given(|tx| super::backup::clear(tx, organisation));
        }
    }
}

impl<'a> World<'a> {
    pub(super) fn new(house: &'a House, wrong: &[i64]) -> World<'a> {
        let organisation = Id::new();
        house.given(|tx| {
            let form = Fields::of([
                ("kind", "cooperative"),
                ("name.fr", "Modèle"),
                ("place", "08.587.11.07"),
                ("status", "active"),
            ]);
            kernel::record::create::<registry::Organisation>(tx, organisation, &form, Standing::Steward)
        });
        let phones = wrong.iter().enumerate().map(|(n, wrong)| Phone {
            account: account(house, &format!("phone{n}"), &[]),
            device: Id::new(),
            branch: Id::new(),
            wrong: *wrong,
            knows: wrong % 2 == 0,
            locked: false,
            version: 1,
            outbox: Vec::new(),
            past: Vec::new(),
        });
        let phones: Vec<Phone> = phones.collect();
        let manager = account(house, "manager", &[("administrator", "platform")]);
        let mut world = World {
            house,
            organisation,
            phones,
            manager,
            clock: kernel::now() - 1_000_000_000,
            given: 0,
            edits: Vec::new(),
            all: Vec::new(),
            backup: None,
        };
        for n in 0..PHONES {
            world.rights(n, true);
        }
        world
    }

    pub(super) fn rights(&mut self, phone: usize, held: bool) {
        let (account, scope) = (self.phones[phone].account, format!("organisation:{}", self.organisation));
        self.house.given(|tx| {
            let ended =
                sql("delete from role where account = ? and scope = ?").bind(account).bind(scope.as_str());
            tx.run(&ended.open("test"))?;
            if held {
                people::grant_role(
                    tx,
                    Id::new(),
                    account,
                    people::RoleKind::Representative,
                    &scope,
                    kernel::today(),
                    None,
                )?;
            }
            Ok(())
        });
    }

    pub(super) fn version(&self) -> i64 {
        let query = sql("select version from organisation where id = ?").bind(self.organisation);
        self.house.look(|db| db.one(&query.open("test")))
    }

    pub(super) fn prepare(&mut self, phone: usize) {
        self.phones[phone].version = self.version();
    }

    /// Whoever takes up a telephone on which nothing waits begins another thread of work, with what the server has.
    pub(super) fn lock(&mut self, phone: usize, locked: bool) {
        let opened = self.phones[phone].locked && !locked;
        self.phones[phone].locked = locked;
        if opened && self.phones[phone].outbox.is_empty() {
            self.prepare(phone);
            self.phones[phone].branch = Id::new();
        }
    }

    pub(super) fn back_up(&mut self) {
        let organisation = self.organisation;
        self.backup = Some((self.house.look(|db| Backup::of(db, organisation)), self.edits.len()));
    }

    /// What was done on pages since the backup is lost; what was done on telephones is not.
    pub(super) fn restore(&mut self) {
        let Some((backup, edits)) = self.backup.clone() else { return };
        let organisation = self.organisation;
        self.house.given(|tx| {
            backup.restore(tx, organisation)?;
            // A minute after the last time, whichever history that was in: nobody restores more often.
            let last: i64 = tx.one(&sql("select coalesce(max(at), 0) from restoration"))?;
            kernel::restoration::begin(tx, kernel::now().max(last + 60_000))
        });
        let mut n = 0;
        self.edits.retain(|edit| {
            n += 1;
            n <= edits || edit.source.is_some()
        });
    }

    /// Sends again what the server does not know any more.
    pub(super) fn recall(&mut self, phone: usize) {
        if self.phones[phone].locked {
            return;
        }
        let known = |id: Id| {
            let query = sql("select count(*) from device_command where id = ?").bind(id).open("test");
            self.house.look(|db| db.one::<i64>(&query)) > 0
        };
        let (past, mut lost): (Vec<Sent>, Vec<Sent>) =
            self.phones[phone].past.iter().cloned().partition(|command| known(command.id));
        let it = &mut self.phones[phone];
        it.past = past;
        lost.append(&mut it.outbox);
        it.outbox = lost;
    }

    pub(super) fn fill(&mut self, phone: usize, field: usize) {
        if self.phones[phone].locked {
            return;
        }
        self.clock += 1_000;
        self.given += 1;
        let (clock, n) = (self.clock, self.given);
        let it = &mut self.phones[phone];
        let value = value('v', n, field);
        // A telephone whose clock is off tells what it is off, if it knows.
        let (at, skew) = (clock + it.wrong, if it.knows { -it.wrong } else { 0 });
        let command = Sent {
            id: Id::new(),
            at,
            skew,
            branch: it.branch,
            after: Vec::new(),
            instead: None,
            path: format!("/organisations/{}", self.organisation),
            form: vec![(FIELDS[field].into(), value.clone()), ("version".into(), it.version.to_string())],
            files: Vec::new(),
        };
        self.edits.push(Edit {
            source: Some(command.id),
            branch: Some(it.branch),
            made: at + skew,
            base: it.version,
            version: None,
            field,
            value,
        });
        self.all.push((it.account, command.clone()));
        it.outbox.push(command);
    }

    pub(super) fn page(&mut self, field: usize) {
        self.given += 1;
        let (n, version) = (self.given, self.version());
        let (value, name) = (value('p', n, field), FIELDS[field]);
        let mut form = Fields::of([(name, value.as_str())]);
        form.push("_fields", name);
        let actor = Actor { account: Some(self.manager), ..Actor::machine("page") };
        let organisation = self.organisation;
        self.house
            .app
            .write(actor, |tx| {
                kernel::record::change::<registry::Organisation>(
                    tx,
                    organisation,
                    version,
                    &form,
                    Standing::Steward,
                )
            })
            .unwrap();
        self.edits.push(Edit {
            source: None,
            branch: None,
            made: kernel::now(),
            base: version,
            version: Some(self.version()),
            field,
            value,
        });
    }

    pub(super) fn send(&mut self, phone: usize, some: usize, backwards: bool, lost: Loss) {
        let it = &mut self.phones[phone];
        let mut commands: Vec<Sent> = it.outbox.iter().take(some.max(1)).cloned().collect();
        if backwards {
            commands.reverse();
        }
        if commands.is_empty() || it.locked || lost == Loss::Request {
            return;
        }
        let batch = Batch { id: Id::new(), device: it.device, sent_at: None, commands };
        self.arrive(self.phones[phone].account, &batch, lost != Loss::Server);
        if lost == Loss::Nothing {
            let sent: BTreeSet<Id> = batch.commands.iter().map(|command| command.id).collect();
            let (gone, left) =
                self.phones[phone].outbox.drain(..).partition(|command| sent.contains(&command.id));
            self.phones[phone].outbox = left;
            let mut gone: Vec<Sent> = gone;
            self.phones[phone].past.append(&mut gone);
        }
    }

    pub(super) fn arrive(&self, account: Id, batch: &Batch, applied: bool) {
        let body = serde_json::to_string(batch).unwrap();
        let actor = Actor { account: Some(account), ..Actor::machine("api") };
        let app = &self.house.app;
        app.write(actor, |tx| receive(app, tx, account, None, batch, &body)).unwrap();
        if applied {
            let ids: Vec<Id> = batch.commands.iter().map(|command| command.id).collect();
            apply(app, &ids).unwrap();
        }
    }

    pub(super) fn restart(&self) {
        let ids: Vec<Id> = self.all.iter().map(|(_, command)| command.id).collect();
        apply(&self.house.app, &ids).unwrap();
    }

    /// The network is there, everybody has the right: all of it arrives.
    pub(super) fn settle(&mut self) {
        for phone in 0..PHONES {
            self.rights(phone, true);
            self.lock(phone, false);
            self.recall(phone);
            self.send(phone, usize::MAX, false, Loss::Nothing);
            assert!(self.phones[phone].outbox.is_empty());
        }
        let again = sql("update device_command set state = 'received' where state = 'held'");
        self.house.given(|tx| tx.run(&again.clone().open("test")));
        self.restart();
    }

    /// Every piece of work is kept and applied.
    pub(super) fn nothing_is_lost(&self) -> Result<(), TestCaseError> {
        for (_, command) in &self.all {
            let state = sql("select state from device_command where id = ?").bind(command.id);
            let state: Option<String> =
                self.house.look(|db| db.row(&state.open("test"), kernel::value::Row::take));
            prop_assert_eq!(state.as_deref(), Some("done"), "{:?}", command);
        }
        Ok(())
    }

    /// The version of the record that tells of each edit.
    pub(super) fn versions(&self) -> BTreeMap<Id, i64> {
        let query = sql(
            "select c.command, f.version from fact_command c join fact f on f.id = c.fact where f.record = ?",
        );
        let rows = self.house.look(|db| {
            db.rows(&query.clone().bind(self.organisation).open("test"), |row| {
                Ok((row.take::<Id>()?, row.take::<i64>()?))
            })
        });
        let mut found = BTreeMap::new();
        for (command, version) in rows {
            let last = found.entry(command).or_insert(version);
            *last = version.max(*last);
        }
        found
    }

    /// What stands in a field: the values in conflict, or the one that is shown.
    pub(super) fn standing(&self, field: usize) -> (Option<String>, BTreeSet<String>) {
        let name = FIELDS[field];
        let shown = sql(&format!("select {name} from organisation where id = ?")).bind(self.organisation);
        let shown: Option<String> = self.house.look(|db| db.one(&shown.open("test")));
        let sides = sql("select s.value from conflict c join conflict_side s on s.owner = c.id
                         where c.record = ? and c.field = ? and c.closed is null");
        let sides = sides.bind(self.organisation).bind(name);
        let sides: Vec<String> = self.house.look(|db| db.rows(&sides.open("test"), kernel::value::Row::take));
        let value = |text: String| -> String {
            let typed: Vec<(String, String)> = serde_json::from_str(&text).unwrap();
            typed[0].1.clone()
        };
        let mut all: BTreeSet<String> = sides.into_iter().map(value).collect();
        if all.is_empty() {
            all.extend(shown.clone());
        }
        (shown, all)
    }

    /// The values that nobody wrote over who had seen them.
    pub(super) fn undisputed(&self, field: usize) -> BTreeSet<String> {
        let versions = self.versions();
        let edits: Vec<&Edit> = self.edits.iter().filter(|edit| edit.field == field).collect();
        let told = |edit: &Edit| match edit.source {
            Some(source) => versions.get(&source).copied(),
            None => edit.version,
        };
        let over = |later: &Edit, earlier: &Edit| {
            let own = later.branch.is_some()
                && later.branch == earlier.branch
                && (later.made, later.source) > (earlier.made, earlier.source);
            own || told(earlier).is_some_and(|version| later.base >= version)
        };
        let left = edits.iter().filter(|edit| !edits.iter().any(|other| over(other, edit)));
        left.map(|edit| edit.value.clone()).collect()
    }
}
