"""The command `model` looks at a model without loading it, and prints what it is or why it is refused."""

import json
import sys
from argparse import Namespace
from typing import Any

from evaluation.commands.exits import Exit
from evaluation.models import ModelFacts, ModelRefused, inspect_model


def run_model(options: Namespace) -> Exit:
    """Look at a model; raises OSError where its path cannot be read."""
    try:
        found = inspect_model(options.path)
    except ModelRefused as refusal:
        reason = type(refusal).__name__
        if options.json:
            _print({"refused": reason, "file": refusal.file, "sentence": refusal.sentence})
        else:
            sys.stderr.write(f"{reason}  {refusal}\n")
        return Exit.NOT_ACCEPTED
    if options.json:
        _print(found.to_data())
    else:
        sys.stdout.write(told(found))
    return Exit.DONE


def told(found: ModelFacts) -> str:
    """Write the facts as lines of text, the files last."""
    lines = [
        f"format      {found.format}",
        f"digest      {found.digest}",
        f"model       {found.model_type or '-'}, {found.architecture or '-'}",
        f"parameters  {found.parameters:,} in {found.tensors:,} tensors of {', '.join(found.dtypes)}",
        f"size        {found.size:,} bytes in {len(found.files):,} files",
        f"templates   {found.chat_templates}",
    ]
    lines += [f"{file.sha256}  {file.name}" for file in found.files]
    return "\n".join(lines) + "\n"


def _print(data: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
