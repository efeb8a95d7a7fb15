"""Five bundles after EvalAI's documented keys; dates lie to the minute on both sides of both clock changes of 2026."""

FULL = """\
title: Herons and Otters
short_description: Tell herons from otters in <b>notices</b>.
description: templates/description.html
evaluation_details: templates/evaluation.html
terms_and_conditions: templates/terms.html
submission_guidelines: templates/guidelines.html
leaderboard_description: templates/board.html
image: logo.png
evaluation_script: evaluation_script.zip
remote_evaluation: False
published: True
tags: [birds, mammals]
start_date: 2026-03-29 00:59:00
end_date: 2026-10-25 01:01:00
leaderboard:
  - id: 1
    schema:
      labels: [Accuracy, Seconds]
      default_order_by: Accuracy
      metadata:
        Accuracy:
          sort_ascending: False
          description: share of right answers
        Seconds:
          sort_ascending: True
          description: time taken
  - id: 2
    schema: {"labels": ["F1"], "default_order_by": "F1"}
challenge_phases:
  - id: 1
    name: Dev
    description: templates/dev.html
    challenge: 1
    codename: dev
    start_date: 2026-03-29 00:59:00
    end_date: 2026-03-29 01:01:00
    is_active: True
    is_public: True
    is_submission_public: True
    leaderboard_public: True
    allowed_email_ids: []
    test_annotation_file: annotations/dev.json
    max_submissions_per_day: 5
    max_submissions_per_month: 50
    max_submissions: 50
    max_concurrent_submissions_allowed: 3
    allowed_submission_file_types: ".json, .zip"
    is_restricted_to_select_one_submission: False
    is_partial_submission_evaluation_enabled: False
    disable_logs: True
    default_submission_meta_attributes:
      - name: method_name
        is_visible: True
      - name: project_url
        is_visible: False
    submission_meta_attributes:
      - name: size
        description: parameters of the model
        type: radio
        options: [small, large]
        required: True
  - id: 2
    name: Test
    description: templates/test.html
    challenge: 1
    codename: test
    start_date: 2026-03-29 01:01:00
    end_date: 2026-10-25 01:01:00
    is_active: True
    is_submission_public: False
    allowed_email_ids: [ada@people.example]
    test_annotation_file: annotations/test.json
    max_submissions: 100000
dataset_splits:
  - id: 1
    name: Dev notices
    codename: dev_split
  - id: 2
    name: Test notices
    codename: test_split
challenge_phase_splits:
  - challenge_phase_id: 1
    leaderboard_id: 1
    dataset_split_id: 1
    visibility: 3
    leaderboard_decimal_precision: 2
    is_leaderboard_order_descending: True
    show_execution_time: True
    showeceution_time: True
    show_leaderboard_by_latest_submission: True
  - challenge_phase_id: 2
    leaderboard_id: 2
    dataset_split_id: 2
    visibility: 1
    is_leaderboard_order_descending: False
"""
PAGES = {
    "templates/description.html": "<h1>About</h1><p>Herons &amp; otters.</p>",
    "templates/evaluation.html": "<p>By accuracy.</p>",
    "templates/terms.html": "<p>Be fair.</p>",
    "templates/guidelines.html": "<ol><li>Train</li><li>Send</li></ol>",
    "templates/board.html": "<p>Best first.</p>",
    "templates/dev.html": "<p>To try.</p>",
    "templates/test.html": "<p>To win.</p>",
}
DATA = {
    "logo.png": "no picture", "evaluation_script/main.py": "raise SystemExit('run')", "annotations/dev.json": "{}",
    "annotations/test.json": "{}", "github/host_config.json": "{}", "remote_challenge_evaluation/main.py": "raise SystemExit",
}  # fmt: skip

_SMALL = """\
title: {title}
short_description: {title} in short.
description: templates/description.html
evaluation_details: templates/evaluation.html
terms_and_conditions: templates/terms.html
submission_guidelines: templates/guidelines.html
image: logo.png
evaluation_script: evaluation_script
start_date: "{start}"
end_date: "{end}"
leaderboard:
  - id: 7
    schema: {schema}
challenge_phases:
{phases}dataset_splits:
  - id: 1
    name: All
    codename: all
challenge_phase_splits:
  - challenge_phase_id: 1
    leaderboard_id: 7
    dataset_split_id: 1
    is_leaderboard_order_descending: {descending}
"""
_PHASE = """\
  - id: {number}
    name: {name}
    description: templates/dev.html
    challenge: 1
    codename: {name}
    start_date: "{start}"
    end_date: "{end}"
    is_active: True
    is_submission_public: True
    allowed_email_ids: []
    test_annotation_file: annotations/dev.json
    max_submissions: 20
"""


def small(
    title: str,
    *phases: tuple[str, str, str],
    schema: str = '{"labels": ["score"], "default_order_by": "score"}',
    descending: bool = True,
) -> str:
    """Return a configuration with phases given as name, start and end."""
    written = "".join(
        _PHASE.format(number=number, name=name, start=start, end=end)
        for number, (name, start, end) in enumerate(phases, start=1)
    )
    starts, ends = [start for _, start, _ in phases], [end for *_, end in phases]
    return _SMALL.format(
        title=title, start=min(starts), end=max(ends), schema=schema, phases=written, descending=descending
    )


BUNDLES = {
    "full": {"challenge_config.yaml": FULL, **PAGES, **DATA},
    "in a folder, one phase over both clock changes": {
        f"starters/{name}": content
        for name, content in {
            "challenge_config.yaml": small("Folder", ("Only", "2026-03-29 02:30:00", "2026-10-25 02:30:00")), **PAGES, **DATA,
        }.items()
    },
    "phases overlap": {
        "challenge_config.yaml": small(
            "Overlap", ("Dev", "2026-03-01 10:07:00", "2026-10-25 00:59:00"), ("Test", "2026-10-24 23:59:00", "2026-11-01 10:07:00")
        ),
        **PAGES, **DATA,
    },
    "direction in two places that disagree": {
        "challenge_config.yaml": small(
            "Two ways", ("Only", "2026-03-28 23:59:00", "2026-10-25 01:59:00"), descending=True,
            schema='{"labels": ["wer"], "default_order_by": "wer", "metadata": {"wer": {"sort_ascending": true}}}',
        ),
        **PAGES, **DATA,
    },
    "listed out of order": {
        "challenge_config.yaml": small(
            "Order", ("Late", "2026-10-25 01:00:00", "2026-12-01 12:34:00"), ("Early", "2026-03-29 01:00:00", "2026-10-25 01:00:00"),
        ),
        **PAGES, **DATA,
    },
}  # fmt: skip
