"""The history of an offer as a client sees it: what each version changed, and what it was made of."""

from models.document import DocumentKind
from schema.fields import told, value


@value("One difference between two versions of an offer, as people read it.")
class OfferChange:
    path: list[str] = told(
        "Where it is, like `placement`/`name`, `fees`/id of the child/`additionalCosts`/its description, `staffing`"
        " `documents`/`OFSTED_CERTIFICATE` or `documents`/`OTHER`/its name."
    )
    label: str = told("Where it is, in words.")
    before: str | None = told("What was said before; null where nothing was.")
    after: str | None = told("What is said since; null where nothing is.")


@value("A document that a version of an offer carried.")
class OfferVersionDocument:
    kind: DocumentKind = told("What it is.")
    name: str = told("Its file name.")
    sha256: str = told("The SHA-256 of its bytes: another means another file.")
    compulsory: bool = told("Whether it attached itself at submission.")
