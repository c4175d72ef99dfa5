"""Moving previews of a crawl: an animated PNG that needs nothing else, and a video where ffmpeg is installed.

Both show the crawl over a still picture of a programme with the title-safe area drawn in, so that a publicity
officer and the station see the same thing before it is aired.
"""

from __future__ import annotations

import io
import math
import shutil
import subprocess
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from outreach.errors import CannotPrint, NotFound
from outreach.messages import _
from outreach.render.crawl_strip import LOWEST, SCREEN, Motion, draw_strip, margin

if TYPE_CHECKING:
    from PIL import Image

MOST_ANIMATED = 120.0
"""Seconds of an animated PNG; a longer one grows too large to open."""

_SMALL = (640, 360)
_SMALL_RATE = 12
_VIDEO = (1280, 720)
_VIDEO_RATE = 25
_BARS = ((70, 74, 82), (84, 80, 52), (44, 78, 80), (48, 80, 52), (80, 52, 78), (82, 48, 48), (48, 52, 84))


def refuse_animated(motion: Motion) -> None:
    """Raise CannotPrint where an animated PNG would be too long."""
    if motion.seconds > MOST_ANIMATED:
        raise CannotPrint.at(
            _("the crawl"),
            _(
                "an animated preview of {seconds:.0f} s is too long; it may have {most:.0f} s",
                seconds=motion.seconds,
                most=MOST_ANIMATED,
            ),
            _("make the format 'mp4' or 'ass', or run the text fewer times"),
        )


def animated_png(motion: Motion) -> bytes:
    """640 x 360 at 12 frames a second, played once; the same crawl gives the same bytes."""
    refuse_animated(motion)
    from PIL import Image

    scale = _SMALL[0] / SCREEN[0]
    strip = draw_strip(motion, scale)
    ground = _programme(motion, _SMALL)
    # Few colours keep the file small: the ground's own and the greys that edges of signs have over its band.
    sample = ground.copy()
    for loop in range(3):
        sample.paste(strip, (0, round((motion.top + (loop - 1) * motion.band) * scale)), strip)
    palette = sample.quantize(32)
    frames = []
    for frame in range(math.ceil(motion.seconds * _SMALL_RATE) + 1):
        shown = _frame(ground, strip, motion, frame / _SMALL_RATE, scale)
        frames.append(shown.quantize(palette=palette, dither=Image.Dither.NONE))
    ends = [round(frame * 1000 / _SMALL_RATE) for frame in range(len(frames) + 1)]
    out = io.BytesIO()
    frames[0].save(
        out,
        "PNG",
        save_all=True,
        append_images=frames[1:],
        duration=[after - before for before, after in pairwise(ends)],
        loop=1,
    )
    return out.getvalue()


def _frame(ground: Image.Image, strip: Image.Image, motion: Motion, second: float, scale: float) -> Image.Image:
    shown = ground.copy()
    for loop in range(motion.loops):
        left = round((motion.left(loop, second) - margin(motion)) * scale)
        if -strip.width < left < ground.width:
            shown.paste(strip, (left, round(motion.top * scale)), strip)
    return shown


def _programme(motion: Motion, size: tuple[int, int]) -> Image.Image:
    """A dim test picture with the band and the title-safe area drawn in."""
    from PIL import Image, ImageDraw

    width, height = size
    scale = width / SCREEN[0]
    picture = Image.new("RGB", size, (24, 26, 30))
    pen = ImageDraw.Draw(picture)
    for rank, colour in enumerate(_BARS):
        pen.rectangle((rank * width // 7, 0, (rank + 1) * width // 7 - 1, height * 2 // 3), fill=colour)
    for step in range(16):
        grey = 20 + step * 6
        pen.rectangle(
            (step * width // 16, height * 2 // 3, (step + 1) * width // 16 - 1, height * 3 // 4), fill=(grey,) * 3
        )
    top = round(motion.top * scale)
    pen.rectangle((0, top, width, top + round(motion.band * scale) - 1), fill=(12, 16, 34))
    inset = 1 - LOWEST
    safe = (round(width * inset), round(height * inset), round(width * LOWEST) - 1, round(height * LOWEST) - 1)
    pen.rectangle(safe, outline=(150, 150, 150))
    return picture


def ffmpeg_path() -> str:
    """Where ffmpeg is; raises NotFound in one sentence where it is not installed."""
    found = shutil.which("ffmpeg")
    if found is None:
        raise NotFound.at("ffmpeg", _("is not installed"), _("install it, or make the preview with --format apng"))
    return found


def video(motion: Motion) -> bytes:
    """An MP4 of 1280 x 720 at 25 frames a second, through ffmpeg.

    One thread and no dates, so that one edition of ffmpeg gives the same bytes each time. Raises NotFound without
    ffmpeg, CannotPrint where it fails or takes longer than five times the crawl and a minute.
    """
    ffmpeg = ffmpeg_path()
    scale = _VIDEO[0] / SCREEN[0]
    with tempfile.TemporaryDirectory(prefix="outreach-crawl-") as name:
        folder = Path(name)
        _programme(motion, _VIDEO).save(folder / "ground.png")
        draw_strip(motion, scale).save(folder / "strip.png")
        frames = math.ceil(motion.seconds * _VIDEO_RATE) + 1
        command = [ffmpeg, "-y", "-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1"]
        command += ["-framerate", str(_VIDEO_RATE), "-i", "ground.png", "-i", "strip.png"]
        command += ["-filter_complex_threads", "1", "-filter_complex", _overlays(motion, scale), "-map", "[shown]"]
        command += ["-frames:v", str(frames), "-c:v", "libx264", "-preset", "veryfast", "-crf", "20"]
        command += ["-pix_fmt", "yuv420p", "-threads", "1", "-fflags", "+bitexact", "-flags:v", "+bitexact"]
        command += ["-map_metadata", "-1", "-movflags", "+faststart", "-f", "mp4", "crawl.mp4"]
        try:
            # Numbers and fixed words only: no text of the campaign is on this command line.
            subprocess.run(  # noqa: S603
                command, cwd=folder, check=True, capture_output=True, timeout=60 + 5 * motion.seconds
            )
        except subprocess.TimeoutExpired as error:
            raise _refused(_("it took too long")) from error
        except subprocess.CalledProcessError as error:
            said = error.stderr.decode("utf-8", "replace").strip().splitlines()
            raise _refused(said[-1] if said else str(error.returncode)) from error
        except OSError as error:
            raise _refused(str(error.strerror or error)) from error
        return (folder / "crawl.mp4").read_bytes()


def _refused(why: str) -> CannotPrint:
    return CannotPrint.at(
        "ffmpeg",
        _("made no video ({why})", why=why),
        _("make the preview with --format apng, or install an ffmpeg with libx264"),
    )


def _overlays(motion: Motion, scale: float) -> str:
    """The filters for ffmpeg: the ground stands still, each loop's strip moves over it at its own time."""
    steps = [f"[0:v]loop=-1:1:0,setpts=N/{_VIDEO_RATE}/TB,format=rgb24[g0]"]
    strips = "".join(f"[s{loop}]" for loop in range(motion.loops))
    steps.append(f"[1:v]format=rgba,split={motion.loops}{strips}")
    top = round(motion.top * scale)
    for loop in range(motion.loops):
        after = "[shown]" if loop == motion.loops - 1 else f"[g{loop + 1}]"
        left = f"{_VIDEO[0] - margin(motion) * scale:.6f}-{motion.speed * scale:.6f}*(t-{motion.starts(loop):.6f})"
        steps.append(f"[g{loop}][s{loop}]overlay=x='{left}':y={top}:format=rgb:eval=frame:eof_action=repeat{after}")
    return ";".join(steps)
