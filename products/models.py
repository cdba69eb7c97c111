"""Nouns that every kind of thing shares: the vendor's products, and tags."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.fields import WordsField
from common.languages import local
from common.text import clean_line, slugify


class Product(models.Model):
    """One product or service of the vendor."""

    code = models.SlugField(unique=True, max_length=40)
    names = WordsField(_("names"))
    descriptions = WordsField(_("descriptions"), blank=True)
    icon = models.CharField(_("icon"), max_length=40, default="folder")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("position", "code")
        verbose_name = _("product")
        verbose_name_plural = _("products")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return local(self.names) or self.code

    @property
    def description(self) -> str:
        return local(self.descriptions)


class Tag(models.Model):
    """A word people gave a thing; shared by questions and ideas."""

    slug = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ("name",)
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return self.name


def tags_from(names: list[str], *, limit: int = 5) -> list[Tag]:
    """The tags of these names, made where they are new; at most LIMIT, doubles dropped."""
    wanted: dict[str, str] = {}
    for raw in names:
        name = clean_line(raw)[:60].strip().lower()
        slug = slugify(name, "")[:60]
        if slug:
            wanted.setdefault(slug, name)
    wanted = dict(list(wanted.items())[:limit])
    known = {tag.slug: tag for tag in Tag.objects.filter(slug__in=wanted)}
    missing = [Tag(slug=slug, name=name) for slug, name in wanted.items() if slug not in known]
    if missing:
        Tag.objects.bulk_create(missing, ignore_conflicts=True)
        known |= {tag.slug: tag for tag in Tag.objects.filter(slug__in=wanted)}
    return [known[slug] for slug in wanted]
