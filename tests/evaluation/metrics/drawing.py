"""Answers at random, of the kinds of task that models are run on: truth, predictions, and what a perfect answer is."""

import json
import random
from decimal import Decimal

from evaluation import Kind, Task
from evaluation.tasks import Answer

LABELS = ("a", "b", "c", "d")
SAMPLES, K = 8, 3
WORDS = [
    "the",
    "a",
    "cat",
    "dog",
    "sat",
    "on",
    "mat,",
    "at",
    "3.5",
    "o'clock",
    "and",
    "said:",
    "no!",
    "yes",
    "--",
    "grüß",
    "42%",
    "of",
    "it;",
    "(quickly)",
    "x-ray",
]
INSTRUCTIONS: list[dict[str, object]] = [
    {"kind": "punctuation:no_comma"},
    {"kind": "change_case:english_lowercase"},
    {"kind": "detectable_format:title"},
    {"kind": "keywords:existence", "keywords": ["cat"]},
    {"kind": "startend:end_checker", "phrase": "the end"},
    {"kind": "length_constraints:number_words", "relation": "at least", "count": 5},
]
FOLLOWS_ALL = "<<a cat>> is here; this is the end"
Drawn = tuple[list[Answer], list[Answer]]


def task_of(kind: Kind, name: str, *, unit: int) -> Task:
    """Make a task of a kind, scored by the metric of that name."""
    labels = LABELS if kind in {Kind.CLASSIFICATION, Kind.DISTRIBUTION} else ()
    samples, k = (SAMPLES, K) if kind is Kind.CODE else (1, 1)
    anchors = {"floor": Decimal(0), "ceiling": Decimal(1)}
    return Task(name="t", title="T", kind=kind, metric=name, labels=labels, unit=unit, samples=samples, k=k, **anchors)


def draw_of(kind: Kind, count: int, rng: random.Random) -> Drawn:
    """Draw truth and predictions that have something to do with each other."""
    pairs = [_PAIRS[kind](rng) for _ in range(count)]
    return [true for true, _ in pairs], [given for _, given in pairs]


def perfect(kind: Kind, truth: Answer) -> Answer:
    """Give the best answer there is to a truth."""
    if kind is Kind.TEXT:
        return str(truth).split("\n")[0]
    if kind is Kind.RANKING:
        graded = [word.rpartition(":") for word in str(truth).split()]
        return " ".join(name for name, _, grade in sorted(graded, key=lambda one: -int(one[2])))
    if kind is Kind.INSTRUCTIONS:
        return FOLLOWS_ALL
    if kind is Kind.LIKELIHOOD:
        return Decimal(0)
    if kind is Kind.CODE:
        return Decimal(SAMPLES)
    if kind is Kind.DISTRIBUTION:
        return tuple(Decimal(int(label == truth)) for label in LABELS)
    return truth


def _text(rng: random.Random) -> tuple[Answer, Answer]:
    answers = [rng.choices(WORDS, k=rng.randrange(4, 10)) for _ in range(rng.choice([1, 1, 2, 3]))]
    noise = rng.choice([0, 0, 0.2, 0.5])
    given = [rng.choice(WORDS) if rng.random() < noise else word for word in rng.choice(answers)]
    if rng.random() < noise:
        given = given[: rng.randrange(len(given) + 1)]
    return "\n".join(map(" ".join, answers)), " ".join(given)


def _ranking(rng: random.Random) -> tuple[Answer, Answer]:
    names = [f"d{number}" for number in range(rng.randrange(2, 8))]
    grades = {name: rng.choice([0, 0, 1, 2, 3]) for name in names}
    grades[rng.choice(names)] = 2
    given = sorted(names, key=lambda name: -grades[name] + rng.gauss(0, 1.5))
    return " ".join(f"{name}:{grade}" for name, grade in grades.items()), " ".join(given)


def _likelihood(rng: random.Random) -> tuple[Answer, Answer]:
    size = rng.randrange(20, 400)
    return Decimal(size), -Decimal(str(round(size * rng.uniform(0.3, 1.2), 6)))


def _code(rng: random.Random) -> tuple[Answer, Answer]:
    chance = rng.random()
    return "assert answer() == 42", Decimal(sum(rng.random() < chance for _ in range(SAMPLES)))


def _distribution(rng: random.Random) -> tuple[Answer, Answer]:
    shares = [rng.randrange(1, 1000) for _ in LABELS]
    chances = [Decimal(share * 10**6 // sum(shares)).scaleb(-6) for share in shares]
    chances[0] += 1 - sum(chances)
    return rng.choices(LABELS, weights=shares)[0], tuple(chances)


def _instructions(rng: random.Random) -> tuple[Answer, Answer]:
    truth = rng.sample(INSTRUCTIONS, k=rng.choice([1, 1, 2, 3]))
    pieces = ["A cat,", "a dog", "<<Title>>", "is here", "with me, alone", "at the end", "the end"]
    return json.dumps(truth), " ".join(rng.choices(pieces, k=rng.randrange(5)))


_PAIRS = {
    Kind.TEXT: _text,
    Kind.INSTRUCTIONS: _instructions,
    Kind.RANKING: _ranking,
    Kind.LIKELIHOOD: _likelihood,
    Kind.CODE: _code,
    Kind.DISTRIBUTION: _distribution,
}
