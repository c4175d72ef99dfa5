"""Where templates and campaigns are found.

Search order, first match per name wins: the workspace, then folders that other packages register under the
entry-point group `outreach.templates`, then the checkout beside the package, then the data installed with it.
"""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

_PACKAGE = Path(__file__).parent
_ROOTS = (_PACKAGE.parent, _PACKAGE / "_data")


def shipped(name: str) -> list[Path]:
    """The folders `name` ('templates' or 'campaigns') that came with outreach, the checkout's first."""
    # A site-packages folder may hold a stranger's 'templates'; only a checkout has pyproject.toml beside it.
    roots = [root for root in _ROOTS if root.name == "_data" or (root / "pyproject.toml").is_file()]
    return [root / name for root in roots if (root / name).is_dir()]


def registered_templates() -> list[Path]:
    """Template folders that installed packages offer; each entry point names a function returning a path."""
    return [Path(str(entry.load()())) for entry in sorted(entry_points(group="outreach.templates"))]


def template_roots(workspace: Path | None) -> list[Path]:
    """All folders that may hold material kinds, in search order."""
    own = [workspace / "templates"] if workspace and (workspace / "templates").is_dir() else []
    return own + registered_templates() + shipped("templates")


def campaign_roots(workspace: Path | None) -> list[Path]:
    """All folders that may hold campaigns, in search order."""
    own = [workspace / "campaigns"] if workspace and (workspace / "campaigns").is_dir() else []
    return own + shipped("campaigns")


def find_in(roots: list[Path], name: str, marker: str) -> Path | None:
    """The first `root/name` that holds the file `marker`, or None. `name` is one folder, never a path."""
    if not name or Path(name).name != name:
        return None
    return next((root / name for root in roots if (root / name / marker).is_file()), None)


def names_in(roots: list[Path], marker: str) -> list[str]:
    """The names of all folders that hold `marker`, sorted, each once."""
    return sorted({path.parent.name for root in roots for path in root.glob(f"*/{marker}")})
