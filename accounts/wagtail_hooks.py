"""People, organisations and plans in Wagtail's admin, and the names of what is logged."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from accounts.access import Role, forget
from accounts.actions import end_sessions
from accounts.forms import clean_display_name
from accounts.models import Organisation, Plan, User
from common.text import clean_line


class LookAndEdit(ModelPermissionPolicy):  # type: ignore[misc]
    """Nobody is made or deleted here: people sign up, and authors are kept."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in {"view", "change"} and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


# Over the policy that wagtail.users has registered for the same model.
register_permission_policy(User, LookAndEdit(User), exact_class=True)


class NamesForm(WagtailAdminModelForm):  # type: ignore[misc]
    """The same names as the site's own forms take: one line, and for people no address."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        for name in {"name", "title", "about"} & data.keys():
            data[name] = clean_line(data[name])
        if not data.get("name", "x"):
            self.add_error("name", _("Give a name."))
        return data

    def clean_display_name(self) -> str:
        return clean_display_name(self.cleaned_data["display_name"])


class PersonForm(NamesForm):
    """Roles by their names; other groups are none of the site's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = self.fields.get("groups")
        if groups is None:
            return
        names = {role.value: str(role.label) for role in Role}
        found = Group.objects.filter(name__in=names)
        self.fields["groups"] = forms.ModelMultipleChoiceField(
            found,
            label=_("Roles"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("What this person does for the site. Customers have none."),
        )
        self.fields["groups"].label_from_instance = lambda group: names[group.name]


class PersonViewSet(SnippetViewSet):  # type: ignore[misc]
    """Without address, password and superuser: those are the person's own, or the operator's."""

    model = User
    icon = "user"
    menu_label = _("People")
    base_url_path = "people"
    copy_view_enabled = False
    list_display: ClassVar[list[Any]] = [
        "display_name",
        "email",
        BooleanColumn("is_active", label=_("Active"), sort_key="is_active"),
        BooleanColumn("is_expert", label=_("Expert"), sort_key="is_expert"),
        "joined_at",
    ]
    list_filter = ("is_active", "is_expert", "groups")
    search_fields = ("display_name", "email")
    search_backend_name = None
    ordering = ("-joined_at",)
    edit_handler = ObjectList(
        [
            FieldPanel("display_name"),
            FieldPanel("title"),
            FieldPanel("about"),
            FieldPanel("language"),
            FieldPanel("time_zone"),
            FieldPanel("is_expert"),
            FieldPanel("is_active"),
            FieldPanel("groups"),
        ],
        base_form_class=PersonForm,
    )


class OrganisationViewSet(SnippetViewSet):  # type: ignore[misc]
    model = Organisation
    icon = "group"
    menu_label = _("Organisations")
    base_url_path = "organisations"
    copy_view_enabled = False
    list_display: ClassVar[list[Any]] = [
        "name",
        "plan",
        "language",
        BooleanColumn("is_active", label=_("Active"), sort_key="is_active"),
    ]
    list_filter = ("plan", "is_active")
    search_fields = ("name",)
    search_backend_name = None
    ordering = ("name",)
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("plan"),
            FieldPanel("language"),
            FieldPanel("time_zone"),
            FieldPanel("country"),
            FieldPanel("is_active"),
        ],
        base_form_class=NamesForm,
    )


class PlanViewSet(SnippetViewSet):  # type: ignore[misc]
    model = Plan
    icon = "clipboard-list"
    menu_label = _("Plans")
    base_url_path = "plans"
    list_display: ClassVar[list[Any]] = [
        "name",
        "rank",
        BooleanColumn("has_support", label=_("May open cases"), sort_key="has_support"),
    ]
    ordering = ("rank",)
    panels = (
        FieldPanel("code"),
        FieldPanel("names"),
        FieldPanel("rank"),
        FieldPanel("has_support"),
    )


class PeopleGroup(SnippetViewSetGroup):  # type: ignore[misc]
    menu_label = _("People")
    menu_icon = "group"
    menu_order = 300
    items = (PersonViewSet, OrganisationViewSet, PlanViewSet)


register_snippet(PeopleGroup)


@hooks.register("construct_settings_menu")  # type: ignore[untyped-decorator]
def hide_wagtails_own(request: HttpRequest, items: list[MenuItem]) -> None:
    """Their pages are closed (accounts.middleware): they set addresses, passwords and roles' rights."""
    items[:] = [item for item in items if item.name not in {"users", "groups"}]


@hooks.register("after_edit_snippet")  # type: ignore[untyped-decorator]
def end_rights_at_once(request: HttpRequest, instance: Any) -> None:
    """A closed account has no session left (reliability class 27)."""
    if isinstance(instance, User):
        forget(instance)
        if not instance.is_active:
            end_sessions(instance)


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]
def register_log_actions(actions: Any) -> None:
    for name, label, done in (
        ("invite", _("Invite"), _("Somebody invited")),
        ("claim.invite", _("Hand an account over"), _("Link to take an account over sent")),
        ("claim.cancel", _("Take a link back"), _("Link to take an account over taken back")),
        ("claim", _("Take an account over"), _("Account taken over")),
        ("join", _("Join"), _("Joined by invitation")),
        ("organisation.create", _("Create an organisation"), _("Organisation created")),
        ("domain.prove", _("Prove a domain"), _("Domain set as proved")),
        ("member.role", _("Change a role"), _("Member's role changed")),
        ("member.remove", _("Remove a member"), _("Member removed")),
        ("person.deactivate", _("Close an account"), _("Account closed")),
    ):
        actions.register_action(f"accounts.{name}", label, done)
