"""Sentences in English, German and French that say the same, made by one grammar: every translation is known."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from multigan.plugins.text.pick import Pick

__all__ = ["LANGUAGES", "sentence", "spelt"]

LANGUAGES = ("en", "de", "fr")


class _Noun(NamedTuple):
    en: str
    en_many: str
    de: str
    """With its article."""
    de_many: str
    fr: str
    fr_many: str
    fr_gender: str


class _Adjective(NamedTuple):
    en: str
    de: str
    """Without an ending."""
    fr: tuple[str, str]
    """Masculine and feminine; the plural adds an s."""


THINGS = (
    _Noun("apple", "apples", "der Apfel", "Äpfel", "pomme", "pommes", "f"),
    _Noun("book", "books", "das Buch", "Bücher", "livre", "livres", "m"),
    _Noun("cup", "cups", "die Tasse", "Tassen", "tasse", "tasses", "f"),
    _Noun("bag", "bags", "die Tasche", "Taschen", "sac", "sacs", "m"),
    _Noun("chair", "chairs", "der Stuhl", "Stühle", "chaise", "chaises", "f"),
    _Noun("table", "tables", "der Tisch", "Tische", "table", "tables", "f"),
    _Noun("flower", "flowers", "die Blume", "Blumen", "fleur", "fleurs", "f"),
    _Noun("picture", "pictures", "das Bild", "Bilder", "tableau", "tableaux", "m"),
    _Noun("letter", "letters", "der Brief", "Briefe", "lettre", "lettres", "f"),
    _Noun("bottle", "bottles", "die Flasche", "Flaschen", "bouteille", "bouteilles", "f"),
    _Noun("lamp", "lamps", "die Lampe", "Lampen", "lampe", "lampes", "f"),
    _Noun("coat", "coats", "der Mantel", "Mäntel", "manteau", "manteaux", "m"),
    _Noun("shirt", "shirts", "das Hemd", "Hemden", "chemise", "chemises", "f"),
    _Noun("knife", "knives", "das Messer", "Messer", "couteau", "couteaux", "m"),
    _Noun("clock", "clocks", "die Uhr", "Uhren", "horloge", "horloges", "f"),
    _Noun("boat", "boats", "das Boot", "Boote", "bateau", "bateaux", "m"),
)
ANIMALS = (
    _Noun("dog", "dogs", "der Hund", "Hunde", "chien", "chiens", "m"),
    _Noun("cat", "cats", "die Katze", "Katzen", "chat", "chats", "m"),
    _Noun("horse", "horses", "das Pferd", "Pferde", "cheval", "chevaux", "m"),
    _Noun("cow", "cows", "die Kuh", "Kühe", "vache", "vaches", "f"),
    _Noun("bird", "birds", "der Vogel", "Vögel", "oiseau", "oiseaux", "m"),
    _Noun("sheep", "sheep", "das Schaf", "Schafe", "mouton", "moutons", "m"),
)
PEOPLE = (
    _Noun("baker", "bakers", "der Bäcker", "Bäcker", "boulanger", "boulangers", "m"),
    _Noun("teacher", "teachers", "die Lehrerin", "Lehrerinnen", "institutrice", "institutrices", "f"),
    _Noun("doctor", "doctors", "der Arzt", "Ärzte", "médecin", "médecins", "m"),
    _Noun("neighbour", "neighbours", "die Nachbarin", "Nachbarinnen", "voisine", "voisines", "f"),
    _Noun("farmer", "farmers", "der Bauer", "Bauern", "paysan", "paysans", "m"),
    _Noun("nurse", "nurses", "die Krankenschwester", "Krankenschwestern", "infirmière", "infirmières", "f"),
    _Noun("cook", "cooks", "der Koch", "Köche", "cuisinier", "cuisiniers", "m"),
    _Noun("girl", "girls", "das Mädchen", "Mädchen", "fille", "filles", "f"),
)
ADJECTIVES = (
    _Adjective("red", "rot", ("rouge", "rouge")),
    _Adjective("green", "grün", ("vert", "verte")),
    _Adjective("blue", "blau", ("bleu", "bleue")),
    _Adjective("black", "schwarz", ("noir", "noire")),
    _Adjective("white", "weiß", ("blanc", "blanche")),
    _Adjective("yellow", "gelb", ("jaune", "jaune")),
    _Adjective("round", "rund", ("rond", "ronde")),
    _Adjective("heavy", "schwer", ("lourd", "lourde")),
)
COMPARED = (
    _Adjective("older", "älter", ("plus vieux", "plus vieille")),
    _Adjective("smaller", "kleiner", ("plus petit", "plus petite")),
    _Adjective("faster", "schneller", ("plus rapide", "plus rapide")),
    _Adjective("stronger", "stärker", ("plus fort", "plus forte")),
    _Adjective("quieter", "ruhiger", ("plus calme", "plus calme")),
)
VERBS = (
    (("sold", "to"), ("verkaufte", "an"), ("a vendu", "à")),
    (("brought", "to"), ("brachte", "zu"), ("a apporté", "à")),
    (("sent", "to"), ("schickte", "an"), ("a envoyé", "à")),
    (("bought", "for"), ("kaufte", "für"), ("a acheté", "pour")),
    (("found", "for"), ("fand", "für"), ("a trouvé", "pour")),
    (("painted", "for"), ("malte", "für"), ("a peint", "pour")),
)
WILL = (
    (("tomorrow", "will buy"), ("morgen", "kauft"), ("demain", "achètera")),
    (("tomorrow", "will sell"), ("morgen", "verkauft"), ("demain", "vendra")),
    (("today", "will need"), ("heute", "braucht"), ("aujourd'hui", "aura besoin de")),
    (("today", "will carry"), ("heute", "trägt"), ("aujourd'hui", "portera")),
    (("tomorrow", "will count"), ("morgen", "zählt"), ("demain", "comptera")),
)
NAMES = ("Anna", "Paul", "Marie", "Karl", "Lena", "Hugo", "Clara", "Emil", "Nora", "Felix", "Julia", "Oscar", "Ines")
CITIES = (
    ("Vienna", "Wien", "Vienne"),
    ("Munich", "München", "Munich"),
    ("Geneva", "Genf", "Genève"),
    ("Brussels", "Brüssel", "Bruxelles"),
    ("Cologne", "Köln", "Cologne"),
    ("Milan", "Mailand", "Milan"),
    ("Lisbon", "Lissabon", "Lisbonne"),
    ("Warsaw", "Warschau", "Varsovie"),
    ("Venice", "Venedig", "Venise"),
    ("London", "London", "Londres"),
    ("Moscow", "Moskau", "Moscou"),
    ("Athens", "Athen", "Athènes"),
)
DAYS = (
    *(("Monday", "Montag", "lundi"), ("Tuesday", "Dienstag", "mardi"), ("Wednesday", "Mittwoch", "mercredi")),
    *(("Thursday", "Donnerstag", "jeudi"), ("Friday", "Freitag", "vendredi"), ("Saturday", "Samstag", "samedi")),
    ("Sunday", "Sonntag", "dimanche"),
)
MONTHS = (
    *(("January", "Januar", "janvier"), ("February", "Februar", "février"), ("March", "März", "mars")),
    *(("April", "April", "avril"), ("May", "Mai", "mai"), ("June", "Juni", "juin"), ("July", "Juli", "juillet")),
    *(("August", "August", "août"), ("September", "September", "septembre"), ("October", "Oktober", "octobre")),
    *(("November", "November", "novembre"), ("December", "Dezember", "décembre")),
)
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2029, 12, 31)
MOST = 99
UNITS = (("grams", "Gramm", "grammes"), ("kilograms", "Kilogramm", "kilogrammes"), ("pounds", "Pfund", "livres"))
ONES: Mapping[str, Sequence[str]] = {
    "en": (
        *("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
        *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
    ),
    "de": (
        *("", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"),
        *("dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"),
    ),
    "fr": (
        *("", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"),
        *("treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
    ),
}
TENS: Mapping[str, Sequence[str]] = {
    "en": ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
    "de": ("", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"),
    "fr": ("", "", "vingt", "trente", "quarante", "cinquante", "soixante", "soixante", "quatre-vingt", "quatre-vingt"),
}


def spelt(n: int, language: str, *, feminine: bool = False) -> str:
    """A number from 2 to 99 in words, as it stands before a noun; in French, 21, 31, ... agree with a feminine one."""
    ones, tens = ONES[language], TENS[language]
    if n < 20:
        return ones[n]
    ten, one = divmod(n, 10)
    if language == "en":
        return f"{tens[ten]}-{ones[one]}" if one else tens[ten]
    if language == "de":
        return f"{ones[one]}und{tens[ten]}" if one else tens[ten]
    rest = one + 10 * (ten in (7, 9))
    word = "une" if rest == 1 and feminine else ones[rest]
    if not rest:
        return f"{tens[ten]}s" if ten == 8 else tens[ten]
    return f"{tens[ten]} et {word}" if rest in (1, 11) and ten < 8 else f"{tens[ten]}-{word}"


def sentence(pick: Pick) -> tuple[str, str, str]:
    """One sentence in English, German and French."""
    return pick.one(KINDS)(pick)


def _dated(pick: Pick) -> tuple[str, str, str]:
    when = FIRST_DAY + timedelta(days=pick.number(0, (LAST_DAY - FIRST_DAY).days))
    day, month = DAYS[when.weekday()], MONTHS[when.month - 1]
    who, what, n, name, verb = (
        pick.one(PEOPLE),
        pick.one(THINGS),
        pick.number(2, MOST),
        pick.one(NAMES),
        pick.one(VERBS),
    )
    (en, en_to), (de, de_to), (fr, fr_to) = verb
    many = spelt(n, "fr", feminine=what.fr_gender == "f")
    first = "1er" if when.day == 1 else str(when.day)
    en_end, de_end, fr_end = f"{en_to} {name}.", f"{de_to} {name}.", f"{fr_to} {name}."
    return (
        f"On {day[0]} {when.day} {month[0]} {when.year} the {who.en} {en} {spelt(n, 'en')} {what.en_many} {en_end}",
        f"Am {day[1]}, dem {when.day}. {month[1]} {when.year}, {de} {who.de} {spelt(n, 'de')} {what.de_many} {de_end}",
        f"Le {day[2]} {first} {month[2]} {when.year}, {_the(who)} {fr} {many} {what.fr_many} {fr_end}",
    )


def _planned(pick: Pick) -> tuple[str, str, str]:
    hour, minute, n = pick.number(1, 23), pick.number(10, 59), pick.number(2, MOST)
    who, what, how, city = pick.one(PEOPLE), pick.one(THINGS), pick.one(ADJECTIVES), pick.one(CITIES)
    (en_when, en), (de_when, de), (fr_when, fr) = pick.one(WILL)
    colour = how.fr[what.fr_gender == "f"] + "s"
    return (
        f"{en_when.capitalize()} at {hour}:{minute} the {who.en} {en} {n} {how.en} {what.en_many} in {city[0]}.",
        f"{de_when.capitalize()} um {hour}:{minute} Uhr {de} {who.de} in {city[1]} {n} {how.de}e {what.de_many}.",
        f"{fr_when.capitalize()} à {hour} h {minute}, {_the(who)} {fr} {n} {what.fr_many} {colour} à {city[2]}.",
    )


def _compared(pick: Pick) -> tuple[str, str, str]:
    one, other, how = pick.one((*ANIMALS, *PEOPLE)), pick.one(ANIMALS), pick.one(COMPARED)
    near, colour = pick.one(ADJECTIVES[:6]), pick.one(ADJECTIVES[:6])
    than = f"que {_the(other)} {colour.fr[other.fr_gender == 'f']}"
    own = f" {near.fr[one.fr_gender == 'f']}" if one in ANIMALS else ""
    de, en = (f"{near.de}e ", f"{near.en} ") if one in ANIMALS else ("", "")
    article, noun = one.de.split()
    before, behind = other.de.split()
    return (
        f"The {en}{one.en} is {how.en} than the {colour.en} {other.en}.",
        f"{article.capitalize()} {de}{noun} ist {how.de} als {before} {colour.de}e {behind}.",
        f"{_upper(_the(one))}{own} est {how.fr[one.fr_gender == 'f']} {than}.",
    )


def _asked(pick: Pick) -> tuple[str, str, str]:
    who, what, name = pick.one(PEOPLE), pick.one((*THINGS, *ANIMALS)), pick.one(NAMES)
    city, of = pick.one(CITIES), "d'" if what.fr_many[0] in "aeiouéhy" else "de "
    it = "elle" if who.fr_gender == "f" else "il"
    return (
        f"How many {what.en_many} does the {who.en} have in {city[0]}, {name}?",
        f"Wie viele {what.de_many} hat {who.de} in {city[1]}, {name}?",
        f"Combien {of}{what.fr_many} {_the(who)} a-t-{it} à {city[2]}, {name} ?",
    )


def _listed(pick: Pick) -> tuple[str, str, str]:
    names, city, n = pick.several(NAMES, pick.number(2, 4)), pick.one(CITIES), pick.number(1951, 2029)
    head, last = ", ".join(names[:-1]), names[-1]
    return (
        f"{head} and {last} have lived in {city[0]} since {n}.",
        f"{head} und {last} wohnen seit {n} in {city[1]}.",
        f"{head} et {last} habitent à {city[2]} depuis {n}.",
    )


def _weighed(pick: Pick) -> tuple[str, str, str]:
    what, how, unit, n, price = (
        *(pick.one(THINGS), pick.one(ADJECTIVES[:7]), pick.one(UNITS)),
        *(pick.number(2, 999), pick.number(2, 999)),
    )
    article, noun = what.de.split()
    return (
        f"The {how.en} {what.en} weighs {n} {unit[0]} and costs {price} euros.",
        f"{article.capitalize()} {how.de}e {noun} wiegt {n} {unit[1]} und kostet {price} Euro.",
        f"{_upper(_the(what))} {how.fr[what.fr_gender == 'f']} pèse {n} {unit[2]} et coûte {price} euros.",
    )


def _the(noun: _Noun) -> str:
    """A French noun with its article."""
    if noun.fr[0] in "aeiouéh":
        return f"l'{noun.fr}"
    return f"{'la' if noun.fr_gender == 'f' else 'le'} {noun.fr}"


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


KINDS: Sequence[Callable[[Pick], tuple[str, str, str]]] = (_dated, _planned, _compared, _asked, _listed, _weighed)
