"""Trades: names of their companies and the goods they sell, in three languages, with prices and units."""

from dataclasses import dataclass
from random import Random

from samples.words.people import surname

LEGAL_FORMS = {
    "GB": ("Ltd", "Limited", "LLP"),
    "IE": ("Ltd", "DAC"),
    "DE": ("GmbH", "GmbH & Co. KG", "e. K."),
    "AT": ("GmbH", "KG"),
    "FR": ("SARL", "SAS", "SA"),
    "BE": ("SRL", "SA"),
}
CITY_NAMES = {
    "en": "Northgate Meridian Harbourline Oakfield Brightwater Kestrel Silverdale Fernhill Copperfield Redwharf",
    "de": "Nordlicht Hanseat Elbkontor Rheintal Alpenblick Südwerk Kranich Lindenhof Falkenau Morgenstern",
    "fr": "Belvédère Horizon Lumière Val-d'Or Mistral Hexagone Azur Rivage Grand-Large Clairval",
}


@dataclass(frozen=True, slots=True)
class TradeGood:
    """Good or service: its price range in whole units of currency, the usual quantities and VAT class."""

    name: str
    unit: str
    low: float
    high: float
    most: int
    reduced_tax: bool = False


@dataclass(frozen=True, slots=True)
class Trade:
    """Line of business in one language: words for the company's name, and its goods."""

    key: str
    suffixes: tuple[str, ...]
    goods: tuple[TradeGood, ...]


def _goods(table: str) -> tuple[TradeGood, ...]:
    rows = (row.split("|") for row in table.strip().splitlines())
    return tuple(
        TradeGood(name.strip(), unit, float(low), float(high), int(most), bool(rest))
        for name, unit, low, high, most, *rest in rows
    )


_EN = (
    Trade(
        "office",
        ("Office Supplies", "Stationers", "Business Interiors"),
        _goods("""
Copier paper A4 80 gsm, box of 5 reams|box|17.40|24.90|24
Lever arch file 75 mm, blue|pcs|2.10|3.60|60
Toner cartridge black, 6,000 pages|pcs|58|96|8
Height-adjustable desk 160 x 80 cm|pcs|389|540|6
Ergonomic task chair, mesh back|pcs|179|289|8
LED desk lamp with USB charging|pcs|34|58|12
Whiteboard 120 x 90 cm, magnetic|pcs|64|118|4
Envelopes C4 window, 250 pack|pack|18|29|10
Delivery and assembly|flat|45|95|1
"""),
    ),
    Trade(
        "it",
        ("Systems", "Digital Services", "Software"),
        _goods("""
Managed workplace, per seat and month|seat|38|64|45
Senior consultant, system migration|hours|98|135|32
Backup storage 5 TB, monthly fee|month|74|120|3
24-port switch, PoE+, rack mounted|pcs|310|465|4
Security patching and monitoring|month|145|290|3
Data centre rack unit, incl. power|month|39|62|6
On-site support, callout|visit|85|140|4
Licence renewal, document management|user|11|19|60
Training course, half day|course|420|680|2
"""),
    ),
    Trade(
        "catering",
        ("Fine Foods", "Provisions", "Catering"),
        _goods("""
Working lunch buffet, per guest|pers|16|27|48|r
Coffee, ground, fair trade 1 kg|bag|12.50|19.80|20|r
Still mineral water 0.75 l, case of 12|case|9.60|14.20|16
Seasonal fruit basket, large|pcs|24|36|8|r
Cheese platter, regional selection|pcs|42|68|5|r
Service staff|hours|24|34|24
Crockery and glass hire|set|1.80|3.40|60
Sparkling wine, brut 0.75 l|bottle|11|18|24
Delivery within the city|flat|25|45|1
"""),
    ),
    Trade(
        "electrical",
        ("Electrical Contractors", "Building Services", "Engineering"),
        _goods("""
Electrician, qualified|hours|48|66|40
Apprentice|hours|26|34|24
Distribution board, 3-phase, 48 way|pcs|420|690|2
Cable NYM-J 5 x 2.5 mm2|m|1.85|2.95|220
LED panel 62 x 62 cm, 4000 K|pcs|38|59|36
Socket outlet, flush, white|pcs|6.20|11.40|42
Smoke detector, interlinked|pcs|29|46|18
Testing and certification|flat|180|340|1
Disposal of old fittings|flat|60|130|1
"""),
    ),
)
_DE = (
    Trade(
        "buero",
        ("Bürobedarf", "Objekteinrichtung", "Bürotechnik"),
        _goods("""
Kopierpapier A4 80 g/m², Karton zu 5 x 500 Blatt|Kart.|18|26|24
Ordner A4 80 mm, Hartpappe, grau|Stk.|1.95|3.20|80
Tonerkassette schwarz, 6.000 Seiten|Stk.|62|98|8
Schreibtisch elektrisch höhenverstellbar 160 x 80 cm|Stk.|395|560|6
Bürodrehstuhl mit Netzrücken|Stk.|189|310|8
Schreibtischleuchte LED, dimmbar|Stk.|36|62|10
Magnettafel 120 x 90 cm|Stk.|68|121|4
Versandtaschen C4 mit Fenster, 250 Stk.|Pack|19|31|12
Lieferung und Montage|psch.|49|110|1
"""),
    ),
    Trade(
        "edv",
        ("Systemhaus", "Datentechnik", "Softwarelösungen"),
        _goods("""
Betreuung Arbeitsplatz, je Platz und Monat|Platz|36|62|40
Beratung Senior, Systemumstellung|Std.|105|145|30
Datensicherung 5 TB, Monatspauschale|Monat|79|128|3
Netzwerk-Switch 24 Ports PoE+, 19 Zoll|Stk.|320|480|4
Überwachung und Sicherheitsupdates|Monat|155|295|3
Fahrtkosten je Einsatz|Einsatz|48|79|4
Lizenzverlängerung Dokumentenverwaltung|Nutzer|12|21|55
Anwenderschulung, halbtägig|Kurs|450|720|2
"""),
    ),
    Trade(
        "feinkost",
        ("Feinkost", "Getränkehandel", "Catering"),
        _goods("""
Mittagsbuffet, je Gast|Pers.|17|28|45|r
Kaffee ganze Bohne, fair gehandelt 1 kg|Beutel|13|21|20|r
Mineralwasser medium 0,7 l, Kiste zu 12|Kiste|6.80|9.90|24
Obstkorb, regional und saisonal|Stk.|26|38|8|r
Käseplatte mit Brot|Stk.|44|69|6|r
Servicekraft|Std.|25|36|24
Leihgeschirr, Gedeck komplett|Ged.|2.10|3.60|60
Riesling Sekt brut 0,75 l|Fl.|9.50|16|24
Anlieferung Stadtgebiet|psch.|29|49|1
"""),
    ),
    Trade(
        "elektro",
        ("Elektrotechnik", "Haustechnik", "Gebäudetechnik"),
        _goods("""
Elektromonteur|Std.|52|69|40
Auszubildender|Std.|28|36|24
Unterverteilung 4-reihig, bestückt|Stk.|390|640|2
Mantelleitung NYM-J 5 x 2,5 mm²|m|1.95|3.10|240
LED-Einlegeleuchte 62 x 62 cm, 4000 K|Stk.|39|64|36
Schukosteckdose Unterputz, reinweiß|Stk.|6.90|12.20|40
Rauchwarnmelder, vernetzt|Stk.|31|48|16
Prüfung nach DIN VDE 0100-600 mit Protokoll|psch.|190|360|1
Entsorgung Altleuchten|psch.|65|140|1
"""),
    ),
)
_FR = (
    Trade(
        "bureau",
        ("Bureautique", "Fournitures", "Mobilier"),
        _goods("""
Ramettes papier A4 80 g, carton de 5|carton|18|26|24
Classeur à levier dos 75 mm, noir|pièce|2.20|3.70|60
Cartouche de toner noir, 6 000 pages|pièce|61|99|8
Bureau assis-debout 160 x 80 cm|pièce|398|565|6
Fauteuil ergonomique, dossier résille|pièce|185|299|8
Lampe de bureau LED à variateur|pièce|35|59|10
Tableau blanc magnétique 120 x 90 cm|pièce|66|119|4
Livraison et montage|forfait|48|105|1
"""),
    ),
    Trade(
        "informatique",
        ("Informatique", "Services Numériques", "Logiciels"),
        _goods("""
Infogérance du poste de travail, par mois|poste|37|63|42
Conseil senior, migration des systèmes|heure|102|140|30
Sauvegarde 5 To, forfait mensuel|mois|76|125|3
Commutateur 24 ports PoE+, rackable|pièce|315|470|4
Supervision et mises à jour de sécurité|mois|150|290|3
Déplacement sur site|visite|45|82|4
Renouvellement de licence GED|util.|12|20|55
Formation utilisateurs, demi-journée|session|440|710|2
"""),
    ),
    Trade(
        "traiteur",
        ("Traiteur", "Épicerie Fine", "Saveurs"),
        _goods("""
Buffet déjeunatoire, par convive|pers.|17|29|48|r
Café en grains, commerce équitable 1 kg|sachet|13|20|20|r
Eau minérale plate 75 cl, caisse de 12|caisse|9.20|13.80|16|r
Corbeille de fruits de saison|pièce|25|37|8|r
Plateau de fromages affinés|pièce|43|69|6|r
Personnel de service|heure|25|35|24
Location de vaisselle|couvert|1.90|3.50|60
Crémant brut 75 cl|bout.|10|17|24
Livraison en ville|forfait|26|47|1
"""),
    ),
)
_TRADES = {"en": _EN, "de": _DE, "fr": _FR}


def make_firm(rng: Random, country: str, language: str) -> tuple[str, Trade]:
    """Return a random company name with its legal form, and its trade."""
    trade = rng.choice(_TRADES[language])
    head = rng.choice((surname(rng, language), rng.choice(CITY_NAMES[language].split())))
    if rng.random() < 0.25:
        joiner = {"en": "&", "de": "&", "fr": "&"}[language]
        head = f"{surname(rng, language)} {joiner} {surname(rng, language)}"
    return f"{head} {rng.choice(trade.suffixes)} {rng.choice(LEGAL_FORMS[country])}", trade


def make_customer(rng: Random, country: str, language: str) -> str:
    """Return a random name of a company that buys: other words than the sellers' are used."""
    words = {
        "en": "Architects;Dental Practice;Garden Centres;Logistics;Property Management;Publishing",
        "de": "Architekten;Steuerberatung;Spedition;Hausverwaltung;Verlag;Maschinenbau;Ingenieurbüro",
        "fr": "Architectes;Cabinet Comptable;Transports;Immobilier;Éditions;Menuiserie;Ingénierie",
    }[language]
    return f"{surname(rng, language)} {rng.choice(words.split(';'))} {rng.choice(LEGAL_FORMS[country])}"
