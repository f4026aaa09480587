"""Everything that can be set, from the environment alone; what is missing for production is named in one sentence."""

from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.email import GENERIC, email_key
from portal.crowd import MOST
from portal.embedded import default_home
from resolvers.service_addresses import ENQUIRIES, GUIDANCE, SUPPORT


class NotReady(Exception):
    """The portal cannot start as it is set up; the message says what to do."""


class Settings(BaseSettings):
    """One frozen object. Names in the environment are given beside each setting; docs/operations.md explains them."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True)

    database_url: SecretStr | None = Field(None, alias="DATABASE_URL")
    owner_database_url: SecretStr | None = Field(None, alias="PORTAL_OWNER_DATABASE_URL")
    broadcast_url: SecretStr | None = Field(None, alias="BROADCAST_URL")
    secret_key: SecretStr | None = Field(None, alias="PORTAL_SECRET_KEY")
    older_secret_keys: list[SecretStr] = Field([], alias="PORTAL_OLDER_SECRET_KEYS")
    home: Path = Field(default_factory=default_home, alias="PORTAL_HOME")
    origin: str = Field("http://127.0.0.1:8000", alias="PORTAL_ORIGIN")
    host: str = Field("127.0.0.1", alias="PORTAL_HOST")
    port: int = Field(8000, alias="PORTAL_PORT", ge=0, le=65535)
    workers: int | None = Field(None, alias="PORTAL_WORKERS", ge=1, le=MOST)
    forwarded_allow_ips: str = Field("127.0.0.1", alias="PORTAL_PROXIES")
    support_email: str = Field(SUPPORT, alias="PORTAL_SUPPORT_EMAIL")
    enquiries_email: str = Field(ENQUIRIES, alias="PORTAL_ENQUIRIES_EMAIL")
    guidance_url: str = Field(GUIDANCE, alias="PORTAL_GUIDANCE_URL")
    guidance_pages: dict[str, str] = Field({}, alias="PORTAL_GUIDANCE_PAGES")
    documents: str | None = Field(None, alias="PORTAL_DOCUMENTS", pattern=r"^s3://[^/]+(/.*)?$")
    quota_mib: int = Field(5 * 1024, alias="PORTAL_QUOTA_MIB", gt=0)
    draft_days: int = Field(31, alias="PORTAL_DRAFT_DAYS", ge=1, le=366)
    scanner: str = Field("none", alias="PORTAL_SCANNER", pattern=r"^(none|unix:/.+|tcp:.+:\d+)$")
    seal_file: Path | None = Field(None, alias="PORTAL_SEAL_FILE")
    seal_passphrase: SecretStr = Field(SecretStr(""), alias="PORTAL_SEAL_PASSPHRASE")
    older_seal_authorities: Path | None = Field(None, alias="PORTAL_OLDER_SEAL_AUTHORITIES")
    timestamp_url: str | None = Field(None, alias="PORTAL_TIMESTAMP_URL", pattern=r"^https?://[^/\s]+(/\S*)?$")
    mail: SecretStr | None = Field(None, alias="PORTAL_MAIL")
    mail_from: str | None = Field(None, alias="PORTAL_MAIL_FROM")
    mail_template: str | None = Field(None, alias="PORTAL_MAIL_TEMPLATE")
    notify_url: str | None = Field(None, alias="PORTAL_NOTIFY_URL")

    shared_mailboxes: frozenset[str] = Field(GENERIC, alias="PORTAL_SHARED_MAILBOXES")

    @property
    def mailboxes(self) -> frozenset[str]:
        """Names of mailboxes that several people read, as addresses are compared (S-021)."""
        return frozenset(email_key(name) for name in self.shared_mailboxes)

    @property
    def over_tls(self) -> bool:
        return self.origin.startswith("https://")

    def information(self) -> dict[str, Any]:
        """What `serviceInfo` answers (S-003, S-006, S-019)."""
        return {
            "support_email": self.support_email,
            "enquiries_email": self.enquiries_email,
            "guidance_url": self.guidance_url,
            "guidance": self.guidance_pages,
            "scanned": self.scanner != "none",
        }

    def keeping(self) -> dict[str, Any]:
        """Where an installation keeps documents, how many, what looks at them first, and how long drafts are kept."""
        return {
            "documents": self.documents,
            "scanner": self.scanner,
            "quota": self.quota_mib * 1024 * 1024,
            "draft_days": self.draft_days,
        }

    def sealing(self) -> dict[str, Any]:
        """What agreements are sealed with, where it is not the portal's own key, under whom they were before, and who
        tells the time. May raise NotReady.
        """
        from portal.seal_operator import operators_seal
        from portal.seal_trusted import older_authorities

        secret = self.seal_passphrase.get_secret_value()
        given = operators_seal(self.seal_file, secret) if self.seal_file is not None else None
        older = tuple(older_authorities(self))
        return {"seal": given, "older_authorities": older, "timestamp_url": self.timestamp_url}

    def mailing(self) -> dict[str, Any]:
        """How an installation sends e-mail: not at all where nothing is set."""
        from portal.mail_post import Sending

        mail = self.mail.get_secret_value() if self.mail else None
        return {"sending": Sending(mail, self.mail_from, self.mail_template, self.notify_url)}

    def broadcasting(self) -> dict[str, Any]:
        """What carries hints between processes: the database, where nothing is set. May raise NotReady."""
        from realtime.carriers import UnknownCarrier, carrier_at

        try:
            carrier_at(self._broadcast, "")
        except UnknownCarrier as unknown:
            raise NotReady(f"BROADCAST_URL cannot be understood. {unknown}") from None
        return {"broadcast": self._broadcast}

    def hearing(self, workers: int) -> list[str]:
        """Why so many processes would not hear of each other. May raise NotReady."""
        from realtime.carriers import is_within_one_process

        self.broadcasting()
        if workers == 1 or not is_within_one_process(self._broadcast):
            return []
        return ["BROADCAST_URL=memory:// is for one process; leave it out, or serve without --workers."]

    @property
    def _broadcast(self) -> str | None:
        return self.broadcast_url.get_secret_value() if self.broadcast_url else None

    def for_production(self) -> "Settings":
        """These settings, or NotReady naming everything that production needs and that is missing."""
        needed = {
            "DATABASE_URL": self.database_url,
            "PORTAL_SECRET_KEY": self.secret_key,
        }
        missing = [name for name, value in needed.items() if value is None]
        if "home" not in self.model_fields_set:
            missing.append("PORTAL_HOME")
        if "origin" not in self.model_fields_set:
            missing.append("PORTAL_ORIGIN")
        if "scanner" not in self.model_fields_set:
            missing.append("PORTAL_SCANNER")
        if missing:
            names = ", ".join(missing)
            raise NotReady(f"The portal needs {names} in the environment; docs/operations.md says what each is.")
        return self

    def for_owner(self) -> str:
        """The address by which the schema is made and migrated."""
        if self.owner_database_url is None:
            raise NotReady(
                "PORTAL_OWNER_DATABASE_URL is missing: the address of a role that may create roles and tables."
            )
        return self.owner_database_url.get_secret_value()


def from_environment() -> Settings:
    """The settings, or NotReady naming the one that cannot be understood."""
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False))
        raise NotReady(f"A setting cannot be understood: {faults}.") from None
