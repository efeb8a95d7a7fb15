"""Readers of the public sets in which one of several answers is chosen."""

import json
from collections.abc import Sequence

from evaluation.public_sets.making import Item, Made
from evaluation.public_sets.raw import Raw

TOPICS = ("entertainment", "geography", "health", "politics", "science/technology", "sports", "travel")
SIB_LANGUAGES = {
    "bul_Cyrl": "bg", "ces_Latn": "cs", "dan_Latn": "da", "deu_Latn": "de", "ell_Grek": "el", "eng_Latn": "en",
    "est_Latn": "et", "fin_Latn": "fi", "fra_Latn": "fr", "gle_Latn": "ga", "hrv_Latn": "hr", "hun_Latn": "hu",
    "ita_Latn": "it", "lit_Latn": "lt", "lvs_Latn": "lv", "mlt_Latn": "mt", "nld_Latn": "nl", "pol_Latn": "pl",
    "por_Latn": "pt", "ron_Latn": "ro", "slk_Latn": "sk", "slv_Latn": "sl", "spa_Latn": "es", "swe_Latn": "sv",
}  # fmt: skip
XCOPA_LANGUAGES = ("et", "it", "tr")
BBH = {
    "boolean_expressions": ("False", "True"),
    "date_understanding": ("(A)", "(B)", "(C)", "(D)", "(E)", "(F)"),
    "navigate": ("No", "Yes"),
    "penguins_in_a_table": ("(A)", "(B)", "(C)", "(D)", "(E)"),
    "snarks": ("(A)", "(B)"),
    "web_of_lies": ("No", "Yes"),
}
BBH_NUMBERS = ("multistep_arithmetic_two", "object_counting")
BY_TEXT = {"by": "text", "prompt": "{{ question }}\nAnswer:", "stop": ["\n"], "tokens": 8}


def choice_of(labels: Sequence[str], *, metric: str = "accuracy", **more: object) -> dict[str, object]:
    """Describe a task of choices, whose floor is the level of chance."""
    floor = 0 if metric == "matthews_correlation" else f"{1 / len(labels):.6f}"
    return {"kind": "classification", "metric": metric, "floor": floor, "ceiling": 1, "labels": list(labels), **more}


def sib200(raw: Raw, metric: str = "accuracy") -> Made:
    """Make one task of all languages; the same sentence in all of them is a cluster."""
    files = [f"sib200/test.{language}.tsv" for language in SIB_LANGUAGES]
    items = []
    for file in files:
        language = SIB_LANGUAGES[file.split(".")[1]]
        _head, *rows = raw.lines(file)
        for row in rows:
            number, topic, text = row.split("\t")
            items.append(Item(name=f"{language}/{number}", label=topic, cluster=number, asks={"text": text}))
    prompt = "{{ text }}\nTopic:"
    ask = {"by": "choices", "prompt": prompt, "choices": [f" {topic}" for topic in TOPICS]}
    source = "SIB-200, github.com/dadelani/sib-200; sentences of FLORES-200"
    task = choice_of(TOPICS, metric=metric, name=f"sib200-{metric.replace('_', '-')}", title="SIB-200", ask=ask)
    task |= {"source": source, "licence": "CC-BY-SA-4.0", "languages": sorted(SIB_LANGUAGES.values())}
    return Made(task=task, items=items, files=files, parallel=metric == "accuracy")


def xcopa(raw: Raw) -> Made:
    """Make one task of three languages; the same question in all of them is a cluster."""
    items = []
    for language in XCOPA_LANGUAGES:
        for row in raw.objects(f"xcopa/test.{language}.jsonl"):
            asks = {name: row[name] for name in ("premise", "choice1", "choice2", "question")}
            label = str(row["label"] + 1)
            items.append(Item(name=f"{language}/{row['idx']}", label=label, cluster=str(row["idx"]), asks=asks))
    ask = {
        "by": "choices", "prompt": "{{ premise }} ({{ question }})", "choices": [" {{ choice1 }}", " {{ choice2 }}"],
    }  # fmt: skip
    task = choice_of(("1", "2"), name="xcopa", title="XCOPA", languages=list(XCOPA_LANGUAGES), ask=ask)
    source = "XCOPA, github.com/cambridgeltl/xcopa"
    files = [f"xcopa/test.{language}.jsonl" for language in XCOPA_LANGUAGES]
    return Made(task={**task, "source": source, "licence": "CC-BY-4.0"}, items=items, files=files, parallel=True)


def exams(raw: Raw) -> list[Made]:
    """Make a task for each number of choices; three rows have no right answer and are left out."""
    file = "exams/test.jsonl.tar.gz"
    rows = [json.loads(line) for line in raw.archived_lines(file)]
    made = []
    for count in (3, 4, 5):
        labels, items, left_out = "ABCDE"[:count], [], 0
        for row in (row for row in rows if len(row["question"]["choices"]) == count):
            choices = {one["label"]: one["text"] for one in row["question"]["choices"]}
            if row["answerKey"] not in choices:
                left_out += 1
                continue
            asks = {"stem": row["question"]["stem"], "options": "\n".join(f"{k}. {v}" for k, v in choices.items())}
            items.append(Item(name=row["id"], label=row["answerKey"], asks=asks))
        # asked by letters, as some rows have two choices of the same words
        ask = {
            "by": "choices", "prompt": "{{ stem }}\n{{ options }}\nAnswer:", "choices": [f" {one}" for one in labels],
        }  # fmt: skip
        task = choice_of(labels, name=f"exams-{count}", title=f"EXAMS, {count} choices", ask=ask)
        source = "EXAMS, github.com/mhardalov/exams-qa"
        task = {**task, "source": source, "licence": "CC-BY-SA-4.0"}
        made.append(Made(task=task, items=items, files=[file], left_out=left_out))
    return made


def hucola(raw: Raw) -> Made:
    """Make a task of whether a Hungarian sentence is well formed."""
    file = "hulu/hucola_dev.json"
    items = [Item(name=row["id"], label=row["label"], asks={"text": row["Sent"]}) for row in raw.whole(file)]
    ask = {"by": "choices", "prompt": "{{ text }}\nHelyes?", "choices": [" nem", " igen"]}
    task = choice_of("01", metric="matthews_correlation", name="hucola", title="HuCOLA", languages=["hu"], ask=ask)
    return Made(
        task={**task, "source": "HuCOLA, github.com/nytud/HuCOLA", "licence": "CC-BY-SA-4.0"}, items=items, files=[file]
    )


def bbh(raw: Raw) -> list[Made]:
    """Make a task of each file of BIG-Bench Hard, and keep the canary of each."""
    made = []
    for name in (*BBH, *BBH_NUMBERS):
        file = f"bbh/{name}.json"
        found = raw.whole(file)
        items = [
            Item(name=f"{name}-{number}", label=row["target"], asks={"question": row["input"]})
            for number, row in enumerate(found["examples"])
        ]
        number = {"kind": "text", "metric": "number_match", "floor": 0, "ceiling": 1, "ask": {**BY_TEXT, "tokens": 256}}
        about = {"name": f"bbh-{name}".replace("_", "-"), "title": name.replace("_", " "), "canary": found["canary"]}
        about |= {"source": "BIG-Bench Hard, github.com/suzgunmirac/BIG-Bench-Hard", "licence": "MIT"}
        task = {**(choice_of(BBH[name], ask=BY_TEXT) if name in BBH else number), **about}
        made.append(Made(task=task, items=items, files=[file]))
    return made
