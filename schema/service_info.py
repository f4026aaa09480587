"""Where help is, for everybody."""

import strawberry

from resolvers.service_info import Topic, guidance
from schema.enums import described
from schema.fields import ask

described(Topic, "What guidance is about.", "GuidanceTopic")


@strawberry.type(description="Guidance on one topic.")
class Guidance:
    topic: Topic = strawberry.field(description="The topic.")
    url: str = strawberry.field(description="Where to read it.")


@strawberry.type(description="Where to find help: read the guidance first, then ask the service desk.")
class ServiceInfo:
    guidance_url: str = strawberry.field(description="The training and guidance site.")
    support_email: str = strawberry.field(description="The service desk's e-mail address.")
    enquiries_email: str = strawberry.field(description="Where to ask which authority manages your registration.")
    uploads_scanned: bool = strawberry.field(description="Whether uploads are looked at for malware.")
    guidance: list[Guidance] = ask(guidance, "Guidance on a topic, or on all of them.")
