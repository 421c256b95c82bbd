"""Words that begin the labels of the amounts under a table of goods, as patterns over folded text.

Languages: English, German, French, Italian, Spanish, Portuguese, Dutch and the main words of the Nordic countries.
Words that end compounds are in one group, so that the beginning of a label is tried once for all of them.
"""

CARRIED = (
    r"(?:(?:sub-?)?total |amount |sum |balance )?(?:carried|brought) (?:forward|over|down)\b|\w*ubertrag\b"
    r"|uebertrag\b|[ab] (?:reporter|riportare)\b|report(?: a nouveau| (?:de )?(?:la )?page\b.*)?$|riporto\b"
    r"|suma y sigue|suma anterior|(?:sub-?\s?total|total|sum|totals) (?:of |for |this )?page\b"
    r"|page (?:sub-?\s?)?total|seitensumme|(?:zwischen)?summe (?:der )?seite|(?:sous-)?total (?:de )?(?:la )?page"
    r"|totale (?:di )?pagina|total (?:de )?(?:la )?pagina|(?:sub)?totaal pagina|(?:te )?transporter(?:en|t)\b"
    r"|overbrengen"
)
TERMS = (
    r"(?:\d+(?:[.,]\d+)?\s?% )?(?:skonto|escompte|cash discount|prompt payment|early payment|betalingskorting"
    r"|sconto cassa|pronto pago|korting voor contant)|you (?:have )?saved?\b|(?:total )?savings?\b|sie sparen"
    r"|ersparnis|vous economisez|bei zahlung|if paid|wenn sie|si paye|credit limit"
)
INCLUDED = (
    r"(?:incl(?:uding|uded|usive|\.|us)?|inkl(?:usive|\.)?|dont|davon|darin|hierin|enthalt\w*|thereof|of which"
    r"|di cui|de los cuales|de las que|waarvan|herav|varav|inbegrepen|included)\b\.?"
)
LESS = (
    r"(?:less|minus|abzgl|abzuglich|abz|moins|meno|menos|verminderd met|a deduire|a dedurre|a deducir"
    r"|af te trekken)\b\.?|\./\."
)
PLUS = r"(?:plus|add|zzgl|zuzuglich|zuzgl|en sus|piu|mas|vermeerderd met|\+)[.:]?(?=\s)"
SUM = (
    r"sub-?\s?total\w*|zwischentotal|goods total|total goods|warenwert\w*|nog te betalen|restant te betalen"
    r"|summa\b|i alt\b|att betala|a betale|til betaling|razem\b|do zaplaty|celkem\b|k uhrade|zaklad dane"
    r"|osszesen\b|fizetendo\b|subtotaal|subtotale|sous-?\s?total|sum\b|sums\b|\w*(?:summe|betrag)\b|total\b|totals\b"
    r"|totaal\b|totale\b|gesamt\w*"
    r"|(?:nett?|gross)(?=$|:| (?:total|amount|sum|value|due|payable|invoice|of|before|excl|after|eur|gbp|usd|chf)\b)"
    r"|netto\w*|brutto\w*|bruto\w*|grand total|balance\b"
    r"|amounts? (?:due|payable|to pay|total|before|excl\w*|incl\w*)|invoice (?:total|amount|value)|taxable"
    r"|to pay\b|zu zahlen\w*|noch (?:zu|offen)\w*|warenwert\w*|net a (?:payer|pagar)"
    r"|(?:reste|solde|total|montant|net) (?:a payer|du|a regler)|montant\b|base imponible|imponibile|importe\b"
    r"|importo\b|liquido\b|da pagare|a pagar\b|a payer\b|te betalen|bedrag\b|saldo a\b|lordo\b|suma\b|restbetrag"
    r"|offener (?:rest|betrag)|remaining|outstanding"
)
TAX = (
    r"\w{0,3}vat\b|gst\b|hst\b|pst\b|qst\b|rst\b|[ics]gst\b|utgst\b|sst\b|tax\b|taxes\b|mwst\b|mw st\b|ust\b"
    r"|u st\b|\w*steuer(?:betrag|summe)?\b|tva\b|t\.v\.a\.?|taxe\b|iva\b|i\.v\.a\.?"
    r"|imposta\b(?! di (?:bollo|registro|soggiorno))|impuesto\b|igic\b|ipsi\b|imposto\b|btw\b|b\.t\.w\.?|moms\b"
    r"|mva\b|alv\b|dph\b|pdv\b|ddv\b|podatek\b|afa\b|cess\b|tps\b|tvq\b|tvh\b"
)
DISCOUNT = (
    r"discounts?\b|goodwill\b|disc\b|rebates?\b|reduction\b|allowance\b|promo\w*|vouchers?\b|coupons?\b"
    r"|\w*(?:rabatte?\b|nachlass?\b|bonus\b|ermasigung\b|gutschein\w*|skonto\b|korting\w*|abzuge?\b)"
    r"|remises?\b|rabais\b|ristournes?\b|reductions?\b|escompte\b|scont[oi]\b|abbuon\w*|descuentos?\b|dto\b"
    r"|bonificacion\w*|rebaja\b|sleva\b|kedvezmeny\b|descontos?\b|rabat\b"
    r"|credits?(?= (?:applied|from|for|of)\b)|gutschrift\b|avoir\b|deductions?\b"
)
CHARGE = (
    r"shipping\b|anfahrt\w*|courier\b|forwarding\b|doprava\b|dostawa\b|szallitas\b|tcs\b|shipment\b|freight\b"
    r"|carriage\b|postage\b|p ?& ?p\b|delivery\b|handling\b|packing\b|packaging\b|insurance\b"
    r"|service charges?\b|service\b|charges?\b|fees?\b|levy\b|contribution\b|tips?\b|gratuity\b|weee\b|versand\w*"
    r"|porto\w*|fracht\w*|liefer\w*|verpackung\w*|transport\w*"
    r"|\w*(?:surcharge|zuschlage?|gebuhr(?:en)?|abgabe|pfand|toeslag|kosten|bijdrage)\b|maut\b|trinkgeld\b|frais\b"
    r"|port\b|livraison\b|emballages?\b|expedition\b|consigne\b"
    r"|eco-?\s?(?:participation|contribution|tax\w*|tasa)|ecotaxe\b|d3e\b|deee\b|redevance\b|pourboire\b"
    r"|spes[ae]\b|spedizion[ei]\b|trasporto\b|imball\w*|contributo\b|cassa\b|rivalsa\b|bollo\b|marca da bollo"
    r"|coperto\b|mancia\b|gastos\b|envio\b|portes\b|embalaje\w*|recargo\b|tasa\b|propina\b|verzend\w*|vracht\w*"
    r"|verpakking\w*|statiegeld\b|fooi\b|frakt\b|fragt\b|gebyr\b|kurtaxe\b"
    r"|city tax|tourist tax|taxe de sejour|tourism\b|stamp duty|duty\b|excise\b|accis[ei]\b"
)
WITHHOLDING = (
    r"irpf\b|i\.r\.p\.f\.?|ret(?:encion(?:es)?)?\b\.?|retention\b|withh\w*|wht\b|tds\b|ritenut[ae]\b|rit\b"
    r"|retenues?\b|quellensteuer\b|bauabzugs\w*|\w*(?:einbehalt|inhouding)\w*|retencao\b|retencoes\b|irs\b"
    r"|bronbelasting\b|cis\b|scissione\b|isr\b|enasarco\b|reteiva\b|retefuente\b"
)
PREPAID = (
    r"down ?payments?\b|advances?\b|pre-?\s?paid\b|(?:\d+\. )?abschlag\w*"
    r"|(?:geleistete|erhaltene) (?:an|voraus)?zahlung\w*|reglements? (?:recu|deja)\w*|deja regle\w*|prepayments?\b"
    r"|paid\b|amounts? paid|payments? (?:received|made|applied|on account|to date)|payments?$|already paid"
    r"|deposits? (?:paid|received|already)|\w*anzahlung(?:en)?\b|abschlags?\w*|vorauszahlung\w*|bereits\b"
    r"|gezahlt\b|erhalten\w*|akonto\w*|a conto\b|a-conto\b|acomptes?\b|avances?\b|deja (?:regle|paye|verse)\w*"
    r"|arrhes\b|versements?\b|accont[oi]\b|zaliczka\b|zaloha\b|eloleg\b|anticip[oi]\b|gia (?:pagat|versat)\w*"
    r"|a cuenta\b|entrega a cuenta|pagado\b|pagos?\b|senal\b|aanbetaling\w*|voorschot\w*|reeds\b|vooruitbetal\w*"
    r"|voldaan\b|gift ?cards?\b|store credit|guthaben\b|forskud\b|adiantamentos?\b|sinal\b"
)
DEPOSIT = r"deposits?\b|kaution\b|cauzione\b|fianza\b|caution\b|borg\b"
ROUNDING = (
    r"round\w*|rundung\w*|arrondi\w*|arrotond\w*|redondeo\w*|afronding\w*|oresavrunding|oresutjamning|oreutjamning"
    r"|avrundning|zaokrouhleni|pelarasan\w*"
)
BALANCE = (
    r"(?:previous|prior|opening|old|last) balance|balance (?:brought|from)|saldo anterior|saldo precedente"
    r"|(?:alter|vorheriger) saldo|solde (?:anterieur|precedent)|vorig saldo|arrears\b"
)
COMPOUND_TAX = r"(?:gesamt|summen?)?(?:\w*steuer|mwst|ust)(?:betrag|summe|gesamt)?\b(?!-?\s?(?:nr|nummer|id))"
COMPOUND_DISCOUNT = r"\w*(?:rabatt|skonto|nachlas)(?:betrag|summe)?\b"
COMPOUND_PREPAID = r"\w*(?:anzahlung|abschlag|vorauszahlung)s?(?:betrag|summe)\b"
AFTER_TAX = (
    r"[\s:.;,()\[\]@\d€$£+/=-]*(?:(?:amount|total|totale|totaal|gesamt|summe|base|basis|assiette|betrag|betrage"
    r"|rate|code|satz|taux|aliquota|tipo|tarief|on|auf|of|von|sur|su|sobre|over|de|di|a|at|normal|normale|reduced"
    r"|reduit|standard|laag|hoog|included|incl|inkl|inclus\w*|compris\w*|due|collected|payable|reg|eur|gbp|usd|chf"
    r"|rm|[a-z])\b.*)?$"
)
