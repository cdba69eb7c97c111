"""Pictures made in memory, good and bad."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, (200, 80, 20)).save(target, format=kind, **options)
    return target.getvalue()


def with_metadata() -> bytes:
    """A JPEG with a place, a camera and a rotation."""
    exif = Image.Exif()
    exif[0x0110] = "Secret Camera"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    return picture("JPEG", (40, 30), exif=exif.tobytes())


def with_text_chunk() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "<script>alert(1)</script>")
    return picture("PNG", pnginfo=info)


def huge_png(width: int = 60_000, height: int = 60_000) -> bytes:
    """A few bytes that claim 3.6 thousand million pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
        + chunk(b"IEND", b"")
    )


def animation(frames: int, size: tuple[int, int] = (20, 20), kind: str = "GIF") -> bytes:
    target = io.BytesIO()
    pictures = [
        Image.new("RGB", size, (index * 50 % 255, index * 90 % 255, 90)) for index in range(frames)
    ]
    pictures[0].save(target, format=kind, save_all=True, append_images=pictures[1:], duration=40)
    return target.getvalue()


def sent(name: str, content: bytes, content_type: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=content_type)
