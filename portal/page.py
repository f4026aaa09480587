"""The page at `/`: what is running here, and where everything else is."""

from html import escape

from starlette.responses import HTMLResponse

STYLE = """
:root{color-scheme:light dark}
body{font:1rem/1.55 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1.25rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem}
code,pre{font:0.9rem/1.5 ui-monospace,monospace}
pre{padding:1rem;overflow:auto;border:1px solid #8884;border-radius:.5rem}
dt{font-weight:600;margin-top:1rem}dd{margin:0}
.note{padding:.75rem 1rem;border-left:.25rem solid #0b7285;background:#0b72851a}
"""
QUERY = """query Desk {
  viewer { name organisation { name } pending { newReferrals unreadMessages ipasToSign } }
  referrals(first: 5) { nodes { reference status category urgency } }
}"""


def front_page(origin: str, *, demonstration: bool) -> HTMLResponse:
    """A page without scripts or anything from elsewhere; its policy allows its own style alone."""
    live = origin.replace("http", "ws", 1)
    note = (
        "<p class=note>This is a <strong>demonstration</strong>: every organisation, person and child in it is"
        " invented. The sign-ins were printed where it was started.</p>"
        if demonstration
        else ""
    )
    body = f"""<!doctype html><html lang=en><meta charset=utf-8>
<meta name=viewport content="width=device-width,initial-scale=1">
<title>West Midlands Placement Portal</title><style>{STYLE}</style>
<h1>West Midlands Placement Portal</h1>
<p>Fourteen local authorities find a home for a child here: a referral reaches every provider that matches, they talk,
the provider offers, the authority accepts, and both sign the placement agreement.</p>{note}
<dl>
<dt>The API</dt><dd><code>POST {escape(origin)}/graphql</code> with <code>application/json</code>; live streams at
<code>{escape(live)}/graphql</code> (graphql-transport-ws).</dd>
<dt>Its contract</dt><dd><a href="/contract">/contract</a>, also in <code>schema/schema.graphql</code>.</dd>
<dt>Examples</dt><dd><code>client-examples/</code>: a whole placement from referral to signature, and a follower of
live notifications.</dd>
<dt>Registering a provider</dt><dd><a href="/registration-template.xlsx">/registration-template.xlsx</a>: the workbook
to fill in. Announce it by <code>registrationUpload</code>, send it by PUT; <code>client-examples/register.py</code>
does both.</dd>
<dt>Is this agreement genuine?</dt><dd>Ask <code>verifyAgreement</code> with the SHA-256 of the file; nobody has to
sign in for it. Its signatures are checked by <a href="/sealing-authority.pem">/sealing-authority.pem</a>.</dd>
<dt>Led here by an e-mail?</dt><dd>What its reference names is found by <code>referral(reference:)</code> and what hangs
on it; which e-mails somebody gets is asked by <code>mailPreferences</code> and chosen by
<code>mailPreferencesSet</code>.</dd>
<dt>State</dt><dd><a href="/healthz">/healthz</a> and <a href="/readyz">/readyz</a>.</dd>
</dl>
<p>A first query, with <code>Authorization: Bearer …</code>:</p><pre>{escape(QUERY)}</pre></html>"""
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
    return HTMLResponse(body, headers={"content-security-policy": policy})
