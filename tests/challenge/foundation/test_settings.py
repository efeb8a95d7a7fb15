"""The operator's table names exactly the settings that are read, with their defaults; a wrong one stops the start."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from challenge.foundation.settings import LEAST_MEGABYTES, SHORTEST_LEASE, Settings, SettingsError, database_address

ROOT = Path(__file__).parents[3]
ROW = re.compile(r"^\| `([A-Z_]+)` \| ([^|]+) \| [^|]+ \|$", re.MULTILINE)


@dataclass
class Asked(Mapping[str, str]):
    """An environment that remembers what it was asked for."""

    values: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        self.names.append(name)
        return self.values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.values)


def table() -> dict[str, str]:
    """Return the handbook's table: name and default as it is written there."""
    handbook = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
    return {name: default.strip() for name, default in ROW.findall(handbook)}


def attribute(name: str) -> str:
    """Return the attribute that a variable sets."""
    words = name.removeprefix("CHALLENGE_").lower()
    return {"insecure_cookies": "secure_cookies"}.get(words, words)


@pytest.fixture
def defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of an empty environment, read in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    return Settings.from_environment({})


def test_the_table_names_exactly_the_variables_that_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    asked = Asked()
    Settings.from_environment(asked)
    assert set(table()) == set(asked.names)
    assert {attribute(name) for name in table()} == set(Settings.__dataclass_fields__)


def test_the_table_gives_the_defaults_that_hold(defaults: Settings, tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    in_words: dict[str, object] = {
        "SQLite in that folder": f"sqlite:///{instance / 'challenge.db'}",
        "kept in `secret.key`": (instance / "secret.key").read_text().strip(),
        "`instance`": instance,
        "off": True,  # insecure cookies are off, so cookies are secure
        "none": "",
    }
    for name, default in table().items():
        told = in_words[default] if default in in_words else int(default) if default.isdigit() else default.strip("`")
        assert getattr(defaults, attribute(name)) == told, name


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("CHALLENGE_INSTANCE", "/srv/challenge", Path("/srv/challenge")),
        ("DATABASE_URL", "postgresql://me@there/challenge", "postgresql+psycopg://me@there/challenge"),
        ("CHALLENGE_SECRET_KEY", "a secret", "a secret"),
        ("CHALLENGE_FORMER_SECRET_KEYS", "the first,the second", "the first,the second"),
        ("CHALLENGE_INSECURE_COOKIES", "1", False),
        ("CHALLENGE_TRUSTED_PROXIES", "2", 2),
        ("CHALLENGE_LEASE_SECONDS", "30", 30),
        ("CHALLENGE_EVALUATION_SECONDS", "60", 60),
        ("CHALLENGE_EVALUATION_MEGABYTES", "4096", 4096),
        ("CHALLENGE_MODEL_SECONDS", "60", 60),
        ("CHALLENGE_MODEL_MEGABYTES", "4096", 4096),
        ("ENGINES", "/srv/engines", "/srv/engines"),
        ("CHALLENGE_EUR_PER_CPU_HOUR", "0.04", Decimal("0.04")),
        ("CHALLENGE_ENDPOINT_HOSTS", "api.example, other.example", "api.example, other.example"),
        ("CHALLENGE_ENDPOINT_REQUESTS", "50", 50),
        ("CHALLENGE_ENDPOINT_TOKENS", "5000", 5000),
        ("CHALLENGE_ENDPOINT_SECONDS", "60", 60),
        ("CHALLENGE_HUB", "https://hub.example/", "https://hub.example"),
        ("CHALLENGE_HUB_GIGABYTES", "20", 20),
        ("CHALLENGE_DOI_REGISTRY", "https://doi.org/", "https://doi.org"),
        ("CHALLENGE_ENDPOINT_KEY_DAYS", "7", 7),
        ("CHALLENGE_TRIAL_DAYS", "7", 7),
        ("CHALLENGE_SMTP", "mail.example:587", "mail.example:587"),
        ("CHALLENGE_MAIL_FROM", "challenge@site.example", "challenge@site.example"),
        ("CHALLENGE_BANNER", "A rehearsal.", "A rehearsal."),
    ],
)
def test_each_variable_sets_its_own_setting_and_no_other(
    defaults: Settings, name: str, value: str, expected: object
) -> None:
    fixed = {
        "CHALLENGE_INSTANCE": str(defaults.instance), "DATABASE_URL": defaults.database_url,
        "CHALLENGE_SECRET_KEY": defaults.secret_key,
    }  # fmt: skip
    changed = asdict(Settings.from_environment({**fixed, name: value}))
    assert changed.pop(attribute(name)) == expected
    assert changed.items() <= asdict(defaults).items()


def test_nothing_else_in_the_house_reads_the_environment() -> None:
    readers = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "challenge").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv", "putenv"}
    }
    assert readers <= {"challenge/foundation/settings.py"}


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("CHALLENGE_LEASE_SECONDS", "a minute", "CHALLENGE_LEASE_SECONDS is 'a minute'; give a whole number."),
        ("CHALLENGE_LEASE_SECONDS", "-5", "CHALLENGE_LEASE_SECONDS is '-5'; give a whole number."),
        ("CHALLENGE_LEASE_SECONDS", "٥", "CHALLENGE_LEASE_SECONDS is '٥'; give a whole number."),
        ("CHALLENGE_LEASE_SECONDS", "0", f"CHALLENGE_LEASE_SECONDS is 0; give {SHORTEST_LEASE} or more."),
        ("CHALLENGE_EVALUATION_SECONDS", "0", "CHALLENGE_EVALUATION_SECONDS is 0; give 1 or more."),
        ("CHALLENGE_EVALUATION_MEGABYTES", "64", f"CHALLENGE_EVALUATION_MEGABYTES is 64; give {LEAST_MEGABYTES} or more."),
        ("CHALLENGE_ENDPOINT_HOSTS", "a.example,https://b.example/v1", "CHALLENGE_ENDPOINT_HOSTS names 'https://b.example/v1'; give hosts alone, without https://, port or path."),
        ("CHALLENGE_HUB", "http://hub.example", "CHALLENGE_HUB is 'http://hub.example'; give an address such as https://huggingface.co, without a path."),
        ("CHALLENGE_DOI_REGISTRY", "https://doi.org/api", "CHALLENGE_DOI_REGISTRY is 'https://doi.org/api'; give an address such as https://doi.org, without a path."),
        ("CHALLENGE_HUB_GIGABYTES", "0", "CHALLENGE_HUB_GIGABYTES is 0; give 1 or more."),
        ("CHALLENGE_TRUSTED_PROXIES", "1.5", "CHALLENGE_TRUSTED_PROXIES is '1.5'; give a whole number."),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_used_stops_the_start(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({"CHALLENGE_INSTANCE": str(tmp_path), name: value})
    assert str(refused.value) == sentence


def test_the_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    environment = {"CHALLENGE_INSTANCE": str(tmp_path / "new")}
    first, second = Settings.from_environment(environment), Settings.from_environment(environment)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    kept = tmp_path / "new" / "secret.key"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["secret.key"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("postgres://me@there/x", "postgresql+psycopg://me@there/x"),
        ("postgresql://me@there/x", "postgresql+psycopg://me@there/x"),
        ("postgresql+psycopg://me@there/x", "postgresql+psycopg://me@there/x"),
        ("sqlite:////srv/x.db", "sqlite:////srv/x.db"),
    ],
)
def test_the_driver_of_a_postgresql_address_may_be_left_out(address: str, expected: str) -> None:
    assert database_address(address) == expected
