"""Figures counted twice: what Tiwizi answers beside what stands in figures/, which reads the exported records and the
definitions, and knows nothing of how Tiwizi counts.

figures.py FOLDER           compares the house of TIWIZI_DEMO (address and accounts as JSON) with its exported records; exit
                            code 1 where they differ, where an indicator is not known here, or where a changed record makes
                            no difference
figures.py FOLDER shaken    the same over one period, of a house that figures/shake.py shook
"""

import datetime
import http.client
import itertools
import json
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from figures import means, selling, support, surveys, training
from figures.house import House
from figures.measure import NEVER, Cuts, Figure, Period, by_currency, rounded

ROOMS = (training, support, means, surveys, selling)
DURING, AT, RATIOS = ({code: found for room in ROOMS for code, found in getattr(room, name).items()} for name in ("DURING", "AT", "RATIOS"))


class Asked:
    """Somebody who signed in, with one connection for each thread."""

    def __init__(self, address, account):
        self.host, self.here = urlsplit(address).netloc, threading.local()
        form = urlencode({"login": account["login"], "password": account["password"]})
        answer = self.send("POST", "/sign-in", form, {"Content-Type": "application/x-www-form-urlencoded"})
        self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        answer.read()

    def send(self, method, path, body=None, head=None):
        if not hasattr(self.here, "line"):
            self.here.line = http.client.HTTPConnection(self.host, timeout=60)
        self.here.line.request(method, path, body, head)
        return self.here.line.getresponse()

    def __call__(self, path):
        answer = self.send("GET", path, head={"Accept": "application/json", "Cookie": self.cookie})
        text = answer.read()
        if answer.status != 200:
            sys.exit(f"figures: {path} answers {answer.status}: {text[:200]!r}")
        return json.loads(text)


class Counted:
    """What stands here, for one scope and one period."""

    def __init__(self, house, programme, period):
        self.programme, self.period = programme, period
        self.house, self.cuts, self.kept = house, Cuts(house, period, programme), {}
        self.inside = {row.organisation for row in house.enrolment if row.programme == programme and row.status != "left"}

    def items(self, code):
        if code not in self.kept:
            _, find = DURING.get(code) or AT[code]
            self.kept[code] = [item for item in find(self.house, self.period) if self.belongs(item) and (code in AT or item.day in self.period)]
        return self.kept[code]

    def belongs(self, item):
        """What belongs to no programme is counted for the cooperatives that are in it."""
        if self.programme is None:
            return True
        return item.programme == self.programme or (item.programme == NEVER and item.organisation in self.inside)

    def figures(self, code, cuts):
        """The figure of each bucket; of several currencies the one with the largest figure anywhere."""
        if code in RATIOS:
            above, below, times = RATIOS[code]
            return self.ratio(self.figures(above, cuts), self.figures(below, cuts), times)
        measure, _ = DURING.get(code) or AT[code]
        apart = {}
        for item in self.items(code):
            apart.setdefault(tuple(self.cuts.bucket(cut, item) for cut in cuts), []).append(item)
        if not cuts and not apart:
            return {(): Figure(0 if measure in ("count", "sum", "once") else None, 0)}
        found = [(bucket, figure) for bucket, items in apart.items() for figure in by_currency(measure, items)]
        largest = max(found, key=lambda each: each[1].value if each[1].value is not None else -(10**18), default=None)
        return {bucket: figure for bucket, figure in found if figure.currency in (None, largest[1].currency)}

    def ratio(self, above, below, times):
        found = {}
        for bucket, over in above.items():
            under = below.get(bucket, Figure(None, 0))
            value = rounded(Fraction(times * over.value, under.value)) if under.value else None
            found[bucket] = Figure(value, under.n, over.currency)
        return found


def told(figure):
    """A figure as Tiwizi answers it; nothing where nothing is counted."""
    if figure["hidden"]:
        return "hidden"
    if figure["n"] == 0 and figure["value"] is None:
        return None
    return Figure(figure["value"], figure["n"], figure["currency"], figure["interval"])


def differences(answer, counted, code, by, other):
    """Where an answer differs, and how many figures were compared."""
    compared, wrong = 0, []

    def compare(theirs, ours, where):
        nonlocal compared
        for bucket in theirs.keys() | ours.keys():
            here = ours.get(bucket)
            here = None if here and here.n == 0 and here.value is None else here
            compared += 1
            if theirs.get(bucket) != here:
                wrong.append(f"{code} {where}{bucket}: Tiwizi says {theirs.get(bucket)}, the judge {here}")

    compare({(): told(answer["total"])}, counted.figures(code, ()), "")
    if by:
        totals = [row["total"]["figure"] for row in answer["rows"]]
        compare({(each["row"],): told(each) for each in totals if told(each)}, counted.figures(code, (by,)), f"by {by} ")
    if other:
        cells = [cell["figure"] for row in answer["rows"] for cell in row["cells"]]
        theirs = {(each["row"], each["column"]): told(each) for each in cells if told(each)}
        compare(theirs, counted.figures(code, (by, other)), f"by {by} and {other} ")
    return compared, wrong


def sessions_cut_through(house):
    """A period that begins and ends within training sessions of several days."""
    attended = {row.half_day for row in house.attendance}
    days = {}
    for row in house.half_day:
        if row.id in attended:
            days.setdefault(row.session, set()).add(row.day)
    several = sorted((min(each), max(each)) for each in days.values() if len(each) > 1)
    if len(several) < 4:
        sys.exit("figures: the demonstration has too few sessions of several days")
    return Period(several[len(several) // 4][1], several[-len(several) // 4][0])


def edges(house, programme):
    """Days on which something in the records begins, ends or happens: one a column, in the middle of what it holds."""
    today, found = datetime.date.today(), set()
    for table, fields in house.described.items():
        for name in (field["name"] for field in fields if field["type"] == "date"):
            days = sorted({getattr(row, name) for row in getattr(house, table)} - {None})
            days = [day for day in days if programme.since < day < today]
            if days:
                found.add(days[len(days) // 2])
    return [Period(programme.since, day) for day in sorted(found)]


def questions(house, cuts_of, periods, programme):
    """Which figures are asked for: scope, period, indicator, up to two cuts."""
    for scope, period in itertools.product([programme.id, None], periods):
        for code, cuts in cuts_of.items():
            for pair in itertools.combinations(cuts, 2):
                yield scope, period, code, *pair
            # The last cut begins no pair.
            yield scope, period, code, (cuts[-1] if cuts else None), None
    for period in edges(house, programme):
        for code in cuts_of:
            yield programme.id, period, code, None, None


def path(scope, period, code, by, other):
    asked = {"programme": scope, "since": period.since, "until": period.until, "by": by, "and": other}
    return f"/indicators/{code}?{urlencode({name: text for name, text in asked.items() if text})}"


def compare(house, answers):
    """Compares all answers with what stands in a house."""
    counted, compared, wrong = {}, 0, []
    for question, answer in answers:
        scope, period, code, by, other = question
        key = (scope, period.since, period.until)
        if key not in counted:
            counted[key] = Counted(house, scope, period)
        more, differ = differences(answer, counted[key], code, by, other)
        compared += more
        scope = "of the programme" if scope else "of everything"
        wrong += [f"{scope}, {period.since} to {period.until}: {text}" for text in differ]
    return compared, wrong


def first(table, field, value, keep=lambda house, row: True):
    """A change of one record: the first that is not so already."""

    def change(house):
        row = next(row for row in getattr(house, table) if keep(house, row) and getattr(row, field) != value)
        setattr(row, field, value)

    return change


def trained(house):
    return {participant.person for participant, _ in training.Training(house).came}


BROKEN = {
    "an attendance": first("attendance", "present", False),
    "the sex of somebody trained": first("person", "sex", None, lambda house, row: row.sex and row.id in trained(house)),
    "a receipt": first("receipt", "amount", 1),
    "the stage of a cooperative": first("enrolment", "status", "left"),
    "the days of a work record": first("work_record", "days", 7, lambda _, row: row.standing == "employee"),
    "an answer": first("answer", "level", 0),
    "an answer to a survey": first("survey_answer", "aside", 1),
    "the end of a document": first("document", "expires", datetime.date(2020, 1, 1), lambda _, row: row.expires and row.expires > datetime.date.today()),
}


def main(folder, shaken):
    demo = json.loads(os.environ["TIWIZI_DEMO"])
    ask = Asked(demo["address"], demo["accounts"]["administrator"])
    house = House(folder)
    known = DURING.keys() | AT.keys() | RATIOS.keys()
    shipped = [line["code"] for theme in ask("/indicators")["themes"] for line in theme["lines"]]
    for missing in sorted(set(shipped) ^ known):
        sys.exit(f"figures: {missing} is counted on one side only: write its definition into tests/judges/figures")
    # The programme that most cooperatives are in.
    programme = max(house.programme, key=lambda each: sum(row.programme == each.id for row in house.enrolment))
    pages = {code: ask(f"/indicators/{code}?programme={programme.id}") for code in shipped}
    # The period with which the pages of the programme begin.
    whole = Period(*(datetime.date.fromisoformat(pages[shipped[0]][name]) for name in ("since", "until")))
    cuts_of = {code: [cut["code"] for cut in page["cuts"]] for code, page in pages.items()}
    periods = [whole] if shaken else [whole, sessions_cut_through(house)]
    asked = list(questions(house, cuts_of, periods, programme))
    with ThreadPoolExecutor(2) as threads:
        answers = list(zip(asked, threads.map(lambda question: ask(path(*question)), asked)))
    compared, wrong = compare(house, answers)
    if wrong:
        sys.exit("\n".join([*wrong[:30], f"figures: {len(wrong)} of {compared} figures differ"]))
    if shaken:
        return print(f"figures: {compared} figures of {len(shipped)} indicators agree in a shaken house")
    few = [(question, answer) for question, answer in answers if question[:2] == (programme.id, whole) and question[4] is None]
    for what, change in BROKEN.items():
        if not compare(house.changed(change), few)[1]:
            sys.exit(f"figures: the judge is wrong: it does not notice that {what} was changed")
    print(f"figures: {compared} figures of {len(shipped)} indicators in {len(answers)} answers agree; {len(BROKEN)} changed records do not")


if __name__ == "__main__":
    main(Path(sys.argv[1]), "shaken" in sys.argv)
