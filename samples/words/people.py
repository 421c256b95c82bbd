"""First names and surnames by language, and forms of address by country."""

from random import Random

_GIVEN = {
    "en": {
        "F": "Charlotte Amelia Hannah Eleanor Grace Megan Alice Imogen Rachel Bethany Helen Nora Claire Judith "
        "Priya Aisha Beatrice Louisa Maureen Philippa",
        "M": "Oliver Thomas Edward Callum Daniel Graham Rhys Martin Adrian Declan Marcus Simon Leonard Hugh "
        "Imran Nathan Patrick Stuart Walter Dominic",
    },
    "de": {
        "F": "Katharina Annette Johanna Sabine Lena Ursula Friederike Birgit Miriam Jana Elif Renate Theresa "
        "Svenja Heike Carolin Margit Antje",
        "M": "Matthias Jürgen Florian Sebastian Uwe Henrik Tobias Günther Lukas Stefan Emre Rainer Konstantin "
        "Björn Dieter Fabian Ulrich Joachim",
    },
    "fr": {
        "F": "Camille Élodie Margaux Hélène Sandrine Chloé Aurélie Mathilde Nadia Françoise Océane Solène "
        "Véronique Inès Delphine Agnès",
        "M": "Julien Mathieu Antoine Rémi Stéphane Laurent Baptiste Étienne Karim Olivier Cédric Benoît "
        "Thierry Gaël Frédéric Yannick",
    },
}
_SURNAMES = {
    "en": "Ashworth Pemberton Holloway Whitfield Brennan Kavanagh Marsden Thornbury Ellison Lockwood Fairley "
    "Redmond Okafor Sandhu Gallagher Tremayne Barlow Haverford Mistry Chadwick Donovan Penrose Hartnell Quigley "
    "Wainwright Beckett Stanhope Nairn Calloway Ridgeway",
    "de": "Brandtner Hohenfels Lindemann Kessler Osterwald Schönborn Weidlich Rademacher Grünewald Petersen "
    "Steinhauer Falkenberg Aydiner Mühlbauer Thalheim Ebersbach Vogelsang Köhlert Reinartz Huber-Lang Bergholz "
    "Jahnke Zellner Oberdorfer Winterstein",
    "fr": "Delacourt Marchand Beaulieu Rousselet Lefort Tisserand Chevallier Montagnier Perrault Bellanger "
    "Fontenoy Haddad Gaudin Lacombe Verdier Saint-Amand Bouchardeau Renaudin Levasseur Maillard Pelletan Cordier",
}
_UTOPIAN_SURNAMES = (
    "Erikstad Maravedi Østergård Quintanel Lövgren D'Avenza Santarém Novarro Välimäki Castellan Brânzei "
    "Müllenbach Sørvik Teixidor Aubrac Halvorsen Pérez-Moya Karolyi Strandell Ibarrola"
)
_UTOPIAN_GIVEN = {
    "F": "Anna María Ingrid Léonie Zofia Marit Noémi Helena Aurora Sigrid Elina Beatriz Ilse Ronja",
    "M": "Anders Tomás Henrik Émile Viktor Oskar Mihály Søren Joaquim Niklas Bastian Rurik Elias Teodor",
}


def sex(rng: Random) -> str:
    """Return F or M at random."""
    return rng.choice("FM")


def given_name(rng: Random, language: str, gender: str) -> str:
    """Return a random first name that is usual in `language` (en, de, fr)."""
    return rng.choice(_GIVEN[language][gender].split())


def surname(rng: Random, language: str) -> str:
    """Return a random surname that is usual in `language` (en, de, fr)."""
    return rng.choice(_SURNAMES[language].split())


def full_name(rng: Random, language: str, gender: str | None = None) -> str:
    """Return a random first name and surname."""
    return f"{given_name(rng, language, gender or sex(rng))} {surname(rng, language)}"


def utopian_surname(rng: Random) -> str:
    """Return a random surname of Utopia: European names, with letters that an MRZ must transliterate."""
    return rng.choice(_UTOPIAN_SURNAMES.split())


def utopian_given_names(rng: Random, gender: str) -> str:
    """Return one or two random first names of Utopia."""
    return " ".join(rng.sample(_UTOPIAN_GIVEN[gender].split(), rng.choice((1, 1, 2))))
