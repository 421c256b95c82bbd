"""Nationalities in words and in codes: which states a printed nationality means."""

from ingestion.domain.normalize.nationality.words import means_nationality, nationalities_of

__all__ = ["means_nationality", "nationalities_of"]
