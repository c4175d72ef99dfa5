"""Word files laid out by an office suite, where one is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from outreach.errors import CannotPrint, NotFound
from outreach.messages import _

_SECONDS = 120


def docx_pdf(docx: bytes) -> bytes:
    """The pages of a Word file as LibreOffice lays them out.

    Raises NotFound where LibreOffice is not installed, CannotPrint where it does not open the file.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise NotFound.at(
            "LibreOffice", _("is not installed, and a Word file is pictured by it"), _("install it, or preview the PDF")
        )
    with TemporaryDirectory(prefix="outreach-suite-") as name:
        folder = Path(name)
        (folder / "piece.docx").write_bytes(docx)
        # A profile of its own: the user's LibreOffice may be open at the same time.
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", name, str(folder / "piece.docx")]
        try:
            subprocess.run(command, check=False, capture_output=True, timeout=_SECONDS)  # noqa: S603 - our own file
        except subprocess.TimeoutExpired as error:
            raise CannotPrint.at(
                "LibreOffice", _("did not answer in {seconds} s", seconds=_SECONDS), _("end other work and try again")
            ) from error
        made = folder / "piece.pdf"
        if not made.is_file():
            raise CannotPrint.at("LibreOffice", _("could not open the file"), _("open it in Word or WPS to see why"))
        return made.read_bytes()
