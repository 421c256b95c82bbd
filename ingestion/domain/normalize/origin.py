"""Evidence of the countries of a document: their names, towns, postcodes, telephone codes, tax words, domains."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from ingestion.domain.normalize.letters import fold

STRONG, FAIR, WEAK = 3, 2, 1
AMERICA, EUROPE = "US", "EU"

_US_POSTCODES = (  # a state with the first digits of its ZIP codes: "Berlin, DE 10115" is not in Delaware
    r"(?:CT|MA|ME|NH|NJ|RI|VT)[ ,]+0\d{4}|(?:NY|PA)[ ,]+1\d{4}|DE[ ,]+19[7-9]\d\d|(?:DC|MD|NC|SC|VA|WV)[ ,]+2\d{4}"
    r"|(?:AL|FL|GA|MS|TN)[ ,]+3\d{4}|(?:IN|KY|MI|OH)[ ,]+4\d{4}|(?:IA|MN|MT|ND|SD|WI)[ ,]+5\d{4}"
    r"|(?:IL|KS|MO|NE)[ ,]+6\d{4}|(?:AR|LA|OK|TX)[ ,]+7\d{4}|(?:AZ|CO|ID|NM|NV|UT|WY)[ ,]+8\d{4}"
    r"|(?:AK|CA|HI|OR|WA)[ ,]+9\d{4}"
)

_US_STATES = (
    r"\b(?:alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|hawaii|idaho"
    r"|illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi"
    r"|missouri|montana|nebraska|nevada|new (?:hampshire|jersey|mexico|york)|(?:north|south) (?:carolina|dakota)"
    r"|ohio|oklahoma|oregon|pennsylvania|rhode island|tennessee|texas|utah|vermont|virginia|washington"
    r"|west virginia|wisconsin|wyoming),? \d{5}(?!\d)"
)
_PRINTED: tuple[tuple[str, int, str], ...] = (  # as printed, in capitals where they matter
    ("US", STRONG, rf"(?<=[A-Za-z])[,.]? (?:{_US_POSTCODES})(?:-\d{{4}})?(?!\d)"),
    ("US", WEAK, r"\bUSD\b|US\$"),
    ("US", FAIR, r"\b(?:EIN|NPI|ZIP)\b"),
    ("US", WEAK, r"(?:\(\d{3}\) ?|(?<![\d-])\d{3}-)\d{3}-\d{4}(?![\d-])|\bLLC\b"),
    ("CA", FAIR, r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d\b"),
    ("CA", FAIR, r"\b(?:HST|PST|QST|TVQ|GST/HST)\b|\b(?:ON|QC|BC|AB|MB|SK|NS|NB|NL|PE)[, ]+[A-Z]\d[A-Z]\b"),
    ("CA", STRONG, r"\bCAD\b|(?<![A-Za-z])CA?\$|\b\d{9} ?RT ?\d{4}\b"),
    ("AU", STRONG, r"\b(?:ABN|ACN)\b|\b(?:NSW|VIC|QLD|TAS|ACT) \d{4}\b|\bAUD\b|(?<![A-Za-z])AU?\$"),
    ("NZ", STRONG, r"\b(?:NZBN|NZD)\b|NZ\$"),
    ("SG", STRONG, r"\b(?:UEN|SGD)\b|\bS\$|\bSingapore \d{6}\b"),
    ("SG", FAIR, r"\bPte\.? Ltd\b|\bPTE\.? LTD\b"),
    ("HK", STRONG, r"\bHKD\b|HK\$"),
    ("TW", STRONG, r"\b(?:TWD|NTD)\b|NT\$"),
    ("MX", STRONG, r"\b(?:RFC|CFDI|MXN)\b|MX\$"),
    ("AR", STRONG, r"\b(?:CUIT|AFIP|ARS)\b"),
    ("CL", STRONG, r"\b(?:CLP|SII)\b|\bR\.?U\.?T\.?:? ?\d"),
    ("CO", STRONG, r"\b(?:COP|DIAN)\b|\bNIT:? ?\d"),
    ("GB", STRONG, r"\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b|\bGBP\b|\bGB ?\d{3} ?\d{4} ?\d{2}\b"),
    ("GB", WEAK, r"\bplc\b|\bPLC\b|\bVAT\b"),
    ("IN", STRONG, r"\b(?:GSTIN|CGST|SGST|IGST|INR)\b|\bPvt\.? Ltd\b"),
    ("PK", STRONG, r"\b(?:NTN|STRN|PKR)\b"),
    ("LK", STRONG, r"\bLKR\b"),
    ("NP", STRONG, r"\bNPR\b"),
    ("MU", STRONG, r"\bMUR\b"),
    ("SE", STRONG, r"\bSEK\b|\bSE\d{12}\b|\bSE-\d{3} ?\d{2}\b"),
    ("SE", FAIR, r"\b\d{3} \d{2} [A-ZÅÄÖ][a-zåäö]{2}|\bAB\b"),
    ("NO", STRONG, r"\bNOK\b|\bMVA\b|\bNO ?\d{3} ?\d{3} ?\d{3}\b"),
    ("NO", FAIR, r"\bASA?\b"),
    ("DK", STRONG, r"\bDKK\b|\bCVR\b|\bDK-\d{4}\b|\bDK ?\d{8}\b"),
    ("DK", WEAK, r"\bA/S\b|\bApS\b"),
    ("IS", STRONG, r"\bISK\b|\bVSK\b"),
    ("IS", FAIR, r"\behf\b|\bhf\b"),
    ("JP", STRONG, r"\bJPY\b|円|[\u3040-\u30ff]|消費税|株式会社"),
    ("CN", STRONG, r"\b(?:CNY|RMB)\b|人民币|增值税|发票"),
    ("RO", STRONG, r"\bRON\b|\bRO ?\d{6,10}\b"),
    ("AE", STRONG, r"\b(?:AED|TRN)\b"),
    ("MA", STRONG, r"\bMAD\b|\bICE:? ?\d{15}\b"),
    ("EG", STRONG, r"\bEGP\b"),
    ("MY", STRONG, r"\bRM ?\d|\bMYR\b|(?i:\bsdn\.? ?bhd\b)"),
    (EUROPE, FAIR, r"\bIBAN\b|€|\bEUR\b|\bVAT\b|\bMwSt\b|\bUSt\b|\bTVA\b|\bIVA\b|\bGmbH\b|\bBTW\b"),
)
_NAMES: tuple[tuple[str, int, str], ...] = (  # folded
    ("US", STRONG, r"united states|u\.s\.a\.?|\busa\b"),
    ("US", STRONG, _US_STATES),
    ("US", FAIR, r"\bsales tax\b|\bremit(?: payment)? to\b"),
    ("CA", STRONG, r"\bcanada\b|\bontario\b|\bquebec\b|british columbia|\balberta\b"),
    ("CA", FAIR, r"\bgst \(?5 ?%|\btoronto\b|\bvancouver\b|\bmontreal\b|\bottawa\b|\bcalgary\b"),
    ("AU", STRONG, r"\baustralia\b|new south wales|\bqueensland\b"),
    ("AU", FAIR, r"\bsydney\b|\bmelbourne\b|\bbrisbane\b|\bperth\b|\badelaide\b|\bcanberra\b|\bgst \(?10 ?%"),
    ("NZ", STRONG, r"new zealand|\baotearoa\b"),
    ("NZ", FAIR, r"\bauckland\b|\bwellington\b|\bchristchurch\b|\bdunedin\b|\brotorua\b|\btauranga\b|\bgst \(?15 ?%"),
    ("SG", FAIR, r"\bsingapore\b|\bgst \(?9 ?%"),
    ("HK", FAIR, r"hong kong|\bkowloon\b"),
    ("TW", FAIR, r"\btaiwan\b|\btaipei\b"),
    ("MX", STRONG, r"\bmexico\b"),
    ("MX", FAIR, r"\biva \(?16 ?%"),
    ("AR", FAIR, r"\biva \(?21 ?%"),
    ("UY", FAIR, r"\biva \(?22 ?%"),
    ("IN", FAIR, r"\bgst \(?(?:5|12|18|28) ?%"),
    ("AR", STRONG, r"\bargentina\b|buenos aires"),
    ("CL", FAIR, r"\bchile\b|santiago de chile"),
    ("CO", STRONG, r"\bcolombia\b|\bbogota\b|\bmedellin\b"),
    ("UY", STRONG, r"\buruguay\b|\bmontevideo\b"),
    ("JM", STRONG, r"\bjamaica\b"),
    ("TT", STRONG, r"\btrinidad\b"),
    ("FJ", STRONG, r"\bfiji\b"),
    ("GB", STRONG, r"united kingdom|\bengland\b|\bscotland\b|\bwales\b|northern ireland|great britain"),
    ("GB", FAIR, r"\blondon\b|\bmanchester\b|\bbirmingham\b|\bleeds\b|\bglasgow\b|\bedinburgh\b|\bbristol\b"),
    ("EG", STRONG, r"\begypt\b|\bcairo\b"),
    ("LB", STRONG, r"\blebanon\b|\bbeirut\b"),
    ("GI", STRONG, r"\bgibraltar\b"),
    ("FK", STRONG, r"falkland"),
    ("IN", STRONG, r"\bindia\b"),
    (
        "IN",
        FAIR,
        r"\bmumbai\b|\bdelhi\b|\bbengaluru\b|\bbangalore\b|\bchennai\b|\bkolkata\b|\bpune\b|\bkochi\b|\bhyderabad\b",
    ),
    ("PK", STRONG, r"\bpakistan\b|\bkarachi\b|\blahore\b|\bislamabad\b"),
    ("LK", STRONG, r"sri lanka|\bcolombo\b"),
    ("NP", STRONG, r"\bnepal\b|\bkathmandu\b"),
    ("MU", STRONG, r"\bmauritius\b|port louis"),
    ("SC", STRONG, r"\bseychelles\b"),
    ("SE", STRONG, r"\bsweden\b|\bsverige\b|\bschweden\b|\bsuede\b|\bbankgiro\b|\bplusgiro\b|\borganisationsnummer\b"),
    ("SE", FAIR, r"\bstockholm\b|\bgoteborg\b|\bmalmo\b|\buppsala\b"),
    ("SE", WEAK, r"\bmoms\b"),
    ("DK", WEAK, r"\bmoms\b"),
    ("NO", STRONG, r"\bmva\b|\bnorway\b|\bnorge\b|\bnorwegen\b|\bnorvege\b"),
    ("NO", FAIR, r"\boslo\b|\bbergen\b|\btrondheim\b|\bstavanger\b|\bforetaksregisteret\b"),
    ("DK", STRONG, r"\bdenmark\b|\bdanmark\b|\bdanemark\b"),
    ("DK", FAIR, r"\bkobenhavn\b|\bcopenhagen\b|\baarhus\b|\bodense\b|\baalborg\b"),
    ("IS", STRONG, r"\biceland\b|\bisland\b|\bkennitala\b"),
    ("IS", FAIR, r"\breykjavik\b|\bakureyri\b"),
    ("JP", STRONG, r"\bjapan\b|\btokyo\b|\bosaka\b|\bkyoto\b|\bnagoya\b|\byokohama\b"),
    ("CN", STRONG, r"\bchina\b|\bbeijing\b|\bshanghai\b|\bshenzhen\b|\bguangzhou\b"),
    ("RO", STRONG, r"\bromania\b|\bbucuresti\b|\bbucharest\b"),
    ("MD", STRONG, r"\bmoldova\b|\bchisinau\b"),
    ("AE", STRONG, r"\bdubai\b|\babu dhabi\b|united arab emirates"),
    ("MA", STRONG, r"\bmorocco\b|\bmaroc\b|\bcasablanca\b|\brabat\b"),
    ("RU", STRONG, r"\brussia\b|росси|москва"),
    ("BY", STRONG, r"\bbelarus\b|беларус|\bминск"),  # noqa: RUF001 - Cyrillic
    ("SN", STRONG, r"\bsenegal\b|\bdakar\b"),
)
_DOMAINS = re.compile(
    r"[a-z0-9]\.(?:com?\.|net\.|org\.)?(us|ca|au|nz|sg|hk|tw|mx|ar|cl|uk|in|pk|lk|np|mu|se|no|dk|is|jp|cn|ro|ae)\b"
)
_CALLING = re.compile(
    r"(?<!\d)(?:\+|00) ?(852|886|971|212|20|44|45|46|47|52|54|56|57|61|64|65|81|86|91|92|94|354|977|230)(?=\D|\d{4})"
)
_CALLING_CODES: Mapping[str, str] = dict(
    pair.split("=")
    for pair in (
        "852=HK 886=TW 971=AE 212=MA 20=EG 44=GB 45=DK 46=SE 47=NO 52=MX 54=AR 56=CL 57=CO 61=AU 64=NZ 65=SG 81=JP "
        "86=CN 91=IN 92=PK 94=LK 354=IS 977=NP 230=MU"
    ).split()
)
_COMPILED = (
    *((country, weight, re.compile(pattern), False) for country, weight, pattern in _PRINTED),
    *((country, weight, re.compile(pattern), True) for country, weight, pattern in _NAMES),
)


def count_origins(texts: Iterable[str]) -> Counter[str]:
    """Return the weight of evidence for each country (ISO 3166) in a document's pages or rows."""
    found: Counter[str] = Counter()
    printed = "\n".join(texts)
    folded = fold(printed)
    for country, weight, pattern, is_folded in _COMPILED:
        hits = sum(1 for _ in pattern.finditer(folded if is_folded else printed))
        if hits:
            found[country] += weight + min(hits - 1, 2)
    for hit in _DOMAINS.finditer(folded):
        found["GB" if hit[1] == "uk" else hit[1].upper()] += FAIR
    for hit in _CALLING.finditer(printed):
        found[_CALLING_CODES[hit[1]]] += FAIR
    return found


def country_of_currency(code: str) -> str:
    """Return the country whose currency this is: the first two letters of an ISO 4217 code."""
    return code[:2]


def resolve_currency(codes: Iterable[str], origins: Mapping[str, int], named: Iterable[str] = ()) -> str | None:
    """Return which of the currencies that share a mark is meant: one that the text names, else by its countries."""
    candidates = tuple(codes)
    if len(candidates) == 1:
        return candidates[0]
    printed = {code for code in named if code in candidates}
    if len(printed) == 1:
        return printed.pop()
    ordered = sorted(candidates, key=lambda code: -origins.get(country_of_currency(code), 0))
    weights = [origins.get(country_of_currency(code), 0) for code in ordered]
    return ordered[0] if weights and weights[0] > (weights[1] if len(weights) > 1 else 0) else None
