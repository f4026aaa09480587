"""The wall as the catalogue has it: each role reaches a table by its policies alone (TRUST A1)."""

from typing import Any

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from migrations.run import differences
from migrations.wall.policies import POLICIES
from models.delegation import Delegation
from models.ipa import Ipa
from models.offer import Offer
from models.referral import Referral
from models.uplift import Uplift
from portal.database import sqlalchemy_url
from tests.standing import standing_as
from tests.world import World

DEFINERS = {
    "portal_still_accepted", "portal_enabled_with_file",
    "portal_session_live", "portal_lock_case", "portal_place", "portal_end_draft_offers", "portal_record",
    "portal_revision", "portal_open_inbox", "portal_parent_open", "portal_signature_binds",
    "portal_sent_with_message",
    "portal_signed_means_signed", "portal_end_sessions", "portal_deliver_open", "portal_hand_over",
    "portal_numbers_taken", "portal_recognise", "portal_renumber",
    "portal_forget_jobs", "portal_unnamed", "portal_purge_drafts",
    "portal_delivery_listed", "portal_search_moved",
    "portal_colleague", "portal_signs", "portal_delegation_stands",
    "portal_reset_authenticator", "portal_forget_tries", "portal_first_checks", "portal_confirmed_as_accepted",
    "portal_uplift_proposed", "portal_uplifts_end",
    "portal_verify_agreement",
    "portal_file_follows",
    "portal_agreement_begins", "portal_signature_counts", "portal_void_together", "portal_refused_by_name",
    "portal_hold_signatory", "portal_refusal_stands",
    "portal_mail_noted", "portal_mail_spread", "portal_mail_digests", "portal_mail_claim", "portal_mail_forget",
    "portal_mark_read",
    "portal_mail_counts", "portal_mail_decided", "portal_mail_undelivered",
    "portal_unread_messages", "portal_record_beyond_sight",
}  # fmt: skip


async def test_every_table_is_forced_behind_its_policies_and_belongs_to_the_owner(world: World) -> None:
    loose = await world.sql(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND relname <> 'alembic_version' AND NOT (relrowsecurity AND relforcerowsecurity"
        " AND pg_get_userbyid(relowner) = 'portal_owner')"
    )
    assert loose == []
    assert await world.count("pg_class", "relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')") == 0


async def test_no_role_has_more_than_reading_inserting_and_updating(world: World) -> None:
    more = await world.sql(
        "SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants"
        " WHERE table_schema = 'public' AND table_name <> 'alembic_version' AND grantee NOT IN ('portal_owner',"
        " 'postgres') AND (privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE')"
        " AND (table_name, grantee, privilege_type) <> ('throttle', 'portal_guard', 'DELETE')"
        " OR grantee IN ('PUBLIC', 'portal_app') OR (grantee = 'portal_backup' AND privilege_type <> 'SELECT'))"
        " AND NOT (grantee = 'portal_guard' AND privilege_type = 'DELETE'"
        " AND table_name IN ('job', 'referral', 'child', 'referral_document', 'referral_split', 'document', 'mail',"
        " 'mail_due', 'mail_item'))"
    )
    assert more == []


async def test_every_granted_command_has_a_policy_of_its_own(world: World) -> None:
    bare = await world.sql(
        "SELECT DISTINCT g.grantee, g.table_name, g.privilege_type FROM information_schema.role_column_grants g"
        " WHERE g.table_schema = 'public' AND g.grantee LIKE 'portal\\_%'"
        " AND g.grantee NOT IN ('portal_owner', 'portal_guard', 'portal_backup')"
        " AND NOT EXISTS (SELECT FROM pg_policies p WHERE p.tablename = g.table_name AND g.grantee = ANY (p.roles)"
        " AND p.cmd = g.privilege_type)"
    )
    assert bare == []
    assert len(POLICIES) > 100


async def test_functions_that_act_for_everybody_are_few_named_and_shut(world: World) -> None:
    found = await world.sql(
        "SELECT proname, pg_get_userbyid(proowner) AS owner, proconfig,"
        " has_function_privilege('public', oid, 'EXECUTE') AS open FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace AND prosecdef"
    )
    assert {row["proname"] for row in found} <= DEFINERS
    assert {row["owner"] for row in found} == {"portal_guard"}
    assert all(row["proconfig"] == ['search_path=""'] and not row["open"] for row in found)


async def test_the_role_the_portal_signs_in_with_has_no_powers_of_its_own(world: World) -> None:
    (app,) = await world.sql("SELECT * FROM pg_roles WHERE rolname = 'portal_app'")
    powers = ("rolsuper", "rolinherit", "rolcreaterole", "rolcreatedb", "rolbypassrls", "rolreplication")
    assert [name for name in powers if app[name]] == []
    async with standing_as(world, None) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT * FROM referral")


async def test_migrations_from_empty_equal_the_models(world: World) -> None:
    engine = create_async_engine(sqlalchemy_url(world.dsn))
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


@pytest.mark.parametrize("record", [Offer, Ipa, Delegation, Uplift])
async def test_the_freezing_triggers_say_what_the_lifecycle_tables_say(world: World, record: Any) -> None:
    (row,) = await world.sql(
        "SELECT tgargs FROM pg_trigger WHERE tgname = 'lock_row' AND tgrelid = $1::regclass", record.__tablename__
    )
    table = record.lifecycle
    wanted = (table.frozen, table.free, [f"{old}>{new}" for old, new in table.moves])
    assert row["tgargs"].decode().split("\0")[:3] == [",".join(sorted(words)) for words in wanted]


def test_moves_made_in_the_database_are_rows_of_the_tables() -> None:
    assert {("SENT", "PLACED")} <= {(str(a), str(b)) for a, b in Referral.lifecycle.moves}
    assert {("DRAFT", "DECLINED")} <= {(str(a), str(b)) for a, b in Offer.lifecycle.moves}
