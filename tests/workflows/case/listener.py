"""A workflow that stands for a path which waits for a certificate."""

from __future__ import annotations

from temporalio import workflow

from domain.certification.signals import CertificateEarned, CertificateRemediation, CertificationOver


@workflow.defn
class ListenerProbe:
    """Remembers what it is told, and ends once the certificate was earned."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.earned: CertificateEarned | None = None

    @workflow.run
    async def run(self) -> CertificateEarned:
        await workflow.wait_condition(lambda: self.earned is not None)
        assert self.earned is not None
        return self.earned

    @workflow.signal
    def certificate_earned(self, told: CertificateEarned) -> None:
        self.heard.append("earned")
        self.earned = told

    @workflow.signal
    def certificate_remediation(self, told: CertificateRemediation) -> None:
        self.heard.append(f"remediation until {told.not_before:%Y-%m-%d}")

    @workflow.signal
    def certification_over(self, told: CertificationOver) -> None:
        self.heard.append(told.outcome.value)

    @workflow.query
    def told(self) -> list[str]:
        """What it has heard."""
        return self.heard
