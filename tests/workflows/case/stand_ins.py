"""Activities for workflows without a server: those that are pure as they are, and simple ones for the others."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Generator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from temporalio.exceptions import ApplicationError

from activities.cohort.assignment import assign
from activities.cohort.placements import placement_start
from activities.placement.planning import local_days, plan_calendar
from domain.capacity.reserving import ReleaseCall, Reserve, ReserveCall, Reserved
from domain.certification.credentials import Credential, CredentialStatus, IssueRequest, StatusRequest
from domain.cohort.calls import (
    AskedPlacement,
    CohortPlan,
    CohortPlanRequest,
    MessagesToPlacements,
    PlacementsToAsk,
    PlacementsToFind,
    PlacementsToStart,
    StartResult,
)
from domain.cohort.figures import CohortFigures
from domain.cohort.matching import CohortMatchRequest, CohortProposal, MentorWithPlaces, SeekerOnRecord
from domain.cohort.matching_together import match
from domain.cohort.plan import plan_dates
from domain.core.beginning import Alone, Claim
from domain.core.case import Done
from domain.core.case_rows import TaskRow
from domain.core.daily_mail import DailyMailRequest, DailyMailSent, Morning, MorningRequest, SetAside
from domain.core.delivery import Delivery, Sent
from domain.core.holdings import ReservationStatus
from domain.core.model import CaseId, CohortId, CredentialId, PersonId
from domain.core.naming import capacity_workflow_id, certification_case, workflow_id
from domain.core.people import OnRecord
from domain.core.post import PostBatch
from domain.core.skills import SkillLevel
from domain.core.tasks import CONFIDENTIAL, REFUSED
from domain.core.working_pattern import WorkingPattern
from domain.learning.catalogue import Catalogue, CertificateNow, CertificateRequest, Training
from domain.learning.gaps import LevelsRequest
from domain.learning.plan import LearningPlanRequest, PlanProposal
from domain.placement.calendar import Plan, PlanRequest
from domain.placement.cohort_messages import CohortInstruction
from domain.placement.matching import (
    ASKED_BEFORE,
    Candidate,
    Match,
    MatchRequest,
    MatchResult,
    MentorCheck,
    MentorVerdict,
    PassedOver,
)
from domain.placement.requests import LeaveType, PausePlacement, ResumePlacement
from service.learning.plan_solver import choose
from service.placement.working_days import local_times, working_days
from tests.workflows.case.driver import Driver
from tests.workflows.case.executions import Gone, SentUpdate
from workflows.capacity.activity_calls import RELEASE_CAPACITY, RESERVE_CAPACITY
from workflows.capacity.workflow import Capacity
from workflows.case.activity_calls import (
    BEGIN_DAILY_MAIL,
    CHECK_ALONE,
    DELIVER,
    KNOWN_PEOPLE,
    LOCAL_DAYS,
    NEXT_MORNING,
    SEND_DAILY_MAIL,
    SEND_POST,
)
from workflows.certification.activity_calls import ISSUE_CREDENTIAL, SET_CREDENTIAL_STATUS
from workflows.cohort.activity_calls import (
    ASK_PLACEMENTS,
    COHORT_FIGURES,
    GONE_PLACEMENTS,
    MATCH_COHORT,
    PLAN_COHORT,
    START_PLACEMENTS,
    TELL_PROPOSALS,
)
from workflows.learning.activity_calls import CERTIFICATE_NOW, KNOWN_LEVELS, PROPOSE_PLAN
from workflows.placement.activity_calls import CHECK_MENTOR, CHOOSE_MENTOR, PLAN_CALENDAR
from workflows.placement.workflow import Placement
from workflows.registry import WORKFLOWS

MENTORS = ("P-MENTOR1", "P-MENTOR2", "P-MENTOR3")
LISTS = ("retained", "stipends", "training")


class StandIns:
    """Records in which everybody is known, mail that always arrives, and a few mentors, the best first."""

    def __init__(self, mentors: Sequence[PersonId] = MENTORS, trainings: Sequence[Training] = ()) -> None:
        self.trainings = list(trainings)
        self.mentors = list(mentors)
        self.left: dict[PersonId, date] = {}
        """Who has left the company by the records, and their last day."""
        self.unknown: set[PersonId] = set()
        """Whom HR may name, and nobody has on record."""
        self.working: dict[PersonId, list[WorkingPattern]] = {}
        """What mentors work who don't work full time."""
        self.searches: list[MatchRequest] = []
        self.delivered: list[Delivery] = []
        self.in_confidence: dict[tuple[CaseId, str], TaskRow] = {}
        """The confidential tasks of each case, as whoever is asked finds them."""
        self.published: dict[CredentialId, CredentialStatus] = {}
        """How each credential stands that was issued, as anybody can look it up."""
        self.daily_mails: list[DailyMailRequest] = []
        self.on_daily_mail: Callable[[], None] = lambda: None
        self.daily_mails_refused: dict[CaseId, str] = {}
        self.set_aside: list[SetAside] = []
        self.mornings_to_come = 0
        """On so many mornings there will still be something to tell whoever has chosen one mail a day."""
        self.driver = Driver(WORKFLOWS, self.activities())

    def activities(self) -> dict[str, Callable[[Any], Any]]:
        """All of them, by the names that workflows call."""
        return {
            PLAN_CALENDAR.name: self.plan_calendar,
            LOCAL_DAYS.name: local_days,
            KNOWN_PEOPLE.name: self.known_people,
            CHOOSE_MENTOR.name: self.choose_mentor,
            CHECK_MENTOR.name: self.check_mentor,
            DELIVER.name: self.deliver,
            SEND_POST.name: self.send_post,
            BEGIN_DAILY_MAIL.name: self.begin_daily_mail,
            NEXT_MORNING.name: self.next_morning,
            SEND_DAILY_MAIL.name: self.send_daily_mail,
            RESERVE_CAPACITY.name: self.reserve,
            RELEASE_CAPACITY.name: self.release,
            CHECK_ALONE.name: self.check_alone,
            KNOWN_LEVELS.name: self.known_levels,
            PROPOSE_PLAN.name: self.propose_plan,
            CERTIFICATE_NOW.name: self.certificate_now,
            ISSUE_CREDENTIAL.name: self.issue_credential,
            SET_CREDENTIAL_STATUS.name: self.set_credential_status,
            PLAN_COHORT.name: self.plan_cohort,
            MATCH_COHORT.name: self.match_cohort,
            START_PLACEMENTS.name: self.start_placements,
            TELL_PROPOSALS.name: self.tell_proposals,
            GONE_PLACEMENTS.name: self.gone_placements,
            ASK_PLACEMENTS.name: self.ask_placements,
            COHORT_FIGURES.name: self.cohort_figures,
        }

    def plan_calendar(self, request: PlanRequest) -> Plan:
        """With what mentors work."""
        patterns = None if request.mentor is None else self.working.get(request.mentor, [])
        return plan_calendar(request.model_copy(update={"mentor_patterns": patterns}))

    def known_people(self, people: list[PersonId]) -> OnRecord:
        """Everybody is, but for those who have left."""
        left = {person: self.left[person] for person in people if person in self.left}
        return OnRecord(known=[person for person in people if person not in left], left=left)

    def choose_mentor(self, request: MatchRequest) -> MatchResult:
        """The first who was not asked before; whom HR names, unless nobody has them on record."""
        self.searches.append(request)
        if request.nominee in self.unknown:
            return MatchResult(
                match=None, passed_over=[PassedOver(mentor=request.nominee, why="is not in the records")]
            )
        passed_over = [PassedOver(mentor=mentor, why=ASKED_BEFORE) for mentor in request.already_asked]
        barred = {*request.already_asked, *request.forbidden}
        free = [mentor for mentor in self.mentors if mentor not in barred and request.nominee in (None, mentor)]
        if request.nominee is not None and request.nominee not in request.forbidden:
            free = [request.nominee]
        match = Match(mentor=free[0], score=0.5, reasons=["by hand"]) if free else None
        return MatchResult(match=match, passed_over=passed_over)

    def check_mentor(self, request: MentorCheck) -> MentorVerdict:
        """Whoever agreed can."""
        return MentorVerdict(why_not=None)

    def deliver(self, delivery: Delivery) -> Sent:
        """All of it arrives."""
        self.delivered.append(delivery)
        for row in delivery.rows:
            if isinstance(row, TaskRow) and row.kind in CONFIDENTIAL:
                self.in_confidence[delivery.case, row.task] = row
        return Sent(done=[letter.key for letter in delivery.letters])

    def letters_to(self, person: PersonId) -> list[str]:
        """The letters that somebody got, by their templates."""
        return [letter.template for sent in self.delivered for letter in sent.letters if letter.to == person]

    def send_post(self, batch: PostBatch) -> Sent:
        """All of it arrives."""
        return Sent(done=[letter.key for letter in batch.letters])

    def begin_daily_mail(self, people: list[PersonId]) -> list[PersonId]:
        """Nobody has chosen it."""
        return people

    def next_morning(self, request: MorningRequest) -> Morning:
        """Eight o'clock, UTC."""
        day = (request.after + timedelta(hours=16)).date()
        return Morning(at=datetime.combine(day, time(8), UTC), day=day)

    def send_daily_mail(self, request: DailyMailRequest) -> DailyMailSent:
        """It comes; of so many mornings to come, this is one."""
        self.daily_mails.append(request)
        self.on_daily_mail()
        self.mornings_to_come -= 1
        goes_on = self.mornings_to_come > 0
        return DailyMailSent(goes_on=goes_on, refused=self.daily_mails_refused, set_aside=self.set_aside)

    def reserve(self, call: ReserveCall) -> Generator[SentUpdate, Any, Reserved]:
        """Ask the capacity, which is started where it is not there yet."""
        capacity = capacity_workflow_id(call.start.id)
        if capacity not in self.driver.executions:
            self.driver.start(Capacity, capacity, call.start)
        request: Reserve = call.request.model_copy(update={"unit": call.start.unit})
        return (yield from self._ask(capacity, "reserve", request))

    def release(self, call: ReleaseCall) -> Generator[SentUpdate, Any, Reserved]:
        """Give back; where there is no capacity, nothing is held."""
        try:
            return (yield from self._ask(capacity_workflow_id(call.capacity), "release", call.request))
        except Gone:
            return Reserved(
                capacity=call.capacity,
                holder=call.request.holder,
                status=ReservationStatus.RELEASED,
                amount=Decimal(0),
            )

    def _ask(self, capacity: str, update: str, request: Any) -> Generator[SentUpdate, Any, Reserved]:
        sent = self.driver.update(capacity, update, request)
        yield sent
        try:
            return sent.answer(Reserved)
        except ApplicationError as error:
            raise ApplicationError(error.message, type=error.type, non_retryable=True) from None

    # Learning

    def check_alone(self, claim: Claim) -> Alone:
        """Nobody has another case."""
        return Alone()

    def known_levels(self, request: LevelsRequest) -> list[SkillLevel]:
        """Nothing is known yet."""
        return []

    def propose_plan(self, request: LearningPlanRequest) -> PlanProposal:
        """The best plan from the catalogue."""
        return choose(request, Catalogue(trainings=self.trainings))

    # Certificates

    def certificate_now(self, request: CertificateRequest) -> CertificateNow:
        """Nothing in the catalogue has changed; somebody may have a certification of it that runs."""
        usual = certification_case(request.holder, request.certificate)
        there = self.driver.executions.get(workflow_id(usual))
        runs = there is not None and there.status == "running" and usual != request.case
        return CertificateNow(entry=None, running=usual if runs else None)

    def issue_credential(self, request: IssueRequest) -> Credential:
        """The same one, however often it is asked for."""
        credential = Credential(
            id=uuid.uuid5(uuid.NAMESPACE_OID, f"{request.case}/{request.n}").urn,
            n=request.n,
            valid_from=request.valid_from,
            valid_until=request.valid_until,
        )
        self.published.setdefault(credential.id, CredentialStatus.VALID)
        return credential

    def set_credential_status(self, request: StatusRequest) -> None:
        """One that was revoked stays so."""
        if self.published[request.credential] is CredentialStatus.REVOKED is not request.status:
            raise ApplicationError("it was revoked", type=f"{REFUSED}conflict", non_retryable=True)
        self.published[request.credential] = request.status

    # Cohorts

    def plan_cohort(self, request: CohortPlanRequest) -> CohortPlan:
        """With real public holidays."""
        return plan_dates(request, working_days(request.country), local_times(request.time_zone))

    def match_cohort(self, request: CohortMatchRequest) -> CohortProposal:
        """The best pairs of people who are all alike."""
        seeking = [
            SeekerOnRecord(seeker=seeker, candidate=_alike(seeker.returner), role_skills=["sql"])
            for seeker in request.seekers
        ]
        places = request.rules.max_mentees
        offers = [
            MentorWithPlaces(candidate=_alike(mentor), size=places, taken=min(request.taken.get(mentor, 0), places))
            for mentor in self.mentors
        ]
        return match(request, seeking, offers, assign)

    def start_placements(self, call: PlacementsToStart) -> Generator[None, None, list[StartResult]]:
        """One after the other; whoever has begun stays as they are."""
        for who in call.enlisting.participants:
            if workflow_id(who.case) not in self.driver.executions:
                self.driver.start(Placement, workflow_id(who.case), placement_start(call, who))
            yield
        return [StartResult(case=who.case) for who in call.enlisting.participants]

    def tell_proposals(self, call: MessagesToPlacements) -> Generator[None, None, list[CaseId]]:
        """One after the other; those that are gone."""
        gone = []
        for case, proposal in sorted(call.proposals.items()):
            try:
                self.driver.signal(workflow_id(case), "mentor_proposed", proposal)
            except Gone:
                gone.append(case)
            yield
        return gone

    def gone_placements(self, call: PlacementsToFind) -> list[CaseId]:
        """Those that don't run any more."""
        return [case for case in call.cases if self.driver.executions[workflow_id(case)].status != "running"]

    def ask_placements(self, call: PlacementsToAsk) -> Generator[SentUpdate, None, list[AskedPlacement]]:
        """One after the other, each answered before the next is asked."""
        said = []
        instruction = CohortInstruction(cohort=call.cohort, n=call.n)
        for case in call.cases:
            pausing = PausePlacement(actor=call.actor, leave_type=LeaveType.OTHER, instruction=instruction)
            request = pausing if call.pause else ResumePlacement(actor=call.actor, instruction=instruction)
            update_id = f"{call.cohort}-word-{call.n}-{case}"
            try:
                sent = self.driver.update(
                    workflow_id(case), "pause" if call.pause else "resume", request, update_id=update_id
                )
                yield sent
                sentence, refused = sent.refusal or sent.answer(Done).sentence, sent.refusal is not None
            except Gone:
                sentence, refused = "has ended", True
            said.append(AskedPlacement(case=case, sentence=sentence, refused=refused))
        return said

    def cohort_figures(self, cohort: CohortId) -> CohortFigures:
        """Nothing is counted."""
        counted: dict[str, Any] = {
            name: [] if name in LISTS else 0 for name in CohortFigures.model_fields if name != "cohort"
        }
        return CohortFigures.model_validate({**counted, "cohort": cohort})


def _alike(person: PersonId) -> Candidate:
    return Candidate(id=person, skills=["sql"], languages=["en"], preferences=[], utc_offset_minutes=0)
