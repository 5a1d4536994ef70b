"""The activities of an upskilling path, and of whoever needs its catalogue."""

from __future__ import annotations

from domain.core.skills import SkillLevel
from domain.learning.catalogue import CertificateNow, CertificateRequest
from domain.learning.gaps import LevelsRequest
from domain.learning.plan import LearningPlanRequest, PlanProposal
from domain.learning.xapi import HandIn, Reading
from workflows.case.activity_calls import Activity, call, count

READ_STATEMENT = Activity("read_statement", HandIn, Reading)
KNOWN_LEVELS = Activity("known_levels", LevelsRequest, list[SkillLevel])
PROPOSE_PLAN = Activity("propose_plan", LearningPlanRequest, PlanProposal)
CERTIFICATE_NOW = Activity("certificate_now", CertificateRequest, CertificateNow)


async def read_statement(handed_in: HandIn) -> Reading:
    """Read a completion event: whether it can be believed, and whom it is about."""
    return await call(READ_STATEMENT, handed_in, f"statement of {len(handed_in.text)} characters")


async def known_levels(request: LevelsRequest) -> list[SkillLevel]:
    """Look up which levels somebody was found to have."""
    return await call(KNOWN_LEVELS, request, f"levels in {count(request.skills, 'skill')}")


async def propose_plan(request: LearningPlanRequest) -> PlanProposal:
    """Choose the trainings that close most of the gaps within hours and budget."""
    summary = f"plan for {count(request.gaps, 'gap')}, {request.limits.hours} hours, {request.limits.budget}"
    return await call(PROPOSE_PLAN, request, summary)


async def certificate_now(request: CertificateRequest) -> CertificateNow:
    """Look up what the catalogue says of a certificate now, and whether a certification of it runs for somebody."""
    return await call(CERTIFICATE_NOW, request, f"{request.certificate} for {request.holder}")
