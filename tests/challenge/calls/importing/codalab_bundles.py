"""Five bundles after CodaLab's documented keys (version 1.5), whose phases have beginnings and no ends."""

FULL = """\
title: Old Rivers
description: Forecast rivers.
image: logo.png
competition_docker_image: codalab/codalab-legacy
has_registration: True
end_date: 2026-10-25T02:30:00+01:00
html:
  overview: overview.html
  evaluation: evaluation.html
  terms: terms.html
  data: data.html
phases:
  1:
    phasenumber: 1
    label: Development
    description: Try.
    start_date: 2026-03-29T00:59:00Z
    max_submissions: 100
    max_submissions_per_day: 10
    auto_migration: False
    execution_time_limit: 500
    scoring_program: program.zip
    reference_data: reference.zip
    input_data: input.zip
    ingestion_program: ingestion.zip
    public_data: public.zip
    starting_kit: kit.zip
  2:
    phasenumber: 2
    label: Final
    start_date: 2026-03-29T03:01:00+02:00
    max_submissions: 2
leaderboard:
  leaderboards:
    Results: &RESULTS
      label: Results
      rank: 1
    Extra: &EXTRA
      label: Extra
      rank: 2
  columns:
    RMSE:
      leaderboard: *RESULTS
      label: Error
      rank: 1
      sort: asc
      numeric_format: 4
    HOURS:
      leaderboard: *EXTRA
      label: Hours
      rank: 1
      sort: desc
"""
FILES = {
    "logo.png": "no picture", "overview.html": "<h1>Rivers</h1>", "evaluation.html": "<p>By error.</p>",
    "terms.html": "<p>Be fair.</p>", "data.html": "<p>Levels.</p>", "program.zip": "PK", "reference.zip": "PK",
    "input.zip": "PK", "ingestion.zip": "PK", "public.zip": "PK", "kit.zip": "PK",
}  # fmt: skip


def small(*starts: str, end: str = "", sort: str = "desc", version: str = "") -> str:
    """Return a configuration with a phase for each start."""
    phases = "".join(
        f"  {number}:\n    phasenumber: {number}\n    label: Phase {number}\n    start_date: {start}\n    max_submissions: 9\n"
        for number, start in enumerate(starts, start=1)
    )
    return (
        f"{f'version: {version}' if version else ''}\ntitle: Small\ndescription: Small.\n"
        f"{f'end_date: {end}' if end else ''}\nhtml:\n  terms: terms.html\nphases:\n{phases}leaderboard:\n"
        f"  leaderboards:\n    Results:\n      label: Results\n      rank: 1\n  columns:\n    SCORE:\n"
        f"      leaderboard: Results\n      label: Score\n      rank: 1\n      sort: {sort}\n"
    )


BUNDLES = {
    "full": {"competition.yaml": FULL, **FILES},
    "no end": {"competition.yaml": small("2026-03-29T02:59:00+01:00", "2026-10-25T02:59:00+02:00"), **FILES},
    "three phases": {
        "competition.yaml": small(
            "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z", end="2026-10-25T01:00:01Z", sort="asc"
        ),
        **FILES,
    },
    "out of order": {
        "competition.yaml": small("2026-10-25T02:01:00+01:00", "2026-03-29T03:01:00+02:00", end="2026-12-31T23:59:00+01:00"), **FILES,
    },
    "ends before its last phase begins": {
        "competition.yaml": small("2026-03-29T03:01:00+02:00", end="2026-03-29T01:59:00+01:00", version="1.5"), **FILES,
    },
}  # fmt: skip
