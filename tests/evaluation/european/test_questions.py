"""The same questions in 24 languages: none missing, none doubled, and nothing to be had by looking at the options."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from evaluation.european import LANGUAGES, European, read_european
from evaluation.european.balance import balance_of
from evaluation.european.questions import FOLDER
from evaluation.suites import SuiteError

SOUND = read_european()
NUMBER = re.compile(r"\d+")


def test_all_languages_have_the_same_items_and_each_fact_its_source() -> None:
    assert list(SOUND.questions) == list(LANGUAGES)
    assert len(SOUND.answers) >= 60
    assert {tuple(asked) for asked in SOUND.questions.values()} == {tuple(SOUND.answers)}
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (.+) \| (.+) \|$", (FOLDER / "SOURCES.md").read_text(), re.MULTILINE)
    assert [fact for fact, _, _ in rows] == [answer.fact for answer in SOUND.answers.values()]
    assert all(sentence and source for _, sentence, source in rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_item_asks_the_same_in_every_language(language: str) -> None:
    """Figures are figures in every language, and no text was left in English by mistake."""
    for item, asked in SOUND.questions[language].items():
        english = SOUND.questions["en"][item]
        for mine, theirs in zip(asked.options, english.options, strict=True):
            if NUMBER.search(mine):
                assert NUMBER.findall(mine) == NUMBER.findall(theirs), (item, mine, theirs)
        if language != "en":
            assert asked.question != english.question, item
    texts = [text for asked in SOUND.questions[language].values() for text in (asked.question, *asked.options)]
    assert all(text == " ".join(text.split()) and text.isprintable() for text in texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_options_give_nothing_away(language: str) -> None:
    found = balance_of(SOUND)[language]
    assert found.p > 0.05
    assert found.tells_nothing, found


def test_a_guess_that_tells_is_found() -> None:
    questions = {
        "en": {
            item: type(asked)(
                asked.question,
                tuple(
                    f"{text}, and no other one" if place == SOUND.answers[item].position else text
                    for place, text in enumerate(asked.options)
                ),
            )
            for item, asked in SOUND.questions["en"].items()
        }
    }
    found = balance_of(European(SOUND.answers, questions))["en"]
    assert not found.tells_nothing
    assert found.longest > 0.9


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of the parts, to be damaged."""
    target = tmp_path / "european"
    (target / "items").mkdir(parents=True)
    for name in ("answers.yaml", *(f"items/{code}.yaml" for code in LANGUAGES)):
        shutil.copy(FOLDER / name, target / name)
    return target


def _lacks_an_item(folder: Path) -> None:
    path = folder / "items" / "mt.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text())[1:], allow_unicode=True))


def _lacks_a_language(folder: Path) -> None:
    (folder / "items" / "ga.yaml").unlink()


def _has_three_options(folder: Path) -> None:
    path = folder / "items" / "fi.yaml"
    data = yaml.safe_load(path.read_text())
    data[3]["options"].pop()
    path.write_text(yaml.safe_dump(data, allow_unicode=True))


def _asks_twice(folder: Path) -> None:
    path = folder / "items" / "hu.yaml"
    data = yaml.safe_load(path.read_text())
    data[3]["question"] = data[4]["question"]
    path.write_text(yaml.safe_dump(data, allow_unicode=True))


def _numbers_without_quotes(folder: Path) -> None:
    path = folder / "items" / "de.yaml"
    data = yaml.safe_load(path.read_text())
    data[0]["options"] = [1, 2, 3, 4]
    path.write_text(yaml.safe_dump(data, allow_unicode=True))


def _a_fifth_position(folder: Path) -> None:
    path = folder / "answers.yaml"
    data = yaml.safe_load(path.read_text())
    next(iter(data.values()))["position"] = 4
    path.write_text(yaml.safe_dump(data, sort_keys=False))


def _one_fact_twice(folder: Path) -> None:
    path = folder / "answers.yaml"
    data = yaml.safe_load(path.read_text())
    one, other, *_ = data.values()
    one["fact"] = other["fact"]
    path.write_text(yaml.safe_dump(data, sort_keys=False))


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (_lacks_an_item, "items/mt.yaml: the items are not those of answers.yaml"),
        (_lacks_a_language, "ga.yaml: missing; every official language has a file"),
        (_has_three_options, "items/fi.yaml: institutions-border-seat-01: write 4 different options"),
        (_asks_twice, "items/hu.yaml: a question is there twice"),
        (_numbers_without_quotes, "is no text of 1 to 80 characters; quote numbers"),
        (_a_fifth_position, "the position is a whole number from 0 to 3"),
        (_one_fact_twice, "another item asks for the fact"),
    ],
)
def test_damage_is_named(damage: Callable[[Path], None], sentence: str, folder: Path) -> None:
    damage(folder)
    with pytest.raises(SuiteError, match=re.escape(sentence)):
        read_european(folder)
