"""Plays the demonstration once and serves it to a real browser."""

import io
import os
import secrets
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import make_url
from werkzeug.serving import make_server

from challenge.app import create_app, open_house
from challenge.commands.demo.cast import PASSWORD, address
from challenge.commands.demo.play import play
from challenge.commands.demo.story import Stage
from challenge.commands.schema import upgrade
from challenge.foundation.clock import SetClock
from challenge.foundation.settings import Settings
from tests.cast import TODAY, Cast
from tests.conftest import ON_POSTGRESQL, SERVER, sql

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
BROWSER_MISSING = "no Chromium on this machine: the browser journeys are skipped (Debian: apt-get install chromium)"
WIDTHS = (1280, 390)
PATIENCE = 60_000
"""Milliseconds until a journey gives up waiting: a page that computes takes long on a busy machine."""


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The demonstration, played up to the naming of finalists; later journeys play on."""
    folder = tmp_path_factory.mktemp("demonstration")
    address, name = f"sqlite:///{folder / 'challenge.db'}", f"challenge_{secrets.token_hex(6)}"
    if ON_POSTGRESQL:
        sql(f"CREATE DATABASE {name}")
        address = make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    settings = Settings(instance=folder / "instance", database_url=address, secret_key="journeys", secure_cookies=False)
    house = open_house(settings, SetClock(TODAY))
    upgrade(house.database)
    yield play(house, say=lambda _: None, acts=5)
    house.database.close()
    if ON_POSTGRESQL:
        sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def demonstration(stage: Stage) -> Cast:
    """The people of the demonstration, with the test client's browsers."""
    app = create_app(stage.house)
    app.testing = True
    return Cast(stage.house, app, dict(stage.people))


@pytest.fixture(scope="session")
def site(demonstration: Cast) -> Iterator[str]:
    """The address at which the demonstration is served."""
    server = make_server("127.0.0.1", 0, demonstration.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real browser; skips where there is none."""
    if not CHROMIUM:
        pytest.skip(BROWSER_MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield browser
        browser.close()


@dataclass
class Walker:
    """One person walking through the site with a real browser."""

    page: Page
    site: str
    scripts: bool = True
    """Whether the browser runs JavaScript; without it axe cannot look."""

    def go(self, path: str) -> None:
        """Open a page and look at it."""
        answer = self.page.goto(self.site + path)
        assert answer is not None
        assert answer.status < 400, f"{path} answered {answer.status}"
        self.look()

    def press(self, name: str, *, role: str = "button") -> None:
        """Press a button, or follow a link, by its name, and look at what comes."""
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]
        self.page.wait_for_load_state()
        self.look()

    def write(self, label: str, text: str) -> None:
        """Write into a field by its label."""
        self.page.get_by_label(label).first.fill(text)

    def says(self, sentence: str) -> bool:
        """Tell whether the page says a sentence."""
        return " ".join(sentence.split()) in " ".join(self.page.inner_text("body").split())

    def sign_in(self, key: str) -> None:
        """Sign in as one of the demonstration's people."""
        self.go("/sign-in")
        self.write("Address", address(key))
        self.write("Password", PASSWORD)
        self.press("Sign in")

    def look(self) -> None:
        """Find nothing that shuts somebody out, and nothing that runs over the edge on a wide or a narrow screen."""
        if not self.scripts:
            return
        found = Axe().run(self.page)
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 844})
            over = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert over <= 0, f"{self.page.url} is {over} pixels too wide at {width}"
            self._keep_picture(width)
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 844})

    def _keep_picture(self, width: int) -> None:
        folder = os.environ.get("PICTURES")
        if folder:
            name = self.page.url.removeprefix(self.site).split("?")[0].strip("/").replace("/", "-") or "front"
            heading = self.page.locator("h1").first.inner_text()[:40].replace("/", " ")
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"{name}--{heading}--{width}.png", full_page=True)


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh browser window without cookies."""
    window = chromium.new_context(viewport={"width": WIDTHS[0], "height": 844})
    yield window
    window.close()


@pytest.fixture
def walker(context: BrowserContext, site: str) -> Walker:
    """Somebody who opens the site."""
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"a script broke on {page.url}: {error}"))
    return Walker(page, site)


@pytest.fixture
def plain_walker(chromium: Browser, site: str) -> Iterator[Walker]:
    """Somebody whose browser runs no JavaScript."""
    window = chromium.new_context(viewport={"width": WIDTHS[0], "height": 844}, java_script_enabled=False)
    window.set_default_timeout(PATIENCE)
    yield Walker(window.new_page(), site, scripts=False)
    window.close()


def upload(name: str, content: bytes) -> dict[str, object]:
    """Return a file as Playwright takes it."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": io.BytesIO(content).read()}
