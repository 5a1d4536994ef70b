"""The pages of a long list: which one an address asks for, and which are offered."""

from __future__ import annotations

from starlette.datastructures import QueryParams

MOST_DIGITS = 6


def page_in(query: QueryParams) -> int:
    """The number of the page that an address asks for, from 1; what makes no sense is not asked."""
    number = query.get("page", "1")
    return max(1, int(number)) if number.isascii() and number.isdecimal() and len(number) <= MOST_DIGITS else 1


def pages_around(number: int, pages: int) -> list[int]:
    """The numbers of pages to be offered: the first, the last, and those around this one; none where there is one."""
    if pages <= 1:
        return []
    return sorted({1, pages, *range(max(1, number - 2), min(pages, number + 2) + 1)})
