"""Indicators of money, equipment, convergence, work and income, from their definitions."""

import datetime
from collections import defaultdict
from fractions import Fraction
from itertools import combinations

from .measure import Item, rounded

# Money


def promised(house, period):
    conventions = house.by_id("convention")
    for row in house.contribution:
        signed = conventions[row.convention].signed
        if signed is not None and signed <= period.until:
            yield Item(row.id, programme=row.programme, value=row.promised, currency=row.promised_currency, kind=row.nature)


def receipts(in_kind):
    def find(house, period):
        nature = {row.id: row.nature for row in house.contribution}
        for row in house.receipt:
            kind = nature[row.contribution]
            value = row.amount
            base = 1
            if in_kind:
                value, base = (1000 * row.amount if kind == "in_kind" else 0), row.amount
            yield Item(row.id, programme=row.programme, day=row.received, value=value, base=base, currency=row.amount_currency, kind=kind)

    return find


def whose(house):
    return {row.id: row.organisation for row in house.funding}


def grants_paid(house, period):
    files = whose(house)
    for row in house.grant_payment:
        yield Item(row.id, files[row.funding], row.programme, row.paid, row.amount, currency=row.amount_currency)


def own_parts(house, period):
    files = whose(house)
    for row in house.own_part:
        yield Item(row.id, files[row.funding], row.programme, row.given, row.amount, currency=row.amount_currency, kind=row.nature)


# Equipment


def handed_over(house):
    files, signed = whose(house), house.by_id("hand_over")
    for row in house.equipment:
        if row.hand_over is not None:
            yield row, files[row.funding], signed[row.hand_over].handed


def equipment_delivered(house, period):
    for row, organisation, day in handed_over(house):
        yield Item(row.id, organisation, row.programme, day, row.quantity)


def inspected(house, day):
    found = defaultdict(list)
    for row in house.inspection:
        if row.inspected <= day:
            found[row.equipment].append(row)
    return {id: max(rows, key=lambda row: (row.inspected, row.id)) for id, rows in found.items()}


def equipment_working(house, period):
    last = inspected(house, period.until)
    for row, organisation, day in handed_over(house):
        if day <= period.until and row.id in last:
            state = last[row.id].state
            yield Item(row.id, organisation, row.programme, value=state == "works", kind=state)


def never_inspected(house, period):
    last = inspected(house, period.until)
    for row, organisation, day in handed_over(house):
        if day < period.until - datetime.timedelta(days=183):
            yield Item(row.id, organisation, row.programme, value=row.id not in last)


# Convergence


def running(row, day):
    return row.since <= day and (row.until is None or row.until >= day) and row.status != "cancelled"


def actors(house, period):
    for row in house.intervention:
        if running(row, period.until):
            yield Item(row.actor, row.organisation, kind=row.theme)


def overlaps(house, period):
    alike = defaultdict(list)
    for row in house.intervention:
        # Two that run on one day have that day in common.
        if running(row, period.until):
            alike[row.organisation, row.theme].append(row)
    for (organisation, theme), rows in alike.items():
        for one, other in combinations(rows, 2):
            if one.actor != other.actor:
                yield Item(frozenset((one.id, other.id)), organisation, kind=theme)


def overlaps_resolved(house, period):
    alike = defaultdict(list)
    for row in house.intervention:
        alike[row.organisation, row.theme].append(row)
    for (organisation, theme), rows in alike.items():
        for one, other in combinations(rows, 2):
            begins = max(one.since, other.since)
            apart = any(row.until is not None and row.until < begins for row in (one, other))
            if one.actor != other.actor and not apart and begins <= period.until:
                given_up = "cancelled" in (one.status, other.status)
                yield Item(frozenset((one.id, other.id)), organisation, value=given_up, kind=theme)


def agreements(house, period):
    day = period.until
    for row in house.agreement:
        if row.since <= day <= row.until and (row.ended is None or row.ended > day):
            yield Item(row.id, row.organisation)


# Work and income


class Work:
    """The work records that end in the period."""

    def __init__(self, house, period):
        self.people = house.by_id("person")
        self.all = [row for row in house.work_record if row.until in period]
        self.jobs = [row for row in self.all if row.standing != "supplier_member"]

    def item(self, row, value=1, base=1, currency=None):
        person = self.people.get(row.person)
        sex = (person and person.sex) or row.sex
        return Item(row.id, row.organisation, day=row.until, value=value, base=base, currency=currency, person=person, sex=sex, kind=row.standing)

    @staticmethod
    def once(rows, more=lambda row: None):
        """Somebody named counts once in a cooperative; of a group without names noted again, the largest record."""
        groups = defaultdict(list)
        for row in rows:
            if row.person is not None:
                groups[row.organisation, row.person].append(row)
            else:
                groups[row.organisation, row.standing, row.sex, row.rhythm, more(row)].append(row)
        for rows in groups.values():
            yield min(rows, key=lambda row: (-row.people if row.person is None else 0, row.id))


def jobs(house, period):
    work = Work(house, period)
    return [work.item(row, row.people) for row in work.once(work.jobs)]


def full_time(row):
    return rounded(Fraction(10_000 * row.days, row.full_time))


def jobs_full_time(house, period):
    work = Work(house, period)
    return [work.item(row, full_time(row)) for row in work.jobs]


def jobs_created(house, period):
    work = Work(house, period)
    return [work.item(row, full_time(row)) for row in work.jobs if row.before == "no"]


def jobs_protected(house, period):
    work = Work(house, period)
    known = [row for row in work.jobs if row.protected is not None]
    for row in work.once(known, lambda row: row.protected):
        yield work.item(row, 1000 * row.people if row.protected == "yes" else 0, row.people)


def income_paid(house, period):
    work = Work(house, period)
    return [work.item(row, row.pay, currency=row.pay_currency) for row in work.all if row.pay is not None]


def income_per_day(house, period):
    work = Work(house, period)
    told = [row for row in work.jobs if row.pay is not None and row.days > 0]
    return [work.item(row, row.pay, row.days, row.pay_currency) for row in told]


def work_proven(house, period):
    work = Work(house, period)
    return [work.item(row, row.evidence in ("attached", "confirmed")) for row in work.all]


DURING = {
    "received": ("sum", receipts(in_kind=False)),
    "received-in-kind": ("mean", receipts(in_kind=True)),
    "grants-paid": ("sum", grants_paid),
    "own-parts": ("sum", own_parts),
    "equipment-delivered": ("sum", equipment_delivered),
    "jobs": ("sum", jobs),
    "jobs-full-time": ("sum", jobs_full_time),
    "jobs-created": ("sum", jobs_created),
    "jobs-protected": ("mean", jobs_protected),
    "income-paid": ("sum", income_paid),
    "income-per-day": ("mean", income_per_day),
    "work-proven": ("share", work_proven),
}
AT = {
    "promised": ("sum", promised),
    "equipment-working": ("share", equipment_working),
    "never-inspected": ("share", never_inspected),
    "actors": ("count", actors),
    "overlaps": ("count", overlaps),
    "overlaps-resolved": ("share", overlaps_resolved),
    "agreements": ("count", agreements),
}
RATIOS = {
    "cost-per-cooperative": ("received", "cooperatives-supported", 1),
    "leverage": ("own-parts", "grants-paid", 1000),
}
