"""What a model of numbers or images said is readable: each class with its number, many of them folded."""

import json
from decimal import Decimal

import pytest

from challenge.foundation.permits import Actor
from challenge.runs import queries
from challenge.runs.operations_papers import keep_papers, write_papers
from challenge.runs.queries_papers import said_page
from challenge.runs.records import Run
from tests.challenge.runs.scene import TRUTH, Scene
from tests.challenge.worker.hands import hands

ITEMS = list(TRUTH["topic"])
SAID = [
    {"numbers": [0.1234567, 0.8765433], "labels": ["yes", "no"]},
    {"numbers": [0.5, None], "labels": ["yes", "no"]},
    {"numbers": [0.25, 0.25], "labels": ["yes", "no"]},
    {"numbers": [n / 100 for n in range(10)], "labels": [f"digit {n}" for n in range(10)]},
    {"numbers": [0.0000123456]},
    {"numbers": [None]},
    {"numbers": [1.0, 2.0]},
    {"numbers": [0.1, None, 0.3, 0.4, 0.2, 0.0], "labels": list("abcdef")},
]


@pytest.fixture
def scored(scene: Scene) -> tuple[Run, Actor]:
    """A scored run whose model gave numbers."""
    run, captain = scene.waiting()
    hands(scene.cast).evaluate_next()
    lines = [
        {"task": "topic", "item": item, "prompt": "width: 1", **said} for item, said in zip(ITEMS, SAID, strict=False)
    ]
    content = "".join(f"{json.dumps(line)}\n" for line in lines).encode()
    papers = keep_papers(scene.cast.house.files, {"outputs.public.jsonl": content}, eur_per_cpu_hour=Decimal(0))
    with scene.cast.house.database.transaction() as session:
        write_papers(session, run.id, papers)
    return scene.run(run.id), captain


def test_each_class_has_its_number_and_the_highest_is_told(scene: Scene, scored: tuple[Run, Actor]) -> None:
    files = scene.cast.house.files
    with scene.cast.house.database.reading() as session:
        result = queries.result_of(session, scored[0].id)
    assert result is not None
    content = "".join(json.dumps({"task": "t", "item": "i", "prompt": "p", **said}) + "\n" for said in SAID).encode()
    sha256 = keep_papers(files, {"x": content}, eur_per_cpu_hour=Decimal(0)).files["x"].sha256
    said, total = said_page(files.open(sha256), files.open(result.items_sha256), [], page=1)
    assert total == len(SAID)
    two, broken, even, ten, small, none, nameless, six = said
    assert two.numbers == (("yes", "0.123", False), ("no", "0.877", True))
    assert broken.numbers == (("yes", "0.500", False), ("no", "not a number", False))
    assert [highest for *_, highest in even.numbers] == [True, False], "of equal ones the first"
    assert (ten.is_folded, len(ten.numbers)) == (True, 10)
    assert ten.leading == (("digit 9", "0.090", True), ("digit 8", "0.080", False), ("digit 7", "0.070", False))
    assert small.numbers == (("", "1.23456e-05", False),)
    assert none.numbers == (("", "not a number", False),)
    assert nameless.numbers == (("output 1", "1.000", False), ("output 2", "2.000", True))
    assert [name for name, *_ in six.leading] == ["d", "c", "e"]
    assert all(not one.is_folded and one.leading == one.numbers for one in (two, small, nameless))


def test_the_page_shows_them_and_folds_many(scene: Scene, scored: tuple[Run, Actor]) -> None:
    run, captain = scored
    page = scene.cast.browser(captain).get(f"/runs/{run.id}/outputs").get_data(as_text=True)
    assert "Each class has the model’s number for it beside it; the highest is in bold." in page
    assert '<strong><span class="said">no</span> 0.877</strong>' in page
    assert "all 10 numbers" in page
    assert page.count("digit 9") == 2, "at once, and among all"
    assert page.count("digit 0") == 1, "among all alone"
    assert "1.23456e-05" in page
    assert "log-probability" not in page
