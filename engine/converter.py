"""How Waymark's values travel to Temporal and back: as the JSON of their pydantic models."""

from temporalio.contrib.pydantic import PydanticPayloadConverter, ToJsonOptions
from temporalio.converter import DataConverter


class WaymarkPayloadConverter(PydanticPayloadConverter):
    """Pydantic's JSON without the fields that were never set.

    "Not given" and "given as nothing" are different answers of a person, and a field that a later release adds must not
    appear as set in a history that an earlier release wrote.
    """

    def __init__(self) -> None:
        super().__init__(ToJsonOptions(exclude_unset=True))


WAYMARK_DATA_CONVERTER = DataConverter(payload_converter_class=WaymarkPayloadConverter)
