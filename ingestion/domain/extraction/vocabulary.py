"""Words that identify a line as a company's name, a street, a telephone line, a heading."""

import re

ORGANISATION = re.compile(
    r"\b(?:sdn\.?\s?bhd|s/b|bhd|berhad|enterprise|enterprises|trading|gmbh|ug|ag|kg|ohg|e\.?\s?k\.?|e\.v"
    r"|gbr|mbh|co\. kg"
    r"|s\.?a\.?r\.?l|sarl|sas|sasu|s\.a\.?|eurl|bvba|srl|bv|nv|ltd|limited|llc|inc|plc|corp|company|co|llp|pte"
    r"|holdings?|group|restaurant|restoran|cafe|bistro|kopitiam|bakery|confectionery|pharmacy|farmasi|apotheke"
    r"|pharmacie|hardware|mart|market|minimarket|supermarket|hypermarket|superstore|store|stores|shop|kedai"
    r"|syarikat"
    r"|perniagaan|pasaraya|stationery|stationers|books?|bookstores?|hotel|resort|clinic|klinik|hospital"
    r"|centre|center"
    r"|marketing|services|industries|electrical|motor|auto|house|food|foods|seafood|kitchen|corner|parking"
    r"|boulangerie|epicerie|baeckerei|backerei|metzgerei|buchhandlung|laden|markt|drogerie|florist|garage"
    r"|laborator(?:y|ies)|labs?|labor|laboratoire|diagnostics|diagnostik|medical|health|healthcare|krankenhaus"
    r"|klinikum|universitatsklinikum|hopital|infirmary|memorial)\b"
)
ORGANISATION_INSIDE = re.compile(  # engines join words: "SANYUSTATIONERYSHOP"
    r"stationery|enterprise|restaurant|restoran|trading|hardware|market|sdn\.?bhd|pharmacy|bakery"
    r"|superstore|electrical"
    r"|marketing|perniagaan|syarikat|hospital|laborator|diagnosti|klinik|apotheke|buchhandlung|boulangerie"
)
LEGAL_FORM = re.compile(
    r"(?:\b(?:sdn\.?\s?bhd|bhd|berhad|gmbh(?: & co\.? kg)?|ag|kg|ohg|ug|e\.?\s?k\.?|dac|sarl|sas|eurl|ltd"
    r"|limited|llc|inc"
    r"|plc|corp|llp|pte|bvba|srl|bv|nv|gbr|ggmbh|gesmbh|mbh|kgaa|vvag|partg)\b|\b[s5]/[b8]\b|\bs\.a\.|sdn\.?\s?bhd\b"
    r"|\b(?:e\.\s?v|a\.\s?g|s\.\s?p\.\s?a|s\.\s?r\.\s?l|s\.\s?l)\b)\.?"
)
STREET = re.compile(
    r"\b(?:jalan|jln|jin|lorong|lrg|taman|tmn|lot|unit|level|floor|flr|ground|tingkat|blok|block|bangunan"
    r"|wisma|menara"
    r"|plaza|kompleks|kampung|kg|bandar|seksyen|sek|persiaran|lebuh|lebuhraya|dataran|pusat|kawasan|batu"
    r"|medan|off|no"
    r"|road|rd|street|st|avenue|ave|av|lane|ln|drive|dr|boulevard|blvd|bd|way|court|ct|square|sq|place|pl"
    r"|close|crescent"
    r"|terrace|park|highway|hwy|suite|ste|po box|p\.o\. box|rue|allee|chemin|impasse|quai|cours|route"
    r"|autoroute|residence|bis"
    r"|platz|gasse|weg|ring|ufer|damm|postfach|zone|industriel|industrial|mall|rawang|selangor|johor|kuala lumpur"
    r"|wilayah|persekutuan|penang|pulau pinang|perak|melaka|pahang|kedah|sabah|sarawak|malaysia|kl|darul ehsan)\b"
    r"|(?:strasse|strase|str\.|straat|gasse|weg|allee|platz|ring)\s?\d"
    r"|\w(?:strasse|strase|str\.|platz|gasse|laan)\b"
)
COUNTRY_AT_END = re.compile(
    r"\b(?:malaysia|singapore|deutschland|germany|france|osterreich|austria|belgique|belgium|united kingdom"
    r"|ireland"
    r"|usa|united states|schweiz|switzerland)[\s.,]*$"
)
POSTCODE = re.compile(
    r"(?<![\d\-/.])(?:[A-Z]{1,2}[- ]?)?\d{5}(?![\d\-/.]|\s?[€$])(?=[ ,.]|$)"  # Malaysia, Germany, France
    r"|\b[A-Z]{2},?\s\d{5}(?:-\d{4})?\b"  # United States
    r"|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b"  # United Kingdom
    r"|\b(?:A-|B-|CH-)?[1-9]\d{3}\s[A-ZÄÖÜ][a-zäöüéè]{2,}"  # Austria, Belgium, Switzerland
    r"|\b[A-Z]\d{2}\s?[A-Z\d]{4}\b"  # Ireland
)
REGISTRATION = re.compile(
    r"\(?\s*+(?:(?:co(?:mpany)?|roc|reg|business)\b[.\s]*+)*+(?:reg(?:istration)?|no|nr)?[.:\s#]*+\(?"
    r"\s*+(?:[a-z]{0,4}\s?\d{4,12}\s?[-\u2013.]?\s?[a-z0-9]{1,2}|\d{9,12}\s?\(?[\d\-]*[a-z]?\)?)\s*\)?\.?",
    re.IGNORECASE,
)
TRAILING_REGISTRATION = re.compile(
    r"(?:(?<![\s,])[\s,]++)?(?:\(\s*+)?(?:(?:co|company)\.?\s?(?:reg)?\.?\s?no\.?\s?:?\s*+)?(?:\(|\b)[A-Z]{0,3}\d{5,8}\s?[-\u2013.]?\s?[A-Z0-9]\)?"
    r"(?:\s*\([A-Z]{2,4}\))?[\s.,]*$",
    re.IGNORECASE,
)
GLUED_TAIL = re.compile(  # continuation of a joined line after an address
    r"(?:(?<!\s)\s++)?(?:\bgst\w*[\s.]*(?:reg|id|no)|\btax id|\bt?[e3][l1i|]\s?(?:no)?[.:]|\b[t1][e3][l1i|]\b|\bphone\b"
    r"|\bfax\b|\bsite\s?:"
    r"|\bb\.?r\.? no|\bco\.? no)"
)
OWNER = re.compile(r"^\W*(?:owned (?:and operated )?by|own by|dimiliki(?: oleh)?|operated by|inhaber)\W*")
CONTACT = re.compile(
    r"\b(?:t?[e3][l1i|](?=\b|[:.\-])|tel|telephone|telefon|phone|fon|fax|faks|hp|h/p|mobile|mobil|hotline"
    r"|careline|whatsapps?|e-?mail|www"
    r"|http|https|website|url|line id|facebook|instagram)\b|www\.|@\w+\.\w|\.com\b|\.com\.my\b|\.my\b"
)
PHONE_NUMBER = re.compile(
    r"^\D{0,6}\+?\(?0?\d{1,4}\)?[-\u2013\s.]{0,2}\d{3,4}[\s-]?\d{3,5}[\s.]*(?:[/,].*)?$|^\+?[\d\s()/.\-]{9,}$"
)
TAX_LINE = re.compile(
    r"\bbr no|\bgst|\bsst\b|tax id|vat (?:no|reg|id)|\bust\b|ust-?id|steuer-?n|reg(?:istration)? no|gst id"
    r"|\btva\b|siret|roc no"
    r"|co\.?\s?reg|company\s?(?:reg|no)|business reg|license no|lic no"
)
HEADING = re.compile(
    r"^\W*+(?:simplified|original|copy of|duplicate|corrected|final)?\W*+(?:tax|cash|sales|credit|official"
    r"|guest|laboratory|lab"
    r"|medical|discharge)?\W*+(?:invoice|receipt|bill|check|\w{0,12}-?rechnung(?:s-?korrektur)?|gutschrift|quittung|kassenbon|bon|beleg"
    r"|facture|avoir"
    r"|ticket|ticket de caisse|recu|cash bill|cash sales?|welcome|delivery order|statement|report|summary|letter"
    r"|laborbefund|endbefund|befund|entlassungsbrief|entlassungsbericht|arztbrief|compte rendu)\b.{0,14}$"
)
SLIP_DATA = re.compile(
    r"\b(?:date|site|outlet|time|cashier|table|bill no|invoice no|receipt no|inv no|doc no|document no"
    r"|order|qty|item|description"
    r"|price|amount|total|cash|counter|pos|terminal|till|salesperson|served by|slip|trans|ref|staff"
    r"|customer|member"
    r"|operator|server|pax|station|shift|terminal|check|guest|bill to|invoice|receipt|tax invoice|datum"
    r"|uhrzeit|kasse|caisse"
    r"|kassierer|artikel|bediener|bon-?nr|opened|printed|document)\b\s?[:#.]?"
)
MONEY_AT_END = re.compile(r"\d[.,]\d{2}\s?[a-z]{0,3}\s*$")
DEPARTMENT = re.compile(r"\b(?:division|department|dept|ward|service|abteilung|station|unit|service de)\b")
