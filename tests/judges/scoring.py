"""The scoring of a diagnosis once more, after rooms/coaching/instruments/boussole-1/SCORING.md, in fractions.

scoring.py FILE      compares what Tiwizi made of many answers with what stands here; exit code 1 where they differ
scoring.py samples   proves that it notices a difference
"""

import copy
import json
import sys
from fractions import Fraction as F


def rounded(x):
    """Half away from zero."""
    whole = int(abs(x) + F(1, 2))
    return whole if x >= 0 else -whole


def verified(mark):
    return min(mark["level"], {0: 1, 1: 3}.get(mark["evidence"], 4))


def declared(mark):
    return mark["level"]


def levelled(marks):
    return [m for m in marks if m["level"] not in (None, "na")]


def series(marks, weights, level):
    dimensions = []
    for d in range(len(weights)):
        applicable = [m for m in marks if m["dimension"] == d and m["level"] != "na"]
        answered = levelled(applicable)
        weight = sum(m["weight"] for m in answered)
        enough = weight and F(weight, sum(m["weight"] for m in applicable)) >= F(2, 3)
        dimensions.append(rounded(F(1000 * sum(m["weight"] * level(m) for m in answered), 4 * weight)) if enough else None)
    scored = [(s, w) for s, w in zip(dimensions, weights) if s is not None]
    enough = scored and F(len(scored), len(weights)) >= F(4, 5)
    overall = rounded(F(sum(s * w for s, w in scored), sum(w for _, w in scored))) if enough else None
    return {"dimensions": dimensions, "overall": overall}


STAGES = ["fragile", "emerging", "structured", "autonomous"]


def outcome(marks, weights):
    proven = series(marks, weights, verified)
    answered = levelled(marks)
    weight = sum(m["weight"] for m in answered)
    sure = sum(m["weight"] for m in answered if m["evidence"] >= 2)
    stage = None
    if proven["overall"] is not None:
        place = sum(proven["overall"] >= limit for limit in (250, 500, 750))
        for gate in (m for m in marks if m["gate"] and m["level"] != "na"):
            level = 0 if gate["level"] is None else verified(gate)
            place = min(place, 1 if level <= 1 else 2 if level == 2 else 3)
        stage = STAGES[place]
    return {
        "declared": series(marks, weights, declared),
        "verified": proven,
        "evidence": rounded(F(1000 * sure, weight)) if weight else None,
        "stage": stage,
        "answered": len(answered),
        "applicable": sum(m["level"] != "na" for m in marks),
    }


def change(before, after, weights):
    both = [(a, b) for a, b in zip(before, after) if levelled([a]) and levelled([b])]
    old, new = (series([pair[i] for pair in both], weights, verified) for i in (0, 1))
    less = lambda x, y: None if x is None or y is None else y - x
    return {
        "items": len(both),
        "dimensions": [less(x, y) for x, y in zip(old["dimensions"], new["dimensions"])],
        "overall": less(old["overall"], new["overall"]),
        "rose": sum(verified(b) > verified(a) for a, b in both),
        "fell": sum(verified(b) < verified(a) for a, b in both),
    }


def agreement(pairs):
    seen = sum((a - b) ** 2 for a, b in pairs)
    chance = sum((a - b) ** 2 for a, _ in pairs for _, b in pairs)
    return {
        "pairs": len(pairs),
        "exact": sum(a == b for a, b in pairs),
        "within_one": sum(abs(a - b) <= 1 for a, b in pairs),
        "kappa": rounded(1000 * (1 - F(len(pairs) * seen, chance))) if chance else None,
    }


def differences(cases):
    for number, case in enumerate(cases, 1):
        ours = {
            "outcome": outcome(case["before"], case["weights"]),
            "change": change(case["before"], case["after"], case["weights"]),
            "agreement": agreement(case["pairs"]),
        }
        for what, found in ours.items():
            if found != case[what]:
                yield f"case {number}: {what}: Tiwizi says {case[what]}, the judge {found}"


def sample():
    marks = [
        {"dimension": 0, "weight": 2, "gate": True, "level": 3, "evidence": 2},
        {"dimension": 0, "weight": 1, "gate": False, "level": 4, "evidence": 0},
    ]
    told = {"declared": {"dimensions": [833], "overall": 833}, "verified": {"dimensions": [583], "overall": 583}}
    told |= {"evidence": 667, "stage": "structured", "answered": 2, "applicable": 2}
    still = {"items": 2, "dimensions": [0], "overall": 0, "rose": 0, "fell": 0}
    agreed = {"pairs": 2, "exact": 1, "within_one": 2, "kappa": 0}
    case = {"weights": [1], "before": marks, "after": marks, "pairs": [[1, 1], [2, 1]]}
    return case | {"outcome": told, "change": still, "agreement": agreed}


def main(what):
    if what == "samples":
        good = sample()
        broken = copy.deepcopy(good)
        broken["outcome"]["verified"]["overall"] += 1
        if list(differences([good])) or not list(differences([broken])):
            sys.exit(f"scoring: the judge is wrong: {list(differences([good]))}")
        return print("scoring: accepts the good sample, refuses the broken one")
    with open(what, encoding="utf-8") as file:
        cases = json.load(file)
    found = list(differences(cases))
    if found or len(cases) < 100:
        sys.exit("scoring: " + "\n".join(found[:5] or [f"only {len(cases)} cases"]))
    print(f"scoring: {len(cases)} cases agree")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "samples")
