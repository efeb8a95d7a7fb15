"""Questions in every language and the answers that they share are read and held against one another."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from evaluation.european.languages import LANGUAGES
from evaluation.suites import SuiteError
from evaluation.yaml_reading import YamlError, read_yaml

FOLDER = Path(__file__).parent
OPTIONS = 4
LONGEST_QUESTION, LONGEST_OPTION = 200, 80


@dataclass(frozen=True)
class Question:
    """One item in one language; the options are in the same order in all of them."""

    question: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """Which option is right, counted from 0, what the item is about, and the fact that it asks for."""

    position: int
    area: str
    fact: str


@dataclass(frozen=True)
class European:
    """All of it: answers by item, and questions by language and item, in the order of the answers."""

    answers: Mapping[str, Answer]
    questions: Mapping[str, Mapping[str, Question]]


def read_european(folder: Path = FOLDER) -> European:
    """Read answers.yaml and items/CODE.yaml of every language; raises SuiteError naming the file and the item."""
    answers = _answers(folder / "answers.yaml")
    return European(answers, {code: _questions(folder / "items" / f"{code}.yaml", answers) for code in LANGUAGES})


def _answers(path: Path) -> dict[str, Answer]:
    found = {}
    facts = set()
    data = _data(path)
    if not isinstance(data, dict) or not data:
        raise SuiteError(f"{path.name}: write a mapping of items to position, area and fact")
    for item, said in data.items():
        where = f"{path.name}: {item}"
        if not isinstance(said, dict) or said.keys() != {"position", "area", "fact"}:
            raise SuiteError(f"{where}: write position, area and fact, and nothing else")
        if said["position"] not in range(OPTIONS) or isinstance(said["position"], bool):
            raise SuiteError(f"{where}: the position is a whole number from 0 to {OPTIONS - 1}")
        if said["fact"] in facts:
            raise SuiteError(f"{where}: another item asks for the fact {said['fact']!r} already")
        facts.add(said["fact"])
        found[item] = Answer(**said)
    return found


def _questions(path: Path, answers: Mapping[str, Answer]) -> dict[str, Question]:
    data = _data(path)
    where = f"items/{path.name}"
    if not isinstance(data, list):
        raise SuiteError(f"{where}: write a list of items")
    found: dict[str, Question] = {}
    for number, said in enumerate(data, start=1):
        if not isinstance(said, dict) or said.keys() != {"id", "question", "options"}:
            raise SuiteError(f"{where}: item {number}: write id, question and options, and nothing else")
        found[said["id"]] = _question(said, f"{where}: {said['id']}")
    if len(found) < len(data) or list(found) != list(answers):
        raise SuiteError(f"{where}: the items are not those of answers.yaml, each once and in the same order")
    if len({one.question for one in found.values()}) < len(found):
        raise SuiteError(f"{where}: a question is there twice")
    return found


def _question(said: Mapping[str, object], where: str) -> Question:
    question, options = said["question"], said["options"]
    if not isinstance(question, str) or not 0 < len(question) <= LONGEST_QUESTION:
        raise SuiteError(f"{where}: a question is a text of 1 to {LONGEST_QUESTION} characters")
    if not isinstance(options, list) or len(options) != OPTIONS or len(set(map(str, options))) < OPTIONS:
        raise SuiteError(f"{where}: write {OPTIONS} different options")
    for option in options:
        if not isinstance(option, str) or not 0 < len(option) <= LONGEST_OPTION:
            raise SuiteError(
                f"{where}: the option {option!r} is no text of 1 to {LONGEST_OPTION} characters; quote numbers"
            )
    return Question(question, tuple(options))


def _data(path: Path) -> object:
    try:
        return read_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SuiteError(f"{path.name}: missing; every official language has a file") from error
    except (YamlError, UnicodeDecodeError) as error:
        raise SuiteError(f"{path.name}: not readable as YAML in UTF-8: {error}") from error
