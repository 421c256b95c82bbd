"""The script that keeps relative times up to date says what the server has rendered."""

from playwright.sync_api import Page

from tests.support.relative_times import RELATIVE_TIMES

SCRIPT = """async (seconds) => {
  const { relative } = await import('/static/js/lib/i18n.js');
  return seconds.map((each) => relative(new Date(1e12 + 1000 * each).toISOString(), 1e12));
}"""


def test_relative_times_of_script_are_those_of_server(page: Page) -> None:
    """Nothing changes its words when the page has loaded."""
    page.goto("/404/")
    assert page.evaluate(SCRIPT, list(RELATIVE_TIMES)) == list(RELATIVE_TIMES.values())
