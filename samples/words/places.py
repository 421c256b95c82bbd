"""Towns with plausible postcodes, streets, and the address format of each country."""

from dataclasses import dataclass
from random import Random

LANGUAGES = {"GB": "en", "IE": "en", "US": "en", "MY": "en", "DE": "de", "AT": "de", "FR": "fr", "BE": "fr"}
COUNTRY_NAMES = {
    "GB": "United Kingdom",
    "IE": "Ireland",
    "US": "United States",
    "MY": "Malaysia",
    "DE": "Deutschland",
    "AT": "Österreich",
    "FR": "France",
    "BE": "Belgique",
}
_TOWNS = {
    "GB": "BS1 4DJ|Bristol;LS11 5QR|Leeds;M4 6JA|Manchester;EH6 7RD|Edinburgh;NR3 1UA|Norwich;CF10 5BT|Cardiff;"
    "SE16 4QB|London;YO31 7RE|York;EX2 8PW|Exeter;NE1 3DX|Newcastle upon Tyne",
    "IE": "D08 X7P3|Dublin 8;T12 W5RK|Cork;H91 E2K7|Galway;V94 T9XC|Limerick;X91 PK02|Waterford",
    "US": "MA 02118|Boston;OH 43215|Columbus;OR 97209|Portland;MN 55404|Minneapolis;NC 27601|Raleigh;"
    "PA 15222|Pittsburgh;WI 53703|Madison;CO 80218|Denver",
    "MY": "43300|Seri Kembangan, Selangor;81100|Johor Bahru, Johor;47301|Petaling Jaya, Selangor;"
    "50480|Kuala Lumpur;11900|Bayan Lepas, Pulau Pinang;41200|Klang, Selangor",
    "DE": "20457|Hamburg;50667|Köln;80331|München;04109|Leipzig;70173|Stuttgart;28195|Bremen;90402|Nürnberg;"
    "79098|Freiburg im Breisgau;48143|Münster;01067|Dresden",
    "AT": "1070|Wien;8010|Graz;5020|Salzburg;4020|Linz;6020|Innsbruck",
    "FR": "69002|Lyon;33000|Bordeaux;44000|Nantes;31000|Toulouse;67000|Strasbourg;35000|Rennes;75011|Paris;"
    "59800|Lille;34000|Montpellier;21000|Dijon",
    "BE": "1050|Ixelles;4000|Liège;5000|Namur;7000|Mons;1348|Louvain-la-Neuve",
}
_STREETS = {
    "GB": "Quayside;Mill Lane;Victoria Road;Station Approach;Castle Street;Foundry Row;Priory Gardens;Albion Way;"
    "Tannery Yard;Wharf Street;Kingsmead Road;Old Market Street",
    "IE": "Merchants Quay;Harbour Road;Patrick Street;Distillery Lane;Bridge Street;Convent Avenue",
    "US": "Maple Avenue;Harrison Street;North 5th Street;Lakeview Drive;Commerce Boulevard;Juniper Court;"
    "Washington Street;Birch Hill Road",
    "MY": "Jalan Perindustrian 3;Jalan SS 21/39;Jalan Kenari 17C;Jalan Bukit Meru;Jalan Dato Keramat;"
    "Jalan Permas 10/2;Lorong Seri Damai",
    "DE": "Speicherstraße;Am Mühlenbach;Goethestraße;Industrieweg;Lindenallee;Hafenstraße;Bahnhofstraße;"
    "Rosengasse;Kirchplatz;Ziegelhütte;Schillerplatz;Gartenstraße",
    "AT": "Neubaugasse;Grabenstraße;Linzer Gasse;Landstraße;Herrengasse;Maximilianstraße",
    "FR": "rue des Tanneurs;avenue Jean Jaurès;quai Saint-Vincent;rue de la République;boulevard Carnot;"
    "place du Marché;impasse des Lilas;rue Pasteur;chemin des Vignes;rue du Faubourg",
    "BE": "rue du Moulin;chaussée d'Ixelles;avenue Louise;rue de Fer;quai de Rome;place Saint-Jacques",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Postal address as printed, line by line, without the country."""

    country: str
    lines: tuple[str, ...]
    town: str

    @property
    def joined(self) -> str:
        """Return the address as one line, the normalised form."""
        return ", ".join(self.lines)


def _british(street: str, number: int, postcode: str, town: str) -> tuple[str, ...]:
    return f"{number} {street}", f"{town} {postcode}"


def _continental(street: str, number: int, postcode: str, town: str) -> tuple[str, ...]:
    return f"{street} {number}", f"{postcode} {town}"


def _french(street: str, number: int, postcode: str, town: str) -> tuple[str, ...]:
    return f"{number} {street}", f"{postcode} {town}"


def _american(street: str, number: int, postcode: str, town: str) -> tuple[str, ...]:
    return f"{number} {street}", f"{town}, {postcode}"


def _malaysian(street: str, number: int, postcode: str, town: str) -> tuple[str, ...]:
    return f"No. {number}, {street},", f"{postcode} {town}."


_ORDERS = {
    "GB": _british,
    "IE": _british,
    "US": _american,
    "MY": _malaysian,
    "DE": _continental,
    "AT": _continental,
    "FR": _french,
    "BE": _continental,
}


def make_address(rng: Random, country: str) -> Address:
    """Return a random address of `country` in its postal format."""
    postcode, town = rng.choice(_TOWNS[country].split(";")).split("|")
    street, number = rng.choice(_STREETS[country].split(";")), rng.randint(2, 148)
    lines = _ORDERS[country](street, number, postcode, town)
    if country == "MY":
        return Address(country, lines, town)
    return Address(country, lines, town.split(",")[0])


def make_phone(rng: Random, country: str) -> str:
    """Return a random telephone number from ranges reserved for fiction or unlikely to be in service."""
    tail = f"{rng.randint(100, 999)}"
    return {
        "GB": f"01632 960{tail}",
        "IE": f"+353 1 555 0{tail}",
        "US": f"({rng.choice(('617', '614', '503', '612'))}) 555-01{tail[:2]}",
        "MY": f"0{rng.choice('3479')}-5550 {tail}0",
        "DE": f"+49 30 23125 {tail}",
        "AT": f"+43 1 555 0{tail}",
        "FR": f"+33 1 99 00 {tail[:2]} {rng.randint(10, 99)}",
        "BE": f"+32 2 555 {tail[:2]} {rng.randint(10, 99)}",
    }[country]
