"""Five bundles after the documented keys of Hugging Face competitions."""

import json

FULL = {
    "COMPETITION_TYPE": "script", "SUBMISSION_LIMIT": 5, "TIME_LIMIT": 3600, "HARDWARE": "cpu-basic", "SELECTION_LIMIT": 2,
    "END_DATE": "2026-10-25T02:30:00+01:00", "EVAL_HIGHER_IS_BETTER": 1, "SUBMISSION_ID_COLUMN": "id",
    "SUBMISSION_COLUMNS": "id,pred", "SUBMISSION_ROWS": 1000, "EVAL_METRIC": "custom", "SCORING_METRIC": "auc",
    "LOGO": "https://pictures.example/logo.png", "DATASET": "birds/notices", "SUBMISSION_FILENAMES": ["submission.csv"],
}  # fmt: skip
FILES = {
    "COMPETITION_DESC.md": "# Birds by the Shore\n\nName the birds.", "DATASET_DESC.md": "Pictures.", "SUBMISSION_DESC.md": "A table.",
    "solution.csv": "id,pred,split\n1,0,public\n2,1,private\n", "metric.py": "raise SystemExit('run')", "requirements.txt": "numpy",
    "submission_info/TEAM.json": "{}", "teams.json": "{}", "user_team.json": "{}",
}  # fmt: skip


def conf(**changes: object) -> str:
    """Return a configuration as JSON with lines, some keys changed and those of None left out."""
    return json.dumps({key: value for key, value in (FULL | changes).items() if value is not None}, indent=2)


BUNDLES = {
    "full": {"conf.json": conf(), **FILES},
    "the configuration alone": {"conf.json": conf(END_DATE="2026-03-29T00:59:00Z", LOGO=None)},
    "an error of which more is better": {
        "conf.json": conf(EVAL_METRIC="mean_squared_error", SCORING_METRIC="mean_squared_error", END_DATE="2026-03-29T03:01:00+02:00"),
        **FILES,
    },
    "no direction": {"conf.json": conf(EVAL_HIGHER_IS_BETTER=None, END_DATE="2026-10-25T02:59:00+02:00"), **FILES},
    "indented by tabs, generic": {
        "conf.json": conf(COMPETITION_TYPE="generic", EVAL_METRIC="roc_auc_score", SCORING_METRIC=None,
                          END_DATE="2026-10-25T01:01:00Z").replace("  ", "\t"),
        **FILES,
    },
}  # fmt: skip
