"""What each role may do: one line a command, and which commands take personal data out.

Checked in one place, when a command asks for the workspace or the office (cli/session.py). A command without a line is
the manager's alone. Behind it stands what a role's connections see (store/scope.py): a line that is wrong here still
shows an officer nobody else's household.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from outreach.domain.role import Role, User
from outreach.errors import NotAllowed
from outreach.messages import _, current_language

_LETTERS = {"P": Role.PUBLICITY, "L": Role.PLANNER, "O": Role.OFFICER, "M": Role.MANAGER, "A": Role.AUDITOR}

_LINES = """
init                     PLOMA
demo                     PLOMA
check                    PLOMA
completion               PLOMA
campaign list            PLOMA
campaign new             PLM
campaign show            PLOMA
campaign check           PLOMA
campaign calendar        PLM
campaign plan            PLOMA
campaign picture         PLOMA
campaign expire          M
household import         M
household list           LOMA
household show           LOMA
household record         OMA
household assign         LM
household walk           LOMA
household plans          LMA
household export         LOMA
household exclude        LM
household exclusions     LMA
household history        LOMA
household suppress       LOM
household unsuppress     LOM
household suppressions   LOMA
household touched        LOMA
household erase          M
household erasures       MA
household duplicates     MA
household distinct       M
household merge          M
household unmerge        M
household merges         MA
walk plan                LM
walk list                LOMA
walk show                LOMA
walk withdraw            LM
walk export              LOM
officer import           LM
officer list             PLOMA
officer handover         LM
officer history          LOMA
qa list                  PLOMA
qa show                  PLOMA
qa search                PLOMA
qa drift                 PLOMA
qa accept                PM
material list            PLOMA
material preview         PLOMA
material copy            PM
material make            PLOM
material make sms        LOM
sms recipients           LOMA
run list                 PLOMA
run show                 PLOMA
run resume               PLOM
run verify               PLOMA
run recall               PLOMA
run state                PLOM
run scan                 PLOM
run states               PLOMA
account import           M
account show             OMA
account due              OMA
contact record           OM
contact entrance         OM
contact enter            OM
contact codes            PLOMA
contact withdraw         OM
contact import           OM
contact due              LOMA
contact simulate         LMA
contact export           OMA
contact merge            M
contact audit            MA
followup open            OM
followup answer          OM
followup move            OM
followup withdraw        OM
followup list            LOMA
followup overdue         LOMA
case import              LM
case list                LOMA
case step                OM
mail returned            OM
mail proposals           OMA
mail accept              M
mail refuse              M
notice list              PLOMA
notice photo             PLOM
notice due               PLOMA
leave import             LM
leave add                LM
leave list               LOMA
leave lift               LM
booth plan               LM
booth show               PLOMA
booth publish            LM
booth set                LM
booth lock               LM
booth unlock             LM
booth calendar           LM
booth export             PLOMA
duty phones              PLOMA
duty plan                LM
duty show                PLOMA
duty publish             LM
duty set                 LM
duty lock                LM
duty unlock              LM
duty calendar            LM
duty export              PLOMA
days year                PLOMA
days show                PLOMA
days due                 PLOMA
days steps               PLOMA
days differences         PLOMA
air rates                PLOMA
air show                 PLOMA
air plan                 LM
air import               LM
air check                PLOMA
air record               LM
air makegood             LM
phone import             LM
phone list               PLOMA
phone set                LM
phone changes            PLOMA
phone draw               LM
phone check              LM
phone rank               PLOMA
phone export             PLOMA
ledger import            M
ledger list              MA
ledger review            MA
ledger match             M
ledger refuse            M
ledger undo              M
ledger unmatched         MA
ledger cohorts           LMA
holdout draw             LM
holdout end              LM
holdout list             LMA
holdout result           LMA
survey draw              LM
survey list              LMA
survey sheet             LM
survey enter             LM
survey result            LMA
report coverage          PLOMA
report funnel            PLOMA
report outcomes          PLOMA
report times             PLOMA
report staffing          LMA
report monthly           LMA
report explain           LMA
user add                 M
user end                 M
user list                MA
user whoami              PLOMA
trail show               MA
trail verify             MA
store check              MA
store copy               M
store backup             M
store restore            M
store seal               M
store unseal             M
"""


def _read(lines: str) -> Mapping[str, frozenset[Role]]:
    rows = (line.rsplit(maxsplit=1) for line in lines.strip().splitlines())
    return MappingProxyType({command: frozenset(_LETTERS[one] for one in letters) for command, letters in rows})


ALLOWED = _read(_LINES)
"""The roles that may run each command. 'material make sms' is that command with that argument."""

UNMASKING = frozenset((Role.OFFICER, Role.MANAGER, Role.AUDITOR))
"""The roles that may see phones and ID numbers in full (--unmask, --private)."""

DISCLOSES = frozenset(
    (
        "household export", "household record", "contact export", "walk export", "officer handover", "material make",
        "material make sms", "sms recipients", "run resume", "run recall", "run states", "phone export", "survey draw",
        "survey sheet", "contact audit", "ledger unmatched", "report explain", "store copy", "store backup",
    )
)  # fmt: skip
"""Commands that write personal data out, on paper or into a file: on the trail each time, masked or not."""

DISCLOSES_TO_FILES = frozenset(("mail proposals", "household duplicates", "duty phones"))
"""Commands that do so only where a file is named (--to, --file); on the screen they are a masked listing."""

MENDS = frozenset(("store restore", "store check"))
"""Commands for a damaged store, which cannot say who its users are. Who can reach its file could replace it anyway."""

_EVERYBODY = frozenset(Role)


def command_named(path: str, first: str = "") -> str:
    """The line a command falls under: with its first argument where that has a line of its own."""
    special = f"{path} {first}"
    return special if first and special in ALLOWED else path


def open_to_all(command: str) -> bool:
    """Whether every role may run a command, so that one that opens no store need not ask who is there."""
    return ALLOWED.get(command) == _EVERYBODY


def check_allowed(user: User, command: str, *, unmasks: bool) -> None:
    """Raise NotAllowed where the user's role may not run `command`, or not see phones in full."""
    if user.role not in ALLOWED.get(command, frozenset((Role.MANAGER,))):
        raise NotAllowed.at(
            user.login,
            _("'{command}' is not for the role {role}", command=f"outreach {command}", role=user.role.label),
            _("ask somebody who may: {roles}", roles=_roles(command)),
        )
    if unmasks and user.role not in UNMASKING:
        raise NotAllowed.at(
            user.login,
            _("the role {role} does not see phones and ID numbers in full", role=user.role.label),
            _("run it without --unmask and --private, or ask a manager"),
        )


def _roles(command: str) -> str:
    roles = ALLOWED.get(command, frozenset((Role.MANAGER,)))
    return ("、" if current_language() == "zh" else ", ").join(role.label for role in Role if role in roles)
