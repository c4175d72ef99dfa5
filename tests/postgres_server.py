"""A PostgreSQL server of the tests' own: in a temporary folder, on a socket in it, stopped by its own process.

Nothing of it can be reached from elsewhere, and a server the machine runs for others is left alone. PostgreSQL
refuses to run as root, so that it runs as 'nobody' then.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

_SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "max_connections=60",
    "shared_buffers=64MB",
    "autovacuum=off",
)
"""Fast and not durable: what the tests hold here lives as long as they run."""


def server_programs() -> Path | None:
    """The folder with initdb and postgres, or None where PostgreSQL's server is not installed."""
    folders = [Path(found).parent for found in [shutil.which("initdb")] if found]
    if config := shutil.which("pg_config"):
        asked = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        folders.append(Path(asked.stdout.strip()))
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((one for one in folders if (one / "initdb").is_file() and (one / "postgres").is_file()), None)


_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_SWITCHED_OFF = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgenabled = 'D' AND NOT tgisinternal"
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename"


@dataclass(frozen=True)
class Content:
    """What stands in a database. tables: all of them. rows: by table, as COPY writes them. sequences: last values."""

    tables: tuple[str, ...]
    rows: dict[str, bytes]
    sequences: dict[str, int | None]


class Server:
    """A running server; its databases are made one after another and named by number."""

    def __init__(self, programs: Path) -> None:
        # A socket's path may have 107 signs; pytest's folders under a user's own are longer.
        self.folder = Path(tempfile.mkdtemp(prefix="outreach-pg-", dir="/tmp"))
        self._numbers = itertools.count(1)
        self._idle: list[str] = []
        self.template = ""
        self.programs = programs
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self._user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        made = subprocess.run(
            [
                programs / "initdb", "--pgdata", self.folder / "data", "--username", "outreach", "--auth", "trust",
                "--encoding", "UTF8", "--locale", "C", "--no-sync",
            ],
            capture_output=True, text=True, cwd=self.folder, check=False, **self._user,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        self.start()
        # A language's order, not the code's: what depends on the order of texts shows.
        with self.connection("postgres") as connection:
            named = connection.execute("SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu'").fetchone()
        order = "LOCALE_PROVIDER icu ICU_LOCALE 'zh' " if named else ""
        self._template = f"TEMPLATE template0 ENCODING 'UTF8' {order}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [self.programs / "postgres", "-D", self.folder / "data", "-k", self.folder, *settings],
                stdout=log, stderr=log, cwd=self.folder, **self._user,
            )  # fmt: skip
        until = time.monotonic() + 60
        while True:
            try:
                self.connection("postgres").close()
            except psycopg.OperationalError:
                assert time.monotonic() < until, (self.folder / "log").read_text("utf-8", "replace")
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """End the server and its connections; what was committed is written home."""
        self._server.send_signal(signal.SIGINT)
        self._server.wait(60)

    def remove(self) -> None:
        """End the server as it stands and take its folder away."""
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)

    def connection(self, database: str) -> psycopg.Connection[Any]:
        """A connection of the tests' own, each statement committed at once."""
        return psycopg.connect(host=str(self.folder), user="outreach", dbname=database, autocommit=True)

    def url(self, database: str) -> str:
        """The address as people write it."""
        return f"postgresql://outreach@/{database}?host={self.folder}"

    def new_database(self, template: str = "") -> str:
        """A database of its own: empty, or a copy of `template`; returns its name."""
        name = f"t{next(self._numbers)}"
        with self.connection("postgres") as connection:
            source = f"TEMPLATE {template} STRATEGY FILE_COPY" if template else self._template
            connection.execute(f"CREATE DATABASE {name} {source}")
        return name

    def content(self, database: str) -> Content:
        """The rows of every table that has some, and where its sequences stand."""
        with self.connection(database) as connection:
            names = [row[0] for row in connection.execute(_TABLES)]
            rows: dict[str, bytes] = {}
            for name in names:
                with connection.cursor().copy(f'COPY "{name}" TO STDOUT') as copy:
                    if found := b"".join(copy):
                        rows[name] = found
            return Content(tuple(names), rows, dict(connection.execute(_SEQUENCES).fetchall()))

    def lend(self, content: Content) -> str:
        """A database with such content and no other, for one test; to be given back. Refilled, not made anew:
        making one writes hundreds of files.
        """
        name = self._idle.pop() if self._idle else self.new_database(self.template)
        with self.connection(name) as connection, connection.transaction():
            # As a replica applies rows: without triggers, so that facts can go and rows come in any order.
            connection.execute("SET LOCAL session_replication_role = replica")
            connection.execute("; ".join(f'DELETE FROM "{table}"' for table in content.tables))
            # The test before may have gone behind the triggers' back.
            for (table,) in connection.execute(_SWITCHED_OFF).fetchall():
                connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            for table, rows in content.rows.items():
                with connection.cursor().copy(f'COPY "{table}" FROM STDIN') as copy:
                    copy.write(rows)
            for sequence, last in content.sequences.items():
                connection.execute("SELECT setval(%s, %s, %s)", (sequence, last or 1, last is not None))
        return name

    def take_back(self, database: str) -> None:
        """Let the next test have a database; whoever is still connected to it is cut off."""
        with self.connection("postgres") as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (database,))
        self._idle.append(database)

    def drop(self, database: str) -> None:
        """Take a database away, whoever is connected to it."""
        with self.connection("postgres") as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
