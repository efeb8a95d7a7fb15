"""Who plays in the demonstration; every organisation and every person is made up."""

from dataclasses import dataclass, field

PASSWORD = "demonstration only"  # noqa: S105  # printed on purpose: the demonstration's sign-in for everybody


@dataclass(frozen=True)
class Entry:
    """What a team hands in."""

    recipe: str
    format: str = "csv"
    declared: str = "Apache-2.0"
    text: str | None = "Apache-2.0"
    altered: str = ""
    route: str = "weights"
    doi: str = ""
    wrong_row: bool = False


@dataclass(frozen=True)
class Entrant:
    """A team of the demonstration, with its captain and what it hands in, day by day."""

    key: str
    name: str
    captain: str
    country: str
    entries: tuple[Entry, ...]
    control: str = ""
    headcount: int = 24
    turnover_euros: int = 3_000_000
    founded: int = 2020
    wishes: dict[str, int] = field(default_factory=dict)
    marks: tuple[int, int, int] | None = None
    """What the panel agrees on, in half marks: excellence, impact, implementation."""


ENTRANTS = (
    Entrant("northlight", "Northlight Models", "Aino Salmela", "FI",
            (Entry("svm", "parquet", "CC-BY-4.0", "CC-BY-4.0"),), headcount=38,
            wishes={"LUMI": 3_500_000, "Leonardo": 500_000}, marks=(9, 9, 8)),
    Entrant("lisbon", "Lisbon Language Lab", "Tomé Falcão", "PT", (Entry("linear"),), headcount=61,
            wishes={"LUMI": 1_200_000, "Leonardo": 2_000_000}, marks=(9, 8, 8)),
    Entrant("danube", "Danube Data", "Zsófia Bárány", "HU", (Entry("linear", "jsonl", "MIT", "MIT"),),
            wishes={"LUMI": 1_000_000, "Leonardo": 1_500_000}, marks=(8, 9, 8)),
    Entrant("brabant", "Brabant Neural", "Lotte Maes", "BE", (Entry("forest"), Entry("extra")), headcount=112,
            wishes={"LUMI": 900_000, "Leonardo": 2_500_000}, marks=(8, 8, 8)),
    Entrant("vistula", "Vistula Vision", "Jagoda Wilk", "PL",
            (Entry("network", "csv", "MIT", "MIT", wrong_row=True), Entry("network", "csv", "MIT", "MIT")),
            wishes={"LUMI": 800_000, "Leonardo": 800_000}, marks=(7, 8, 7)),
    Entrant("riga", "Riga Reasoning", "Ansis Krauklis", "LV",
            (Entry("forest", "parquet", "CC-BY-NC-4.0", "CC-BY-NC-4.0"),),
            wishes={"LUMI": 2_000_000, "Leonardo": 1_000_000}, marks=(8, 7, 7)),
    Entrant("tallinn", "Tallinn Tensor", "Maarika Saar", "EE",
            (Entry("boosting", "csv", "", None, route="publication", doi="10.5281/zenodo.1234567"),),
            wishes={"LUMI": 500_000, "Leonardo": 500_000}, marks=(7, 5, 8)),
    Entrant("adriatic", "Adriatic Agents", "Ivo Lovrić", "HR",
            (Entry("neighbours", "csv", altered="\nThe models may not be used by competitors of the licensor.\n"),),
            wishes={"LUMI": 400_000, "Leonardo": 400_000}, marks=(6, 6, 6)),
    Entrant("cork", "Cork Compute", "Niamh Tuohy", "IE", (Entry("bayes", "csv", "", None),)),
    Entrant("aegean", "Aegean AI", "Eleni Vasilaki", "GR", (Entry("tree", "jsonl", "Apache-2.0", "CC-BY-NC-4.0"),)),
    Entrant("loire", "Loire Learning", "Maëlle Ruault", "FR", (Entry("tree", "csv", "MIT", "MIT"),), marks=None),
    Entrant("pacific", "Pacific Panorama Europe", "Cees Terpstra", "NL", (), control="US", headcount=410,
            turnover_euros=90_000_000),
)  # fmt: skip
LATE = "loire"
"""The team whose second submission comes one second too late."""
ADMINS = (("olga", "Olga Marin"), ("henrik", "Henrik Voss"))
JUDGES = (
    ("judith", "Judith Amsel", "University of the North Sea"),
    ("pavel", "Pavel Hruška", "Institute for Calm Computing"),
    ("ines", "Inês Quaresma", "Lisbon Language Lab"),
    ("sorcha", "Sorcha Keane", "Atlantic School of Statistics"),
)
"""The third works for an entrant, which the platform finds by itself."""
AUDITOR = ("agnes", "Agnes Thorn")


def address(key: str) -> str:
    """Return the address of somebody of the cast; each team has its own domain, as the panel and the office have."""
    house = "panel" if key in {judge for judge, _, _ in JUDGES} else key
    office = {name for name, _ in (*ADMINS, AUDITOR)}
    return f"{key}@{'office' if key in office else house}.example"
