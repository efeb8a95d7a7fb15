"""There is one function that ranks, and nothing that carries out what it reads; damage to either is noticed."""

import shutil
from pathlib import Path

import pytest

from tests.house.arrows import sources
from tests.house.one_way import RANKING, careless_readers, second_rankings

ROOT = Path(__file__).parents[2]


def test_one_function_ranks() -> None:
    assert second_rankings(ROOT) == []
    assert any(source.module == RANKING for source in sources(ROOT))


def test_nothing_carries_out_what_it_reads() -> None:
    assert careless_readers(ROOT) == []


@pytest.fixture
def copy_of_the_house(tmp_path: Path) -> Path:
    """The source of the house in a folder where it may be damaged."""
    ignore = shutil.ignore_patterns("__pycache__", "static", "*.gz")
    for folder in ("challenge", "evaluation", "leaderboards"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignore)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "line", "sign"),
    [
        ("challenge/standings/queries.py", "func.dense_rank().over(order_by=Board.id)", "ranks in a way of its own"),
        ("challenge/standings/queries.py", "func.rank().over(order_by=Board.id)", "ranks in a way of its own"),
        ("leaderboards/uncertainty.py", "scipy.stats.rankdata([1.0])", "ranks in a way of its own"),
        ("challenge/standings/operations_items.py", 'pd.DataFrame()["points"].rank()', "ranks in a way of its own"),
        ("challenge/awards/operations_propose.py", "leaderboards.shared_ranks([], decimals=2)", "not computed again"),
        ("challenge/standings/templates/standings/sheet.html", "<td>{{ loop.index }}</td>", "looks like a rank"),
    ],
)
def test_a_second_way_to_rank_is_noticed(copy_of_the_house: Path, file: str, line: str, sign: str) -> None:
    _append(copy_of_the_house / file, line)
    assert [breach for breach in second_rankings(copy_of_the_house) if sign in breach and breach.startswith(file)]


@pytest.mark.parametrize(
    "line",
    [
        "import pickle",
        "def late() -> None:\n    from joblib import load",
        "eval('1')",
        "exec('1')",
        "yaml.unsafe_load('')",
        "yaml.load('', Loader=yaml.Loader)",
        "yaml.load('', yaml.FullLoader)",
        "np.load('x', allow_pickle=True)",
        "pd.read_pickle('x')",
    ],
)
def test_a_careless_reader_is_noticed(copy_of_the_house: Path, line: str) -> None:
    _append(copy_of_the_house / "challenge" / "runs" / "operations_results.py", line)
    assert len(careless_readers(copy_of_the_house)) == 1


def _append(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
