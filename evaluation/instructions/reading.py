"""The instructions of an item are read from a closed schema: a JSON list of objects, each a kind and its arguments."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluation.instructions.arguments import Argument, InstructionsRefused
from evaluation.instructions.kinds import KINDS

MOST = 20
"""Instructions of one item."""


@dataclass(frozen=True, kw_only=True)
class Instruction:
    """One instruction: its kind, by the name that IFEval gives it, and the arguments of that kind."""

    kind: str
    arguments: Mapping[str, Argument]

    def is_followed(self, text: str) -> bool:
        """Say whether a text follows it; one without any sign but blanks follows none."""
        return bool(text.strip()) and KINDS[self.kind].check(text, **self.arguments)


def read_instructions(text: str) -> tuple[Instruction, ...]:
    """Read the instructions of an item; raises InstructionsRefused, whose message says which one and what to do."""
    try:
        listed = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise InstructionsRefused(f"the label is no JSON ({error}); write a list of instructions") from error
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST:
        raise InstructionsRefused(
            f'the label is no list of 1 to {MOST} instructions; write one such as [{{"kind": "punctuation:no_comma"}}]'
        )
    return tuple(_instruction(one, f"instruction {number}") for number, one in enumerate(listed, start=1))


def _instruction(data: object, where: str) -> Instruction:
    if not isinstance(data, dict) or "kind" not in data:
        raise InstructionsRefused(f'{where} is no object with a kind; write {{"kind": …}} and the kind\'s arguments')
    kind = data["kind"]
    if not isinstance(kind, str) or kind not in KINDS:
        raise InstructionsRefused(f"{where} is of the unknown kind {str(kind)[:60]!r}; known are {', '.join(KINDS)}")
    given = {name: value for name, value in data.items() if name != "kind"}
    known = KINDS[kind].arguments
    where = f"{where} ({kind})"
    for name in given:
        if name not in known:
            takes = f"it takes {', '.join(known)}" if known else "it takes none"
            raise InstructionsRefused(f"{where} has the unknown argument {name[:60]!r}; {takes}")
    for name in known:
        if name not in given:
            raise InstructionsRefused(f"{where} lacks the argument {name!r}; add it")
    arguments = {name: read(given[name], f"{where}: {name}") for name, read in known.items()}
    KINDS[kind].fits(arguments, where)
    return Instruction(kind=kind, arguments=arguments)


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")
