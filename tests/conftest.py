"""What the tests share: a small town to work in, a clock that stands still, and programs from outside.

The town has 30 households with 40 persons in two communities, four officers and a campaign of three months. All
of it is invented; the phone numbers are of no network.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import create_engine

from outreach.config import load_workspace
from outreach.messages import use_language
from outreach.services.office import Office, init_workspace, open_office
from outreach.services.rosters import import_households, import_officers
from outreach.services.territories import assign_households
from outreach.store.engine import parse_address
from outreach.store.moving import copy_store
from outreach.store.unit import Store
from tests.postgres_server import Content, Server, server_programs
from tests.town_files import CAMPAIGN, csv_bytes, household_rows, officer_rows

settings.register_profile("house", deadline=None)
settings.load_profile("house")

SHANGHAI = dt.timezone(dt.timedelta(hours=8))


class Clock:
    """A clock that stands still until it is put to another time."""

    def __init__(self) -> None:
        self.present = dt.datetime(2005, 6, 15, 10, 0, tzinfo=SHANGHAI)

    def __call__(self) -> dt.datetime:
        return self.present


class Town:
    """A workspace with its open office, and the files its staff would write."""

    officer_rows = staticmethod(officer_rows)
    household_rows = staticmethod(household_rows)

    def __init__(self, root: Path, server: Server | None = None) -> None:
        self.root = root
        self.server = server
        self.clock = Clock()
        self.campaign_file = root / "campaigns" / "town" / "campaign.toml"
        self._opened: list[Office] = []
        self.office = self.reopen()

    @property
    def workspace(self) -> Any:
        return self.office.workspace

    def reopen(self) -> Office:
        """A second office over the same files, as another program would open it."""
        self._opened.append(open_office(load_workspace(self.root), clock=self.clock))
        return self._opened[-1]

    def close(self) -> None:
        for office in self._opened:
            office.close()

    def beside(self, name: str) -> Path:
        """A copy of the workspace as it stands, beside it, with a store of its own; returns its folder."""
        folder = self.root.parent / name
        shutil.copytree(self.root, folder)
        if self.server is not None:
            url = self.server.url(self.server.new_database(self.server.template))
            copy_store(self.workspace.store_url, url)
            use_store(folder, url)
        return folder

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """What the store's database answers to a statement said behind outreach's back."""
        engine = create_engine(parse_address(self.workspace.store_url))
        with engine.begin() as connection:
            answer = connection.exec_driver_sql(statement)
            rows = [tuple(row) for row in answer] if answer.returns_rows else []
        engine.dispose()
        return rows

    def table(self, rows: list[dict[str, str]], name: str = "table.csv") -> Path:
        """The rows as a .csv in UTF-8."""
        path = self.root / name
        path.write_bytes(csv_bytes(rows))
        return path

    def edit_campaign(self, *changes: tuple[str, str]) -> Path:
        """The campaign file with each old text, which is there once, replaced by the new."""
        text = self.campaign_file.read_text("utf-8")
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the campaign file"
            text = text.replace(old, new)
        self.campaign_file.write_text(text, "utf-8")
        return self.campaign_file

    def edit_household(self, code: str, **values: str) -> None:
        """Import the roster again with other values for every person of one household."""
        rows = [row | values if row["户号"] == code else row for row in self.household_rows()]
        import_households(self.office, self.table(rows, "again.csv"))


@pytest.fixture(scope="session")
def _bare_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("bare")
    init_workspace(root, locale="zh_CN", campaign="town")
    # One process: a spawned one costs more than all that a small town prints.
    settings_file = root / "outreach.toml"
    settings_file.write_text(settings_file.read_text("utf-8").replace("workers = 0", "workers = 1"), "utf-8")
    folder = root / "campaigns" / "town"
    folder.mkdir()
    (folder / "campaign.toml").write_text(CAMPAIGN, "utf-8")
    return root


@pytest.fixture(scope="session")
def _town_root(_bare_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("town") / "town"
    shutil.copytree(_bare_root, root)
    _people(root)
    return root


def _people(root: Path) -> None:
    built = Town(root)
    import_officers(built.office, built.table(officer_rows()))
    import_households(built.office, built.table(household_rows()))
    assign_households(built.office, "")
    built.close()
    (root / "table.csv").unlink()


ON_BOTH = ("tests/store/", "tests/services/", "tests/cli/test_json.py", "tests/cli/test_user.py")
"""Whose tests run on the embedded store and on PostgreSQL, where they use a store at all."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests of ON_BOTH on both databases; those marked sqlite_only are about the file itself."""
    path = metafunc.definition.path.as_posix()
    alone = metafunc.definition.get_closest_marker("sqlite_only")
    if "backend" in metafunc.fixturenames and not alone and any(f"/{folder}" in path for folder in ON_BOTH):
        metafunc.parametrize("backend", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    """The database a test works with: sqlite or postgres."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The tests' own PostgreSQL; without one a test is skipped on a developer's machine and fails where CI is true."""
    programs = server_programs()
    if programs is None:
        reason = "PostgreSQL's server (initdb, postgres) is not installed"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(f"{reason}; continuous integration must have it")
        pytest.skip(reason)
    server = Server(programs)
    yield server
    server.remove()


@pytest.fixture(scope="session")
def empty_store(postgres: Server) -> Content:
    postgres.template = postgres.new_database()
    Store.open(postgres.url(postgres.template), create=True).close()
    return postgres.content(postgres.template)


@pytest.fixture
def postgres_url(postgres: Server, empty_store: Content) -> Iterator[str]:
    """The address of an empty store on PostgreSQL, for one test."""
    name = postgres.lend(empty_store)
    yield postgres.url(name)
    postgres.take_back(name)


@pytest.fixture(scope="session")
def _postgres_town(
    postgres: Server, empty_store: Content, _bare_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Content:
    name = postgres.lend(empty_store)
    root = tmp_path_factory.mktemp("postgres") / "town"
    shutil.copytree(_bare_root, root)
    use_store(root, postgres.url(name))
    _people(root)
    return postgres.content(name)


@pytest.fixture
def bare_town(request: pytest.FixtureRequest, backend: str, _bare_root: Path, tmp_path: Path) -> Iterator[Town]:
    """A workspace with the campaign but without people."""
    yield from _copied(request, _bare_root, tmp_path / "town", "empty_store" if backend == "postgres" else "")


@pytest.fixture
def town(request: pytest.FixtureRequest, backend: str, _town_root: Path, tmp_path: Path) -> Iterator[Town]:
    """The workspace with officers and households imported and every household assigned."""
    yield from _copied(request, _town_root, tmp_path / "town", "_postgres_town" if backend == "postgres" else "")


def _copied(request: pytest.FixtureRequest, source: Path, target: Path, template: str) -> Iterator[Town]:
    """A copy of a workspace; template: the fixture of the PostgreSQL database to copy instead of the file."""
    shutil.copytree(source, target)
    server: Server | None = request.getfixturevalue("postgres") if template else None
    if server is not None:
        name = server.lend(request.getfixturevalue(template))
        use_store(target, server.url(name))
    copied = Town(target, server)
    yield copied
    copied.close()
    if server is not None:
        server.take_back(name)


def use_store(root: Path, url: str) -> None:
    """Let a workspace work in the store at `url`."""
    (root / "outreach.db").unlink(missing_ok=True)
    old = load_workspace(root).settings.store.url
    settings_file = root / "outreach.toml"
    text = settings_file.read_text("utf-8")
    assert text.count(f'"{old}"') == 1
    settings_file.write_text(text.replace(f'"{old}"', f'"{url}"'), "utf-8")


@pytest.fixture(autouse=True)
def _english_messages() -> None:
    """Every test begins in English, whatever language an earlier one spoke."""
    use_language("en")


@pytest.fixture(scope="session")
def outside_program() -> Callable[..., str]:
    """outside_program('soffice', 'libreoffice') -> the path of the first that is there.

    A missing one skips the test on a developer's machine and fails it where CI is true.
    """

    def find(*names: str) -> str:
        for name in names:
            if found := shutil.which(name):
                return found
        reason = f"{names[0]} is not installed"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(f"{reason}; continuous integration must have it")
        pytest.skip(reason)

    return find
