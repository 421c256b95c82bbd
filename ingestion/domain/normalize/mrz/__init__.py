"""Machine readable zones of travel documents (ICAO Doc 9303): formats, values, corrections, search."""

from ingestion.domain.normalize.mrz.document_formats import MRZ_FORMATS, MrzFormat, check_digit
from ingestion.domain.normalize.mrz.printed_values import agrees_with_zone, zone_value
from ingestion.domain.normalize.mrz.zone import MrzZone
from ingestion.domain.normalize.mrz.zone_reading import parse_mrz
from ingestion.domain.normalize.mrz.zone_search import MrzLocation, find_mrz

__all__ = [
    "MRZ_FORMATS",
    "MrzFormat",
    "MrzLocation",
    "MrzZone",
    "agrees_with_zone",
    "check_digit",
    "find_mrz",
    "parse_mrz",
    "zone_value",
]
