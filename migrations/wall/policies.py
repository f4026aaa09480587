"""Row by row, what each kind of viewer may see and write. Everything else is refused."""

from collections.abc import Sequence

Row = tuple[str, str, str, str, str | None]

ORG = "(SELECT nullif(current_setting('app.org', true), '')::uuid)"
ME = "(SELECT nullif(current_setting('app.person', true), '')::uuid)"
LA, PROVIDER, SIGNATORY, ADMIN, SIGNIN, HUB, WORKER = (
    "portal_la", "portal_provider", "portal_signatory", "portal_admin", "portal_signin", "portal_hub", "portal_worker",
)  # fmt: skip
OF_LA, OF_PROVIDER = f"la_id = {ORG}", f"provider_id = {ORG}"
MINE, OWN = f"person_id = {ME}", f"organisation_id = {ORG}"
ALL = "true"
R, W, RW, RI = "SELECT", "INSERT", "SELECT, INSERT, UPDATE", "SELECT, INSERT"
RU = "SELECT, UPDATE"
MANAGED = f"EXISTS (SELECT FROM provider p WHERE p.id = organisation_id AND p.managing_la_id = {ORG})"
DECIDED = f"EXISTS (SELECT FROM provider p WHERE p.id = provider_id AND p.managing_la_id = {ORG})"
REGISTERED = ("home", "registered_care", "framework_membership")
IN_PROFILE = (
    "state = 'READY' AND kind IN ('PUBLIC_LIABILITY_INSURANCE', 'EMPLOYERS_LIABILITY_INSURANCE',"
    " 'PROFESSIONAL_INDEMNITY_INSURANCE', 'OFSTED_CERTIFICATE', 'STATEMENT_OF_PURPOSE')"
)
DELIVERED = (
    "EXISTS (SELECT FROM delivery d WHERE d.referral_id = {row} AND d.provider_id = " + ORG
    + " AND d.withdrawn_at IS NULL)"
)  # fmt: skip
SHARED_CASE = (
    "EXISTS (SELECT FROM ipa i WHERE i.referral_id = {row} AND i.provider_id = " + ORG + " AND i.shared_at IS NOT NULL)"
)
SINCE = "{table}.referral_id AND {table}.revision <= d.revision AND {table}.revision {after} d.first_revision"
REVISION_SHOWN = "referral_id, revision, la_id, content, sent_at"  # who sent it is the authority's own
SENT_TO_MANY = "kind IN ('referral.send', 'referral.resend', 'referral.close')"  # of no provider alone, told to each
SHARED = "EXISTS (SELECT FROM ipa i WHERE i.id = ipa_id AND i.shared_at IS NOT NULL)"
SUBMITTED = "EXISTS (SELECT FROM offer o WHERE o.id = offer_id AND o.submitted_at IS NOT NULL)"
CONCERNED = (
    "((subject_kind = 'IPA' AND EXISTS (SELECT FROM ipa i WHERE i.id = subject_id))"
    " OR (subject_kind = 'DELEGATION' AND EXISTS (SELECT FROM delegation d WHERE d.id = subject_id)))"
)
REVOKE = "SELECT, UPDATE (status, version, revoked_at, revoked_by_name, revoke_reason)"
DRAFTS = "status IN ('DRAFT', 'SUBMITTED', 'WITHDRAWN')"
CREDENTIAL_SEEN = "person_id, authenticator, last_step, pending_authenticator, pending_at"  # never the password's hash
CREDENTIAL_SET = "password_hash, authenticator, enrolled_at, last_step, pending_authenticator, pending_at"
CODE_SEEN = "id, person_id, spent_at"
ABOUT_ME = (
    f"subject_kind = 'PERSON' AND (subject_id = {ME} OR kind = 'account.forget_password'"
    " AND EXISTS (SELECT FROM person p WHERE p.id = subject_id))"
)
NOT_READ_BY_OTHERS = (  # what somebody has read is for nobody else, not even a colleague or the region (S-070)
    f"(kind NOT IN ('thread.read', 'notification.read', 'notifications.read') OR actor_id = {ME})"
)
REFERRAL_SHOWN = (
    "id, la_id, reference, status, version, revision, category, urgency, date_required, response_deadline, summary,"
    " accepted, created_at, sent_at, updated_at, close_reason, close_note"
)

# table, role, privileges, rows it may see or change, rows it may write (None: the same)
POLICIES: tuple[Row, ...] = (
    ("organisation", LA, R, ALL, None),
    ("organisation", PROVIDER, R, f"side = 'LOCAL_AUTHORITY' OR id = {ORG}", None),
    ("organisation", SIGNATORY, R, f"side = 'LOCAL_AUTHORITY' OR id = {ORG}", None),
    ("organisation", ADMIN, RW, ALL, None),
    ("organisation", SIGNIN, RI, ALL, None),
    ("organisation", HUB, R, ALL, None),
    *(("postcode_area", role, R, ALL, None) for role in (LA, PROVIDER, ADMIN, SIGNIN)),
    *(("document_requirement", role, R, ALL, None) for role in (LA, PROVIDER)),
    ("document_requirement", ADMIN, RW, ALL, None),
    *(("rollout", role, R, ALL, None) for role in (LA, PROVIDER, SIGNATORY, SIGNIN)),
    ("rollout", ADMIN, RW, ALL, None),
    *(("portal_epoch", role, R, ALL, None) for role in (LA, PROVIDER, SIGNATORY, ADMIN, HUB)),
    ("person", LA, RW, f"{OWN} OR {MANAGED}", None),
    ("person", PROVIDER, RW, OWN, None),
    ("person", SIGNATORY, R, f"id = {ME}", None),
    ("person", ADMIN, RW, ALL, None),
    ("person", SIGNIN, RW, ALL, None),
    ("person", HUB, "SELECT (id, organisation_id, status, roles)", ALL, None),
    ("credential", SIGNIN, RW, ALL, None),
    *(
        ("credential", role, f"SELECT ({CREDENTIAL_SEEN}), UPDATE ({CREDENTIAL_SET})", MINE, None)
        for role in (LA, PROVIDER, SIGNATORY, ADMIN)
    ),
    ("recovery_code", SIGNIN, RW, ALL, None),
    *(
        ("recovery_code", role, f"SELECT ({CODE_SEEN}), INSERT, UPDATE (spent_at, spent_because)", MINE, None)
        for role in (LA, PROVIDER, SIGNATORY, ADMIN)
    ),
    ("session", SIGNIN, RW, ALL, None),
    *(("session", role, RU, MINE, None) for role in (PROVIDER, SIGNATORY, ADMIN)),
    ("session", LA, RW, f"{MINE} OR EXISTS (SELECT FROM person p WHERE p.id = person_id AND 'MACHINE' = ANY (p.roles))",
     None),
    ("session", HUB, "SELECT (id, person_id, expires_at, revoked_at)", ALL, None),
    *((table, SIGNIN, RW, ALL, None) for table in ("challenge", "invitation", "throttle")),
    *(
        ("invitation", role, RI, "EXISTS (SELECT FROM person p WHERE p.id = person_id)", None)
        for role in (LA, PROVIDER, ADMIN)
    ),
    *(("idempotency_key", role, RW, MINE, None) for role in (LA, PROVIDER, SIGNATORY, ADMIN)),
    *(("ticket", role, RW, MINE, None) for role in (LA, PROVIDER, SIGNATORY, ADMIN)),
    ("ticket", SIGNIN, R, ALL, None),
    ("provider", LA, RU, f"effective_since IS NOT NULL OR managing_la_id = {ORG}", f"managing_la_id = {ORG}"),
    ("provider", PROVIDER, RU, f"id = {ORG}", None),
    ("provider", SIGNATORY, R, f"id = {ORG}", None),
    ("provider", ADMIN, RU, ALL, None),
    ("provider", SIGNIN, RI, ALL, None),
    *((table, LA, R, f"approved_at IS NOT NULL OR {DECIDED}", None) for table in REGISTERED),
    *((table, LA, "UPDATE", DECIDED, None) for table in REGISTERED),
    *((table, ADMIN, RU, ALL, None) for table in REGISTERED),
    ("registration_change", LA, RU, DECIDED, None),
    ("registration_change", PROVIDER, RW, OF_PROVIDER, f"{OF_PROVIDER} AND status IN ('PENDING', 'WITHDRAWN')"),
    ("registration_change", ADMIN, RU, ALL, None),
    *((table, PROVIDER, RW, OF_PROVIDER, None) for table in (*REGISTERED, "fostering_family")),
    ("document", LA, R, f"{OWN} OR ({IN_PROFILE} AND {MANAGED})", None),
    ("document", LA, "INSERT, UPDATE", OWN, None),
    ("document", ADMIN, R, f"{IN_PROFILE} AND EXISTS (SELECT FROM provider p WHERE p.id = organisation_id)", None),
    ("document", PROVIDER, RW, OWN, None),
    ("referral", LA, RW, OF_LA, None),
    ("referral", PROVIDER, f"SELECT ({REFERRAL_SHOWN})", DELIVERED.format(row="referral.id"), None),
    ("child", LA, RW, OF_LA, None),
    ("referral_revision", LA, RI, OF_LA, None),
    (
        "referral_revision", PROVIDER, f"SELECT ({REVISION_SHOWN})",
        DELIVERED.format(row=SINCE.format(table="referral_revision", after=">=")), None,
    ),
    ("referral_change", LA, RI, OF_LA, None),
    (
        "referral_change", PROVIDER, R,
        DELIVERED.format(row=SINCE.format(table="referral_change", after=">")), None,
    ),
    ("referral_split", LA, RI, OF_LA, None),
    (
        "referral_split", PROVIDER, R,
        f"{DELIVERED.format(row='referral_split.referral_id')} AND {DELIVERED.format(row='referral_split.group_id')}",
        None,
    ),
    ("referral_document", LA, RW, OF_LA, None),
    (
        "referral_document", PROVIDER, R,
        f"sent_in IS NOT NULL AND dropped_in IS NULL AND {DELIVERED.format(row='referral_document.referral_id')}"
        f" AND (NOT identifies_child OR {SHARED_CASE.format(row='referral_document.referral_id')})", None,
    ),
    ("delivery", LA, RW, OF_LA, None),
    ("delivery", PROVIDER, RU, OF_PROVIDER, None),
    ("delivery", HUB, "SELECT (referral_id, provider_id, withdrawn_at)", ALL, None),
    ("thread", LA, RW, OF_LA, None),
    ("thread", PROVIDER, RU, OF_PROVIDER, None),
    ("thread", HUB, "SELECT (id, referral_id, la_id, provider_id, head)", ALL, None),
    ("message", LA, RI, OF_LA, f"{OF_LA} AND side = 'LOCAL_AUTHORITY' AND author_id = {ME}"),
    ("message", PROVIDER, RI, OF_PROVIDER, f"{OF_PROVIDER} AND side = 'PROVIDER' AND author_id = {ME}"),
    ("message_document", LA, RI, OF_LA, f"{OF_LA} AND side = 'LOCAL_AUTHORITY'"),
    (
        "message_document", PROVIDER, RI,
        f"{OF_PROVIDER} AND {DELIVERED.format(row='message_document.referral_id')}"
        f" AND (side = 'PROVIDER' OR NOT identifies_child OR {SHARED_CASE.format(row='message_document.referral_id')})",
        f"{OF_PROVIDER} AND side = 'PROVIDER'",
    ),
    *(("thread_read", role, RW, MINE, None) for role in (LA, PROVIDER)),
    ("offer", LA, RU, f"{OF_LA} AND submitted_at IS NOT NULL", None),
    ("offer", PROVIDER, RW, OF_PROVIDER, f"{OF_PROVIDER} AND {DRAFTS}"),
    ("offer", SIGNATORY, R, f"{OF_PROVIDER} AND EXISTS (SELECT FROM ipa i WHERE i.offer_id = offer.id)", None),
    ("offer_version", LA, R, OF_LA, None),
    ("offer_version", PROVIDER, RI, OF_PROVIDER, None),
    ("offer_document", LA, R, f"{OF_LA} AND {SUBMITTED}", None),
    ("offer_document", PROVIDER, RW, OF_PROVIDER, None),
    ("ipa", LA, RW, OF_LA, None),
    ("ipa", PROVIDER, RU, f"{OF_PROVIDER} AND shared_at IS NOT NULL", None),
    ("ipa", SIGNATORY, RU, f"{OF_PROVIDER} AND enabled_at IS NOT NULL", None),
    ("ipa_document", LA, RI, OF_LA, None),
    *(("ipa_document", role, R, f"{OF_PROVIDER} AND {SHARED}", None) for role in (PROVIDER, SIGNATORY)),
    ("signature", LA, RI, OF_LA, f"{OF_LA} AND party = 'LOCAL_AUTHORITY' AND {MINE}"),
    *(
        ("signature", role, RI, OF_PROVIDER, f"{OF_PROVIDER} AND party = 'PROVIDER' AND {MINE}")
        for role in (PROVIDER, SIGNATORY)
    ),
    *(("ipa_opening", role, RI, MINE, None) for role in (LA, PROVIDER, SIGNATORY)),
    ("ipa_refusal", LA, RI, OF_LA, f"{OF_LA} AND {MINE}"),
    *(("ipa_refusal", role, RI, OF_PROVIDER, f"{OF_PROVIDER} AND {MINE}") for role in (PROVIDER, SIGNATORY)),
    *(("delegation", role, REVOKE, OWN, None) for role in (LA, PROVIDER)),
    *(("delegation", role, W, OWN, f"{OWN} AND given_by_id = {ME}") for role in (LA, PROVIDER)),
    ("delegation", SIGNATORY, REVOKE, f"{OWN} AND (principal_id = {ME} OR delegate_id = {ME})",
     f"{OWN} AND principal_id = {ME}"),
    ("delegation", SIGNATORY, W, OWN, f"{OWN} AND principal_id = {ME} AND given_by_id = {ME}"),
    ("event", LA, R, f"({OF_LA} OR ({ABOUT_ME})) AND {NOT_READ_BY_OTHERS}", None),
    (
        "event", PROVIDER, R,
        f"({OF_PROVIDER} AND (referral_id IS NULL OR {DELIVERED.format(row='event.referral_id')})"
        f" OR ({SENT_TO_MANY} AND {DELIVERED.format(row='event.referral_id')}) OR ({ABOUT_ME}))"
        f" AND {NOT_READ_BY_OTHERS}", None,
    ),
    ("event", SIGNATORY, R, f"(({OF_PROVIDER} AND {CONCERNED}) OR ({ABOUT_ME})) AND {NOT_READ_BY_OTHERS}", None),
    ("event", ADMIN, R, f"subject_kind IN ('PROVIDER', 'PERSON') AND {NOT_READ_BY_OTHERS}", None),
    ("event", HUB, R, ALL, None),
    *(("inbox", role, R, MINE, None) for role in (LA, PROVIDER, SIGNATORY, ADMIN)),
    ("inbox", HUB, R, ALL, None),
    *(("inbox_entry", role, R, MINE, None) for role in (LA, PROVIDER, SIGNATORY, ADMIN)),
    ("inbox_entry", HUB, R, ALL, None),
    ("registration_import", PROVIDER, RW, OF_PROVIDER, None),
    ("registration_import", WORKER, "SELECT, UPDATE (status, version, finished_at, rows_done, rows_total, fault_count,"
     " failure, marked_sha256)", ALL, None),
    ("registration_fault", PROVIDER, R, OF_PROVIDER, None),
    ("registration_fault", WORKER, RI, ALL, None),
    *(("job", role, W, ALL, None) for role in (LA, PROVIDER, SIGNATORY, ADMIN, SIGNIN)),
    ("job", WORKER, RW, ALL, None),
    ("reminder", WORKER, RI, ALL, None),
    (
        "document", WORKER, "SELECT (id, organisation_id, home_id, kind, expires_on, state, replaced_at)", ALL, None,
    ),
    ("provider", WORKER, "SELECT (id)", ALL, None),
    ("home", WORKER, "SELECT (id, ended_at)", ALL, None),
)  # fmt: skip

# What the contract can reach and a viewer may never see reads as nothing, not as an error.
SHOWN = (
    "organisation", "person", "provider", "home", "registered_care", "framework_membership", "fostering_family",
    "registration_change",
    "document", "child", "referral_revision", "referral_change", "referral_split", "referral_document", "delivery",
    "thread", "message", "thread_read", "message_document",
    "offer", "offer_version", "offer_document", "ipa", "ipa_document", "signature", "ipa_refusal", "delegation",
    "event", "inbox_entry", "referral", "rollout", "postcode_area",
    "registration_import", "registration_fault", "document_requirement",
)  # fmt: skip


def nothing(rows: Sequence[Row], shown: Sequence[str]) -> list[Row]:
    readable = {(table, role) for table, role, privileges, *_ in rows if "SELECT" in privileges}
    columns = {"referral": f"SELECT ({REFERRAL_SHOWN})", "referral_revision": f"SELECT ({REVISION_SHOWN})"}
    hidden = [(t, role) for t in shown for role in (LA, PROVIDER, SIGNATORY, ADMIN) if (t, role) not in readable]
    return [(t, role, columns.get(t, R), "false", None) for t, role in hidden]


def statements(rows: Sequence[Row] = POLICIES, shown: Sequence[str] = SHOWN) -> list[str]:
    """A grant and a policy for every command of every row, and for what is shown and that a role never sees."""
    out = []
    for table, role, privileges, using, check in (*rows, *nothing(rows, shown)):
        out.append(f"GRANT {privileges} ON {table} TO {role}")
        commands = [word for word in ("SELECT", "INSERT", "UPDATE") if word in privileges]
        for command in commands:
            out.append(_policy(table, role, command, using, check or using))
    return out


def _policy(table: str, role: str, command: str, using: str, check: str) -> str:
    using_part = "" if command == "INSERT" else f" USING ({using})"
    check_part = "" if command == "SELECT" else f" WITH CHECK ({check})"
    name = f"{role.removeprefix('portal_')}_{command.lower()}"
    return f"CREATE POLICY {name} ON {table} FOR {command} TO {role}{using_part}{check_part}"


def walled(tables: list[str]) -> list[str]:
    """Every table belongs to the owner and answers to policies, even for its owner."""
    out = []
    for table in tables:
        out += [
            f"ALTER TABLE {table} OWNER TO portal_owner",
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"REVOKE ALL ON {table} FROM PUBLIC",
            f"GRANT SELECT ON {table} TO portal_backup",
        ]
    return out
