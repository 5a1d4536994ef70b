"""Updates, each written once: a rule that says who may ask and when, and below it what happens.

The SDK wants two methods for each update, one to check it and one to carry it out, and knows no refusals of ours. With
:func:`update` a workflow has both::

    def may_water(self, request: Water) -> None:
        \"\"\"Only in spring.\"\"\"
        if not self.state.is_spring:
            raise Refused(f"{self.state.case} is watered in spring only")

    @update("Water the flowers", rule=may_water)
    async def water(self, request: Water) -> Done:
        \"\"\"They are watered at once.\"\"\"

What a rule refuses is rejected, and leaves no trace in the history. What is refused later, once something was looked
up, fails the update. The sender gets the same sentence either way.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from domain.core.tasks import Refused

Case = TypeVar("Case")
Request = TypeVar("Request")
Reply = TypeVar("Reply")


def update(
    description: str, *, rule: Callable[[Case, Request], None]
) -> Callable[[Callable[[Case, Request], Awaitable[Reply]]], Callable[[Case, Request], Awaitable[Reply]]]:
    """Make a method of a workflow, or of a class it inherits, the update of the same name.

    ``rule`` raises :class:`Refused` on what may not be asked now; so may the method.
    """

    def decorate(method: Callable[[Case, Request], Awaitable[Reply]]) -> Callable[[Case, Request], Awaitable[Reply]]:
        @wraps(method)
        async def carry_out(case: Case, request: Request) -> Reply:
            with refusals_as_failures():
                return await method(case, request)

        @wraps(rule)
        def check(case: Case, request: Request) -> None:
            with refusals_as_failures():
                rule(case, request)

        handler = workflow.update(description=description)(carry_out)
        handler.validator(check)
        return carry_out

    return decorate


@contextmanager
def refusals_as_failures() -> Iterator[None]:
    """Within this, a refusal fails the update instead of the workflow task."""
    try:
        yield
    except Refused as refusal:
        raise failure_of(refusal) from None


def failure_of(refusal: Refused) -> ApplicationError:
    """A refusal as its sender sees it: its sentence, and its kind as the error's type."""
    return ApplicationError(str(refusal), type=refusal.type, non_retryable=True)
