"""Pictures of a Markdown tree: checked like those that people send, and kept once.

In a record's text they are `![what it shows](picture:PATH IN THE TREE)`.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from django.conf import settings
from django.core.files.images import ImageFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from wagtail.images import get_image_model

from common.errors import Refused
from common.text import slugify
from kb.importing.records import Record
from kb.importing.targets import SCHEME
from links.models import ImportedKey, type_of
from posting import files, images
from posting.models import Upload

KIND = "picture"
_TITLE = 255
# As the picture block of an article has it.
ALT, _CAPTION = 300, 300
_SHOWN = re.compile(
    r"!\[(?P<alt>[^\[\]]{1,2000})\]\(picture:(?P<name>[^\s()<>]+)"
    r"""(?:\s+(?:"(?P<title>[^"\n]*)"|'(?P<other>[^'\n]*)'))?\s*\)"""
)
# One that is a paragraph by itself; only of these a figure can be made.
_ALONE = re.compile(rf"{_SHOWN.pattern}[ \t]*$")
_DEFINITION = re.compile(r"^ {0,3}\[[^\[\]\n]+\]:", re.MULTILINE)


def shown_in(body: str) -> list[str]:
    """What the pictures that a record's text shows are said to show."""
    return [match["alt"] for match in _SHOWN.finditer(body)]


class Pictures:
    """What one import takes along; a second run, and a second place, find the first one's."""

    def __init__(self, *, system: str, dry_run: bool) -> None:
        self.system = system
        self.dry_run = dry_run
        self.added = 0
        # By path: none stands for one that is only counted.
        self._taken: dict[Path, Any] = {}
        self._by_content: dict[str, Any] = {}

    def take(self, record: Record) -> list[str]:
        """Keeps the pictures of RECORD; the words of those that cannot be kept stay alone."""
        notes = []
        for name, path in record.pictures.items():
            try:
                if path not in self._taken:
                    self._taken[path] = self._kept(path)
            except (Refused, OSError) as error:
                reason = error.message if isinstance(error, Refused) else error.strerror
                notes.append(f"{record.where}: the picture {name!r} was not taken along: {reason}")
        record.body = _SHOWN.sub(
            lambda m: m[0] if self._of(record, m) in self._taken else m["alt"], record.body
        )
        return notes

    def blocks(self, record: Record, to_blocks: Callable[..., list[Any]]) -> list[dict[str, Any]]:
        """The record's blocks: a figure where a picture stands alone, else an address in the text."""
        if not record.pictures:
            return to_blocks(record.body, key=record.key)
        # What is defined at the end holds within one block only: such a text stays whole.
        alone = None if _DEFINITION.search(record.body) else self._figure(record)
        found = to_blocks(record.body, key=record.key, figure=alone)
        return [{**block, "value": self._addressed(record, block["value"])} for block in found]

    def _figure(self, record: Record) -> Callable[[str], dict[str, Any] | None]:
        def figure(line: str) -> dict[str, Any] | None:
            match = _ALONE.match(line)
            image = self._taken.get(self._of(record, match)) if match else None
            if match is None or image is None:
                return None
            caption = match["title"] or match["other"] or ""
            return {"image": image.pk, "alt": match["alt"][:ALT], "caption": caption[:_CAPTION]}

        return figure

    def _addressed(self, record: Record, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: self._addressed(record, each) for name, each in value.items()}
        if not isinstance(value, str):
            return value

        def address(match: re.Match[str]) -> str:
            image = self._taken.get(self._of(record, match))
            if image is None:
                return match[0]
            begin, end = match.span("name")
            begin, end = begin - match.start() - len(SCHEME), end - match.start()
            url = f"{settings.MEDIA_URL}{quote(image.file.name)}"
            return match[0][:begin] + url + match[0][end:]

        return _SHOWN.sub(address, value)

    def _of(self, record: Record, match: re.Match[str]) -> Path:
        return record.pictures.get(unquote(match["name"]), Path())

    def _kept(self, path: Path) -> Any:
        content, picture = _checked(path)
        key = hashlib.sha256(content).hexdigest()
        if key not in self._by_content:
            image = self._known(key)
            if image is None:
                self.added += 1
                image = None if self.dry_run else self._added(path, key, picture)
            self._by_content[key] = image
        return self._by_content[key]

    def _known(self, key: str) -> Any:
        row = ImportedKey.objects.filter(system=self.system, kind=KIND, key=key).first()
        return get_image_model().objects.filter(pk=row.object_id).first() if row else None

    def _added(self, path: Path, key: str, picture: images.Picture) -> Any:
        """In a transaction of its own: an import that is killed later finds it again."""
        model = get_image_model()
        ending = files.ending_of(path.name)
        name = f"{slugify(path.stem, 'picture')[:60]}-{key[:8]}.{ending}"
        image = model(title=path.stem[:_TITLE], width=picture.width, height=picture.height)
        with ImageFile(io.BytesIO(picture.content), name=name) as file:
            image.file = file
            try:
                with transaction.atomic():
                    image.save()
                    # An editor may have deleted the one that came before.
                    ImportedKey.objects.update_or_create(
                        system=self.system,
                        kind=KIND,
                        key=key,
                        defaults={"content_type": type_of(model), "object_id": image.pk},
                    )
            except Exception:
                if image.file._committed:
                    image.file.delete(save=False)
                raise
        return image


def _checked(path: Path) -> tuple[bytes, images.Picture]:
    """The same guards as for what people send: size, type by content, pixels; drawn anew."""
    if path.stat().st_size > files.MAX_IMAGE:
        limit = filesizeformat(files.MAX_IMAGE)
        raise Refused(
            _("“%(name)s” is too large; up to %(limit)s are accepted.")
            % {"name": path.name, "limit": limit}
        )
    content = path.read_bytes()
    files.content_type_of(path.name, content, Upload.Purpose.IMAGE)
    return content, images.redraw(content)
