"""Where help is: defaults that whoever runs the portal may replace (S-003, S-006, S-019)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import strawberry

from resolvers.context import Info
from resolvers.service_addresses import ENQUIRIES, GUIDANCE, SUPPORT


class Topic(StrEnum):
    LOGIN = "LOGIN"
    REGISTRATION = "REGISTRATION"
    VIEWING_REFERRALS = "VIEWING_REFERRALS"
    OFFERS = "OFFERS"
    SIGNING_IPA = "SIGNING_IPA"


@dataclass(frozen=True)
class Help:
    """`pages` are the addresses of guidance on one topic each, by the topic's name."""

    guidance_url: str
    support_email: str
    enquiries_email: str
    pages: dict[str, str]
    uploads_scanned: bool

    def page(self, topic: Topic) -> str:
        """Where guidance on a topic is: on a page of its own, or with everything else."""
        return self.pages.get(topic.value, self.guidance_url)


@dataclass(frozen=True)
class Page:
    """Guidance on one topic."""

    topic: Topic
    url: str


def guidance(root: strawberry.Parent[Help], topic: Topic | None = None) -> Any:
    wanted = [t for t in Topic if topic in (None, t)]
    return [Page(t, root.page(t)) for t in wanted]


async def ask_for_help(info: Info) -> Any:
    return help_from(info.context.shell.information)


def help_from(given: Mapping[str, Any]) -> Help:
    """From `guidance_url`, `support_email`, `enquiries_email` and `guidance` of the settings, each with its default."""
    return Help(
        given.get("guidance_url") or GUIDANCE,
        given.get("support_email") or SUPPORT,
        given.get("enquiries_email") or ENQUIRIES,
        given.get("guidance") or {},
        bool(given.get("scanned")),
    )
