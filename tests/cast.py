"""The people every test knows: one per role, with fixed names."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.access import Role
from accounts.models import Membership, Organisation, OrganisationDomain, Plan, User
from accounts.roles import ensure_groups


@dataclass
class Cast:
    """Alice and Bob are of Acme, Carol of Birch; Dana and the others are staff."""

    acme: Organisation
    birch: Organisation
    alice: User  # admin of Acme
    adam: User  # another admin of Acme
    della: User  # delegate at Acme
    bob: User  # plain member of Acme
    carol: User  # admin of Birch
    mia: User  # signed in, without organisation
    xena: User  # expert, without organisation
    dana: User  # agent
    sam: User  # specialist
    erin: User  # moderator
    ed: User  # editor
    pam: User  # product manager
    root: User  # administrator

    @property
    def everyone(self) -> dict[str, User]:
        return {name: value for name, value in vars(self).items() if isinstance(value, User)}


def make_person(name: str, *roles: Role, language: str = "en", expert: bool = False) -> User:
    """An active person with a verified address; staff also have a second factor."""
    user = User.objects.create_user(
        f"{name.lower()}@people.example",
        None,
        display_name=name,
        language=language,
        is_expert=expert,
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if roles:
        user.groups.set(Group.objects.filter(name__in=[role.value for role in roles]))
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return user


def make_organisation(name: str, plan: Plan | None, domain: str) -> Organisation:
    organisation = Organisation.objects.create(name=name, slug=name.lower(), plan=plan)
    OrganisationDomain.objects.create(
        organisation=organisation, domain=domain, proved_at=timezone.now()
    )
    return organisation


def join(user: User, organisation: Organisation, role: str) -> Membership:
    return Membership.objects.create(user=user, organisation=organisation, role=role)


def make_cast() -> Cast:
    ensure_groups()
    plan = Plan.objects.create(code="standard", names={"en": "Standard"}, rank=1)
    cast = Cast(
        acme=make_organisation("Acme", plan, "acme.example"),
        birch=make_organisation("Birch", plan, "birch.example"),
        alice=make_person("Alice"),
        adam=make_person("Adam"),
        della=make_person("Della"),
        bob=make_person("Bob"),
        carol=make_person("Carol"),
        mia=make_person("Mia"),
        xena=make_person("Xena", expert=True),
        dana=make_person("Dana", Role.AGENT),
        sam=make_person("Sam", Role.SPECIALIST),
        erin=make_person("Erin", Role.MODERATOR),
        ed=make_person("Ed", Role.EDITOR),
        pam=make_person("Pam", Role.PRODUCT_MANAGER),
        root=make_person("Root", Role.ADMINISTRATOR),
    )
    join(cast.alice, cast.acme, "admin")
    join(cast.adam, cast.acme, "admin")
    join(cast.della, cast.acme, "delegate")
    join(cast.bob, cast.acme, "member")
    join(cast.carol, cast.birch, "admin")
    return cast
