"""The wall: roles, row-level security, guarding functions, freezing triggers."""

from pathlib import Path

from alembic import op
from sqlalchemy import text

from migrations.wall import policies, roles, triggers

revision = "0002"
down_revision = "0001"

SQL = Path(__file__).parent.parent / "wall"
FROZEN = {
    "offer": (
        "ACCEPTED,DECLINED,VOIDED,WITHDRAWN",
        "status,updated_at,version,void_reason,voided_at",
        "ACCEPTED>VOIDED,DRAFT>DECLINED,DRAFT>SUBMITTED,DRAFT>WITHDRAWN,SUBMITTED>ACCEPTED,SUBMITTED>DECLINED,"
        "SUBMITTED>WITHDRAWN",
    ),
    "ipa": (
        "PARTLY_SIGNED,READY_TO_SIGN,SIGNED,VOIDED",
        "authority_signed,provider_signed,signed_at,signed_pdf_sha256,status,updated_at,version,void_reason,voided_at",
        "DRAFT>IN_REVIEW,DRAFT>VOIDED,IN_REVIEW>READY_TO_SIGN,IN_REVIEW>VOIDED,PARTLY_SIGNED>SIGNED,"
        "PARTLY_SIGNED>VOIDED,READY_TO_SIGN>PARTLY_SIGNED,READY_TO_SIGN>VOIDED,SIGNED>VOIDED",
    ),
    "delegation": ("REVOKED", "", "GIVEN>REVOKED"),
}
GUARDED = {
    "portal_session_live(uuid, timestamptz)": roles.VIEWERS,
    "portal_lock_case(uuid)": ("portal_la", "portal_provider", "portal_signatory"),
    "portal_place(uuid)": ("portal_la", "portal_provider", "portal_signatory"),
    "portal_end_draft_offers(uuid, timestamptz)": ("portal_la",),
    "portal_numbers_taken(text[])": ("portal_provider",),
    "portal_hand_over(uuid, uuid)": ("portal_la", "portal_admin"),
    "portal_end_sessions(uuid, timestamptz, text)": ("portal_la", "portal_provider", "portal_admin"),
    "portal_reset_authenticator(uuid, timestamptz)": ("portal_la", "portal_provider", "portal_admin"),
    "portal_forget_tries(timestamptz)": ("portal_signin",),
    "portal_deliver_open(uuid, timestamptz)": ("portal_la", "portal_admin"),
    "portal_record(jsonb)": (*roles.VIEWERS, "portal_signin", "portal_worker"),
    "portal_forget_jobs(timestamptz)": ("portal_worker",),
    "portal_unnamed(text[], timestamptz)": ("portal_worker",),
    "portal_family(uuid)": ("portal_la",),
    "portal_was_sent(uuid)": (),
    "portal_unattached(uuid)": (),
    "portal_purge_drafts(timestamptz, integer)": ("portal_worker",),
    "portal_revision()": ("portal_app",),
    "portal_open_inbox()": (),
    "portal_parent_open()": (),
    "portal_sent_with_message()": (),
    "portal_delivery_listed()": (),
    "portal_search_moved()": (),
    "portal_colleague(uuid, text)": ("portal_la", "portal_provider", "portal_signatory"),
    "portal_signs(uuid)": roles.VIEWERS,
    "portal_delegation_stands()": (),
    "portal_signature_binds()": (),
    "portal_signed_means_signed()": (),
}
INSURANCE = ("PUBLIC_LIABILITY_INSURANCE", "EMPLOYERS_LIABILITY_INSURANCE", "PROFESSIONAL_INDEMNITY_INSURANCE")
EVERYBODY = (*INSURANCE, "OFSTED_CERTIFICATE", "STATEMENT_OF_PURPOSE")
REQUIRED = {
    "RESIDENTIAL": EVERYBODY,
    "FOSTERING": EVERYBODY,
    "RESIDENTIAL_FAMILY_ASSESSMENT": EVERYBODY,
    "SUPPORTED_ACCOMMODATION": (*EVERYBODY, "APPENDIX"),
}


def upgrade() -> None:
    tables = [
        name
        for (name,) in op.get_bind().execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        if name != "alembic_version"
    ]
    # exec_driver_sql: nothing in these statements is a bind parameter
    for statement in (*roles.statements(), *policies.walled(tables), *policies.statements()):
        op.get_bind().exec_driver_sql(statement)
    for name in ("functions.sql", "matching.sql", "families.sql", "purging.sql", "freezes.sql", "worklists.sql"):
        for function in (SQL / name).read_text().split("END $$;\n")[:-1]:
            op.get_bind().exec_driver_sql(function + "END $$")
    for statement in (*guards(tables), *triggers.statements(FROZEN), *last()):
        op.get_bind().exec_driver_sql(statement)


def guards(tables: list[str]) -> list[str]:
    out = [f"GRANT SELECT, INSERT, UPDATE ON {table} TO portal_guard" for table in tables]
    out.append("GRANT DELETE ON throttle TO portal_guard")  # the one thing that is forgotten
    for function, callers in GUARDED.items():
        out += [f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC", f"ALTER FUNCTION {function} OWNER TO portal_guard"]
        out += [f"GRANT EXECUTE ON FUNCTION {function} TO {caller}" for caller in callers]
    return out


def last() -> list[str]:
    return [
        "INSERT INTO portal_epoch (epoch) VALUES (left(md5(gen_random_uuid()::text), 12))",
        *(
            f"INSERT INTO document_requirement (category, kind) VALUES ('{category}', '{kind}')"
            for category, kinds in REQUIRED.items()
            for kind in kinds
        ),
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        *(f"GRANT USAGE ON SCHEMA public TO {role}" for role in (*roles.KINDS, *roles.BYPASSING)),
        "GRANT USAGE ON SCHEMA public TO portal_owner, portal_app",
        "GRANT SELECT ON alembic_version TO portal_guard",
        "GRANT DELETE ON job TO portal_guard",
        *(f"GRANT DELETE ON {table} TO portal_guard" for table in triggers.REMOVED_WITH_A_DRAFT),
        "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
    ]
