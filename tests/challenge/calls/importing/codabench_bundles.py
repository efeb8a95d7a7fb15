"""Five bundles after Codabench's documented keys (version 2)."""

FULL = """\
version: 2
title: Tides of the North
description: |
  Predict *tides*. See <a href="javascript:alert(1)">here</a>.
image: logo.png
terms: terms.md
registration_auto_approve: True
docker_image: codalab/codalab-legacy:py37
queue: 4b0a9e5e-0000-4000-8000-2f3b1f4f9c11
make_programs_available: True
make_input_data_available: True
enable_detailed_results: True
show_detailed_results_in_submission_panel: True
show_detailed_results_in_leaderboard: True
contact_email: tides@people.example
reward: $1000 for the best
auto_run_submissions: True
can_participants_make_submissions_public: True
forum_enabled: False
competition_type: competition
fact_sheet:
  TOOLS: {key: TOOLS, type: checkbox, title: Tools, selection: [true, false], is_required: "true", is_on_leaderboard: "false"}
pages:
  - title: Overview
    file: overview.md
  - title: Empty
    file: empty.html
tasks:
  - index: 0
    name: Harbour A
    description: The first harbour.
    scoring_program: scoring_program
    input_data: input_a.zip
    reference_data: reference_a.zip
    ingestion_program: ingestion_program
    ingestion_only_during_scoring: False
  - index: 1
    key: 5d2c9e5e-0000-4000-8000-2f3b1f4f9c22
solutions:
  - index: 0
    tasks: [0]
    path: solutions/mean.zip
    name: Mean of the past
    description: The mean.
  - index: 1
    tasks: [1]
    key: 6d2c9e5e-0000-4000-8000-2f3b1f4f9c33
phases:
  - index: 0
    name: Spring
    description: The first phase
    start: 2026-03-28T23:59:00+01:00
    end: 2026-03-29T03:01:00+02:00
    tasks: [0]
    max_submissions_per_day: 5
    max_submissions: 40
    auto_migrate_to_this_phase: False
    execution_time_limit: 600
    hide_output: False
    hide_prediction_output: True
    hide_score_output: False
    starting_kit: kit
    public_data: public.zip
    accepts_only_result_submissions: True
  - index: 1
    name: Autumn
    start: 2026-03-29T03:01:00+02:00
    end: 2026-10-25T02:30:00+01:00
    tasks: [0, 1]
    max_submissions: 100
leaderboards:
  - title: Main
    key: main
    submission_rule: Force_Last
    hidden: False
    columns:
      - {title: Error, key: rmse, index: 0, sorting: asc, computation: avg, computation_indexes: [1], precision: 2, hidden: False}
      - {title: Skill, key: skill, index: 1, sorting: desc}
  - title: Second board
    key: second
    columns:
      - {title: Hours, key: hours, index: 0, sorting: asc}
"""
FILES = {
    "logo.png": "no picture", "terms.md": "Be fair.", "overview.md": "# Tides\n\nOf the **North**.", "empty.html": "",
    "scoring_program/metadata.yaml": "command: python3 score.py $input $output", "scoring_program/score.py": "raise SystemExit",
    "ingestion_program/metadata": "command: python3 run.py", "input_a.zip": "PK", "reference_a.zip": "PK",
    "solutions/mean.zip": "PK", "kit/README.md": "Begin here.", "public.zip": "PK",
}  # fmt: skip

_SMALL = """\
version: 2
title: {title}
image: logo.png
terms: terms.md
pages:
  - title: Overview
    file: overview.md
tasks:
  - index: 0
    name: Task
    scoring_program: scoring_program
phases:
{phases}{boards}
"""
_BOARDS = """\
leaderboards:
  - title: Results
    key: main
    columns:
      - title: Score
        key: score
        index: 0
        sorting: desc
"""


def small(title: str, *phases: tuple[str, str, str], boards: str = _BOARDS) -> str:
    """Return a configuration with phases given as name, start and end; an empty end is left out."""
    written = "".join(
        f"  - name: {name}\n    start: {start}\n" + (f"    end: {end}\n" if end else "") + "    tasks: [0]\n"
        for name, start, end in phases
    )
    return _SMALL.format(title=title, phases=written, boards=boards)


BUNDLES = {
    "full": {"competition.yaml": FULL, **FILES},
    "last phase without an end": {
        "competition.yaml": small(
            "No end", ("One", "2026-03-29 01:59:00 +01:00", "2026-10-25T01:00:00Z"), ("Two", "2026-10-25T02:00:00+01:00", "")
        ),
        **FILES,
    },
    "phases overlap by a minute": {
        "competition.yaml": small(
            "Minute", ("One", "2026-03-01T10:07:00+01:00", "2026-10-25T02:30:00+02:00"),
            ("Two", "2026-10-25T02:29:00+02:00", "2026-12-01T00:01:00+01:00"),
        ),
        **FILES,
    },
    "leaderboard in the singular, direction not said": {
        "competition.yaml": small(
            "Singular", ("One", "2026-03-29T00:59:59Z", "2026-10-25T01:00:01Z"),
            boards="leaderboard:\n  - title: Results\n    key: main\n    columns:\n      - {title: Score, key: score, index: 0}\n",
        ),
        **FILES,
    },
    "one metric, two directions": {
        "competition.yaml": small(
            "Two ways", ("One", "2026-03-29T03:00:00+02:00", "2026-10-25T02:59:00+02:00"),
            boards=_BOARDS + "  - title: Again\n    key: again\n    columns:\n      - {title: Score, key: score, index: 0, sorting: asc}\n",
        ),
        **FILES,
    },
}  # fmt: skip
