"""Where a page of a case leads: to what belongs to the case, and has a page of its own that its reader may see."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from domain.core.access import Action, may
from domain.core.model import CaseId
from domain.core.naming import Programme, cohort_case, workflow_id
from domain.learning.result import PathStage
from languages.speech import Speech, begun
from records.tables.cohort import CohortRecord
from service.registry.case_page import CasePage
from web.registry.case_words import PROGRAMMES


class Links:
    """The links on one page of a case, for its reader."""

    def __init__(self, page: CasePage, speech: Speech) -> None:
        self._page, self._speech, self._records = page, speech, page.records

    def of_case(self, case: CaseId) -> str | None:
        """The page of another case, where the reader may see it."""
        return f"/cases/{case}" if case in self._page.opens else None

    def all(self) -> Iterator[tuple[str, str]]:
        """What belongs to the case and has a page of its own."""
        records, speech, opens = self._records, self._speech, self._page.opens
        case, viewer = records.case, self._page.there.viewer
        if isinstance(case, CohortRecord):
            wanted = {"cohort": case.cohort}
            yield f"/cohorts/{case.cohort}/matching", speech.text("Its matching")
            if may(viewer, Action.BOARD):
                yield f"/board?{urlencode(wanted | {'which': 'all'})}", speech.text("Its placements on the board")
            if may(viewer, Action.REPORTS):
                yield f"/reports?{urlencode(wanted)}", speech.text("Its report")
            return
        if records.cohort is not None and (cohort := cohort_case(records.cohort.cohort)) in opens:
            yield f"/cases/{cohort}", speech.text("Cohort: %(name)s") % {"name": records.cohort.title}
        for case in records.around:
            leads_to = self._may_lead_to(case.case_id)
            if case.case_id in opens and (case.programme == Programme.RETURNSHIP or leads_to):
                kind = speech.text(PROGRAMMES[Programme(case.programme)])
                yield f"/cases/{case.case_id}", f"{kind}: {begun(speech.stage(case.stage))}, {case.case_id}"
        for credential in records.credentials if self._page.may(Action.DECISIONS) else ():
            number = credential.id.removeprefix("urn:uuid:")
            yield f"/certificates/{number}", speech.text("Certificate %(n)s") % {"n": credential.n}

    def asked_to_mentor(self) -> tuple[int, str | None] | None:
        """Of a cohort: how many of its placements wait for a mentor's answer, and where the board shows them."""
        waiting = self._page.asked_to_mentor
        case, number = self._records.case, sum(waiting.values())
        if not number or not isinstance(case, CohortRecord):
            return None
        wanted = {"programme": Programme.RETURNSHIP.value, "cohort": case.cohort}
        if len(waiting) == 1:
            wanted["stage"] = next(iter(waiting))
        return number, f"/board?{urlencode(wanted)}" if may(self._page.there.viewer, Action.BOARD) else None

    def _may_lead_to(self, certification: CaseId) -> bool:
        """Whether a path leads to this certification of its learner; by the records, whether it may."""
        if self._page.view:
            return bool(certification == self._page.view.get("certification"))
        return any(entered.stage == PathStage.CERTIFICATION for entered in self._records.stages)

    def operators(self, temporal_ui: str | None, namespace: str) -> str | None:
        """Where operators see the workflow."""
        if temporal_ui is None or not self._page.there.viewer.operator:
            return None
        return f"{temporal_ui}/namespaces/{namespace}/workflows/{workflow_id(self._records.case_id)}"
