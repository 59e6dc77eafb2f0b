"""Shakes the database of a demonstration, always the same way: what its story does not hold (two programmes for one
cooperative, convention without signature, people named twice, tests of seven questions, days on the edge …) is put into it, so
that both countings meet it. The server must not run meanwhile."""

import datetime
import random
import sqlite3
import sys
import uuid

DATES = {
    "agreement": ("since", "until", "ended"),
    "assessment": ("held",),
    "application": ("submitted",),
    "call_decision": ("decided",),
    "certificate": ("issued", "revoked"),
    "convention": ("signed",),
    "document": ("expires",),
    "enrolment": ("since",),
    "grant_payment": ("paid",),
    "hand_over": ("handed",),
    "inspection": ("inspected",),
    "intervention": ("since", "until"),
    "membership": ("since", "until"),
    "own_part": ("given",),
    "plan_action": ("due",),
    "promotion": ("since",),
    "receipt": ("received",),
    "visit": ("held",),
    "work_record": ("until",),
}
CODES = {
    ("application", "status"): ("submitted", "draft", "withdrawn"),
    ("call_decision", "outcome"): ("selected", "reserve", "declined"),
    ("enrolment", "status"): ("selected", "active", "active", "paused", "graduated", "left"),
    ("inspection", "state"): ("works", "idle", "broken", "missing"),
    ("intervention", "status"): ("planned", "running", "done", "cancelled"),
    ("own_part", "nature"): ("cash", "in_kind"),
    ("person", "sex"): ("woman", "man", None),
    ("plan_action", "status"): ("agreed", "doing", "done", "dropped"),
    ("training_session", "status"): ("held", "open", "cancelled"),
    ("visit", "status"): ("planned", "done", "done", "cancelled"),
    ("work_record", "before"): ("yes", "no", None),
    ("work_record", "evidence"): ("said", "seen", "attached", "confirmed"),
    ("work_record", "protected"): ("yes", "no", None),
    ("work_record", "rhythm"): ("permanent", "seasonal", None),
    ("work_record", "sex"): ("woman", "man", None),
    ("work_record", "standing"): ("employee", "worker_member", "family_worker", "supplier_member"),
}
NUMBERS = {
    ("answer", "level"): (None, 0, 1, 2, 3, 4),
    ("attendance", "present"): (0, 1, 1),
    ("organisation", "active"): (None, 0, 1),
    ("person", "birth_year"): (None, 2012, 1991, 1990, 1966, 1955),
    ("test_score", "out_of"): (60, 59, 58),
    ("training_session", "partner_cost"): (None, 1234, 777),
    ("visit", "minutes"): (None, 45, 100),
    ("work_record", "days"): (0, 1, 33, 143, 401),
    ("work_record", "full_time"): (286, 250, 301),
    ("work_record", "people"): (1, 2, 7, 12),
}


def spread(db, chance):
    """Other days, codes and numbers in some rows of each table."""
    for table, columns in DATES.items():
        needed = {row[1]: row[3] for row in db.execute(f"pragma table_info({table})")}
        for column in columns:
            for id, day in db.execute(f"select id, {column} from {table} order by id").fetchall():
                if chance.random() < 0.3:
                    near = datetime.date.fromisoformat(day) if day else datetime.date.today()
                    day = str(near + datetime.timedelta(days=chance.choice([-200, -60, -1, 0, 1, 30, 90])))
                    day = None if not needed[column] and chance.random() < 0.3 else day
                    db.execute(f"update or ignore {table} set {column} = ? where id = ?", (day, id))
    for (table, column), values in (CODES | NUMBERS).items():
        for (row,) in db.execute(f"select rowid from {table} order by rowid").fetchall():
            if chance.random() < 0.3:
                db.execute(f"update or ignore {table} set {column} = ? where rowid = ?", (chance.choice(values), row))


def copy(db, table, row, **changed):
    """The same row once more, with a new id."""
    names = [each[1] for each in db.execute(f"pragma table_info({table})")]
    told = dict(zip(names, db.execute(f"select * from {table} where id = ?", (row,)).fetchone()))
    told |= {"id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{table} {row} {sorted(changed.items())}"))} | changed
    marks = ", ".join("?" for _ in told)
    db.execute(f"insert into {table} ({', '.join(told)}) values ({marks})", tuple(told.values()))
    return told["id"]


def second_programme(db, chance):
    """Another programme, which supports half of the cooperatives too and to which some of everything belongs."""
    (first,) = db.execute("select id from programme").fetchone()
    other = copy(db, "programme", first, territory="08.401,08.577.05")
    again = {row: copy(db, "promotion", row, programme=other) for (row,) in db.execute("select id from promotion order by id").fetchall()}
    for row, promotion in db.execute("select id, promotion from enrolment order by id").fetchall():
        if chance.random() < 0.5:
            copy(db, "enrolment", row, programme=other, promotion=again[promotion])
    for table in ("assessment", "convention", "funding", "intervention", "plan_action", "training_session", "visit"):
        for (row,) in db.execute(f"select id from {table} order by id").fetchall():
            if chance.random() < 0.4:
                where = other if table in ("convention", "funding", "training_session") else chance.choice([other, None])
                db.execute(f"update {table} set programme = ? where id = ?", (where, row))
    # What hangs on a record of a programme is of the same.
    follow = {
        "convention": ("contribution",),
        "contribution": ("receipt",),
        "funding": ("equipment", "hand_over", "inspection", "own_part", "grant_payment"),
    }
    for above, tables in follow.items():
        for table in tables:
            db.execute(f"update {table} set programme = (select a.programme from {above} a where a.id = {table}.{above})")
    for table in ("half_day", "participant", "training_reaction", "certificate"):
        db.execute(f"update {table} set programme = (select s.programme from training_session s where s.id = {table}.session)")
    db.execute("update test_score set programme = (select t.programme from participant t where t.id = test_score.participant)")


def named_and_elsewhere(db, chance):
    """People named in work records, twice in some; people who came for another cooperative, or for none."""
    people = [row for (row,) in db.execute("select id from person order by id")]
    for (row,) in db.execute("select id from work_record order by id").fetchall():
        if chance.random() < 0.3:
            person = chance.choice(people[:25])
            db.execute("update work_record set person = ?, people = 1 where id = ?", (person, row))
            if chance.random() < 0.5:
                copy(db, "work_record", row, days=17)
        elif chance.random() < 0.3:
            copy(db, "work_record", row, people=3)
    cooperatives = [row for (row,) in db.execute("select organisation from enrolment order by id")]
    for (row,) in db.execute("select id from participant order by id").fetchall():
        if chance.random() < 0.15:
            where = chance.choice([None, *cooperatives])
            db.execute("update participant set organisation = ? where id = ?", (where, row))


def main(path):
    chance = random.Random(2026)
    db = sqlite3.connect(path)
    db.execute("pragma foreign_keys = off")
    second_programme(db, chance)
    named_and_elsewhere(db, chance)
    spread(db, chance)
    db.execute("delete from target_commune")
    db.commit()
    db.execute("pragma wal_checkpoint(truncate)")
    db.close()


if __name__ == "__main__":
    main(sys.argv[1])
