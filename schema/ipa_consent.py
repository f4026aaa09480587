"""The words of a signature, before it is given."""

from uuid import UUID

from schema.fields import told, value


@value("In whose name you may sign an agreement, and the words that will be kept with the signature.")
class SigningConsent:
    delegation_id: UUID | None = told("Give it as `onBehalfOf`; null to sign for yourself.")
    on_behalf_of: str | None = told("On whose behalf, with that person's job title; null for yourself.")
    authority: str | None = told("By which authority; null for yourself.")
    words: str = told("The exact words that you agree to by signing. Show them before you ask for the code.")
