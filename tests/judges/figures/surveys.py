"""Indicators of a programme's own questionnaires, from their definitions."""

import datetime

from figures.measure import Item


def answers(what, needed=lambda row: True):
    def find(house, period):
        for row in house.survey_answer:
            if row.aside is None and needed(row):
                day = datetime.date.fromisoformat(row.day)
                yield Item(what(row), row.organisation, row.programme, day, kind=row.survey)

    return find


def values(kind, needed):
    def find(house, period):
        known = {row.id: row for row in house.survey_answer if row.aside is None}
        for row in house.survey_value:
            answer = known.get(row.answer)
            if answer and needed(house, row):
                day = datetime.date.fromisoformat(answer.day)
                yield Item(answer.id, answer.organisation, answer.programme, day, kind=kind(row))

    return find


def offered(house, row):
    if not hasattr(house, "offered_choices"):
        house.offered_choices = {(each.question, each.code) for each in house.survey_choice}
    return (row.question, row.text) in house.offered_choices


DURING = {
    "survey-answers": ("count", answers(lambda row: row.id)),
    "survey-cooperatives": ("count", answers(lambda row: row.organisation, lambda row: row.organisation is not None)),
    "survey-numbers": ("count", values(lambda row: row.question, lambda house, row: row.number is not None)),
    "survey-choices": ("count", values(lambda row: f"{row.question} {row.text}", offered)),
}
AT = {}
RATIOS = {}
