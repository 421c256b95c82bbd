"""Shops that print receipts, by country: names, goods and the words at the foot of the receipt."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class ShopItem:
    """Item on a shelf or a menu: its shelf price, tax included."""

    name: str
    low: float
    high: float
    reduced_tax: bool = False


@dataclass(frozen=True, slots=True)
class Shop:
    """Kind of shop in one country."""

    names: tuple[str, ...]
    wares: tuple[ShopItem, ...]
    thanks: tuple[str, ...]


def _wares(table: str) -> tuple[ShopItem, ...]:
    rows = (entry.strip().split("|") for entry in table.split(";"))
    return tuple(ShopItem(name, float(low), float(high), bool(rest)) for name, low, high, *rest in rows)


_GROCERY_EN = (
    "Wholemeal loaf 800g|1.1|1.9|r;Semi skimmed milk 2L|1.4|1.9|r;Free range eggs x12|2.6|3.6|r;"
    "Bananas loose|0.7|1.5|r;Cheddar mature 400g|3.2|4.9|r;Chopped tomatoes 400g|0.5|1.1|r;"
    "Ground coffee 227g|2.9|4.6|r;Orange juice 1L|1.5|2.4;Dishwasher tabs x40|5.5|9;Kitchen roll x3|2.2|3.8;"
    "Porridge oats 1kg|1.2|2.1|r;Shampoo 400ml|2.5|5.2;Sparkling water 6x1.5L|2.2|3.4;Basmati rice 1kg|1.8|3|r"
)
_GROCERY_DE = (
    "Vollkornbrot 750g|1.99|3.29|r;H-Milch 3,5% 1L|0.95|1.39|r;Eier Freiland 10er|2.49|3.49|r;"
    "Bananen lose|0.9|1.9|r;Gouda jung 400g|2.99|4.49|r;Passata 500g|0.69|1.29|r;Filterkaffee 500g|4.99|7.99|r;"
    "Orangensaft 1L|1.49|2.79;Spülmaschinentabs|4.99|8.99;Küchentücher 4er|2.45|3.95;"
    "Haferflocken 500g|0.75|1.29|r;"
    "Shampoo 300ml|1.95|4.45;Mineralwasser 6x1,5L|1.74|4.14;Basmatireis 1kg|1.99|3.49|r"
)
_GROCERY_FR = (
    "Pain complet 500g|1.6|2.9|r;Lait demi-écrémé 1L|1.05|1.45|r;Oeufs plein air x12|2.9|3.9|r;"
    "Bananes vrac|1.1|2.1|r;Comté 12 mois 250g|4.4|6.5|r;Tomates pelées 400g|0.8|1.5|r;Café moulu 250g|2.9|4.6|r;"
    "Jus d'orange 1L|1.7|2.9|r;Tablettes lave-vaiss.|5.2|9.4;Essuie-tout x4|2.5|3.9;Flocons d'avoine|1.4|2.4|r;"
    "Shampooing 250ml|2.3|4.9;Eau gazeuse 6x1L|2.4|3.8|r;Riz basmati 1kg|2.2|3.6|r"
)
_HARDWARE_MY = (
    "CHOPPING BOARD 35X25CM|12|24;PRESSURE SPRAYER 1.5L|7|12;WINDSCREEN CLEANER 120ML|2.5|4.9;"
    "PACKING TAPE 48MM CLEAR|3|5.5;LED BULB 9W DAYLIGHT|5.9|9.9;EXTENSION SOCKET 4 WAY|19.9|36;"
    "PVC BUCKET 10L|6.5|11;STEEL RULER 30CM|2.9|5.2;PAINT BRUSH 2IN|3.2|6.4;WD SPRAY 191ML|11|16;"
    "SUPER GLUE 3G|2.1|3.9;CABLE TIE 100PCS|4.4|7.8;A4 PAPER 70GSM|9.9|14.9"
)
_CAFE_EN = (
    "Flat white|3.1|3.8;Americano|2.7|3.3;Pot of tea|2.5|3.2;Avocado toast|7.5|9.5;Soup of the day|5.9|7.5;"
    "Chicken club sandwich|8.2|10.9;Carrot cake|3.6|4.5;Lemonade|2.8|3.6;Side salad|3.9|4.8;Halloumi wrap|7.9|9.6"
)
_CAFE_DE = (
    "Cappuccino|3.2|4.1;Espresso doppelt|3|3.8;Apfelschorle 0,4|3.6|4.4;Tagessuppe|5.5|7.2|r;"
    "Käsespätzle|11.9|14.5|r;Wiener Schnitzel|17.9|23.5|r;Apfelstrudel|5.2|6.9|r;Weißbier 0,5|4.4|5.4;"
    "Gemischter Salat|5.6|7.9|r;Flammkuchen|10.9|13.9|r"
)
_CAFE_FR = (
    "Café allongé|2.2|2.9|r;Thé vert|3.2|4.2|r;Formule du midi|15.5|19.9|r;Croque-monsieur|8.9|11.5|r;"
    "Salade niçoise|12.5|15.9|r;Tarte au citron|5.9|7.5|r;Verre de vin rouge|4.5|6.5;Citron pressé|4.2|5.5|r;"
    "Entrecôte frites|19.9|25.5|r;Eau gazeuse 50cl|3.6|4.8|r"
)
_DINER_US = (
    "Drip coffee|2.5|3.5;Buttermilk pancakes|8.5|11.5;Turkey club|11|14;House burger|13|16.5;"
    "Sweet potato fries|4.5|6.5;Cobb salad|12|15;Key lime pie|5.5|7.5;Iced tea|2.75|3.5;Grilled cheese|8|10.5"
)
_SHOPS = {
    "GB": (
        Shop(
            ("Fernhill Food Market", "Copperfield Grocers Ltd", "Quayside Stores"),
            _wares(_GROCERY_EN),
            ("Thank you for shopping with us", "Please retain for your records"),
        ),
        Shop(
            ("The Tannery Coffee House", "Albion Street Kitchen"),
            _wares(_CAFE_EN),
            ("Service not included", "See you again soon"),
        ),
    ),
    "DE": (
        Shop(
            ("Frischemarkt Lindenhof", "Kranich Lebensmittel oHG", "Nahkauf Rademacher e. K."),
            _wares(_GROCERY_DE),
            ("Vielen Dank für Ihren Einkauf!", "Umtausch nur mit Beleg"),
        ),
        Shop(
            ("Gasthaus Zum Kranich", "Café Morgenstern"),
            _wares(_CAFE_DE),
            ("Vielen Dank für Ihren Besuch", "Auf Wiedersehen!"),
        ),
    ),
    "FR": (
        Shop(
            ("Marché Clairval", "Épicerie du Rivage SARL", "Supérette Beaulieu"),
            _wares(_GROCERY_FR),
            ("Merci de votre visite", "A bientôt dans votre magasin"),
        ),
        Shop(
            ("Brasserie du Belvédère", "Le Comptoir des Tanneurs"),
            _wares(_CAFE_FR),
            ("Merci et à bientôt", "Service compris"),
        ),
    ),
    "US": (
        Shop(
            ("Juniper Street Diner", "Lakeview Grill & Bakery"),
            _wares(_DINER_US),
            ("Thank you! Please come again", "Gratuity not included"),
        ),
    ),
    "MY": (
        Shop(
            ("SENG HUP HARDWARE TRADING", "KEDAI PERKAKAS MAJU JAYA SDN BHD", "PERNIAGAAN LIM BROTHERS SDN BHD"),
            _wares(_HARDWARE_MY),
            ("GOODS SOLD ARE NOT RETURNABLE", "THANK YOU, PLEASE COME AGAIN"),
        ),
    ),
}


def draw_shop(rng: Random, country: str) -> tuple[str, Shop]:
    """Return a random shop of `country` and its name."""
    shop = rng.choice(_SHOPS[country])
    return rng.choice(shop.names), shop
