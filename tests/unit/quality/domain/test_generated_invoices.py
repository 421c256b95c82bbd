"""Generated invoices: sums that are right raise no issue, and a correction of a wrong one is always right."""

from decimal import Decimal
from random import Random

import pytest

from quality.domain.facts import FactSet
from tests.support.amount_texts import format_amount
from tests.support.invoice_checks import amounts_of, facts_of_texts, sum_issues
from tests.support.invoice_texts import LANGUAGES, InvoiceText, write_invoice

INVOICES = 12


@pytest.mark.parametrize("seed", range(INVOICES))
@pytest.mark.parametrize("language", LANGUAGES)
def test_right_sums_of_generated_invoice_raise_no_issue(language: str, seed: int) -> None:
    invoice = write_invoice(language, seed)
    facts = facts_of_texts(invoice.text)
    net, tax, total = amounts_of(facts)
    assert (net, tax) == (f"{invoice.net:.2f}", f"{invoice.tax:.2f}"), invoice.text
    assert total in {f"{each:.2f}" for each in invoice.totals}, invoice.text
    assert sum_issues(facts) == [], invoice.text


def _with_other_total(invoice: InvoiceText, comma: bool, seed: int) -> tuple[InvoiceText, FactSet]:
    """Change a digit of the only total."""
    printed = format_amount(invoice.totals[0], comma=comma)
    change = Random(seed).randint(1, 8) * 10 ** Random(seed).randint(0, 2)  # noqa: S311 - a fixed change
    other = format_amount(invoice.totals[0] + Decimal(change), comma=comma)
    at = invoice.text.rindex(printed)
    text = invoice.text[:at] + other + invoice.text[at + len(printed) :]
    return invoice, facts_of_texts(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_wrong_total_of_generated_invoice_is_reported_and_fix_is_right(language: str) -> None:
    comma = LANGUAGES[language].comma
    single = [each for each in (write_invoice(language, seed) for seed in range(2 * INVOICES)) if len(each.totals) == 1]
    fixed = 0
    for seed, each in enumerate(single[:INVOICES]):
        invoice, facts = _with_other_total(each, comma, seed)
        issues = [issue for issue in sum_issues(facts) if issue.code == "totals_add_up"]
        assert len(issues) == 1, invoice.text
        right = {format_amount(invoice.totals[0], comma=comma), f"{invoice.totals[0]:.2f}"}
        assert issues[0].fix in {*right, None}, invoice.text
        fixed += issues[0].fix is not None
    assert fixed >= INVOICES // 2
