"""The command `fetch` takes a model from a hub by its commit, says what was left out, and looks at what came."""

import os
import sys
from argparse import Namespace

from evaluation.commands.exits import Exit
from evaluation.commands.model import told
from evaluation.commands.score import progress_line
from evaluation.engines import EngineMissing
from evaluation.hub import Hub, HubFailed, HubReference, HubRefused, fetch
from evaluation.models import ModelRefused


def run_fetch(options: Namespace) -> Exit:
    """Fetch a model; raises OSError and SandboxError where this machine is at fault."""
    endpoint = os.environ.get("HF_ENDPOINT") or Hub.endpoint
    try:
        found = fetch(
            HubReference.parse(options.reference),
            options.out,
            hub=Hub(endpoint=endpoint, private=options.private),
            largest=int(options.gigabytes * 10**9),
            progress=progress_line if options.progress else None,
        )
    except HubRefused as error:
        return _failed(str(error), Exit.BAD_INPUT)
    except ModelRefused as refusal:
        return _failed(f"{type(refusal).__name__}  {refusal}", Exit.NOT_ACCEPTED)
    except EngineMissing as error:
        return _failed(str(error), Exit.ENGINE_MISSING)
    except HubFailed as error:
        return _failed(str(error), Exit.TRY_AGAIN)
    for file in found.left_out:
        sys.stdout.write(f"left out    {file.name}: {file.sentence}\n")
    sys.stdout.write(told(found.facts))
    return Exit.DONE


def _failed(sentence: str, code: Exit) -> Exit:
    sys.stderr.write(f"{sentence}\n")
    return code
