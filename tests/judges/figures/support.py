"""Indicators of who is supported, of diagnoses, plans and visits, from their definitions."""

import csv
import datetime
from collections import defaultdict
from pathlib import Path

from .measure import Item


def supported(house, day, among=("selected", "active", "paused", "graduated")):
    """Enrolments of promotions that had begun."""
    promotions = house.by_id("promotion")
    return [row for row in house.enrolment if row.status in among and promotions[row.promotion].since <= day]


def of_each(what):
    """An item of each supported cooperative, with what its file says."""

    def find(house, period):
        files = house.by_id("organisation")
        for row in supported(house, period.until):
            yield Item(row.organisation, row.organisation, row.programme, value=what(files[row.organisation]), kind=row.status)

    return find


def complete(file):
    return None not in (file.phone, file.register_number, file.members)


def women_led(file):
    return None not in (file.women, file.members) and 2 * file.women > file.members


def communes_reached(house, period):
    place = {row.id: row.place for row in house.organisation}
    for row in supported(house, period.until):
        yield Item(place[row.organisation], row.organisation, row.programme)


DIVISIONS = Path(__file__).parents[3] / "packs/ma/divisions.csv"


def target_communes(people):
    """The communes of the territory of each programme, and whether a cooperative that it supports is there."""

    def find(house, period):
        with open(DIVISIONS, encoding="utf-8", newline="") as file:
            communes = [row for row in csv.DictReader(file) if row["level"] == "commune"]
        place = {row.id: row.place for row in house.organisation}
        reached = {(row.programme, place[row.organisation]) for row in supported(house, period.until)}
        for programme in house.programme:
            aims = tuple(f"{code}." for code in (programme.territory or "").split(",") if code)
            for row in communes:
                if f"{row['code']}.".startswith(aims):
                    there, living = (programme.id, row["code"]) in reached, int(row["population_2024"] or 0)
                    value, base = (1000 * living * there, living) if people else (there, 1)
                    yield Item((programme.id, row["code"]), programme=programme.id, value=value, base=base)

    return find


def stage(status):
    def find(house, period):
        for row in house.enrolment:
            if row.status == status:
                yield Item(row.organisation, row.organisation, row.programme, row.since)

    return find


def applications_received(house, period):
    for row in house.application:
        if row.status == "submitted":
            yield Item(row.id, row.organisation, row.programme, row.submitted)


def applications_selected(house, period):
    applications = house.by_id("application")
    for row in house.call_decision:
        about = applications[row.application].organisation
        yield Item(row.application, about, row.programme, row.decided, value=row.outcome == "selected", kind=row.outcome)


def documents_valid(house, period):
    documents = house.grouped("document", "organisation")
    for enrolled in supported(house, period.until):
        for row in documents[enrolled.organisation]:
            if row.expires is not None:
                holds = row.expires >= period.until
                yield Item(row.id, row.organisation, enrolled.programme, value=holds, kind=row.kind)


def members_registered(house, period):
    people, members = house.by_id("person"), house.grouped("membership", "organisation")
    for enrolled in supported(house, period.until):
        for row in members[enrolled.organisation]:
            begun = row.since is None or row.since <= period.until
            if begun and (row.until is None or row.until >= period.until):
                yield Item(row.person, row.organisation, enrolled.programme, person=people[row.person])


# Diagnoses


def concluded(house):
    """Diagnoses that count: concluded, and not a second assessment of one that is there."""
    return [row for row in house.assessment if row.concluded is not None and row.repeats is None]


def diagnosed(house, day):
    """The diagnoses up to this day of each cooperative with each instrument, from the first to the last."""
    found = defaultdict(list)
    for row in concluded(house):
        if row.held <= day:
            found[row.organisation, row.instrument].append(row)
    return [sorted(rows, key=lambda row: (row.held, row.id)) for rows in found.values()]


def levels(house):
    found = defaultdict(dict)
    for row in house.answer:
        if row.level is not None:
            found[row.assessment][row.item] = row.level
    return found


def diagnoses_made(house, period):
    for row in concluded(house):
        yield Item(row.id, row.organisation, row.programme, row.held)


def diagnosed_twice(house, period):
    for rows in diagnosed(house, period.until):
        yield Item(rows[-1].organisation, rows[-1].organisation, rows[-1].programme, value=len(rows) > 1)


def diagnosis_level(house, period):
    said = levels(house)
    for *_, last in diagnosed(house, period.until):
        for level in said[last.id].values():
            yield Item(last.organisation, last.organisation, last.programme, value=100 * level)


def diagnosis_change(house, period):
    said = levels(house)
    for rows in diagnosed(house, period.until):
        first, last = rows[0], rows[-1]
        if first is last:
            continue
        for item in said[first.id].keys() & said[last.id].keys():
            change = said[last.id][item] - said[first.id][item]
            yield Item(last.organisation, last.organisation, last.programme, value=100 * change)


def gates_passed(house, period):
    said, gates = levels(house), [row for row in house.item if row.gate]
    for *_, last in diagnosed(house, period.until):
        for gate in gates:
            if gate.instrument == last.instrument:
                passed = said[last.id].get(gate.id, -1) >= 2
                yield Item((last.id, gate.id), last.organisation, last.programme, value=passed)


# Plans and visits


def actions(keep, value=lambda _: 1):
    def find(house, period):
        for row in house.plan_action:
            if row.status != "dropped" and keep(row, period):
                yield Item(row.id, row.organisation, row.programme, value=value(row), kind=row.status)

    return find


def visits(what, value=lambda _: 1):
    def find(house, period):
        for row in house.visit:
            if row.status == "done":
                yield Item(what(row), row.organisation, row.programme, row.held, value=value(row))

    return find


def left_alone(house, period):
    days = defaultdict(list)
    for row in house.visit:
        if row.status == "done":
            days[row.organisation].append(row.held)
    after = period.until - datetime.timedelta(days=60)
    for row in supported(house, period.until, among=("selected", "active")):
        seen = any(after < day <= period.until for day in days[row.organisation])
        yield Item(row.organisation, row.organisation, row.programme, value=not seen)


DURING = {
    "cooperatives-graduated": ("count", stage("graduated")),
    "cooperatives-lost": ("count", stage("left")),
    "applications-received": ("count", applications_received),
    "applications-selected": ("share", applications_selected),
    "diagnoses-made": ("count", diagnoses_made),
    "visits-made": ("count", visits(lambda row: row.id)),
    "coach-hours": ("sum", visits(lambda row: row.id, lambda row: row.minutes)),
    "cooperatives-visited": ("count", visits(lambda row: row.organisation)),
}
AT = {
    "cooperatives-supported": ("count", of_each(lambda _: 1)),
    "cooperatives-women-led": ("share", of_each(women_led)),
    "files-complete": ("share", of_each(complete)),
    "members-declared": ("once", of_each(lambda file: file.members)),
    "women-declared": ("once", of_each(lambda file: file.women)),
    "young-declared": ("once", of_each(lambda file: file.young)),
    "active-declared": ("once", of_each(lambda file: file.active)),
    "communes-reached": ("count", communes_reached),
    "communes-covered": ("share", target_communes(people=False)),
    "inhabitants-covered": ("mean", target_communes(people=True)),
    "documents-valid": ("share", documents_valid),
    "members-registered": ("count", members_registered),
    "diagnosed-twice": ("share", diagnosed_twice),
    "diagnosis-level": ("mean", diagnosis_level),
    "diagnosis-change": ("mean", diagnosis_change),
    "gates-passed": ("share", gates_passed),
    "actions-agreed": ("count", actions(lambda row, period: True)),
    "actions-done": ("share", actions(lambda row, period: True, lambda row: row.status == "done")),
    "actions-late": ("count", actions(lambda row, period: row.status != "done" and row.due is not None and row.due < period.until)),
    "left-alone": ("share", left_alone),
}
RATIOS = {"hours-per-cooperative": ("coach-hours", "cooperatives-visited", 1)}
