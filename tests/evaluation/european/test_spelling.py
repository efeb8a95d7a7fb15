"""Every word stands in a dictionary of its language, or in the list of those that somebody has looked at."""

import pytest
import yaml

from evaluation.european import LANGUAGES, read_european
from tests.evaluation.european.spelling import REMAINING, unknown, why_not

LOOKED_AT: dict[str, list[str]] = yaml.safe_load(REMAINING.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_known_or_were_looked_at(language: str) -> None:
    if reason := why_not(language):
        pytest.skip(reason)
    found = unknown(language, dict(read_european().questions[language]))
    assert set(found) <= set(LOOKED_AT[language])


def test_a_wrong_word_is_found() -> None:
    if reason := why_not("de"):
        pytest.skip(reason)
    (item, asked), *_ = read_european().questions["de"].items()
    wrong = {item: type(asked)("Welches Landd ist das?", asked.options)}
    assert "Landd" in unknown("de", wrong)
