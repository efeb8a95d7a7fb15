"""Readers of the public sets in which something is written, judged probable, or given a number."""

import json

from evaluation.public_sets.making import Item, Made
from evaluation.public_sets.raw import Raw

MGSM_LANGUAGES = ("de", "en", "es", "fr", "ru")
XQUAD_LANGUAGES = ("de", "el", "en", "es", "ro")
HUMANEVAL_STOPS = ["\nclass", "\ndef", "\n#", "\nif", "\nprint"]
NUMBERS = {"kind": "text", "metric": "number_match", "floor": 0, "ceiling": 1}
SUMS = {"by": "text", "prompt": "{{ question }}\nAnswer:", "stop": ["\n\n"], "tokens": 400}


def gsm8k(raw: Raw) -> Made:
    """Make a task of sums, of which the last number counts."""
    file = "gsm8k/test.jsonl"
    items = [
        Item(name=f"gsm8k-{n}", label=row["answer"].split("####")[1].strip(), asks={"question": row["question"]})
        for n, row in enumerate(raw.objects(file))
    ]
    source = {"source": "GSM8K, github.com/openai/grade-school-math", "licence": "MIT", "languages": ["en"]}
    return Made(task={**NUMBERS, "name": "gsm8k", "title": "GSM8K", "ask": SUMS, **source}, items=items, files=[file])


def mgsm(raw: Raw) -> Made:
    """Make one task of five languages; the same sum in all of them is a cluster. The files have no header."""
    items, files = [], [f"mgsm/mgsm_{language}.tsv" for language in MGSM_LANGUAGES]
    for language, file in zip(MGSM_LANGUAGES, files, strict=True):
        for n, line in enumerate(raw.lines(file)):
            question, answer = line.split("\t")
            items.append(Item(name=f"{language}/{n}", label=answer, cluster=str(n), asks={"question": question}))
    source = {"source": "MGSM, github.com/google-research/url-nlp", "licence": "CC-BY-4.0"}
    more = {"languages": list(MGSM_LANGUAGES), "ask": SUMS, **source}
    return Made(task={**NUMBERS, "name": "mgsm", "title": "MGSM", **more}, items=items, files=files, parallel=True)


def xquad(raw: Raw, metric: str) -> Made:
    """Make one task of five languages; a question in all of them is a cluster."""
    items, files = [], [f"xquad/xquad.{language}.json" for language in XQUAD_LANGUAGES]
    for language, file in zip(XQUAD_LANGUAGES, files, strict=True):
        paragraphs = [paragraph for article in raw.whole(file)["data"] for paragraph in article["paragraphs"]]
        for paragraph in paragraphs:
            for one in paragraph["qas"]:
                accepted = "\n".join(answer["text"].strip() for answer in one["answers"])
                asks = {"context": paragraph["context"], "question": one["question"]}
                items.append(Item(name=f"{language}/{one['id']}", label=accepted, cluster=one["id"], asks=asks))
    prompt = "{{ context }}\n\n{{ question }}\nAnswer:"
    task = {
        "kind": "text", "metric": metric, "floor": 0, "ceiling": 1, "name": f"xquad-{metric.replace('_', '-')}",
        "title": "XQuAD", "languages": list(XQUAD_LANGUAGES), "source": "XQuAD, github.com/google-deepmind/xquad",
        "licence": "CC-BY-SA-4.0", "ask": {"by": "text", "prompt": prompt, "stop": ["\n"], "tokens": 64},
    }  # fmt: skip
    return Made(task=task, items=items, files=files, parallel=True)


def ntrex(raw: Raw, language: str, metric: str) -> Made:
    """Make a task of translation from English, or of how probable the translations are; documents are clusters."""
    files = ["ntrex/newstest2019-src.eng.txt", f"ntrex/newstest2019-ref.{language}.txt", "ntrex/DOCUMENT_IDS.tsv"]
    items = []
    for n, (source, target, document) in enumerate(zip(*map(raw.lines, files), strict=True)):
        is_likelihood = metric == "bits_per_byte"
        label = str(len(target.encode())) if is_likelihood else target
        asks = {"text": target} if is_likelihood else {"text": source}
        items.append(Item(name=f"{language}-{n}", label=label, cluster=document, asks=asks))
    by_text = {"by": "text", "prompt": "English: {{ text }}\nTranslation:", "stop": ["\n"], "tokens": 256}
    task = {
        "name": f"ntrex-{language}-{metric.replace('_', '-')}", "title": "NTREX", "metric": metric,
        "source": "NTREX-128, github.com/MicrosoftTranslator/NTREX", "licence": "CC-BY-SA-4.0",
    }  # fmt: skip
    if metric == "bits_per_byte":
        more = {"kind": "likelihood", "floor": 8, "ceiling": 0, "ask": {"by": "likelihood", "prompt": "{{ text }}"}}
    else:
        more = {"kind": "text", "floor": 0, "ceiling": 1, "ask": by_text}
    return Made(task={**task, **more}, items=items, files=files)


def rosts(raw: Raw, metric: str) -> Made:
    """Make a task of likeness from 0 to 5, to which teams send predictions. The file has no header."""
    file = "rosts/RO-STS.test.tsv"
    items = [Item(name=f"ro-{n}", label=line.split("\t")[0]) for n, line in enumerate(raw.lines(file))]
    task = {
        "name": f"ro-sts-{metric}", "title": "RO-STS", "kind": "regression", "metric": metric, "floor": 0, "ceiling": 1,
        "languages": ["ro"], "source": "RO-STS, github.com/dumitrescustefan/RO-STS", "licence": "CC-BY-SA-4.0",
    }  # fmt: skip
    return Made(task=task, items=items, files=[file])


def humaneval_rows(raw: Raw) -> list[dict[str, str]]:
    """Read HumanEval."""
    return [json.loads(line) for line in raw.packed_lines("humaneval/HumanEval.jsonl.gz")]


def humaneval(raw: Raw) -> Made:
    """Make a task of programs; the truth is its authors' tests and a call of them."""
    items = [
        Item(
            name=row["task_id"],
            label=f"{row['test']}\ncheck({row['entry_point']})\n",
            asks={"prompt": row["prompt"]},
        )
        for row in humaneval_rows(raw)
    ]
    task = {
        "name": "humaneval", "title": "HumanEval", "kind": "code", "metric": "pass_at_k", "floor": 0, "ceiling": 1,
        "source": "HumanEval, github.com/openai/human-eval", "licence": "MIT", "samples": 2, "k": 1,
        "ask": {"by": "text", "prompt": "{{ prompt }}", "stop": HUMANEVAL_STOPS, "tokens": 512},
    }  # fmt: skip
    return Made(task=task, items=items, files=["humaneval/HumanEval.jsonl.gz"])
