"""Filler sentences with office vocabulary."""

from random import Random

_SUBJECTS = (
    "The committee",
    "Our workshop",
    "The supplier",
    "Every tenant",
    "The second report",
    "A new contract",
    "The northern branch",
    "This agreement",
    "The auditor",
    "Their insurance",
)
_VERBS = ("accepts", "reviews", "postpones", "covers", "describes", "replaces", "confirms", "limits", "measures")
_OBJECTS = (
    "the delivery of spare parts",
    "all repairs to the roof",
    "the costs of the previous year",
    "a survey among neighbours",
    "the terms of payment",
    "the plan for the harbour",
    "several minor defects",
    "the training of apprentices",
    "the use of the hall",
)
_TAILS = (
    "before the end of March",
    "without further notice",
    "as agreed in writing",
    "at the usual rates",
    "in the presence of both parties",
    "until the works are finished",
    "for a period of three years",
)
FAMILY_NAMES = ("Abel", "Brandt", "Cullen", "Dorsey", "Ekberg", "Fenwick", "Garland", "Hollis", "Iverson", "Jarvis")
GIVEN_NAMES = ("Ada", "Bernard", "Clara", "Dominic", "Edith", "Felix", "Greta", "Hugo")


def sentence(rng: Random) -> str:
    """Return a sentence of about a dozen words."""
    return f"{rng.choice(_SUBJECTS)} {rng.choice(_VERBS)} {rng.choice(_OBJECTS)} {rng.choice(_TAILS)}."


def prose(rng: Random, sentences: int) -> str:
    """Return a paragraph."""
    return " ".join(sentence(rng) for _ in range(sentences))


def heading(rng: Random) -> str:
    """Return a heading."""
    return " ".join(word.capitalize() for word in rng.choice(_OBJECTS).split())
