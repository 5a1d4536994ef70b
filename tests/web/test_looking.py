"""What looks at pages sees what is wrong with one: else all tests of how pages look could be green, and say nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Page

from tests.web.console import Console
from tests.web.looking import DESKTOP, check_looks

PAGE = (
    """<!DOCTYPE html><html lang="en"><head><title>A page</title></head><body><main><h1>A page</h1>{}</main></body>"""
)


async def test_a_page_that_is_not_there_is_wrong(console: Console, window: Callable[..., Any]) -> None:
    page = await (await window(**DESKTOP)).new_page()
    with pytest.raises(AssertionError, match="404"):
        await check_looks(page, f"{console.origin}/nowhere")


@pytest.fixture
async def shown(window: Callable[..., Any]) -> Callable[[str], Any]:
    """A page in a browser that holds this."""
    page: Page = await (await window(**DESKTOP)).new_page()

    async def show(content: str) -> Page:
        await page.route("http://page.test/**", lambda route: route.fulfill(status=404))
        made = PAGE.format(content)
        await page.route("http://page.test/", lambda route: route.fulfill(body=made, content_type="text/html"))
        return page

    return show


async def test_a_page_with_which_nothing_is_wrong_passes(shown: Callable[[str], Any]) -> None:
    await check_looks(await shown("<p>Good.</p>"), "http://page.test/")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ('<div style="width: 340px">Wide</div>', "320"),
        ('<div style="width: 800px">Wider</div>', "640"),
        ('<div style="width: 17rem; padding-right: 60%">Grows</div>', "large letters"),
        ('<p id="a">One</p><p id="a">Two</p>', "'a'"),
        ("<button>Small</button>", "Small"),
        ('<img src="x.png">', "image-alt"),
        ('<img src="x.png" alt="A picture">', "x.png: 404"),
        ("<script>nobody()</script>", "nobody is not defined"),
        ("<script>console.error('It is wrong.')</script>", "It is wrong"),
    ],
)
async def test_what_is_wrong_is_told(shown: Callable[[str], Any], wrong: str, told: str) -> None:
    page = await shown(wrong)
    with pytest.raises(AssertionError) as found:
        await check_looks(page, "http://page.test/")
    assert told in str(found.value)
