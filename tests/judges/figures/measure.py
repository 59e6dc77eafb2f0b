"""From what is counted to figures: measures, cuts, rounding, intervals. Written from the README of the room `impact`."""

import math
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import Any


#: Of something that is kept without a programme by its nature; None is a programme that was not stated.
NEVER = "never"


@dataclass
class Item:
    """Something that an indicator counts."""

    what: Any
    organisation: str | None = None
    programme: str | None = NEVER
    day: Any = None
    value: Any = 1
    base: int = 1
    currency: str | None = None
    person: Any = None
    sex: str | None = None
    kind: str | None = None


@dataclass
class Period:
    since: Any
    until: Any

    def __contains__(self, day):
        return day is not None and self.since <= day <= self.until


def rounded(x):
    """Half away from zero."""
    whole = math.floor(abs(x) + Fraction(1, 2))
    return whole if x >= 0 else -whole


def wilson(met, n):
    """The two p at which the share that was seen lies 1.96 standard deviations off (Wilson 1927), in permille: roots of
    (n + z²) p² − (2 met + z²) p + met² / n = 0."""
    z2 = 1.96 * 1.96
    a, b, c = n + z2, -(2 * met + z2), met * met / n
    root = math.sqrt(max(b * b - 4 * a * c, 0))
    bounds = ((-b - root) / (2 * a), (-b + root) / (2 * a))
    return [min(max(math.floor(1000 * bound + 0.5), 0), 1000) for bound in bounds]


@dataclass
class Figure:
    value: int | None
    n: int
    currency: str | None = None
    interval: Any = None


def count(items):
    n = len({item.what for item in items})
    return Figure(n, n)


def total(items):
    return Figure(sum(item.value for item in items if item.value is not None), len({item.what for item in items}))


def once(items):
    """The sum of what each one says, however often it is met."""
    said = {item.what: item.value for item in items}
    return Figure(sum(value for value in said.values() if value is not None), len(said))


def share(items):
    every, met = {item.what for item in items}, {item.what for item in items if item.value}
    if not every:
        return Figure(None, 0)
    return Figure(rounded(Fraction(1000 * len(met), len(every))), len(every), None, wilson(len(met), len(every)))


def mean(items):
    told = [item for item in items if item.value is not None]
    base = sum(item.base for item in told)
    value = rounded(Fraction(sum(item.value for item in told)) / base) if base else None
    return Figure(value, len({item.what for item in items}))


MEASURES = {"count": count, "sum": total, "once": once, "share": share, "mean": mean}


class Cuts:
    """The bucket of an item; None is where it is not stated."""

    def __init__(self, house, period, programme):
        self.period, self.programme = period, programme
        self.place = {row.id: row.place for row in house.organisation}
        self.promotions = {(row.organisation, row.programme): row.promotion for row in house.enrolment}

    def sex(self, item):
        return item.sex or (item.person and item.person.sex)

    def age(self, item):
        if not item.person or item.person.birth_year is None:
            return None
        age = self.period.until.year - item.person.birth_year
        return next(band for least, band in ((60, "60"), (36, "36-59"), (25, "25-35"), (15, "15-24"), (-999, "0-14")) if age >= least)

    def cooperative(self, item):
        return item.organisation

    def promotion(self, item):
        programme = self.programme if item.programme == NEVER else item.programme
        return self.promotions.get((item.organisation, programme))

    def commune(self, item):
        return self.place.get(item.organisation)

    def province(self, item):
        place = self.commune(item)
        return place and ".".join(place.split(".")[:2])

    def region(self, item):
        place = self.commune(item)
        return place and place.split(".")[0]

    def programme_of(self, item):
        return None if item.programme == NEVER else item.programme

    def month(self, item):
        return item.day and f"{item.day:%Y-%m}"

    def quarter(self, item):
        return item.day and f"{item.day.year}-{(item.day.month + 2) // 3}"

    def year(self, item):
        return item.day and str(item.day.year)

    def kind(self, item):
        return item.kind

    def bucket(self, cut, item):
        return getattr(self, "programme_of" if cut == "programme" else cut)(item)


def by_currency(measure, items):
    """The figure of each currency; money is never added to other money."""
    apart = defaultdict(list)
    for item in items:
        apart[item.currency].append(item)
    for currency, items in apart.items():
        figure = MEASURES[measure](items)
        figure.currency = currency
        yield figure
