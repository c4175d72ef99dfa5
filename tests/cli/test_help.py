"""Every command explains itself, in English and in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from outreach.cli.main import _cli
from tests_of_cli import Call  # type: ignore[import-not-found]
