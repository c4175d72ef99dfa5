"""One unit of work: everything read or written together, committed once or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Generic, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from outreach.domain.role import Role
from outreach.errors import NotAllowed
from outreach.messages import _
from outreach.store import refused
from outreach.store.absences import Absences
from outreach.store.accounts import Accounts
from outreach.store.airings import Airings
from outreach.store.calendar_entries import CalendarEntries
from outreach.store.cases import Cases
from outreach.store.corrections import Corrections
from outreach.store.directory import Directory
from outreach.store.engine import open_engine, second_engine
from outreach.store.erasure import Erasures
from outreach.store.exclusions import Exclusions
from outreach.store.facts import Facts
from outreach.store.follow_ups import FollowUps
from outreach.store.hold_outs import HoldOuts
from outreach.store.household_records import HouseholdRecords
from outreach.store.learnt import Learnt
from outreach.store.ledger import Ledger
from outreach.store.merges import Merges
from outreach.store.piece_events import PieceEvents
from outreach.store.piece_photos import PiecePhotos
from outreach.store.refused import translate
from outreach.store.rosters import Rosters
from outreach.store.rotas import Rotas
from outreach.store.runs import Runs
from outreach.store.scope import Scope, limit
from outreach.store.sealed import seal_of
from outreach.store.sealing import load_seal, seal_store, sweep, unseal_store
from outreach.store.suppressions import Suppressions
from outreach.store.surveys import Surveys
from outreach.store.territory import Territories
from outreach.store.trail import Trail
from outreach.store.tries import Tries
from outreach.store.turn import turn_of
from outreach.store.users import Users
from outreach.store.walks import WalkLists
from outreach.store.writer import Writer

_Found = TypeVar("_Found")
_Repository = TypeVar("_Repository")


class _Part(Generic[_Repository]):
    """A repository of a unit, made when it is asked for first: most units use two or three of them."""

    def __init__(self, make: Callable[[Connection], _Repository]) -> None:
        self._make = make

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, unit: Unit, _owner: type) -> _Repository:
        made = self._make(unit.connection)
        vars(unit)[self._name] = made  # where it is found from now on
        return made


class Unit:
    """The repositories over one transaction. scoped: they see a part of the households only (store/scope.py)."""

    rosters = _Part(Rosters)
    territories = _Part(Territories)
    facts = _Part(Facts)
    runs = _Part(Runs)
    piece_events = _Part(PieceEvents)
    accounts = _Part(Accounts)
    suppressions = _Part(Suppressions)
    absences = _Part(Absences)
    walks = _Part(WalkLists)
    tries = _Part(Tries)
    learnt = _Part(Learnt)
    exclusions = _Part(Exclusions)
    calendar_entries = _Part(CalendarEntries)
    rotas = _Part(Rotas)
    airings = _Part(Airings)
    directory = _Part(Directory)
    surveys = _Part(Surveys)
    ledger = _Part(Ledger)
    hold_outs = _Part(HoldOuts)
    household_records = _Part(HouseholdRecords)
    erasures = _Part(Erasures)
    follow_ups = _Part(FollowUps)
    cases = _Part(Cases)
    corrections = _Part(Corrections)
    piece_photos = _Part(PiecePhotos)
    users = _Part(Users)
    trail = _Part(Trail)
    merges = _Part(Merges)

    def __init__(self, connection: Connection, *, scoped: bool = False) -> None:
        self.connection = connection
        self.scoped = scoped


class Store:
    """The store of one workspace; opens units of work."""

    def __init__(self, engine: Engine, scope: Scope | None = None) -> None:
        self._engine = engine
        self._scope = scope
        self._writer = Writer(engine) if engine.dialect.name == "sqlite" else None

    @classmethod
    def open(cls, url: str, *, create: bool = False, key_file: Path | None = None) -> Store:
        """Open the store at `url`; see `open_engine` for the errors, `load_seal` for those of the key."""
        engine = open_engine(url, create=create)
        load_seal(engine, key_file)
        return cls(engine)

    def limited(self, scope: Scope) -> Store:
        """The same store as the user of `scope` sees it; to be closed on its own."""
        engine = second_engine(self._engine)
        if scope.limited:
            limit(engine, scope)
        return Store(engine, scope)

    @property
    def scoped(self) -> bool:
        """Whether a part of the households is seen only."""
        return self._scope is not None and self._scope.role is Role.OFFICER

    @contextmanager
    def read(self) -> Iterator[Unit]:
        """A unit that reads one consistent state and writes nothing."""
        try:
            with self._engine.connect().execution_options(read_only=True) as connection:
                connection.begin()  # what is said straight to the driver would not begin it
                yield Unit(connection, scoped=self.scoped)
        except SQLAlchemyError as error:
            raise translate(error, self._engine.url) from error

    @contextmanager
    def write(self) -> Iterator[Unit]:
        """A unit that commits when its block ends and leaves no trace when it fails."""
        if self._scope is not None and self._scope.role is Role.AUDITOR:
            raise NotAllowed.at(
                self._scope.login,
                _("an auditor changes nothing"),
                _("let somebody else do it; 'outreach user whoami' shows your role"),
            )
        try:
            with self._turn(), self._transaction() as connection:
                yield Unit(connection, scoped=self.scoped)
        except SQLAlchemyError as error:
            raise translate(error, self._engine.url) from error

    def _transaction(self) -> AbstractContextManager[Connection]:
        return self._engine.begin() if self._writer is None else self._writer.transaction()

    def _turn(self) -> AbstractContextManager[None]:
        database = self._engine.url.database
        if self._engine.dialect.name != "sqlite" or not database:
            return nullcontext()  # PostgreSQL keeps a line of its own
        return turn_of(database).taken(refused.BUSY_SECONDS)

    def forget_deleted(self) -> None:
        """Let nothing that was deleted stand in the log beside a SQLite file: it is written home and cut."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect().execution_options(read_only=True) as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def seal(self, key: bytes, also: Callable[[Unit], None]) -> dict[str, int]:
        """Seal the personal columns with a key derived from `key`; the values sealed, by column.

        also: writes what belongs to it in the same transaction.
        """
        return self._rewritten(lambda: seal_store(self._engine, key, lambda connection: also(Unit(connection))))

    def unseal(self, also: Callable[[Unit], None]) -> dict[str, int]:
        """Write the personal columns plainly again; the values opened, by column. also: as for `seal`."""
        return self._rewritten(lambda: unseal_store(self._engine, lambda connection: also(Unit(connection))))

    def sweep(self) -> bool:
        """Finish a sealing that was stopped before the file was written anew; whether there was one."""
        return self._rewritten(lambda: sweep(self._engine))

    def _rewritten(self, rewrite: Callable[[], _Found]) -> _Found:
        try:
            with self._turn():
                return rewrite()
        except SQLAlchemyError as error:
            raise translate(error, self._engine.url) from error

    @property
    def sealed(self) -> bool:
        """Whether the personal columns are sealed."""
        return seal_of(self._engine.dialect) is not None

    def close(self) -> None:
        """Let go of the file."""
        if self._writer is not None:
            self._writer.close()
        self._engine.dispose()
