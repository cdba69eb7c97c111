"""Pictures from strangers: checked from the header, drawn anew, without metadata."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from common.errors import Refused

FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
MAX_PIXELS = 20_000_000
MAX_SIDE = 12_000
# All frames together: a small file can hold thousands of large ones.
MAX_FRAMES = 200
MAX_FRAME_PIXELS = 30_000_000


@dataclass(frozen=True)
class Picture:
    content: bytes
    content_type: str
    width: int
    height: int


def redraw(content: bytes) -> Picture:
    """A new picture of the same pixels: no EXIF, no place, nothing appended or hidden."""
    try:
        with warnings.catch_warnings():
            # Pillow's own bomb warning comes above our limit; ours is checked first.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=list(FORMATS)) as image:
                measure(image)
                return _encode(image)
    except Refused:
        raise
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except Exception as error:  # decoders raise anything, from SyntaxError to struct.error
        raise Refused(_("This picture is damaged and cannot be opened.")) from error


def measure(image: Image.Image) -> None:
    """Refuses what would need too much memory, before a pixel is decoded."""
    width, height = image.size
    frames = getattr(image, "n_frames", 1)
    pixels = width * height
    if pixels > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise _too_many_pixels()
    if frames > MAX_FRAMES or pixels * frames > MAX_FRAME_PIXELS:
        raise Refused(_("This animation is too long; send a shorter one."))


def _too_many_pixels() -> Refused:
    return Refused(
        _("This picture has too many pixels; up to %(count)s million are accepted.")
        % {"count": MAX_PIXELS // 1_000_000}
    )


def _encode(image: Image.Image) -> Picture:
    kind = str(image.format)
    target = io.BytesIO()
    if getattr(image, "is_animated", False) and kind in {"GIF", "WEBP"}:
        image.save(target, format=kind, save_all=True, exif=b"", xmp=b"", comment=b"")
        width, height = image.size
    else:
        still = ImageOps.exif_transpose(image)
        if kind == "JPEG" and still.mode not in {"RGB", "L"}:
            still = still.convert("RGB")
        # A copy carries no info dictionary: comments, profiles and text chunks stay behind.
        clean = Image.new(still.mode, still.size)
        if still.mode == "P" and (palette := still.getpalette("RGBA")):
            clean.putpalette(palette, "RGBA")
        clean.paste(still)
        if still.mode == "P" and "transparency" in still.info:
            clean.info["transparency"] = still.info["transparency"]
        clean.save(target, format=kind, **_OPTIONS[kind])
        width, height = clean.size
    return Picture(target.getvalue(), FORMATS[kind], width, height)


_OPTIONS: dict[str, dict[str, object]] = {
    "JPEG": {"quality": 88, "optimize": True, "progressive": True},
    "PNG": {"optimize": False},
    "GIF": {},
    "WEBP": {"quality": 88},
}
