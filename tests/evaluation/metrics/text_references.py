"""Metrics of texts as their authors compute them: SQuAD's formulas written out once more, and sacrebleu."""

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence

from sacrebleu.metrics import BLEU, CHRF


def squad_words(text: str) -> str:
    """Normalise as the evaluation script of SQuAD 2.0 does."""
    small = text.lower()
    bare = "".join(letter for letter in small if letter not in set(string.punctuation))
    return " ".join(re.compile(r"\b(a|an|the)\b", re.UNICODE).sub(" ", bare).split())


def squad_exact(true: str, given: str) -> int:
    """Compare one answer, as that script does."""
    return int(squad_words(true) == squad_words(given))


def squad_f1(true: str, given: str) -> float:
    """Compute F1 of one answer, as that script does."""
    gold, found = squad_words(true).split(), squad_words(given).split()
    common = Counter(gold) & Counter(found)
    same = sum(common.values())
    if len(gold) == 0 or len(found) == 0:
        return int(gold == found)
    if same == 0:
        return 0
    precision, recall = 1.0 * same / len(found), 1.0 * same / len(gold)
    return (2 * precision * recall) / (precision + recall)


def harness_number(true: str, given: str) -> float:
    """Compare the last number, as lm-evaluation-harness does for GSM8K (flexible-extract); other texts as SQuAD does."""
    if not re.fullmatch(r"-?[0-9.,]+", true):
        return squad_exact(true, given)
    found = re.findall(r"(-?[$0-9.,]{2,})|(-?[0-9]+)", given)
    last = next((group for group in found[-1] if group), "") if found else "[invalid]"
    return float(re.sub(r"[,$]|\.$", "", last) == true.replace(",", ""))


def best_mean(compare: Callable[[str, str], float]) -> Callable[[Sequence[str], Sequence[str]], float]:
    """Average the best comparison of each item over its accepted answers."""
    return lambda truth, given: (
        sum(max(compare(answer, text) for answer in true.split("\n")) for true, text in zip(truth, given, strict=True))
        / len(truth)
    )


def _streams(truth: Sequence[str]) -> list[list[str | None]]:
    """The first accepted answers, the second, …, as sacrebleu takes them."""
    answers = [true.split("\n") for true in truth]
    return [[one[n] if n < len(one) else None for one in answers] for n in range(max(map(len, answers)))]


def sacre_bleu(truth: Sequence[str], given: Sequence[str]) -> float:
    """sacrebleu's BLEU by default, from 0 to 1."""
    return float(BLEU(force=True).corpus_score(list(given), _streams(truth)).score) / 100


def sacre_chrf(truth: Sequence[str], given: Sequence[str]) -> float:
    """sacrebleu's chrF2 by default, from 0 to 1."""
    return float(CHRF().corpus_score(list(given), _streams(truth)).score) / 100
