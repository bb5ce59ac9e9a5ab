"""One small world told in two registers: sentences of a harbour as people say them, and as an old chronicle has them.

The way from one to the other is known and can be undone: most nouns, adjectives and times and some verbs have one other
word each, towns and small words stay, adjectives go behind their nouns and the time comes first. No line of one set is
told in the other, so there are no pairs to be found in them.
"""

from collections.abc import Mapping, Sequence

from multigan.plugins.text.pick import Pick

__all__ = ["REGISTERS", "chronicle", "plain", "register_lines", "telling"]

REGISTERS = ("plain", "chronicle")

PEOPLE = {
    "captain": ("steers", "sells", "mends"),
    "baker": ("bakes", "sells", "carries"),
    "fisher": ("catches", "cleans", "sells"),
    "widow": ("buys", "cleans", "keeps"),
    "boy": ("carries", "wants", "loses"),
    "smith": ("mends", "makes", "wants"),
    "girl": ("finds", "paints", "buys"),
    "farmer": ("keeps", "carries", "sells"),
    "thief": ("hides", "wants", "loses"),
    "teacher": ("buys", "finds", "paints"),
}
"""Who does what, the likelier the earlier."""
DONE_TO = {
    "steers": ("boat",),
    "sells": ("bread", "fish", "horse", "net"),
    "mends": ("net", "boat", "clock", "shoe"),
    "bakes": ("bread", "cake"),
    "carries": ("bag", "bread", "lamp"),
    "catches": ("fish", "bird"),
    "cleans": ("fish", "lamp", "house"),
    "buys": ("cake", "lamp", "shoe", "fish"),
    "keeps": ("horse", "bird", "house"),
    "wants": ("horse", "cake", "clock"),
    "loses": ("shoe", "bag", "lamp"),
    "makes": ("clock", "lamp"),
    "finds": ("bird", "bag", "shoe"),
    "paints": ("house", "boat", "bird"),
    "hides": ("bag", "clock"),
}
LIKE = {
    "boat": ("old", "big", "slow"),
    "bread": ("warm", "fresh"),
    "fish": ("fresh", "big"),
    "horse": ("quick", "old", "strong"),
    "net": ("torn", "long"),
    "clock": ("slow", "small"),
    "shoe": ("torn", "small", "warm"),
    "cake": ("warm", "sweet", "small"),
    "bag": ("strong", "long", "torn"),
    "lamp": ("bright", "old"),
    "bird": ("quick", "bright", "small"),
    "house": ("big", "bright", "old"),
    "captain": ("old", "strong"),
    "baker": ("big", "quick"),
    "fisher": ("slow", "old"),
    "widow": ("poor", "old"),
    "boy": ("quick", "small"),
    "smith": ("strong", "big"),
    "girl": ("small", "bright"),
    "farmer": ("poor", "slow"),
    "thief": ("quick", "poor"),
    "teacher": ("bright", "poor"),
}
TOWNS = ("Oslo", "Bergen", "Riga", "Dover", "Genoa", "Malta", "Lucca", "Turku")
WHERE = ("in", "near", "for")
MANY = ("the", "our", "that", "every")
WHEN = ("today", "at noon", "every day", "at night", "in spring", "before dawn")
OTHER = {
    "captain": "skipper",
    "baker": "kneader",
    "fisher": "angler",
    "widow": "relict",
    "boy": "lad",
    "smith": "farrier",
    "girl": "maiden",
    "farmer": "tiller",
    "thief": "rogue",
    "teacher": "scholar",
    "steers": "guideth",
    "mends": "cureth",
    "bakes": "heateth",
    "cleans": "laveth",
    "paints": "adorneth",
    "loses": "misseth",
    "hides": "burieth",
    "boat": "vessel",
    "bread": "loaf",
    "horse": "steed",
    "net": "mesh",
    "clock": "dial",
    "shoe": "boot",
    "bag": "sack",
    "bird": "fowl",
    "house": "hall",
    "big": "great",
    "slow": "tardy",
    "warm": "heated",
    "quick": "swift",
    "torn": "rent",
    "long": "lengthy",
    "sweet": "honeyed",
    "poor": "needy",
    "small": "wee",
    "today": "this-day",
    "at noon": "at midday",
    "every day": "each day",
    "at night": "by moon",
    "in spring": "in Lent",
    "before dawn": "ere sunrise",
}
"""What a plain word is in the chronicle."""


def register_lines(name: str, n: int) -> list[str]:
    """`n` different lines of one register, `"plain"` or `"chronicle"`; the same at every call."""
    return [one[name] for one in telling(name, n)]


def telling(name: str, n: int) -> list[dict[str, str]]:
    """The same lines as both registers have them: `{"plain": ..., "chronicle": ...}`, of which training sees `name`."""
    told, found, pick = dict[tuple[str, ...], None](), list[dict[str, str]](), Pick(0)
    while len(found) < n:
        parts = _parts(pick)
        if parts in told:
            continue
        told[parts] = None
        if (len(told) % 2 == 1) == (name == "plain"):  # every second one is told in the other register
            found.append({"plain": plain(parts), "chronicle": chronicle(parts)})
    return found


def _parts(pick: Pick) -> tuple[str, ...]:
    """Determiner, adjective or "", who, does, determiner, adjective or "", what, where or "", town, when or ""."""
    who = _sooner(pick, tuple(PEOPLE))
    does = _sooner(pick, PEOPLE[who])
    what = _sooner(pick, DONE_TO[does])
    at = list(PEOPLE).index(who) if pick.number(0, 1) else list(DONE_TO).index(does)
    town = TOWNS[(at + pick.number(0, 1)) % len(TOWNS)]
    place = (pick.one(WHERE), town) if pick.number(0, 2) else ("", "")
    return (*_of(pick, who), does, *_of(pick, what), *place, _sooner(pick, WHEN) if pick.number(0, 3) else "")


def _of(pick: Pick, noun: str) -> tuple[str, str, str]:
    like = _sooner(pick, LIKE[noun]) if pick.number(0, 1) else ""
    return pick.one(MANY) if noun in DONE_TO else _sooner(pick, MANY), like, noun


def _sooner(pick: Pick, of: Sequence[str]) -> str:
    """One of a list, the likelier the earlier."""
    return of[min(pick.number(0, len(of) - 1), pick.number(0, len(of) - 1))]


def plain(parts: Sequence[str]) -> str:
    """As people say it."""
    return " ".join(word for word in parts if word)


def chronicle(parts: Sequence[str], words: Mapping[str, str] = OTHER) -> str:
    """As the chronicle has it: the time first, adjectives behind, other words."""
    many, like, who, does, more, what_like, what, where, town, when = (words.get(word, word) for word in parts)
    return " ".join(word for word in (when, many, who, like, does, more, what, what_like, where, town) if word)
