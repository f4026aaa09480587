"""What a list of notifications says of its groups and counts, reckoned from the list alone (S-119)."""

from collections import Counter
from typing import Any

GROUPS = """notificationGroups(first: 100) { totalCount nodes {
    kind concernsId reference subjectKind subjectId count unread newestNo newestAt oldestNo oldestAt title } }
  unreadGroups: notificationGroups(unreadOnly: true, first: 100) { totalCount nodes { kind concernsId } }
  unreadCounts { kind count }"""


def agree(found: dict[str, Any], nodes: list[dict[str, Any]]) -> None:
    """The groups part the whole list, newest first, and every count is what the list holds."""
    held: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for node in nodes:  # newest first
        held.setdefault((node["kind"], node["concernsId"]), []).append(node)
    groups = found["notificationGroups"]["nodes"]
    assert [(group["kind"], group["concernsId"]) for group in groups] == list(held)
    assert found["notificationGroups"]["totalCount"] == len(held)
    for group, members in zip(groups, held.values(), strict=True):
        newest, oldest = members[0], members[-1]
        assert {each["reference"] for each in members} == {group["reference"]}
        assert [group[name] for name in ("subjectKind", "subjectId")] == [newest["subjectKind"], newest["subjectId"]]
        assert (group["count"], group["unread"]) == (len(members), sum(each["readAt"] is None for each in members))
        assert (group["newestNo"], group["newestAt"]) == (newest["no"], newest["at"])
        assert (group["oldestNo"], group["oldestAt"]) == (oldest["no"], oldest["at"])
        assert group["title"].startswith(f"{len(members)} ")
    waiting = [key for key, members in held.items() if any(each["readAt"] is None for each in members)]
    assert [(each["kind"], each["concernsId"]) for each in found["unreadGroups"]["nodes"]] == waiting
    unread = Counter(node["kind"] for node in nodes if node["readAt"] is None)
    assert {each["kind"]: each["count"] for each in found["unreadCounts"]} == dict(unread)
