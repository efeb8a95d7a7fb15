"""The command `licences` prints the verdict on a release, with every reason, its place and its remedy."""

import json
import sys
from argparse import Namespace

from evaluation.commands.exits import Exit
from evaluation.licences import Outcome, Verdict, default_policy, read_policy, verdict


def run_licences(options: Namespace) -> Exit:
    """Judge a package; raises PolicyError for a bad policy and ArchiveError for a bad package."""
    policy = read_policy(options.policy) if options.policy else default_policy()
    found = verdict(options.path, declared=options.declared, policy=policy, route=options.route, doi=options.doi)
    if options.json:
        sys.stdout.write(json.dumps(found.to_data(), ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    else:
        sys.stdout.write(told(found))
    accepted = found.outcome in {Outcome.COMPLIANT, Outcome.BY_PUBLICATION}
    return Exit.DONE if accepted else Exit.NOT_ACCEPTED


def told(found: Verdict) -> str:
    """Write a verdict as lines of text: the outcome, what it rests on, and the reasons."""
    exempt = {True: "yes", False: "no", None: "unclear"}[found.ai_act_exempt]
    lines = [
        f"verdict    {found.outcome}",
        f"declared   {found.declared or '-'}",
        f"detected   {', '.join(found.detected) or '-'}",
        f"concluded  {found.concluded or '-'}",
        f"open source under Art. 53(2) AI Act: {exempt}",
    ]
    for reason in found.reasons:
        place = f"{reason.file}:{reason.line}: " if reason.line else f"{reason.file}: " if reason.file else ""
        lines += [f"{reason.code}  {place}{reason.sentence}", f"    {reason.remedy}"]
    return "\n".join(lines) + "\n"
