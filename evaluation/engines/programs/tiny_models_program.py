"""Trains tiny language models and writes the suite they are tried on, so that the whole way can be walked anywhere.

    python tiny_models_program.py OUT STEPS [STEPS …]

writes OUT/suite and, for each number of steps of training, a model OUT/tiny-STEPS of 190,000 parameters in Hugging Face
format; a processor does some 25 steps a second. All come from one training, so a later one is the better one. The
models learn three small languages of made-up sentences: which of two numbers is the larger, what was said of a thing
before, and two words translated. The suite's items are kept out of the training. Sentences have fewer than 64 tokens,
but a model reads 1,024, so that it can be asked what it knows nothing of. It runs in the environment of the engine
lm-eval.
"""

import csv
import json
import random
import sys
import time
from pathlib import Path

WORDS = {
    "en": ["cat", "dog", "sun", "moon", "tree", "fish", "bird", "stone", "river", "house"],
    "es": ["gato", "perro", "sol", "luna", "árbol", "pez", "pájaro", "piedra", "río", "casa"],
    "de": ["Katze", "Hund", "Sonne", "Mond", "Baum", "Fisch", "Vogel", "Stein", "Fluss", "Haus"],
    "fi": ["kissa", "koira", "aurinko", "kuu", "puu", "kala", "lintu", "kivi", "joki", "talo"],
}
LANGUAGES = ("es", "de", "fi")
CHOICES, TRANSLATIONS = 300, 40
ENDING = "<|endoftext|>"
BATCH, RATE, WARM_UP = 64, 3e-3, 50
LEARNED, READ = 64, 1_024
"""Places of a text: those that training sees, and those that a saved model has."""


def larger(rng):
    """Ask for the larger of two numbers; return prompt, answer, and what is asked apart from its wording."""
    one, other = rng.sample(range(100), 2)
    return f"max {one:02d} {other:02d} =", f"{max(one, other):02d}", ("larger", one, other)


def recalled(rng):
    """Ask for the number that one of three things was said to have."""
    things, numbers, which = rng.sample(WORDS["en"], 3), rng.sample(range(10), 3), rng.randrange(3)
    said = " ".join(f"{thing} is {number} ." for thing, number in zip(things, numbers, strict=True))
    return f"{said} {things[which]} is", str(numbers[which]), ("recalled", *things, *numbers, which)


def translated(rng, language=None):
    """Ask for two words in another language."""
    language = language or rng.choice(LANGUAGES)
    places = rng.sample(range(10), 2)
    words = [" ".join(WORDS[one][place] for place in places) for one in ("en", language)]
    return f"{language}: {words[0]} ->", words[1], ("translated", language, *places)


def main(out, marks):
    """Write the suite, then train and save one model after the other."""
    rng = random.Random(7)  # noqa: S311  # the same items everywhere
    held_out = write_suite(out / "suite", rng)
    train(out, sorted(marks), held_out, random.Random(0))  # noqa: S311  # the same training
    return 0


def write_suite(folder, rng, choices=CHOICES, translations=TRANSLATIONS):
    """Write the suite's files and return what its items ask, so that no training asks the same."""
    tasks, held_out = [], set()
    for name, make, title in (
        ("larger", larger, "The larger of two numbers"),
        ("recalled", recalled, "What was said before"),
    ):
        items = unlike(make, choices, rng, held_out)
        write_choices(folder, name, items, rng)
        ask = {"by": "choices", "prompt": "{{ question }}", "choices": [f" {{{{ choices[{n}] }}}}" for n in range(4)]}
        tasks.append(
            {"name": name, "title": title, "kind": "classification", "metric": "accuracy", "floor": 0.25, "ceiling": 1,
             "labels": ["A", "B", "C", "D"], "languages": ["en"], "ask": ask}
        )  # fmt: skip
    for language in LANGUAGES:
        name = f"translated-{language}"
        items = unlike(lambda rng, language=language: translated(rng, language), translations, rng, held_out)
        write_items(folder, name, [(question, answer, {"question": question}) for question, answer in items])
        ask = {"by": "text", "prompt": "{{ question }}", "stop": ["\n"], "tokens": 16}
        tasks.append(
            {"name": name, "title": f"Two words translated, {language}", "kind": "text", "metric": "exact_match",
             "floor": 0, "ceiling": 1, "languages": ["en", language], "ask": ask}
        )  # fmt: skip
    manifest = {
        "name": "tiny-languages",
        "version": "1",
        "title": "Three tiny languages",
        "split": {"seed": 2026, "public_share": 0.3},
        "tasks": tasks,
    }
    # JSON is YAML, and needs no further package here
    (folder / "suite.yaml").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return held_out


def unlike(make, count, rng, held_out):
    """Draw so many different items and note what they ask."""
    items = []
    while len(items) < count:
        question, answer, asked = make(rng)
        if asked not in held_out:
            held_out.add(asked)
            items.append((question, answer))
    return items


def write_choices(folder, name, items, rng):
    rows = []
    for question, answer in items:
        wrong = [f"{number:0{len(answer)}d}" for number in range(10 ** len(answer))]
        wrong.remove(answer)
        choices = [answer, *rng.sample(wrong, 3)]
        rng.shuffle(choices)
        rows.append((question, "ABCD"[choices.index(answer)], {"question": question, "choices": choices}))
    write_items(folder, name, rows)


def write_items(folder, name, rows):
    """Write what is right and what is asked into their two files."""
    for kind in ("items", "inputs"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    with (folder / "items" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["item", "label"])
        writer.writerows((f"{name}-{number}", label) for number, (_, label, _) in enumerate(rows, start=1))
    with (folder / "inputs" / f"{name}.jsonl").open("w", encoding="utf-8") as file:
        for number, (_, _, fields) in enumerate(rows, start=1):
            file.write(json.dumps({"item": f"{name}-{number}", **fields}, ensure_ascii=False) + "\n")


def train(out, marks, held_out, rng):
    """Train one model and save it whenever its number of steps reaches one of the marks."""
    import logging

    logging.disable(logging.WARNING)
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.set_num_threads(1)
    torch.manual_seed(0)
    tokenizer = tokenizer_of()
    config = GPT2Config(
        vocab_size=len(tokenizer), n_positions=LEARNED, n_embd=64, n_layer=2, n_head=4,
        bos_token_id=0, eos_token_id=0, pad_token_id=0, resid_pdrop=0, embd_pdrop=0, attn_pdrop=0,
    )  # fmt: skip
    model = GPT2LMHeadModel(config)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01)
    step = 0
    for mark in marks:
        while step < mark:
            batch = tokenizer([sentence(rng, held_out) for _ in range(BATCH)], padding=True, return_tensors="pt")
            labels = batch.input_ids.masked_fill(batch.attention_mask == 0, -100)
            step += 1
            for group in optimizer.param_groups:
                group["lr"] = RATE * min(1, step / WARM_UP) * (1 - 0.95 * step / marks[-1])
            model(input_ids=batch.input_ids, attention_mask=batch.attention_mask, labels=labels).loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
        name = out / f"tiny-{mark}"
        lengthened(model).save_pretrained(name)
        tokenizer.save_pretrained(name)
        sys.stdout.write(json.dumps({"model": name.name, "cpu_seconds": round(time.process_time(), 1)}) + "\n")
        sys.stdout.flush()


def lengthened(model):
    """Copy a model so that it reads READ tokens: what it learned of its places is said of all that follow, in turn."""
    import copy

    config = copy.deepcopy(model.config)
    config.n_positions = READ
    longer = type(model)(config)
    state = model.state_dict()
    places = state["transformer.wpe.weight"]
    state["transformer.wpe.weight"] = places.repeat(READ // len(places), 1)
    longer.load_state_dict(state)
    return longer


def sentence(rng, held_out):
    """Draw one sentence to learn from; none that the suite asks for."""
    while True:
        question, answer, asked = rng.choice((larger, recalled, translated))(rng)
        if asked not in held_out:
            return f"{question} {answer}\n{ENDING}"


def tokenizer_of():
    """Make a tokenizer of some four hundred pieces, the words among them."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    pieces = Tokenizer(models.BPE())
    pieces.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    pieces.decoder = decoders.ByteLevel()
    every_word = " ".join(word for words in WORDS.values() for word in words)
    trainer = trainers.BpeTrainer(
        vocab_size=512,
        special_tokens=[ENDING],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    pieces.train_from_iterator([every_word] * 300 + ["max is . = -> : es de fi"] * 50, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=pieces, eos_token=ENDING, bos_token=ENDING, pad_token=ENDING, model_max_length=READ
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), [int(number) for number in sys.argv[2:]]))
