"""Who may do what: every act of the contract by every role, worked out from the tables that decide it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from models import delegation, delivery, ipa, offer, person, referral, registration, registration_import, uplift
from models.lifecycle import (
    AUTHORITY_ADMINISTRATOR,
    AUTHORITY_READERS,
    PLACEMENT_TEAM,
    PROVIDER_READERS,
    PROVIDER_STAFF,
    REGION_ADMINISTRATOR,
    Lifecycle,
    Role,
    Side,
    Who,
)
from models.person import ROLES_OF

TABLES: dict[str, Lifecycle[Any]] = {
    "Registration": registration.LIFECYCLE,
    "Registration import": registration_import.LIFECYCLE,
    "Account": person.LIFECYCLE,
    "Referral": referral.LIFECYCLE,
    "Delivery": delivery.LIFECYCLE,
    "Offer": offer.LIFECYCLE,
    "Agreement": ipa.LIFECYCLE,
    "Delegation": delegation.LIFECYCLE,
    "Uplift": uplift.LIFECYCLE,
}
PREFIXES = {
    "registration": "Registration", "account": "Account", "referral": "Referral", "offer": "Offer", "ipa": "Agreement",
    "delegation": "Delegation", "uplift": "Uplift",
}  # fmt: skip
AUTHORITY = Who("everybody of the authority", Side.LOCAL_AUTHORITY, frozenset(ROLES_OF[Side.LOCAL_AUTHORITY]))
READING_PEOPLE = (AUTHORITY_READERS, PROVIDER_READERS)
EVERYBODY = (*(Who(f"everybody of the {side}", side, frozenset(roles)) for side, roles in ROLES_OF.items()),)
NOT_ONESELF = (
    "not with one's own account; with an authority's only its administrators; with a provider's only the provider's"
    " own, the region, and, while it has no administrator of its own, the authority that manages it"
)
THEIRS = "the other side than the one that proposed it"
MANAGED = "an authority: the one that manages the provider"


@dataclass(frozen=True)
class Right:
    """The people who may ever take an act, what says so, and what else must hold."""

    by: tuple[Who, ...]
    rests_on: str
    but: str = ""

    def of(self, side: Side, *roles: Role) -> bool:
        return any(who.includes(side, frozenset(roles)) for who in self.by)


def rows(table: str, *actions: str, but: str = "") -> Right:
    """What the rows of a lifecycle say of these actions."""
    by = dict.fromkeys(who for action in actions for rule in TABLES[table].by_action[action] for who in rule.by)
    return Right(tuple(by), f"{table}: {', '.join(action.replace('_', ' ') for action in actions)}", but)


def everybody(of: str) -> Right:
    return Right(EVERYBODY, "being signed in", f"of one's own {of} alone")


READERS = Right(
    (AUTHORITY, PROVIDER_READERS, REGION_ADMINISTRATOR),
    "seeing the file",
    "a sign-only person the documents of agreements alone, the region those of providers' profiles",
)
UPLOADERS = Right(
    (PLACEMENT_TEAM, PROVIDER_STAFF), "adding files", "to a provider's profile only while its registration takes them"
)
PROFILE = rows("Registration", "edit", "edit_profile", "propose")
PROFILE_ACTS = (
    "care_add", "care_end", "care_update", "fostering_care_add", "fostering_family_add", "fostering_family_end",
    "fostering_family_update", "framework_membership_add", "framework_membership_end", "home_add", "home_end",
    "home_update",
)  # fmt: skip
BEYOND: dict[str, Right] = {
    "sign_out": everybody("sessions"),
    "sessions_end_others": everybody("sessions"),
    "password_change": everybody("password"),
    "authenticator_change": everybody("authenticator"),
    "authenticator_confirm": everybody("authenticator"),
    "recovery_codes_renew": everybody("recovery codes"),
    "notification_read": everybody("notifications"),
    "notifications_read": everybody("notifications"),
    "mail_preferences_set": Right(
        (*READING_PEOPLE, REGION_ADMINISTRATOR), "being signed in", "of one's own e-mail alone; a case system gets none"
    ),
    **dict.fromkeys(
        ("mail_send_again", "mail_give_up"), Right((REGION_ADMINISTRATOR,), "looking after what could not be sent")
    ),
    "thread_read": Right((AUTHORITY, PROVIDER_STAFF), "seeing the conversation", "for oneself; nobody else is told"),
    "message_send": Right((PLACEMENT_TEAM, PROVIDER_STAFF), "writing for one's side"),
    "document_upload": UPLOADERS,
    "document_upload_again": UPLOADERS,
    "document_set_expiry": UPLOADERS,
    "document_download": READERS,
    "machine_create": Right((AUTHORITY_ADMINISTRATOR,), "connecting a case system", "of one's own authority"),
    "referral_update": rows("Referral", "edit"),
    "referral_detach": rows("Referral", "attach"),
    "referral_open": rows("Delivery", "open"),
    "referral_take_on": rows("Delivery", "take_on"),
    "referral_decline": rows("Delivery", "decline"),
    "referral_undo_decline": rows("Delivery", "undo_decline"),
    "offer_update": rows("Offer", "edit"),
    "offer_download_documents": Right((AUTHORITY, PROVIDER_STAFF), "seeing the offer"),
    "offer_decline_remaining": rows("Offer", "decline"),
    "acceptance_checks_update": Right((AUTHORITY_ADMINISTRATOR,), "keeping its list", "of one's own authority"),
    "ipa_update": rows("Agreement", "edit"),
    "ipa_update_contacts": rows("Agreement", "edit_contacts"),
    "ipa_sign": rows(
        "Agreement", "sign", "sign_on_behalf",
        but="whoever is no signatory: for one who is, by an authority in force",
    ),
    "delegation_revoke": rows("Delegation", "revoke", but="by whose authority it is, and by administrators"),
    "uplift_propose": rows("Uplift", "create"),
    "uplift_agree": rows("Uplift", "agree", but=THEIRS),
    "uplift_refuse": rows("Uplift", "refuse", but=THEIRS),
    "uplift_withdraw": rows("Uplift", "withdraw", but="the side that proposed it"),
    "registration_update": rows("Registration", "edit"),
    "registration_upload": rows("Registration import", "announce"),
    "registration_upload_again": rows("Registration import", "upload"),
    "registration_import_download": rows("Registration import", "download"),
    "registration_contacts_update": PROFILE,
    "registration_change_approve": rows("Registration", "approve_change", but=MANAGED),
    "registration_change_reject": rows("Registration", "reject_change", but=MANAGED),
    "registration_change_withdraw": rows("Registration", "withdraw_change"),
    **dict.fromkeys(PROFILE_ACTS, PROFILE),
}  # fmt: skip
CONDITIONS = {
    "Account": NOT_ONESELF,
    "Registration": MANAGED,
}


def right_of(name: str) -> Right | None:
    """Who may take the act of that name in the contract; None where nothing here says so."""
    if name in BEYOND:
        return BEYOND[name]
    prefix, _, action = name.partition("_")
    table = PREFIXES.get(prefix, "")
    if action not in getattr(TABLES.get(table), "by_action", {}):
        return None
    right = rows(table, action)
    decided_by_authority = table == "Account" or right.of(Side.LOCAL_AUTHORITY, *Role)
    return rows(table, action, but=CONDITIONS.get(table, "") if decided_by_authority else "")


def acts() -> Iterator[tuple[str, str]]:
    """Every act of signed-in clients: its name in the code and in the contract."""
    from schema import schema

    yield from _named(schema)


def anonymous_acts() -> Iterator[tuple[str, str]]:
    """Every act of anonymous callers: its name in the contract and what it does."""
    from schema.public import public_schema

    mutation: Any = public_schema._schema.mutation_type
    for name, field in mutation.fields.items():
        yield name, field.description


def _named(contract: Any) -> Iterator[tuple[str, str]]:
    for name, field in contract._schema.mutation_type.fields.items():
        yield field.extensions["strawberry-definition"].python_name, name


COLUMNS = [(side, role) for side, roles in ROLES_OF.items() for role in Role if role in roles]
HEADS = {
    (Side.LOCAL_AUTHORITY, Role.PLACEMENT_OFFICER): "authority: placement officer",
    (Side.LOCAL_AUTHORITY, Role.REGISTRATION_OFFICER): "authority: registration officer",
    (Side.LOCAL_AUTHORITY, Role.SIGNATORY): "authority: signatory",
    (Side.LOCAL_AUTHORITY, Role.ADMINISTRATOR): "authority: administrator",
    (Side.LOCAL_AUTHORITY, Role.READ_ONLY): "authority: read-only",
    (Side.LOCAL_AUTHORITY, Role.MACHINE): "authority: case system",
    (Side.PROVIDER, Role.SIGNATORY): "provider: sign-only",
    (Side.PROVIDER, Role.ADMINISTRATOR): "provider: administrator",
    (Side.PROVIDER, Role.MEMBER): "provider: member",
    (Side.REGION, Role.REGION_ADMIN): "region: administrator",
}
HEAD = """# Permissions

Every act of the contract by every role, printed from the tables by `portal lifecycles --write`. A person may hold
several roles and may then do what any of them may. Which states an act needs is in [lifecycles.md](lifecycles.md). A
provider's signatory who holds no other role is *sign-only* (S-031): agreements with their attachments, authority to
sign for oneself, and nothing else. Read-only people and case systems read what their authority reads. Everything that
is not marked is refused; a number refers to the conditions below the table.
"""


def permissions() -> str:
    """docs/permissions.md: one table for whoever is signed in, one list for whoever is not."""
    rights = {public: right_of(name) for name, public in acts()}
    notes = list(dict.fromkeys(right.but for right in rights.values() if right and right.but))
    table = [["act", *(HEADS[column] for column in COLUMNS), "rests on", "if"], ["---"] * (len(COLUMNS) + 3)]
    table += [_row(public, right, notes) for public, right in rights.items()]
    return "\n".join([
        HEAD, *("| " + " | ".join(cells) + " |" for cells in table), "",
        *(f"{number}. {note[0].upper()}{note[1:]}." for number, note in enumerate(notes, 1)),
        "\n## Without signing in\n", "| act | what it does |\n|---|---|",
        *(f"| `{name}` | {what} |" for name, what in anonymous_acts()), "",
    ])  # fmt: skip


def _row(public: str, right: Right | None, notes: list[str]) -> list[str]:
    if right is None:
        return [f"`{public}`", *["?"] * len(COLUMNS), "nothing said", ""]
    number = str(notes.index(right.but) + 1) if right.but else ""
    return [f"`{public}`", *("yes" if right.of(*column) else "" for column in COLUMNS), right.rests_on, number]
