"""Draw the pictures of README and pages from a finished demo: `make pictures`. The report page wants Chromium."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image

HERE = Path(__file__).parent / "pictures"
GAP = 24


def page(pdf: Path, index: int, height: int) -> Image.Image:
    """One page of a PDF, `height` pixels high."""
    sheet = pypdfium2.PdfDocument(pdf)[index]
    return sheet.render(scale=height / sheet.get_height()).to_pil().convert("RGB")


def side_by_side(pictures: list[Image.Image]) -> Image.Image:
    """Pictures of equal height in a row on light grey."""
    width = sum(picture.width for picture in pictures) + GAP * (len(pictures) + 1)
    board = Image.new("RGB", (width, pictures[0].height + 2 * GAP), "#e5e7eb")
    x = GAP
    for picture in pictures:
        board.paste(picture, (x, GAP))
        x += picture.width + GAP
    return board


def browser_picture(html: Path) -> Image.Image:
    """The top of an HTML page as Chromium shows it."""
    with tempfile.TemporaryDirectory() as name:
        target = Path(name) / "page.png"
        options = "headless no-sandbox disable-gpu no-first-run disable-background-networking hide-scrollbars"
        command = ["chromium", *(f"--{option}" for option in options.split()), f"--user-data-dir={name}/profile"]
        subprocess.run(
            [*command, f"--screenshot={target}", "--window-size=1000,1500", html.resolve().as_uri()],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return Image.open(io.BytesIO(target.read_bytes())).convert("RGB")


def plan_picture(demo: Path, what: str, *options: str) -> Image.Image:
    """A picture of the demo's plan, as `outreach campaign picture` draws it, at half its size."""
    with tempfile.TemporaryDirectory() as name:
        target = Path(name) / "plan.png"
        command = [sys.executable, "-m", "outreach", "--lang", "en", "-w", str(demo), "campaign", "picture", what]
        subprocess.run([*command, "--to", str(target), *options], check=True, capture_output=True, timeout=120)
        image = Image.open(io.BytesIO(target.read_bytes())).convert("RGB")
    return image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)


def save(picture: Image.Image, name: str) -> None:
    """A small PNG of 128 colours, enough for flat designs."""
    picture.quantize(128, dither=Image.Dither.NONE).save(HERE / name, optimize=True)


def draw(demo: Path) -> None:
    """All pictures from the demo's output folder."""
    out = demo / "out"
    HERE.mkdir(exist_ok=True)
    (poster,), notice = out.glob("*-poster-pdf/poster.pdf"), sorted(out.glob("*-notice-pdf/*.pdf"))[0]
    save(side_by_side([page(poster, 0, 900), page(notice, 0, 900)]), "poster.png")
    cards = out / "0003-card-pdf/card-G01.pdf"
    save(side_by_side([page(cards, 0, 1000), page(cards, 1, 1000)]), "cards.png")
    letters = out / "0002-letter-pdf/letter-G02.pdf"
    save(side_by_side([page(letters, 0, 900), page(letters, 1, 900)]), "letters.png")
    save(browser_picture(out / "report.html"), "report.png")
    save(plan_picture(demo, "map"), "map.png")
    save(plan_picture(demo, "month", "--month", "2005-10"), "month.png")


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
