"""The grammar of addresses on the continent of Europe: the street's name with its number behind or before it, then a
postcode before the town.

Sources: DIN 5008 (Germany), NF Z 10-011 (France), the Universal Postal Union's sheets for the other countries.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.alternatives import tree, tree_back
from dlp_proxy.detect.postal.regions import FIELD

# Ends of one word: Hauptstraße, Prinsengracht, Storgatan.
_COUNTRIES: Final = """
Deutschland Germany Allemagne Österreich Austria Autriche Schweiz Switzerland Suisse Svizzera Liechtenstein France
Frankreich
Belgique België Belgien Belgium Nederland Netherlands Niederlande Luxembourg Italia Italien Italy Italie España Spain
Spanien
Espagne Portugal Polska Poland Polen Sverige Sweden Schweden Danmark Denmark Dänemark Norge Norway Norwegen Suomi
Finland
Česko Czechia Tschechien Slovensko Slovakia Slovenija Slovenia Hrvatska Croatia Magyarország Hungary Ungarn România
Romania
Ελλάδα Greece България Bulgaria Eesti Estonia Latvija Latvia Lietuva Lithuania Srbija Serbia Ísland Iceland
"""


def any_country() -> str:
    """Return a pattern for the countries of the continent, in their languages and their neighbours'."""
    return f"{tree(_COUNTRIES.split())}|Česká republika|Czech Republic|The Netherlands"


_ENDINGS: Final = """
straße strasse str. str weg allee platz gasse ring damm ufer hof steig stieg pfad markt graben berg wall tor chaussee
park promenade zeile winkel kamp brücke anger acker feld garten straat laan plein gracht kade singel dijk dreef steeg
hof pad baan lei boulevard wal gatan vägen gränd torget stigen allén gata vegen veien gate gaten vei plass torg vej
gade allé stræde plads vænget parken katu tie kuja polku tori
vorstadt landstraße chaussée siedlung blick grund matte matt halde rain bühel bichl lände kai zeile str
straBe
kaai markt sluis haven burg hout berg oord veld drift erf kamp meent pleintje steiger poort brug rak
vejen gaden boulevarden torvet pladsen strædet alléen parken bakken toften haven kajen havnen vænge bakke toft have
nytorv
plan backen kajen platsen leden plats esplanaden stranden parken höjden vången vången bakken haugen lia åsen kroken
bryggen
katuaukio rinne ranta mäki kaari raitti puisto väylä utca tér náměstí nábřeží třída ulice körút köz sétány krt
"""

# Words of their own, before the name.
_LEADING: Final = """
Via Viale V.le V.lo P.zza P.za C.so L.go
Piazza Piazzale Piazzetta Corso Largo Vicolo Strada Lungotevere Lungomare Contrada Località Borgo Incrocio
Rotonda Canale Stretto Calle C/ C. Avenida Avda. Avda Av. Av Plaza Pza. Paseo Pº Ronda Rambla Camino Carretera Ctra.
Travesía Callejón Glorieta Alameda Cuesta Pasaje Vial Cañada Urbanización Pasadizo Acceso Vía Diagonal Viaducto
Circunvalación Privada Prolongación Calzada Boulevard Bulevar Andador Cerrada ul. ulica al. aleja aleje plac pl. os.
osiedle Al. Pl. Os. skwer rondo bulwar pasaż
ulice třída tř. náměstí nám. nábřeží nábř. sídliště alej Třída Náměstí Nám. Nábřeží Ulice námestie nábrežie trieda
Ulica Trg trg Cesta cesta Bulevar bulevar Strada Str. Bulevardul Bd. Calea Aleea Șoseaua Șos. Piața Intrarea
Gran Rúa Carrer Carretera Polígono Pol. Camí Passeig Plaça Avinguda Rambla Kalea Etorbidea Barrio Partida Costanilla
Salita Strada Scalinata Calata Riviera Fondamenta Campo Galleria Traversa Circonvallazione S.S. S.P. Frazione Fraz.
Rione
Laan Plein Lange Korte Oude Nieuwe Grote Kleine chaussée Chaussée clos Clos drève Drève Kongens Store Lille Nørre Vester
Østre Vestre Nedre Øvre Östra Västra Norra Södra Stora Lilla Iso Itäinen Läntinen Maria-Theresien- Karl-Marx-
Zu Zur Zum Bahnhof Hoher Hohe Alte Alter Neue Neuer Kleine Große Große Obere Untere Oberer Unterer Rua R. Travessa
Tv. Praça Praceta Largo Estrada Beco Calçada Rodovia Alameda rue avenue boulevard place chemin
route quai impasse allée cours Rue Avenue Boulevard Place Chemin Route Quai Impasse Allée Cours Square Am Im An Auf In
Zum Zur Unter Hinter Vor Beim Ob Bei Straße Platz
"""

_FRENCH: Final = """
rue avenue av av. ave boulevard bd bd. boul boul. bld place pl pl. chemin ch. che route rte impasse imp. allée allee
allées all. cours quai passage square sq. sentier villa cité résidence rés. faubourg fbg lotissement rang montée côte
chaussée chaussee ch. clos domaine mail parc quartier ruelle sente villas drève résidence galerie hameau bâtiment digue
esplanade promenade traverse venelle ruelle hameau lieu-dit parvis rond-point voie cour carrefour zone za zac zi
"""

_NAME: Final = r"\p{Lu}[\p{L}\p{M}'’.&-]{0,28}"
_SMALL: Final = (
    r"(?:de|du|des|da|do|dos|das|di|del|della|delle|dei|degli|dello|dal|la|le|les|los|las|el|l|d|der|den|dem|des|die"
    r"|das"
    r"|van|ten|ter|op|aan|het|in|en|et|e|y|i|und|von|vom|zum|zur|am|im|an|auf|sous|sur|bei|a|al|sur|lès|les|aux|au|à)"
    r"(?![\p{L}])['’]?"
)
# An der alten Mühle, Am neuen Markt, Zum goldenen Hirsch: what is small inside a German name.
_ADJECTIVE: Final = (
    r"(?:alten|neuen|großen|kleinen|hohen|tiefen|langen|kurzen|breiten|oberen|unteren|mittleren|vorderen|hinteren|äußeren"
    r"|inneren|goldenen|grünen|roten|weißen|schwarzen|blauen|stillen|schönen|krummen|heiligen|steinernen)(?![\p{L}])"
)
_WORDS: Final = (
    rf"(?:{_SMALL} ?){{0,3}}(?:{_ADJECTIVE} )?(?:[dlDL]['’])?(?:{_NAME}|[0-9]{{1,2}}(?![0-9])(?:\.|er|e|º|°)?)"
    rf"(?:[ ](?:{_SMALL}[ ]){{0,3}}(?:[dlDL]['’])?{_NAME}){{0,4}}"
)
NUMBER: Final = (
    r"(?:[0-9]{1,4}(?: ?[a-zA-Z](?![\p{L}])|[ -]?(?:bis|ter|quater|hs|huis|boven)\b)?"
    # 12-14, and in Austria and Poland the staircase and the door: 37/1/28, 108/Stiege 4/Tür 8, 20/16
    r"(?:(?! [-–] [0-9]{4}(?:[0-9]|-[0-9]{3}|[ ]\p{L})) ?[-/–+] ?(?:(?:Stiege|Stg\.?|Tür|Top|Haus|Block"
    r"|Stock) ?)?(?:[0-9]{1,4}[a-zA-Z]?|[A-Z])(?![\p{L}])){0,3}"
    r"(?:-?[IV]{1,3}\b)?"
    r"|(?:s/n|S/N|snc|SNC)(?![\p{L}]))"
    r"(?![0-9.:%])"
)
_BEHIND: Final = (
    r"(?:,? (?:n[º°o.]{1,2} ?|nr\.? |Nr\.? |[Ll]ote |[Nn]úm\.? |km |č\. ?p\. ?|č\. |d\. |br\. |št\. )?|, ?)"
)

# Floor, staircase, door and side, as each country writes them behind the number.
_SIDE: Final = (
    r"(?: ?(?i:links|rechts|mitte|tv|th|mf|izda|dcha|izq|der|ctro|esq|dto|dir|fte|vlevo|vpravo)(?![\p{L}])\.?)?"
)
_FLOOR: Final = (
    rf"(?>[ ,]{{1,3}}(?:st|kl|mf)\.{_SIDE}|[ ,]{{1,3}}r/c(?![\p{{L}}]){_SIDE}"
    r"|[ ,]{1,3}(?i:piano|appartamento|app|interno|int|scala|sc|piso|puerta|pta|apt|apto|bajo|esc|escalera|planta|whg"
    r"|wohnung|top|tür|stiege|stg|haus|stock|og|etage|st|m|lok|bus|boîte|bte|bât|bâtiment|appt?|depto|edif|interior"
    r"|hus|lgh|uppg"
    r"|vån|tv|th|mf|kl|esq|dto|dir|izq|ático|entlo|entresuelo|local|bloque|portal|hinterhaus|vorderhaus|seitenflügel"
    r"|rückgebäude"
    r"|étage|esc|rés|porte|palier|as|rappu|byt|patro|poschodie|kv|ap|et|bl|sal|º|ª"
    r")(?![\p{L}])\.? ?(?:[0-9][0-9A-Za-zºª]{0,4}|[A-Za-z]{1,2})?(?![\p{L}0-9])"
    r"|[ ,]{1,3}(?:[0-9]{1,2}\. ?(?i:og|ug|dg|stock|etage|obergeschoss|sal|th|tv|mf|em|patro|poschodie|krs|kat|kerros)"
    rf"|EG|DG|UG)(?![\p{{L}}])\.?{_SIDE}"
    r"|[ ,]{1,3}[0-9]{1,2} ?(?:tr|trp)\.?(?![\p{L}])"
    rf"|[ ,]{{1,2}}[0-9]{{1,2}} ?[º°ª](?:[- ]?[0-9]{{1,2}} ?[ªº])?(?:{_SIDE}|(?: ?[A-Za-z]{{1,4}}\.?)?(?![\p{{L}}]))"
    r"|,? ?\((?=[^()\n]{0,24}(?i:étage|etage|porte|bât|appt|esc|floor|piano|stock|top|piso|lok|apt"
    r"|hus))[^()\n]{3,40}\))"
)

ENDINGS: Final = tree({*_ENDINGS.split(), *(one.title() for one in _ENDINGS.split())})
LEADING: Final = tree({*_LEADING.split(), *(one.capitalize() for one in _LEADING.split())})
ENDINGS_BACK: Final = tree_back({*_ENDINGS.split(), *(one.title() for one in _ENDINGS.split())})
LEADING_BACK: Final = tree_back({*_LEADING.split(), *(one.capitalize() for one in _LEADING.split())})
FRENCH: Final = tree(
    {*_FRENCH.split(), *(one.capitalize() for one in _FRENCH.split()), *(one.upper() for one in _FRENCH.split())}
)

_COMPOUND: Final = rf"(?>(?:{_NAME}[ -]|{_SMALL} ){{0,4}}?\p{{Lu}}?[\p{{L}}\p{{M}}'’-]{{0,30}}?{ENDINGS}(?![\p{{L}}]))"
_LED: Final = rf"(?>{LEADING}(?![\p{{L}}])[ ]?{_WORDS})"
_FREE: Final = r"(?<![\p{L}\p{M}0-9'’])"

NAME_LAST: Final = rf"{_FREE}(?:{_COMPOUND}(?={_BEHIND}$)|{_LED}(?={_BEHIND}$))"
NUMBER_LAST: Final = rf"{NUMBER}(?:{_FLOOR}){{0,3}}+"
# Floor, flat and building as France writes them, on a line of their own or not: 3ème étage, appartement 12, bât. B.
_FRENCH_FLOOR: Final = (
    r"(?>(?:[ ,]{1,3}|,? ?\r?\n[ ]{0,8}|,? ?\\n)(?:[0-9]{1,2} ?(?:er|ère|[èe]?me|nde?|e)[ ](?i:étage|etage|ét\.)"
    r"|(?i:rez[ -]de[ -]chauss[ée]e|rdc)"
    r"|(?i:appartement|b[âa]timent|immeuble|entr[ée]e|escalier|[ée]tage|porte|cage|hall)[ ](?:n° ?)?[0-9A-Za-z]{1,4})"
    r"(?![\p{L}0-9]))"
)
NUMBER_FIRST: Final = (
    # 28,20 avenue: the cell before is a telephone; 1,20 avenue is no house.
    rf"(?<![\p{{L}}0-9$€£])(?<![0-9][.:/-]|(?<![0-9])[0-9],)"
    rf"[0-9]{{1,4}}(?: ?(?:bis|ter|quater|[A-Z])\b)?(?:[-/][0-9]{{1,4}})?"
    rf"(?:,? ?|\t ?)"
    rf"{FRENCH}(?![\p{{L}}])[ ]"
    rf"{_WORDS}(?:{_FRENCH_FLOOR}|{_FLOOR}){{0,3}}+"
)

SEPARATOR: Final = (
    r"(?>[ \t]{0,3}(?:[,;|/-]|\r?\n|\\r\\n|\\n|<br ?/?>|\t|[\"'],?[ ]?[\"'])[ \t]{0,24}(?:\r?\n[ \t>|*]{0,24}){0,2}"
    rf"(?:{FIELD})?|[ ](?:in|à|a|en|te|i|w|we|v|ve)[ ](?=[\p{{Lu}}0-9])|[ ]{{1,3}})"
)
POSTCODE: Final = (
    r"(?>(?:[A-Z]{1,3}[- ])?(?:[0-9]{5}(?:-[0-9]{3,4})?|[0-9]{4}(?: ?[A-Z]{2}(?![A-Za-z])|-[0-9]{3})?"
    r"|[0-9]{3} [0-9]{2}|[0-9]{2}-[0-9]{3}))"
    r"(?![0-9])"
)
_TOWN: Final = (
    rf"(?:['’][st][- ])?(?:[AL] )?{_NAME}(?:[ -](?:{_SMALL} )?{_NAME}){{0,3}}+"
    # PARIS CEDEX 08, Praha 1, København K
    r"(?: [0-9]{1,2}(?![0-9.:%/,-]| ?\p{L})| [A-ZÖ](?![\p{L}0-9]))?"
)
_DISTRICT: Final = (
    rf"(?:{SEPARATOR}c/o {_NAME}(?: {_NAME}){{0,2}})?"
    rf"(?:{SEPARATOR}{_NAME}(?:[ -](?:{_SMALL} )?{_NAME}){{0,3}}?){{0,2}}?"
)
# 25 May 2025 is a date, as a town with its postcode behind it would be.
_MONTH: Final = (
    r"(?:[0-9]{1,2}\.? )?(?:Jan|Feb|Mar|Apr|May|Mai|Jun|Jul|Aug|Sep|Oct|Okt|Nov|Dec|Dez)[a-z]{0,6}\.? (?:19|20)"
)

TOWN: Final = (
    rf"(?:{_DISTRICT}{SEPARATOR}{POSTCODE}{SEPARATOR}{_TOWN}(?: ?\([A-Z]{{2}}\)|[ ,/]{{1,3}}[A-Z]{{2}}(?![A-Za-z]))?"
    rf"|{SEPARATOR}(?!{_MONTH}){_TOWN},? \(?{POSTCODE}\)?"
    # à Lyon (69002), where the town was read as a part of the street's name
    r"|[ ]\([0-9]{4,5}\))"
)
"""Behind a street: postcode and town, or the other way round as Spanish systems write it."""

TOWN_BEFORE: Final = (
    rf"{_FREE}(?<![0-9.,/-])(?:[A-Z]{{1,3}}-)?(?:[0-9]{{4}} ?[A-Z]{{2}}|[0-9]{{4,5}}|[0-9]{{3}} [0-9]{{2}}"
    rf"|[0-9]{{2}}-[0-9]{{3}}|[0-9]{{4}}-[0-9]{{3}})"
    rf" {_TOWN}(?>,[ ]?|[ ][-–][ ]|[ ]{{0,3}}\r?\n[ ]{{0,8}})"
)
"""Before a street: postcode and town."""

VILLAGE: Final = rf"(?<![\p{{L}}])(?:[Ll]ieu-?[ -]?[Dd]it|LIEU-DIT)[ ]{_WORDS}"
REVERSED: Final = rf"{TOWN_BEFORE}{_NAME}(?:[ ](?:{_SMALL} )?{_NAME}){{0,3}} {NUMBER}(?:{_FLOOR}){{0,2}}+"
"""Postcode and town, and behind them any capitalised words with a number."""

_CODE: Final = (
    r"(?:[1-9][0-9]{3} ?[A-Z]{2}(?![A-Za-z])|(?:[A-Z]{1,2}-)[0-9]{4,5}(?![0-9])|[0-9]{5}(?![0-9])"
    r"|[0-9]{3} [0-9]{2}(?![0-9])|[0-9]{2}-[0-9]{3}(?![0-9-])|[0-9]{4}-[0-9]{3}(?![0-9-])"
    r"|[1-9][0-9]{3}(?=[ ]\p{Lu}\p{Ll}))"
)
GENERIC: Final = (
    rf"{_FREE}{_NAME}(?:[ ](?:{_SMALL} )?{_NAME}){{0,3}} {NUMBER}(?:{_FLOOR}){{0,2}}+(?>, ?|\r?\n[ ]{{0,4}}"
    rf"|[ ](?=[1-9][0-9]{{3}} ?[A-Z]{{2}} ))"
    rf"{_CODE} {{0,2}}\r?\n?{_TOWN}(?P<country>,? ?\n?(?:{any_country()})(?![\p{{L}}]))?"
)
"""Any capitalised words with a number, where a postcode and a town stand behind it."""
