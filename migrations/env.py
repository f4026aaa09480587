"""Runs the migrations over a connection that the portal hands in, as the owner of the schema."""

from importlib import import_module

from alembic import context

from models.base import Base

for noun in (
    "child", "credential", "delivery", "document", "event", "home", "ipa", "ipa_change", "ipa_correction", "ipa_file",
    "job", "mail", "mail_item", "mail_preference", "message", "notification", "offer", "organisation", "person",
    "postcode_district", "provider", "referral", "registration_change", "registration_import", "reminder", "rollout",
    "sealing_key", "session", "uplift",
):  # fmt: skip
    import_module(f"models.{noun}")

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
    compare_server_default=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
