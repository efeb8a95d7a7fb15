"""Takes the database away from a house, and brings it back."""

from pathlib import Path

from sqlalchemy import make_url

from challenge.web.house import House
from tests.conftest import sql


class Outage:
    """A database that is not there for a while; the house finds out by itself."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.name = make_url(house.settings.database_url).database or ""

    def begin(self) -> None:
        """Take the database away."""
        self._rename(self.name, f"{self.name}_away")

    def end(self) -> None:
        """Bring the database back as it was."""
        self._rename(f"{self.name}_away", self.name)

    def _rename(self, old: str, new: str) -> None:
        self.house.database.close()
        if self.house.settings.is_sqlite:
            self._rename_file(Path(old), Path(new))
        else:
            sql(f'ALTER DATABASE "{old}" RENAME TO "{new}"')

    def _rename_file(self, old: Path, new: Path) -> None:
        # a folder in the file's place: SQLite would make a new file of that name
        if new.is_dir():
            new.rmdir()
        old.rename(new)
        if old.name == Path(self.name).name:
            old.mkdir()
