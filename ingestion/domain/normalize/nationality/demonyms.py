"""Beginnings of nationalities and of names of states, folded and without blanks, by ISO 3166 code.

They cover English, French, German, Spanish, Italian, Portuguese and Dutch, and the state's own language; one beginning
serves several ("pakist": Pakistani, pakistanaise, pakistanisch). The longest that fits decides; one that several
states share is listed for each. Names of states that Babel knows are not repeated. XXA is the ICAO code of stateless
persons.
"""

_BEGINNINGS = """
AD andorr; AE emirat emirian emirien; AF afghan afgan; AG antigu; AL alban shqip; AM armeni armeen armen; AO angol;
AR argentin; AS samoa; AT austri austry autrich osterreich oesterreich oostenrijk rakous osztrak; AU austral; AZ
azerb azeri aserb azarb; BA bosni bosans bosnjak босн; BB barbad; BD banglad bengal; BE belg; BF burkin; BG bulgar
българ болгар; BH bahrain bahrein barein; BI burundi; BJ benin; BN brunei; BO bolivi; BR brazil brasil bresil; BS
baham; BT bhutan butan; BW botswan motswan batswan; BY belarus bielorus bialorus weissruss weisruss witrus беларус
белорус; BZ beliz; CA canad kanad; CD congol kongol congo kongo; CF centralafric centrafric zentralafrik centroafric
centrafrik; CG congol kongol congo kongo; CH swiss schweiz suiss suiz svizz zwits szwajc helvet; CI ivori ivoir
elfenbein cotedivoir marfil; CL chile cilen; CM camero kamerun camerun kameroen; CN china chine chino chinois cines
peoplesrepublicofchina 中国 中國 中华人民共和国; CO colomb kolumb; CR costaric costarric; CU cuba kuba; CV capeverd
capverd kapverd caboverd; CY cypri chypri zypri zyper chipri cipri kypr κυπρ; CZ czech cesk tchequ tschech checo
checa ceco ceca tsjech; DE german deutsch allemand aleman alema tedesc duits niemieck nemeck nemet nemack tysk saksa
герман немец; DJ djibout dschibut gibut yibut; DK danish danisch danois danois danes danese dansk deens dunsk
danemark dinamarq danimar; DM dominiqu dominican; DO dominican dominicain dominikan; DZ alger argelin; EC
ecuador equatorien equatorian ecuator equador ekuador; EE eston eesti estland estnisch; EG egypt egipt agypt aegypt
egizi egipc; ER eritre erytre; ES spanish spanisch spansk spanien spain espan espag spagn spaans hiszpan; ET ethiop
etiop athiop aethiop; FI finn finlan finland suom fins; FJ fiji fidji fidschi figi; FM micrones mikrones; FO faro
foroy; FR french franc franz frans francus; GA gabon gabun; GB brit ukciti unitedkingdom greatbrit grossbrit
grosbrit grandebret granbret royaumeuni engl scot welsh reinounido regnounito; GD grenad; GE georgi gruzi gruz ქართ;
GH ghan ganes; GL greenland gronland kalaal; GM gambi; GN guine; GQ guine equatoguin equatorialguin ecuatoguin; GR
greek greec grec griech grieg greg grieks hellen ellin ελλην; GT guatemal; GW guine bissau; GY guyan; HK hongkong
china chine chino chinois cines; HN hondur; HR croat croa kroat hrvat; HT haiti; HU hungar magyar hongr ungar ungher
wegier madar hongaar; ID indones; IE irish irland irlan iers eire; IL israel izrael; IN indi bharat hind; IQ iraq
irak irach; IR iran persi; IS iceland islandais islandisch islandes islensk ijsland; IT ital wlosk olasz; JM jamai
giamai; JO jordan giordan; JP japan japon giappon nippon 日本; KE keny kenia; KG kyrg kirg; KH cambod kambod khmer;
KI kiribat; KM comor komor; KN kittit stkitts saintkitts; KP korea coree corea koreanisch northkorea nordkorea; KR
korea coree corea koreanisch southkorea sudkorea republicofkorea zuidkorea 대한민국 한국; KW kuwait koweit kuvait
koeweit; KZ kazak kasach kazach kazaj qazaq казах қазақ; LA lao; LB leban liban; LC stluc saintluc santaluc; LI
liechtens; LK srilank; LR liberi; LS lesoth basoth mosoth; LT lithuan lituan litau lietuv litew litouw; LU luxemb
letzeb lussemb luksemb; LV latvi lett leton lets lotyss; LY liby libic libi; MA morocc maroc marok marroq marokk; MC
monac monegas monega; MD moldov moldau moldaw moldav; ME montenegr crnogor; MG madagas malagas malgach; MH marshall;
MK macedon mazedon makedon македон; ML mali; MM myanm burm birm; MN mongol; MO maca china chine chino chinois cines;
MR mauritan; MT malt; MU mauriti mauric; MV maldiv; MW malawi; MX mexic mexik messic mejic; MY malays malais malas
males; MZ mozamb mosamb mocamb; NA namib; NE nigerien nigerin nigrisch; NG nigerian nigeria; NI nicarag; NL dutch
nederlan netherland neerland niederl holland olandes holandes paisesbajos paesibassi paysbas nizozem; NO norw norsk
norveg norue noors norges norg; NP nepal; NR nauru; NZ newzealand neuseel neozel neozeel nouvellezel nieuwzeel; OM
oman; PA panam; PE peru perou; PG papua papou; PH philip filip pilip; PK pakist paquist; PL polish polon poln polsk
polac polak polaco pools lengyel; PR puertoric portoric; PS palest palast; PT portug; PW palau; PY paragu; QA qatar
katar; RO roman rumen ruman roum rumun romen roemeen; RS serb srb srp срп срб; RU russ ruso rusa rus ross росси
русск rosyj; RW rwand ruand; SA saudi saoudi; SB solomon salomon; SC seychel; SD sudan soudan; SE swed sved svensk
schwed sued zweed suec szwed; SG singap; SI sloven slowen esloven slovensk; SK slovak slowak slovaq eslovac slovac
slovensk slowaak szlovak; SL sierraleon; SM sanmarin sammarin; SN senegal; SO somal; SR surinam; SS southsudan
sudsudan sudsoudan zuidsoedan; ST saotom santome; SV salvad; SY syri siri; SZ swazi eswatin; TD chad tchad tschad
ciad tsjaad; TG togo; TH thai tailand; TJ tajik tadschik tadjik tayik tagik; TL timor; TM turkmen turcoman; TN tunis
tunes tunez; TO tonga; TR turk turc turq turch tork; TT trinid; TV tuval; TW taiwan republicofchina china chine
chino chinois cines 台灣 臺灣 中華民國; TZ tanzan tansan; UA ukrain ucran ucrain oekra ukrajin україн украин; UG
ugand ougand oegand; US usa usciti unitedstates american amerik americain americ estadounid statunit usamerik
usamerica etatsunis estadosunidos statiuniti vereinigtestaat; UY urugu; UZ uzbek usbek ouzbek; VA vatic vatik; VC
stvincent saintvincent; VE venez; VN viet; VU vanuat; WS samoa; XK kosov; XXA stateless staatenlos apatrid apolid
statelos statslos; YE yemen jemen; ZA southafric sudafric sudafrik zuidafrik suidafrik sulafric surafric; ZM zambi
sambi; ZW zimbab simbab
"""  # noqa: RUF001 - Cyrillic


def _by_beginning() -> dict[str, frozenset[str]]:
    states: dict[str, set[str]] = {}
    for entry in _BEGINNINGS.split(";"):
        code, *beginnings = entry.split()
        for beginning in beginnings:
            states.setdefault(beginning, set()).add(code)
    return {beginning: frozenset(codes) for beginning, codes in states.items()}


DEMONYMS = _by_beginning()
LONGEST_DEMONYM = max(map(len, DEMONYMS))
