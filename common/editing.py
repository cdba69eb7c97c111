"""What forms of the editing area share."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm


class FixedOnceMadeForm(WagtailAdminModelForm):  # type: ignore[misc]
    """Addresses, imports and search entries hold these fields: they are said once."""

    fixed: ClassVar[tuple[str, ...]] = ("code", "slug")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            return
        for name in self.fixed:
            if name in self.fields:
                # Django takes no other value for it, whatever is sent.
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Addresses and search hold it: it stays.")
