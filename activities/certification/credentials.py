"""Certificates: signed once, and their status published with every change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.core.journal import records_errors
from domain.certification.credentials import Credential, CredentialStatus, IssueRequest, StatusRequest
from domain.core.model import instant_text
from domain.core.tasks import Refused
from engine.settings import Settings
from records.database import Database, lock
from records.local_time import local_day
from records.queries.certification import credentials
from records.queries.core import people
from records.tables.certification import CredentialRecord
from service.certification import badges
from service.certification.errors import NoIssuerKey
from service.certification.issuer import Issuer, key_missing, load_issuers
from service.certification.publishing import publish_status_lists
from service.certification.status_lists import home_of, size_for


class CredentialActivities:
    """Issues credentials with the key of these settings, which is read when it is needed."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    @activity.defn(name="issue_credential", no_thread_cancel_exception=True)
    def issue_credential(self, request: IssueRequest) -> Credential:
        """Sign a credential and keep its document. Asked again with the same case and ``n``, the document stays.

        Raises ``ApplicationError`` to be retried: ``NoIssuerKey`` while there is none to sign with, ``Unknown`` while
        the holder is not in the records, ``OSError`` while the status lists can't be written, and the errors of the
        records by their names.
        """
        with _retryable():
            issuers = load_issuers(self._settings)
            signs = next(iter(issuers.values()))
            with self._database.session() as session:
                lock(session, credentials.LOCK)
                issued = credentials.issued(session, request.case, request.n) or _issue(session, request, signs)
            publish_status_lists(self._database, issuers, self._settings)
        return issued.model_copy(update={"last_day": local_day(issued.valid_until, request.time_zone)})

    @activity.defn(name="set_credential_status", no_thread_cancel_exception=True)
    def set_credential_status(self, request: StatusRequest) -> None:
        """Give a credential this status, and publish it. What is asked again, or late, changes nothing.

        A revoked one stays so: another status is refused (``Refused.conflict``). Raises what issuing raises, besides:
        ``NoIssuerKey`` also while the key that signed this credential is missing, which has to sign its list.
        """
        with _retryable():
            issuers = load_issuers(self._settings)
            with self._database.session() as session:
                lock(session, credentials.LOCK)
                record = credentials.credential(session, request.credential)
                _set_status(record, request)
            publish_status_lists(self._database, issuers, self._settings)
            if record.issuer not in issuers:
                raise NoIssuerKey(key_missing(record.issuer, self._settings))


def _issue(session: Session, request: IssueRequest, issuer: Issuer) -> Credential:
    holder = people.person(session, request.holder)
    index = credentials.free_index(session, size_for(credentials.count(session) + 1))
    issued = Credential(id=badges.new_id(), n=request.n, valid_from=request.valid_from, valid_until=request.valid_until)
    session.add(
        CredentialRecord(
            id=issued.id,
            case_id=request.case,
            n=request.n,
            person=request.holder,
            certificate=request.certificate.id,
            issuer=issuer.did,
            issued_at=request.at,
            valid_from=request.valid_from,
            valid_until=request.valid_until,
            status=CredentialStatus.VALID.value,
            status_since=request.at,
            status_reason=None,
            status_index=index,
            status_home=home_of(issuer),
            document=badges.as_text(badges.badge(issued.id, request, holder.email, index, issuer)),
        )
    )
    return issued


def _set_status(record: CredentialRecord, request: StatusRequest) -> None:
    if record.status == request.status:
        return
    if record.status == CredentialStatus.REVOKED:
        refusal = Refused(f"the credential was revoked on {instant_text(record.status_since)}, for good")
        raise ApplicationError(str(refusal), type=refusal.type, non_retryable=True)
    if request.at < record.status_since:
        return  # of an attempt that was given up as lost, after the next status was set
    record.status, record.status_since, record.status_reason = request.status.value, request.at, request.reason


@contextmanager
def _retryable() -> Iterator[None]:
    """Our errors as Temporal's, under their names; without causes, whose text might carry personal data."""
    try:
        with records_errors():
            yield
    except NoIssuerKey as error:
        raise ApplicationError(str(error), type=NoIssuerKey.__name__) from None
    except people.Unknown as error:
        raise ApplicationError(str(error), type=people.Unknown.__name__) from None
    except OSError as error:
        raise ApplicationError(f"the status lists can't be written: {error.strerror}", type="OSError") from None
