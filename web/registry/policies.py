"""The policies that a form offers: those that cases were started with, and one that is sent as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.core.naming import Programme
from domain.core.policy_rules import CasePolicy
from domain.registry.policy_file import KINDS, PolicyError, read_policy
from languages.marking import translatable
from presentation.forms.looks import Look
from records.database import Database
from records.queries.core.policies import OtherContent
from service.core.policies import check_on_record, known_policies, known_policy
from service.core.uploads import Upload
from service.registry.starting import shipped_policy
from web.core.asked import AFile, Asked

LARGEST_POLICY = 2**17
"""Bytes: many times what a policy takes, and read within a second or two."""

A_POLICY = AFile(".yaml,.yml", LARGEST_POLICY, "policy")

LINES_AT_MOST = 10
"""So much of what is wrong with a policy is said at once."""

HINT = translatable("One that cases were started with, or a YAML file.")
SHIPPED = translatable("the one that comes with Waymark")


@dataclass(frozen=True)
class Policies:
    """The policies of a programme, as a form asks for one of them."""

    programme: Programme

    def asked(self, key: str, label: str, hint: str = HINT, *, empty: str = SHIPPED, rare: bool = True) -> Asked:
        """The field for one; it need not be given."""
        return Asked(
            key, label, hint, Look.SELECT, empty=empty, required=False, reads=self._read, rare=rare, file=A_POLICY
        )

    def offered(self, database: Database) -> dict[str, str]:
        """Those to choose from, by id and version."""
        known = known_policies(database, self.programme)
        known.pop(shipped_policy(self.programme).label, None)
        return {label: f"{title} ({label})" for label, title in known.items()}

    def _read(self, database: Database, given: Any) -> CasePolicy:
        """One that was chosen or sent. Raises ``ValueError`` for one that can't be used."""
        if isinstance(given, Upload):
            return self._sent(database, given)
        policy = known_policy(database, given)
        if not isinstance(policy, KINDS[self.programme]):
            raise ValueError(f"{given} can't be used any more; send its file")
        return policy

    def _sent(self, database: Database, file: Upload) -> CasePolicy:
        text = file.text()
        try:
            policy = read_policy(text, file.name, KINDS[self.programme])
            check_on_record(database, policy)
        except PolicyError as error:
            raise ValueError("\n".join(str(error).splitlines()[:LINES_AT_MOST])) from None
        except OtherContent as error:
            raise ValueError(str(error)) from None
        return policy


OF_PLACEMENTS, OF_LEARNING = Policies(Programme.RETURNSHIP), Policies(Programme.UPSKILLING)
