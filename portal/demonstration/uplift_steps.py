"""The steps on uplifts, performed for every child's agreement."""

from __future__ import annotations

from portal.demonstration import steps
from portal.demonstration.case import Case

SHOWN = "uplift { id version }"


async def propose(case: Case, step: steps.ProposeUplift) -> None:
    rise = {"percentage": step.percentage} if step.percentage else {"amount": step.amount}
    asked = {"rise": rise, "effectiveFrom": step.effective_from.isoformat(), "reason": step.reason}
    proposed = []
    for number, drawn in enumerate(case.agreements[step.provider]):
        made = await case.do(step.by, "upliftPropose", SHOWN, part=number, ipaId=drawn["id"], input=asked)
        proposed.append(made["uplift"])
    case.uplifts[step.provider] = proposed


async def answer(case: Case, step: steps.AnswerUplift) -> None:
    told = {"reason": step.reason} if step.reason else {}
    for number, uplift in enumerate(case.uplifts[step.provider]):
        known = {"id": uplift["id"], "expectedVersion": uplift["version"]}
        await case.do(step.by, step.act, SHOWN, part=number, **known, **told)
