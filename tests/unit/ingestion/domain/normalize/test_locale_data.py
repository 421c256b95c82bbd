"""Locale data that a table was made from do not stay in memory."""

from babel import Locale, localedata

from ingestion.domain.normalize.locale_data import visit_languages


def test_languages_are_visited_in_order_and_discarded() -> None:
    loaded = []
    before = set(localedata._cache)
    for language in visit_languages(["ml", "si", "am"]):
        assert Locale.parse(language).months["format"]["wide"][1]
        loaded.append(set(localedata._cache) - before - {"root"})
    assert loaded == [{"ml"}, {"si"}, {"am"}]
    assert set(localedata._cache) <= before | {"root"}


def test_a_locale_that_was_discarded_loads_its_data_again() -> None:
    german = Locale.parse("de")
    list(visit_languages(["fr"]))
    assert german.territories["FR"] == "Frankreich"
