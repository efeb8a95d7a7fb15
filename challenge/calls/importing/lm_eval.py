"""Reads task files of the LM Evaluation Harness (YAML) into the tasks of a suite; nothing in them is ever called."""

import re
from collections.abc import Sequence

from challenge.calls.importing.drafts import Board, BoardMetric, Draft, DraftSuite, Template
from challenge.calls.importing.ledger import Ledger
from challenge.calls.importing.suite_files import TaskPlan, suite_file
from challenge.calls.positions import Path, Plain

NAME = "LM Evaluation Harness"

METRICS = {
    ("multiple_choice", "acc"): ("classification", "accuracy", True),
    ("multiple_choice", "mcc"): ("classification", "matthews_correlation", True),
    ("multiple_choice", "brier_score"): ("distribution", "brier", False),
    ("generate_until", "exact_match"): ("text", "exact_match", True),
    ("generate_until", "bleu"): ("text", "bleu", True),
    ("generate_until", "chrf"): ("text", "chrf", True),
    ("loglikelihood_rolling", "bits_per_byte"): ("likelihood", "bits_per_byte", False),
}
"""By way of asking and metric there: kind and metric here, and whether higher is better."""
_WAYS = {"multiple_choice": "choices", "generate_until": "text", "loglikelihood_rolling": "likelihood"}
_KINDS = {"multiple_choice": "classification", "generate_until": "text", "loglikelihood_rolling": "likelihood"}
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_LABEL = re.compile(r"[^\s{}][^\n{}]*")
MOST_STOPS, LONGEST_STOP, MOST_TOKENS = 8, 40, 4096

_KEYS = {
    "tag": "A suite has no tags.",
    "group": "A suite is a group of its own.",
    "dataset_kwargs": "Nothing is fetched from elsewhere; the suite has to hold its items.",
    "training_split": "A suite holds the items that are asked, and no others.",
    "validation_split": "A suite holds the items that are asked, and no others.",
    "fewshot_split": "Prompts hold no examples but those written into the template.",
    "fewshot_delimiter": "Prompts hold no examples but those written into the template.",
    "fewshot_config": "Prompts hold no examples but those written into the template.",
    "process_docs": "Items are asked as the suite holds them.",
    "process_results": "Scores are computed by the suite's metric.",
    "use_prompt": "Prompts are written out in the suite.",
    "unsafe_code": "Code runs in a sandbox alone, whatever a task says.",
    "doc_to_image": "A language model is asked by texts.",
    "doc_to_audio": "A language model is asked by texts.",
    "should_decontaminate": "A suite has a canary for that.",
    "doc_to_decontamination_query": "A suite has a canary for that.",
    "custom_dataset": "Nothing is fetched from elsewhere; the suite has to hold its items.",
}
_CHANGES = {
    "repeats": "Every item is asked once.",
    "filter_list": "Answers are scored as they are written, without a filter.",
    "gen_prefix": "Nothing is put into the model's mouth; write it at the end of the prompt.",
    "num_fewshot": "Prompts hold no examples but those written into the template.",
}
"""Keys whose loss changes scores, with the reason."""
_NEUTRAL = {"repeats": "1", "filter_list": "[]", "gen_prefix": "", "num_fewshot": "0"}
"""The values of these keys that change nothing, beside none at all."""
_COMPARING = ("ignore_case", "ignore_punctuation", "ignore_numbers", "regexes_to_ignore", "hf_evaluate")
_SET_ASIDE = frozenset({"none", "false", "no", "0", "[]", ""})
"""What leaves a way of comparing out."""


def fits(file: str, plain: Plain) -> bool:
    """Tell whether a configuration is a task of the harness."""
    keys = plain.keys() if isinstance(plain, dict) else set()
    named = isinstance(plain, dict) and (isinstance(plain.get("task"), str) or "include" in keys)
    return (
        file.endswith((".yaml", ".yml"))
        and named
        and bool({"doc_to_text", "doc_to_target", "dataset_path", "output_type", "metric_list", "include"} & keys)
    )


def groups(plain: Plain) -> bool:
    """Tell a file that only names tasks of the harness, and holds none."""
    return isinstance(plain, dict) and "group" in plain and isinstance(plain.get("task"), list)


def read(ledgers: Sequence[Ledger]) -> Draft:
    """Read the task files as one suite."""
    plans = [_task(ledger) for ledger in ledgers]
    title = plans[0].title if len(plans) == 1 else f"{len(plans)} tasks"
    templates = tuple(template for plan in plans for template in plan.templates)
    metrics = tuple(metric for plan in plans for metric in plan.metrics)
    return Draft(
        format=NAME,
        zone=ledgers[0].desk.zone or "UTC",
        boards=(Board(title, metrics),),
        suites=(DraftSuite(title, manifest=suite_file(title, plans), templates=templates),),
        files=tuple(dict.fromkeys(ledgers[0].desk.named)),
    )


def _task(ledger: Ledger) -> TaskPlan:
    name = ledger.text(("task",), "the name of the task")
    title = ledger.text(("task_alias",), "the title of the task") or name
    ledger.leave_known((), _KEYS)
    for key, why in _CHANGES.items():
        value = ledger.at((key,))
        ledger.leave((key,), why)
        if value is not None and str(value).strip() != _NEUTRAL[key]:
            ledger.doubt((key,), f"{why} Scores will not be those of the harness.")
    way = ledger.text(("output_type",), "how the task is asked") or "generate_until"
    if way not in _WAYS:
        ledger.error(("output_type",), f"{way[:40]!r} is no way of asking here. Write one of {', '.join(_WAYS)}.")
    plan = TaskPlan(name=name, title=title or "Task", by=_WAYS.get(way, "text"), kind=_KINDS.get(way, "text"))
    plan.source = _source(ledger)
    metadata = ledger.at(("metadata",))
    for key in metadata if isinstance(metadata, dict) else ():
        ledger.leave(("metadata", key), "A task has no further fields.")
    plan.version = ledger.text(("metadata", "version"), "the version of the suite")
    _read_prompt(ledger, plan, way)
    _read_writing(ledger, plan, way)
    _read_metrics(ledger, plan, way)
    return plan


def _source(ledger: Ledger) -> str:
    told = [
        f"{words} {found}"
        for key, words in (("dataset_path", "data set"), ("dataset_name", "part"), ("test_split", "split"))
        if (found := ledger.text((key,), "the source of the task; nothing is fetched"))
    ]
    return ", ".join(told)


def _read_prompt(ledger: Ledger, plan: TaskPlan, way: str) -> None:
    """Read the templates; each is kept with its place, so that whoever reads templates can say what is wrong."""
    intro = _template(ledger, ("description",), plan, "the beginning of the prompt", words=True)
    asks = "doc_to_target" if way == "loglikelihood_rolling" else "doc_to_text"
    plan.prompt = intro + _template(ledger, (asks,), plan, "the prompt")
    for key in ("doc_to_text", "doc_to_target"):
        if key != asks and ledger.has((key,)):
            why = (
                "What is right stands in the suite's items." if key == "doc_to_target" else "The text itself is asked."
            )
            ledger.leave((key,), why)
    delimiter = ledger.single(("target_delimiter",), "what stands between the prompt and each choice")
    before = " " if delimiter is None else str(delimiter)
    choices = ledger.at(("doc_to_choice",))
    if isinstance(choices, list):
        plan.choices = [
            before + _template(ledger, ("doc_to_choice", n), plan, "a choice", words=True) for n in range(len(choices))
        ]
        texts = [str(choice).strip() for choice in choices]
        plain = all(_LABEL.fullmatch(text) for text in texts) and len(set(texts)) == len(texts)
        plan.labels = texts if plain else [f"choice-{number}" for number in range(1, len(texts) + 1)]
    elif ledger.has(("doc_to_choice",)):
        _template(ledger, ("doc_to_choice",), plan, "the choices")
        ledger.doubt(("doc_to_choice",), "How many choices an item has is not said. Write one template for each label.")


def _template(ledger: Ledger, path: Path, plan: TaskPlan, into: str, *, words: bool = False) -> str:
    """Take a template; one word without braces is the name of a column, unless `words` are wanted."""
    value = ledger.take(path, into)
    if value is None or isinstance(value, dict | list):
        if isinstance(value, dict | list):
            ledger.error(path, "A template belongs here, as one text. Write fields as {{ name }}.")
        return ""
    text = str(value)
    if not words and _WORD.fullmatch(text.strip()):
        text = "{{ " + text.strip() + " }}"
    plan.templates.append(Template(ledger.file_of(path), ledger.line(path), str(path[0]), text))
    return text


def _read_writing(ledger: Ledger, plan: TaskPlan, way: str) -> None:
    """Read where an answer ends; how a model chooses its words is the engine's, which takes the likeliest."""
    given, top = ledger.at(("generation_kwargs",)), ("generation_kwargs",)
    until = ledger.take((*top, "until"), "where writing ends")
    if any(isinstance(one, dict | list) for one in (until if isinstance(until, list) else [until])):
        ledger.error((*top, "until"), 'Texts that end the writing belong here. Write them as a list, such as ["Q:"].')
    stops = [str(one) for one in until] if isinstance(until, list) else [] if until is None else [str(until)]
    plan.stop = [stop for stop in stops if 0 < len(stop) <= LONGEST_STOP][:MOST_STOPS]
    if plan.stop != stops:
        ledger.doubt((*top, "until"), f"At most {MOST_STOPS} texts of 1 to {LONGEST_STOP} characters end the writing.")
    for key in ("max_gen_toks", "max_tokens", "max_new_tokens"):
        plan.tokens = (
            ledger.number((*top, key), "how many tokens are written", least=1, most=MOST_TOKENS) or plan.tokens
        )
    for key in given if isinstance(given, dict) else ():
        if key not in {"until", "max_gen_toks", "max_tokens", "max_new_tokens"}:
            ledger.leave((*top, key), "Engines write the likeliest answer.")
    if str(ledger.at((*top, "do_sample"))).lower() in {"true", "yes"}:
        ledger.doubt(
            (*top, "do_sample"), "Engines write the likeliest answer. Scores will not be those of the harness."
        )
    if way != "generate_until" and ledger.has(top):
        ledger.leave(top, "Only where a model writes does its writing end.")


def _read_metrics(ledger: Ledger, plan: TaskPlan, way: str) -> None:
    """Read the metrics: the first that is computed here becomes the task's, with its direction held against ours."""
    top: Path = ("metric_list",)
    for path in ledger.children(top, "metrics"):
        name = str(ledger.at((*path, "metric")))
        known = METRICS.get((way, name))
        if known is None or plan.metric:
            why = (
                "A task has one metric; the first that is known here counts."
                if known
                else "This metric is not computed here."
            )
            ledger.leave(path, why)
            continue
        plan.kind, plan.metric, higher = known
        ledger.text((*path, "metric"), f"the metric {plan.metric}")
        ledger.leave((*path, "aggregation"), "A metric here says itself how items are put together.")
        said = ledger.flag((*path, "higher_is_better"), "the direction, which the metric has here of itself")
        if said is not None and said is not higher:
            way_here = "higher" if higher else "lower"
            ledger.doubt(
                (*path, "higher_is_better"),
                f"Of {plan.metric} {way_here} is better. Correct this line.",
                (*path, "metric"),
            )
        for key in _COMPARING:
            why = f"How {plan.metric} compares is the same for all suites."
            ledger.leave((*path, key), why)
            if key != "hf_evaluate" and str(ledger.at((*path, key))).lower() not in _SET_ASIDE:
                ledger.doubt((*path, key), f"{why} Scores will not be those of the harness.")
        plan.metrics.append(BoardMetric(plan.metric, f"{plan.title}: {plan.metric}", higher, ledger.line(path)))
    if not plan.metric:
        ledger.doubt(top, "No metric of this task is computed here. Write one into the suite.")
