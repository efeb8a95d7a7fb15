"""Reads the settings of an installation from its environment."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

SHORTEST_LEASE = 2
"""Seconds; a worker at work renews its lease about once a second."""
LEAST_MODEL_MEGABYTES = 1000
"""What the engine that runs models needs for itself."""
LEAST_MEGABYTES = 400
"""What the engine needs for itself; with less, every submission would fail at its team's cost."""


class SettingsError(Exception):
    """Raised where a setting is missing or cannot be used; its text says what to set."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between two installations."""

    instance: Path
    """Folder for the database, the files and the keys of this installation."""
    database_url: str
    """SQLAlchemy address; `sqlite:///…` or `postgresql+psycopg://…`."""
    secret_key: str
    """Signs the cookie that carries the form token and the notices of the next page, and seals keys of endpoints."""
    former_secret_keys: str = ""
    """Earlier secret keys, comma-separated; what they sealed is still opened."""
    secure_cookies: bool = True
    """Cookies only over https; off for a demo on 127.0.0.1."""
    trusted_proxies: int = 0
    """How many proxies in front of the server may be believed about the visitor's address."""
    lease_seconds: int = 60
    """How long a worker may be silent before its run is taken again."""
    evaluation_seconds: int = 600
    """How long one evaluation may take."""
    evaluation_megabytes: int = 2048
    """How much memory one evaluation may take."""
    model_seconds: int = 3600
    """How long the engine may take for one model."""
    model_megabytes: int = 8192
    """How much memory it may take."""
    engines: str = ""
    """Folder with the engines that run models; empty: where `bin/engine` installs them."""
    sandbox_cgroup: str = ""
    """Cgroup folder that belongs to the workers' user, for the sandboxes of models; empty: what the system offers."""
    eur_per_cpu_hour: Decimal = Decimal(0)
    """What an hour of a processor costs; 0: costs are not shown."""
    endpoint_hosts: str = ""
    """Hosts of endpoints that may be asked, comma-separated; empty: no endpoint may be handed in."""
    endpoint_requests: int = 20_000
    """How many requests one evaluation may send to an endpoint."""
    endpoint_tokens: int = 5_000_000
    """How many tokens it may take there."""
    endpoint_seconds: int = 3600
    """How long it may ask."""
    hub: str = ""
    """Address of the hub from which models are fetched by their commit; empty: none may be handed in so."""
    hub_gigabytes: int = 100
    """How large such a model may be, where its call takes as much in a package."""
    doi_registry: str = ""
    """Address of the registry of DOIs that is asked for published findings; empty: nobody is asked."""
    endpoint_key_days: int = 30
    """How many days the keys of endpoints are kept after a call's judging is over."""
    trial_days: int = 30
    """How many days what came of a trial is kept after its end."""
    release_check_days: int = 7
    """Every how many days an accepted release on a hub is looked at again; 0: not at all."""
    release_watch_days: int = 365
    """For how many days after its acceptance."""
    smtp: str = ""
    """`host:port` of a mail server; empty: letters are only shown on the site."""
    mail_from: str = "challenge@localhost"
    """Sender of letters."""
    banner: str = ""
    """Sentence shown on top of every page, for a demo or a rehearsal."""

    @property
    def files(self) -> Path:
        """Folder of the file store."""
        return self.instance / "files"

    @property
    def former_secrets(self) -> tuple[str, ...]:
        """The earlier secret keys, one by one."""
        return _listed(self.former_secret_keys)

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """The hosts of endpoints that may be asked."""
        return frozenset(_listed(self.endpoint_hosts.lower()))

    @property
    def is_sqlite(self) -> bool:
        """Tell whether the installation keeps its data in one SQLite file."""
        return self.database_url.startswith("sqlite")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read `CHALLENGE_…` and `DATABASE_URL`; raise SettingsError where a value cannot be used."""
        instance = Path(environment.get("CHALLENGE_INSTANCE", "instance")).resolve()
        return cls(
            instance=instance,
            database_url=database_address(environment.get("DATABASE_URL", f"sqlite:///{instance / 'challenge.db'}")),
            secret_key=environment.get("CHALLENGE_SECRET_KEY") or _kept_secret(instance),
            former_secret_keys=environment.get("CHALLENGE_FORMER_SECRET_KEYS", ""),
            secure_cookies=environment.get("CHALLENGE_INSECURE_COOKIES", "") != "1",
            trusted_proxies=_count(environment, "CHALLENGE_TRUSTED_PROXIES", 0),
            lease_seconds=_count(environment, "CHALLENGE_LEASE_SECONDS", 60, least=SHORTEST_LEASE),
            evaluation_seconds=_count(environment, "CHALLENGE_EVALUATION_SECONDS", 600, least=1),
            evaluation_megabytes=_count(environment, "CHALLENGE_EVALUATION_MEGABYTES", 2048, least=LEAST_MEGABYTES),
            model_seconds=_count(environment, "CHALLENGE_MODEL_SECONDS", 3600, least=1),
            model_megabytes=_count(environment, "CHALLENGE_MODEL_MEGABYTES", 8192, least=LEAST_MODEL_MEGABYTES),
            sandbox_cgroup=environment.get("SANDBOX_CGROUP", ""),
            engines=str(Path(environment["ENGINES"]).resolve()) if environment.get("ENGINES") else "",
            eur_per_cpu_hour=_amount(environment, "CHALLENGE_EUR_PER_CPU_HOUR"),
            endpoint_hosts=_hosts(environment, "CHALLENGE_ENDPOINT_HOSTS"),
            endpoint_requests=_count(environment, "CHALLENGE_ENDPOINT_REQUESTS", 20_000, least=1),
            endpoint_tokens=_count(environment, "CHALLENGE_ENDPOINT_TOKENS", 5_000_000, least=1),
            endpoint_seconds=_count(environment, "CHALLENGE_ENDPOINT_SECONDS", 3600, least=1),
            hub=_address(environment, "CHALLENGE_HUB", such_as="https://huggingface.co"),
            hub_gigabytes=_count(environment, "CHALLENGE_HUB_GIGABYTES", 100, least=1),
            doi_registry=_address(environment, "CHALLENGE_DOI_REGISTRY", such_as="https://doi.org"),
            endpoint_key_days=_count(environment, "CHALLENGE_ENDPOINT_KEY_DAYS", 30),
            trial_days=_count(environment, "CHALLENGE_TRIAL_DAYS", 30, least=1),
            release_check_days=_count(environment, "CHALLENGE_RELEASE_CHECK_DAYS", 7),
            release_watch_days=_count(environment, "CHALLENGE_RELEASE_WATCH_DAYS", 365),
            smtp=environment.get("CHALLENGE_SMTP", ""),
            mail_from=environment.get("CHALLENGE_MAIL_FROM", "challenge@localhost"),
            banner=environment.get("CHALLENGE_BANNER", ""),
        )


def database_address(address: str) -> str:
    """Name the driver of a PostgreSQL address, which hosts commonly leave out."""
    for short in ("postgres://", "postgresql://"):
        if address.startswith(short):
            return "postgresql+psycopg://" + address.removeprefix(short)
    return address


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _hosts(environment: Mapping[str, str], name: str) -> str:
    text = environment.get(name, "")
    for host in _listed(text):
        if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?", host):
            raise SettingsError(f"{name} names {host!r}; give hosts alone, without https://, port or path.")
    return text


def _address(environment: Mapping[str, str], name: str, *, such_as: str) -> str:
    """Return the address of a place that is asked by https, without a slash at its end; empty where none is set."""
    text = environment.get(name, "").rstrip("/")
    if text and not re.fullmatch(r"https://[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(:[0-9]{1,5})?", text):
        raise SettingsError(f"{name} is {text!r}; give an address such as {such_as}, without a path.")
    return text


def _count(environment: Mapping[str, str], name: str, otherwise: int, *, least: int = 0) -> int:
    text = environment.get(name, "")
    if not text:
        return otherwise
    if not text.isascii() or not text.isdigit():
        raise SettingsError(f"{name} is {text!r}; give a whole number.")
    if int(text) < least:
        raise SettingsError(f"{name} is {text}; give {least} or more.")
    return int(text)


def _amount(environment: Mapping[str, str], name: str) -> Decimal:
    text = environment.get(name, "")
    if not text:
        return Decimal(0)
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,6})?", text):
        raise SettingsError(f"{name} is {text!r}; give an amount in EUR such as 0.04.")
    return Decimal(text)


def _kept_secret(instance: Path) -> str:
    """Keep one random secret per installation, so that a restart signs nobody's form out."""
    instance.mkdir(parents=True, exist_ok=True)
    path = instance / "secret.key"
    if not path.exists():
        new = instance / f"secret.{os.getpid()}"
        new.touch(mode=0o600)
        new.write_text(secrets.token_hex(32))
        try:
            os.link(new, path)  # of two processes starting together, one wins and both read the same
        except FileExistsError:
            pass
        finally:
            new.unlink()
    return path.read_text().strip()
