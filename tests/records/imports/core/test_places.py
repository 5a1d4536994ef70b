"""Places: a country whose parts have holidays of their own is not one place."""

from __future__ import annotations

import pytest
from holidays import country_holidays

from records.imports.core.places import broken_country_rule, needed_parts


@pytest.mark.parametrize("country", ["GB", "DE", "US", "CH", "ES", "CA", "AU", "IT", "IN", "BR", "PT", "NZ"])
def test_a_country_whose_parts_differ_needs_its_part(country: str) -> None:
    assert needed_parts(country)
    assert (broken_country_rule(country) or "").startswith(f"public holidays differ between the parts of {country}; ")


@pytest.mark.parametrize("code", ["IE", "NL", "SE", "PL", "JP", "NG", "FR", "FR-57", "GB-ENG", "DE-BY", "US-NY"])
def test_a_place_with_one_calendar_is_taken_as_it_is(code: str) -> None:
    assert broken_country_rule(code) is None
    country, _, part = code.partition("-")
    assert country_holidays(country, subdiv=part or None, years=2027)


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("UK", "must be an ISO 3166 country code, such as GB-ENG or IE"),
        ("GB-LND", "no part LND of GB is known; write GB-ENG, GB-NIR, GB-SCT or GB-WLS"),
        ("US-XX", "no part XX of US is known; write one of its 57 codes of ISO 3166-2, such as US-AK, US-AL, US-AR"),
        ("IE-D", "no part D of IE is known; write IE"),
    ],
)
def test_what_is_no_place_is_refused_with_what_to_write(code: str, rule: str) -> None:
    assert broken_country_rule(code) == rule
