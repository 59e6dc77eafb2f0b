"""Indicators of training, from their definitions."""

from collections import defaultdict
from fractions import Fraction

from .measure import Item, rounded


class Training:
    """What the roll-calls and the tests say."""

    def __init__(self, house):
        self.house = house
        self.people, self.participants = house.by_id("person"), house.by_id("participant")
        self.half_days, self.of_session = house.by_id("half_day"), house.grouped("half_day", "session")
        self.first_day = {session: min(each.day for each in days) for session, days in self.of_session.items()}
        self.came = [
            (self.participants[row.participant], self.half_days[row.half_day]) for row in house.attendance if row.present
        ]
        self.present_at = defaultdict(list)
        for participant, half_day in self.came:
            self.present_at[participant.id].append(half_day)
        self.scores = {(row.participant, row.moment): row for row in house.test_score}

    def item(self, what, participant, day, **more):
        person = self.people[participant.person]
        return Item(what, participant.organisation, participant.programme, day, person=person, **more)

    def presences(self, what, **more):
        """Everybody at every half-day at which they were present."""
        for participant, half_day in self.came:
            told = {name: find(participant, half_day) for name, find in more.items()}
            yield self.item(what(participant, half_day), participant, half_day.day, **told)

    def person(self, participant, _=None):
        return self.people[participant.person]


def participations(house, period):
    return Training(house).presences(lambda participant, half_day: (participant.id, half_day.id))


def people_trained(house, period):
    return Training(house).presences(lambda participant, _: participant.person)


def person_hours(house, period):
    return Training(house).presences(lambda participant, _: participant.person, value=lambda _, half_day: half_day.minutes)


def women_trained(house, period):
    all = Training(house)
    return all.presences(lambda participant, _: participant.person, value=lambda who, _: all.person(who).sex == "woman")


def youth_trained(house, period):
    all = Training(house)

    def young(participant, half_day):
        born = all.person(participant).birth_year
        return born is not None and half_day.day.year - born < 35

    return all.presences(lambda participant, _: participant.person, value=young)


def people_first_time(house, period):
    all = Training(house)
    first = {}
    for participant, half_day in all.came:
        first[participant.person] = min(first.get(participant.person, half_day.day), half_day.day)
    return [item for item in all.presences(lambda who, _: who.person) if item.day == first[item.what]]


def cooperatives_trained(house, period):
    items = Training(house).presences(lambda participant, _: participant.organisation)
    return [item for item in items if item.what is not None]


def presence(house, period):
    all = Training(house)
    for id, half_days in all.present_at.items():
        participant = all.participants[id]
        whole = sum(each.minutes for each in all.of_session[participant.session])
        there = sum(each.minutes for each in half_days)
        enough = Fraction(there, whole) >= Fraction(80, 100)
        yield all.item(id, participant, all.first_day[participant.session], value=enough)


def learning_gain(house, period):
    all = Training(house)
    for (id, moment), before in all.scores.items():
        after = all.scores.get((id, "after"))
        if moment != "before" or after is None or after.out_of != before.out_of:
            continue
        participant = all.participants[id]
        gain = rounded(Fraction(1000 * (after.score - before.score), before.out_of))
        yield all.item(id, participant, all.first_day.get(participant.session), value=gain)


def tests_paired(house, period):
    all = Training(house)
    for id in (id for id, moment in all.scores if moment == "before"):
        participant = all.participants[id]
        day = all.first_day.get(participant.session)
        yield all.item(id, participant, day, value=(id, "after") in all.scores)


def certificates_issued(house, period):
    all = Training(house)
    for row in house.certificate:
        if row.revoked is None:
            yield all.item(row.id, all.participants[row.participant], row.issued)


def usefulness(house, period):
    first = Training(house).first_day
    for row in house.training_reaction:
        if row.useful is not None:
            yield Item(row.id, programme=row.programme, day=first.get(row.session), value=100 * row.useful)


def held_or_planned(house):
    return {row.id: row for row in house.training_session if row.status != "cancelled"}


def sessions_held(house, period):
    going = held_or_planned(house)
    for _, half_day in Training(house).came:
        if half_day.session in going:
            yield Item(half_day.session, programme=half_day.programme, day=half_day.day)


def roll_calls_taken(house, period):
    going, called = held_or_planned(house), {row.half_day for row in house.attendance}
    for row in house.half_day:
        if row.session in going:
            yield Item(row.id, programme=row.programme, day=row.day, value=row.id in called)


def training_cost(house, period):
    first = Training(house).first_day
    for row in held_or_planned(house).values():
        if row.cost is not None:
            cost = row.cost + (row.partner_cost or 0)
            yield Item(row.id, programme=row.programme, day=first.get(row.id), value=cost, currency=row.cost_currency)


DURING = {
    "participations": ("count", participations),
    "people-trained": ("count", people_trained),
    "person-hours": ("sum", person_hours),
    "women-trained": ("share", women_trained),
    "youth-trained": ("share", youth_trained),
    "people-first-time": ("count", people_first_time),
    "cooperatives-trained": ("count", cooperatives_trained),
    "presence": ("share", presence),
    "learning-gain": ("mean", learning_gain),
    "tests-paired": ("share", tests_paired),
    "certificates-issued": ("count", certificates_issued),
    "usefulness": ("mean", usefulness),
    "sessions-held": ("count", sessions_held),
    "roll-calls-taken": ("share", roll_calls_taken),
    "training-cost": ("sum", training_cost),
}
AT = {}
RATIOS = {"cost-per-person-hour": ("training-cost", "person-hours", 60)}
