"""What a person writes about a product, with tags: the same for questions and ideas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from products.models import Product


@dataclass(frozen=True)
class Words:
    """What a person writes into the form of a question or an idea."""

    title: str
    body: str
    language: str = "en"
    product: Product | None = None
    tags: Sequence[str] = field(default_factory=tuple)

    @property
    def fields(self) -> dict[str, Any]:
        """By the names of the form's fields, as `fields_of` has what stands there."""
        return {
            "title": self.title,
            "body": self.body,
            "product": self.product.pk if self.product else None,
            "tags": ", ".join(self.tags),
            "language": self.language,
        }


def fields_of(post: Any) -> dict[str, Any]:
    """What an edit of POST may change, by the names of the form's fields."""
    return {
        "title": post.title,
        "body": post.body_source,
        "product": post.product_id,
        "tags": ", ".join(tag.name for tag in post.tags.all()),
        "language": post.language,
    }
