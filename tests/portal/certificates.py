"""A certificate of signing as plain values."""

from typing import Any

from tests.portal.agreements import HASH

RECORD = HASH[::-1]


def event(at: str, kind: str, by: str | None, organisation: str | None) -> dict[str, object]:
    return {"at": at, "kind": kind, "by": by, "organisation": organisation}


def signature(party: str, name: str, organisation: str, at: str, **changes: object) -> dict[str, object]:
    return {
        "party": party, "name": name, "jobTitle": "Assistant director", "organisation": organisation,
        "onBehalfOf": None, "authority": None, "method": "AUTHENTICATOR_CODE",
        "consent": "I have read this agreement and sign it on behalf of my organisation.", "at": at,
        "contentHash": HASH, "pdfSha256": "0" * 63 + "1", **changes,
    }  # fmt: skip


def file(no: int, kind: str, party: str | None, made: str) -> dict[str, object]:
    return {
        "no": no, "kind": kind, "party": party, "level": "BASIC", "sha256": f"{no}" * 64, "byteSize": 81_234 + no,
        "madeAt": made,
    }  # fmt: skip


TRUST, CARE = "Birmingham Children’s Trust", "Ashgrove Care (Midlands) Limited"
CERTIFICATE: dict[str, Any] = {
    "reference": "WM-7KD4-RES-A1",
    "contentHash": HASH,
    "form": "wmpp/ipa/1",
    "issued": "2026-05-06T12:44:59.003Z",
    "authority": {"name": "Birmingham City Council"},
    "provider": {"legalName": CARE, "tradingName": "Ashgrove & Daughters", "companyNumber": "07412589"},
    "signatures": [
        signature("LOCAL_AUTHORITY", "Siân Llŷr-Prŷs", TRUST, "2026-01-06T10:02:11.120Z"),
        signature(
            "PROVIDER", "محمد الأحمدي", CARE, "2026-05-06T12:44:59.003Z",
            onBehalfOf="Harpreet ਕੌਰ, Chair", authority="DA-7Q2X, given on 2 March 2026, until 1 March 2027",
        ),
    ],
    "events": [
        event("2026-01-04T09:00:00.000Z", "agreement.create", "Paweł Wiśniewski", TRUST),
        event("2026-01-05T09:30:00.000Z", "agreement.share", "Paweł Wiśniewski", TRUST),
        event("2026-01-05T16:12:40.000Z", "agreement.confirm_review", "Denise Achterberg", CARE),
        event("2026-01-06T09:00:01.000Z", "agreement.enable", "Paweł Wiśniewski", TRUST),
        event("2026-01-06T10:01:00.000Z", "agreement.open", "Siân Llŷr-Prŷs", TRUST),
        event("2026-01-06T10:02:11.120Z", "agreement.sign", "Siân Llŷr-Prŷs", TRUST),
        event("2026-01-06T10:02:13.000Z", "agreement.sealed", None, None),
        event("2026-05-06T12:44:59.003Z", "agreement.sign_on_behalf", "محمد الأحمدي", CARE),
    ],
    "files": [
        file(0, "ENABLED", None, "2026-01-06T09:00:01.000Z"),
        file(1, "SEALED", "LOCAL_AUTHORITY", "2026-01-06T10:02:12.000Z"),
        file(2, "SEALED", "PROVIDER", "2026-05-06T12:45:00.000Z"),
    ],
    "record": {"stream": "5f0c7b1e-7c1d-4a1c-8a3e-000000000001", "seq": 17, "hash": RECORD},
}  # fmt: skip
