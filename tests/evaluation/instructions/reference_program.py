"""Run by a Python that has lm-evaluation-harness's IFEval: reads rows with responses, writes what it says of each.

In: one JSON object a line, a row of IFEval's file with `responses`. Out: for each response the strict and the loose
verdicts on every instruction.
"""

import json
import sys
from types import SimpleNamespace

import langdetect
from lm_eval.tasks.ifeval import utils

langdetect.DetectorFactory.seed = 0
source, target = sys.argv[1:]
with open(source, encoding="utf-8") as rows, open(target, "w", encoding="utf-8") as out:
    for line in rows:
        row = json.loads(line)
        asked = SimpleNamespace(**{name: row[name] for name in ("key", "prompt", "instruction_id_list", "kwargs")})
        said = [
            [
                utils.test_instruction_following_strict(asked, response).follow_instruction_list,
                utils.test_instruction_following_loose(asked, response).follow_instruction_list,
            ]
            for response in row["responses"]
        ]
        out.write(json.dumps(said) + "\n")
