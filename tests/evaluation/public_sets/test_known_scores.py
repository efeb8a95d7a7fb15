"""What is known of an answer that never changes is what the public sets give it, counted apart from our readers."""

import json
import math
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
import sacrebleu

from evaluation import METRICS, Part, Suite
from evaluation.engines import Batch, Row, answers_of, batches_of
from evaluation.intervals import Interval, interval
from evaluation.predictions import Predictions
from evaluation.public_sets import Made
from evaluation.public_sets.answering import MGSM_LANGUAGES, XQUAD_LANGUAGES
from evaluation.public_sets.choosing import BBH, BBH_NUMBERS, SIB_LANGUAGES, XCOPA_LANGUAGES
from evaluation.public_sets.making import write_suite
from evaluation.scoring import score
from evaluation.tasks import Answer
from tests.evaluation.public_sets.here import (
    FOLDER,
    RAW,
    bbh,
    demand_sets,
    exams,
    gsm8k,
    hucola,
    mgsm,
    ntrex,
    rosts,
    sib200,
    xcopa,
    xquad,
)

CLOSE = 2e-6
"""Scores are sums of millionths over the items."""


@pytest.fixture(autouse=True)
def _there() -> None:
    """Skip where the public sets are not there."""
    demand_sets()


def scores(suite: Suite, answers: dict[str, Sequence[Answer]]) -> dict[str, float]:
    """Score answers and return the score of each task."""
    report = score(suite, Predictions({task: tuple(found) for task, found in answers.items()}, "d"))
    return {task.task: float(task.sum) / (task.items * task.unit) for task in report.tasks}


def constant(suite: Suite, answer: Callable[[str], Answer] | Answer) -> dict[str, float]:
    """Score one answer to everything, or one that follows from the task's name."""
    given = {name: answer(name) if callable(answer) else answer for name in suite.truths}
    return scores(suite, {name: [given[name]] * len(truth.items) for name, truth in suite.truths.items()})


def alike(suite: Suite, answers: Sequence[Answer]) -> dict[str, float]:
    """Score the same answers on every task."""
    return scores(suite, dict.fromkeys(suite.truths, answers))


def intervals(suite: Suite, answers: Sequence[Answer]) -> tuple[Interval, Interval]:
    """Return the interval of the one task's score with its clusters, and as if each item stood for itself."""
    (task,) = suite.tasks
    truth = suite.truths[task.name]
    values = METRICS[task.metric].items(truth.labels, answers, task=task)
    found = [
        interval(values, clusters, unit=task.unit, metric=METRICS[task.metric])
        for clusters in (truth.clusters, truth.items)
    ]
    assert found[0] is not None
    assert found[1] is not None
    return found[0], found[1]


def column(files: Sequence[str], place: int) -> list[str]:
    """Read a column of tables straight from their bytes."""
    rows = [line for name in files for line in (FOLDER / name).read_text(encoding="utf-8").strip("\n").split("\n")]
    return [row.split("\t")[place] for row in rows]


def text_of(name: str) -> str:
    """Read a raw file as one text."""
    return (FOLDER / name).read_text(encoding="utf-8")


def width(found: Interval) -> float:
    """Return how wide an interval is."""
    return found.high - found.low


def test_always_one_topic_has_its_share_of_sib200(tmp_path: Path) -> None:
    files = [f"sib200/test.{language}.tsv" for language in SIB_LANGUAGES]
    counts = Counter(topic for topic in column(files, 1) if topic != "category")
    topic, count = counts.most_common(1)[0]
    share = count / sum(counts.values())
    suite = write_suite(tmp_path / "suite", [sib200(), sib200("macro_f1")])
    found = constant(suite, topic)
    assert found["sib200-accuracy"] == pytest.approx(share, abs=CLOSE)
    # precision is the share, recall is 1, and six other topics have 0
    assert found["sib200-macro-f1"] == pytest.approx(2 * share / (1 + share) / 7, abs=CLOSE)


@pytest.mark.parametrize(("made", "answer"), [(sib200, "travel"), (xcopa, "1"), (mgsm, "5")])
def test_items_that_say_the_same_make_a_score_less_sure(tmp_path: Path, made: Callable[[], Made], answer: str) -> None:
    suite = write_suite(tmp_path / "suite", [made()])
    clustered, alone = intervals(suite, [answer] * suite.size)
    languages = suite.size / len(set(suite.truths[suite.tasks[0].name].clusters))
    # labels are the same in all languages, so that they are worth one: the error grows by the root of their number
    assert clustered.error / alone.error == pytest.approx(math.sqrt(languages), rel=0.03)
    assert width(clustered) > width(alone) * 1.3


def picks(batch: Batch, place: int) -> list[Row]:
    """Let a model find one of the choices the most probable, whatever they say."""
    request = batch.requests[0]
    numbers = tuple(-1.0 if n == place else -2.0 - n for n in range(len(request.choices)))
    return [Row(item=one.item, cut=False, logprobs=numbers) for one in batch.requests]


def test_a_model_that_always_picks_the_first_choice(tmp_path: Path) -> None:
    suite = write_suite(tmp_path / "suite", [xcopa(), *exams(), hucola()])
    batches = batches_of(suite, parts=list(Part))
    found = scores(suite, dict(answers_of(suite, {batch: picks(batch, 0) for batch in batches})))
    firsts = "".join(text_of(f"xcopa/test.{language}.jsonl") for language in XCOPA_LANGUAGES).count('"label": 0')
    assert found["xcopa"] == pytest.approx(firsts / 1_500, abs=CLOSE)
    assert found["xcopa"] == 0.5
    rows = [json.loads(line) for line in RAW.archived_lines("exams/test.jsonl.tar.gz")]
    for count in (3, 4, 5):
        keys = Counter(row["answerKey"] for row in rows if len(row["question"]["choices"]) == count)
        del keys["@"]
        assert found[f"exams-{count}"] == pytest.approx(keys["A"] / keys.total(), abs=CLOSE)
    assert found["hucola"] == 0  # no correlation with what never changes


def test_the_right_choice_of_every_item_is_worth_all(tmp_path: Path) -> None:
    suite = write_suite(tmp_path / "suite", exams())
    rows = {}
    for batch in batches_of(suite, parts=list(Part)):
        truth = dict(zip(suite.truths[batch.task.name].items, suite.truths[batch.task.name].labels, strict=True))
        places = [batch.task.labels.index(truth[request.item]) for request in batch.requests]
        size = len(batch.task.labels)
        rows[batch] = [
            Row(item=request.item, cut=False, logprobs=tuple(-1.0 if n == place else -2.0 for n in range(size)))
            for request, place in zip(batch.requests, places, strict=True)
        ]
    assert set(scores(suite, dict(answers_of(suite, rows))).values()) == {1.0}


def test_accuracy_of_one_label_and_its_correlation_on_hucola(tmp_path: Path) -> None:
    made = hucola()
    accuracy = Made(task={**made.task, "metric": "accuracy"}, items=made.items, files=made.files)
    suite = write_suite(tmp_path / "suite", [accuracy])
    right = text_of("hulu/hucola_dev.json").count('"label": "1"')
    assert constant(suite, "1")["hucola"] == pytest.approx(right / 910, abs=CLOSE)


def test_one_answer_has_its_share_of_bbh(tmp_path: Path) -> None:
    suite = write_suite(tmp_path / "suite", bbh())
    first = {f"bbh-{name}".replace("_", "-"): labels[0] for name, labels in BBH.items()}
    first |= {f"bbh-{name}".replace("_", "-"): "8" for name in BBH_NUMBERS}
    found = constant(suite, first.__getitem__)
    for name in (*BBH, *BBH_NUMBERS):
        targets = Counter(row["target"] for row in json.loads(text_of(f"bbh/{name}.json"))["examples"])
        task = f"bbh-{name}".replace("_", "-")
        assert found[task] == pytest.approx(targets[first[task]] / targets.total(), abs=CLOSE)


@pytest.mark.parametrize("said", ["0", "5", "-10", "So she has 2125 of them.", ""])
def test_one_number_to_every_sum(tmp_path: Path, said: str) -> None:
    suite = write_suite(tmp_path / "suite", [gsm8k(), mgsm()])
    found = constant(suite, said)
    number = {"So she has 2125 of them.": "2,125"}.get(said, said)
    of_gsm8k = text_of("gsm8k/test.jsonl").count(f'#### {number}"')
    of_mgsm = column([f"mgsm/mgsm_{language}.tsv" for language in MGSM_LANGUAGES], 1).count(number)
    assert found == {
        "gsm8k": pytest.approx(of_gsm8k / 1_319, abs=CLOSE),
        "mgsm": pytest.approx(of_mgsm / 1_250, abs=CLOSE),
    }
    if said == "-10":
        assert of_gsm8k == 1  # and 10 is no answer to it, though a comparison of words would take it for one


def test_the_whole_solution_of_every_sum_is_right(tmp_path: Path) -> None:
    suite = write_suite(tmp_path / "suite", [gsm8k()])
    solutions = [json.loads(line)["answer"] for line in text_of("gsm8k/test.jsonl").splitlines()]
    assert scores(suite, {"gsm8k": solutions}) == {"gsm8k": 1.0}


def test_an_answer_and_its_neighbour_on_xquad(tmp_path: Path) -> None:
    suite = write_suite(tmp_path / "suite", [xquad("exact_match"), xquad("token_f1")])
    texts = [
        qa["answers"][0]["text"]
        for language in XQUAD_LANGUAGES
        for article in json.loads(text_of(f"xquad/xquad.{language}.json"))["data"]
        for paragraph in article["paragraphs"]
        for qa in paragraph["qas"]
    ]
    right = alike(suite, texts)
    assert right == {"xquad-exact-match": 1.0, "xquad-token-f1": 1.0}
    padded = alike(suite, [f"{text} zzz" for text in texts])
    assert padded["xquad-exact-match"] == 0
    assert 0.5 < padded["xquad-token-f1"] < 1
    assert constant(suite, "zzz") == {"xquad-exact-match": 0, "xquad-token-f1": 0}


@pytest.mark.parametrize("language", ["deu", "fin"])
def test_a_copy_of_the_source_scores_as_sacrebleu_says(tmp_path: Path, language: str) -> None:
    suite = write_suite(tmp_path / "suite", [ntrex(language, "chrf"), ntrex(language, "bleu")])
    files = ("ntrex/newstest2019-src.eng.txt", f"ntrex/newstest2019-ref.{language}.txt")
    source, target = (text_of(name).rstrip("\n").split("\n") for name in files)
    found = alike(suite, source)
    assert found[f"ntrex-{language}-chrf"] == pytest.approx(
        sacrebleu.corpus_chrf(source, [target]).score / 100, abs=1e-5
    )
    assert found[f"ntrex-{language}-bleu"] == pytest.approx(
        sacrebleu.corpus_bleu(source, [target]).score / 100, abs=1e-5
    )


def test_sentences_of_one_document_make_a_score_less_sure(tmp_path: Path) -> None:
    suite = write_suite(tmp_path / "suite", [ntrex("deu", "chrf")])
    clustered, alone = intervals(suite, text_of("ntrex/newstest2019-src.eng.txt").rstrip("\n").split("\n"))
    assert width(clustered) > width(alone)


def test_a_model_to_which_every_byte_is_as_probable_needs_eight_bits_a_byte(tmp_path: Path) -> None:
    suite = write_suite(tmp_path / "suite", [ntrex("deu", "bits_per_byte")])
    rows = {}
    for batch in batches_of(suite, parts=list(Part)):
        rows[batch] = [
            Row(item=one.item, cut=False, logprobs=(-8 * math.log(2) * len(one.prompt.encode()),))
            for one in batch.requests
        ]
    found = scores(suite, dict(answers_of(suite, rows)))
    assert found == {"ntrex-deu-bits-per-byte": pytest.approx(8, abs=1e-5)}
    same = scores(suite, {"ntrex-deu-bits-per-byte": [Decimal(-100)] * 1_997})
    size = len((FOLDER / "ntrex/newstest2019-ref.deu.txt").read_bytes().replace(b"\r\n", b""))
    assert same == {"ntrex-deu-bits-per-byte": pytest.approx(100 * 1_997 / math.log(2) / size, abs=1e-5)}


def test_correlations_on_ro_sts(tmp_path: Path) -> None:
    suite = write_suite(tmp_path / "suite", [rosts("pearson"), rosts("spearman")])
    truth = [Decimal(number) for number in column(["rosts/RO-STS.test.tsv"], 0)]
    assert constant(suite, Decimal("2.5")) == {"ro-sts-pearson": 0, "ro-sts-spearman": 0}
    straight = alike(suite, [number / 5 + 1 for number in truth])
    assert straight == {"ro-sts-pearson": pytest.approx(1, abs=CLOSE), "ro-sts-spearman": pytest.approx(1, abs=CLOSE)}
    turned = alike(suite, [-number for number in truth])
    assert turned == {"ro-sts-pearson": pytest.approx(-1, abs=CLOSE), "ro-sts-spearman": pytest.approx(-1, abs=CLOSE)}
    bent = alike(suite, [number**3 for number in truth])
    assert bent["ro-sts-pearson"] < 0.99
    assert bent["ro-sts-spearman"] == pytest.approx(1, abs=CLOSE)
