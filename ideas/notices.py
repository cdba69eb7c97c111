"""What is told about ideas."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notifications.notices import Notice, register

# One verb a category, so that the sentence is whole in every language; a site's own name
# for the stage stands on the idea itself.
_STAGES = {
    "open": _("“%(title)s” is under review again"),
    "planned": _("“%(title)s” is planned"),
    "started": _("“%(title)s” is being built"),
    "shipped": _("“%(title)s” has shipped"),
    "declined": _("“%(title)s” was declined"),
}

register(
    *(
        Notice(
            f"ideas.{category}",
            _("An idea changes its stage"),
            sentence,
            kind="idea",
            reason=_("you voted for this idea"),
            levels=("all", "status"),
        )
        for category, sentence in _STAGES.items()
    ),
    Notice(
        "ideas.official",
        _("Support answers an idea"),
        _("Support answered “%(title)s”"),
        kind="idea",
        reason=_("you voted for this idea"),
        levels=("all", "status"),
    ),
    Notice(
        "ideas.comment",
        _("A comment on an idea"),
        _("%(actor)s commented on “%(title)s”"),
        kind="idea",
    ),
)
