"""One unit of work: everything read or written together, committed once or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from outreach.store.absences import Absences
from outreach.store.accounts import Accounts
from outreach.store.airings import Airings
from outreach.store.calendar_entries import CalendarEntries
from outreach.store.directory import Directory
from outreach.store.engine import open_engine, translate
from outreach.store.exclusions import Exclusions
from outreach.store.facts import Facts
from outreach.store.piece_events import PieceEvents
from outreach.store.rosters import Rosters
from outreach.store.rotas import Rotas
from outreach.store.runs import Runs
from outreach.store.suppressions import Suppressions
from outreach.store.surveys import Surveys
from outreach.store.territory import Territories
from outreach.store.tries import Tries
from outreach.store.walks import WalkLists


class Unit:
    """The repositories over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.rosters = Rosters(connection)
        self.territories = Territories(connection)
        self.facts = Facts(connection)
        self.runs = Runs(connection)
        self.piece_events = PieceEvents(connection)
        self.accounts = Accounts(connection)
        self.suppressions = Suppressions(connection)
        self.absences = Absences(connection)
        self.walks = WalkLists(connection)
        self.tries = Tries(connection)
        self.exclusions = Exclusions(connection)
        self.calendar_entries = CalendarEntries(connection)
        self.rotas = Rotas(connection)
        self.airings = Airings(connection)
        self.directory = Directory(connection)
        self.surveys = Surveys(connection)


class Store:
    """The store of one workspace; opens units of work."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str, *, create: bool = False) -> Store:
        """Open the store at `url`; see `open_engine` for the errors."""
        return cls(open_engine(url, create=create))

    @contextmanager
    def read(self) -> Iterator[Unit]:
        """A unit that reads one consistent state and writes nothing."""
        try:
            with self._engine.connect().execution_options(read_only=True) as connection:
                yield Unit(connection)
        except SQLAlchemyError as error:
            raise translate(error) from error

    @contextmanager
    def write(self) -> Iterator[Unit]:
        """A unit that commits when its block ends and leaves no trace when it fails."""
        try:
            with self._engine.begin() as connection:
                yield Unit(connection)
        except SQLAlchemyError as error:
            raise translate(error) from error

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()
