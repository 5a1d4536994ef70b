"""How something spreads: the named distributions that the file of people's habits may use."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.core.model import Fixed

if TYPE_CHECKING:  # it takes seconds to load, and the console reads habits
    import numpy as np

Positive = Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]


class Lognormal(Fixed):
    """Most take about the ``median``, few take many times as long; ``sigma`` is the spread of the logarithm."""

    shape: Literal["lognormal"]
    median: Positive
    sigma: Annotated[float, Field(ge=0, le=3)]

    def draw(self, generator: np.random.Generator) -> float:
        """One value."""
        return float(generator.lognormal(math.log(self.median), self.sigma))


class Gamma(Fixed):
    """A sum of waits: ``mean``, and ``variation`` as the standard deviation in parts of it."""

    shape: Literal["gamma"]
    mean: Positive
    variation: Annotated[float, Field(gt=0, le=3)]

    def draw(self, generator: np.random.Generator) -> float:
        """One value."""
        shape = self.variation**-2
        return float(generator.gamma(shape, self.mean / shape))


class Uniform(Fixed):
    """Anything from ``low`` to ``high``, each as likely."""

    shape: Literal["uniform"]
    low: NotNegative
    high: Positive

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low > self.high:
            raise ValueError("low must not be more than high")
        return self

    def draw(self, generator: np.random.Generator) -> float:
        """One value."""
        return float(generator.uniform(self.low, self.high))


class Always(Fixed):
    """Always the same."""

    shape: Literal["always"]
    value: NotNegative

    def draw(self, generator: np.random.Generator) -> float:
        """The value; it uses as much chance as the others do, so that what is drawn next stays what it was."""
        generator.random()
        return self.value


Spread = Annotated[Lognormal | Gamma | Uniform | Always, Field(discriminator="shape")]
"""Any of them, told apart by ``shape``."""
