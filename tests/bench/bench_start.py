"""How long the command line takes to answer, beside an interpreter that does nothing and beside click alone.

Each figure is the median of 20 runs, in turn so that noise falls on all alike. Bytecode is cached, as in an
installed package. The floor to hold: `outreach --help` under 150 ms.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 20
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "python -c 'import click'": ["-c", "import click"],
    "outreach --help": ["-m", "outreach", "--help"],
    "outreach --lang zh --help": ["-m", "outreach", "--lang", "zh", "--help"],
    "outreach household --help": ["-m", "outreach", "household", "--help"],
    "outreach report --help": ["-m", "outreach", "report", "--help"],
    "outreach --version": ["-m", "outreach", "--version"],
    "completion of 'outreach house'": ["-m", "outreach"],
}


def main() -> None:
    with tempfile.TemporaryDirectory() as bytecode:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        plain = kept | {"PYTHONPYCACHEPREFIX": bytecode, "OUTREACH_LANG": "en"}
        asking = {"_OUTREACH_COMPLETE": "bash_complete", "COMP_WORDS": "outreach house", "COMP_CWORD": "1"}
        took: dict[str, list[float]] = {name: [] for name in COMMANDS}
        for turn in range(RUNS + 1):
            for name, arguments in COMMANDS.items():
                environment = plain | asking if name.startswith("completion") else plain
                started = time.perf_counter()
                subprocess.run([sys.executable, *arguments], env=environment, stdout=subprocess.DEVNULL, check=True)
                if turn:  # the first run compiles
                    took[name].append((time.perf_counter() - started) * 1000)
    print(f"{'':32} median   least  (ms, {RUNS} runs)")
    for name, times in took.items():
        print(f"{name:32} {statistics.median(times):6.0f}  {min(times):6.0f}")


if __name__ == "__main__":
    main()
