"""News of a country that does not exist: headlines and how their stories begin, made by one grammar."""

from collections.abc import Callable, Sequence

from multigan.plugins.text.pick import Pick

__all__ = ["story"]

TOWNS = ("Karlsbad", "Port Ellen", "Nordhaven", "Saint-Aubin", "Lindau", "Westerby", "Montrose", "Grauburg", "Oldmoor")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
BUILDINGS = ("mill", "warehouse", "theatre", "school", "farmhouse", "hotel", "factory", "chapel", "library")
AGES = ("old", "empty", "wooden", "new", "listed")
CAUSES = ("a candle", "lightning", "a faulty cable", "a forgotten stove", "fireworks", "a cigarette")
TEAMS = ("Rovers", "United", "Wanderers", "Harriers", "Sailors", "Foxes", "Eagles", "Miners")
SCORERS = ("Berg", "Novak", "Lund", "Moreau", "Rossi", "Okafor", "Kaya", "Weber", "Silva")
BODIES = ("council", "parliament", "mayor", "ministry", "court")
PLANS = ("new bridge", "bus line", "ban on fireworks", "tax on dogs", "swimming pool", "night market", "wind farm")
REASONS = ("it costs too much", "the town needs it", "nobody had asked for it", "it had waited for years", "it is loud")
ANIMALS = ("bear", "goat", "swan", "python", "wolf", "peacock", "donkey", "seal")
PLACES = ("supermarket", "post office", "swimming pool", "church", "car park", "kindergarten", "bakery")
ROADS = ("main road", "railway", "harbour", "airport", "mountain pass", "ring road")
WEATHER = ("snow", "fog", "a storm", "floods", "ice", "heavy rain")
FIRMS = ("Alder & Sons", "Brandt Foods", "Corvo Bank", "Delta Rail", "Eikon Glass", "Fjord Shipping")


def story(pick: Pick) -> tuple[str, str]:
    """A headline and its lead."""
    return pick.one(KINDS)(pick)


def _fire(pick: Pick) -> tuple[str, str]:
    age, building, town, day = pick.one(AGES), pick.one(BUILDINGS), pick.one(TOWNS), pick.one(DAYS)
    hurt = pick.one(("No one was hurt", f"{pick.number(2, 9)} people were hurt", "One firefighter was hurt"))
    an = "an" if age[0] in "aeiou" else "a"
    return (
        f"Fire destroys {age} {building} in {town}",
        f"A fire destroyed {an} {age} {building} in {town} on {day}. {hurt}; the police suspect {pick.one(CAUSES)}.",
    )


def _match(pick: Pick) -> tuple[str, str]:
    home, away = pick.several(TEAMS, 2)
    town, lost = pick.one(TOWNS), pick.number(0, 3)
    won = lost + pick.number(1, 3)
    return (
        f"{home} beat {away} {won}-{lost} in {town}",
        f"The {home} won {won}-{lost} against the {away} in {town} on {pick.one(DAYS)}. "
        f"{pick.one(SCORERS)} scored in minute {pick.number(2, 90)}.",
    )


def _vote(pick: Pick) -> tuple[str, str]:
    body, plan, town = pick.one(BODIES), pick.one(PLANS), pick.one(TOWNS)
    verb, past = pick.one((("rejects", "rejected"), ("approves", "approved"), ("delays", "delayed")))
    return (
        f"{town} {body} {verb} {plan}",
        f"The {body} of {town} {past} the {plan} on {pick.one(DAYS)}, because {pick.one(REASONS)}.",
    )


def _animal(pick: Pick) -> tuple[str, str]:
    animal, place, town = pick.one(ANIMALS), pick.one(PLACES), pick.one(TOWNS)
    end = pick.one(("it left by itself", "a vet took it home", "the police led it out", "children named it Felix"))
    return (
        f"{animal.capitalize()} found in {town} {place}",
        f"Visitors of the {place} in {town} met a {animal} on {pick.one(DAYS)}. "
        f"After {pick.number(2, 12)} hours {end}.",
    )


def _closed(pick: Pick) -> tuple[str, str]:
    road, town, weather = pick.one(ROADS), pick.one(TOWNS), pick.one(WEATHER)
    verb = "close" if weather == "floods" else "closes"
    return (
        f"{weather[0].upper()}{weather[1:]} {verb} {town} {road}",
        f"The {road} of {town} has been closed since {pick.one(DAYS)} because of {weather}. "
        f"It will open again in {pick.number(2, 14)} days.",
    )


def _firm(pick: Pick) -> tuple[str, str]:
    firm, town, jobs = pick.one(FIRMS), pick.one(TOWNS), 10 * pick.number(2, 90)
    verb, more = pick.one((("cuts", "will lose their work"), ("creates", "will find work")))
    return (
        f"{firm} {verb} {jobs} jobs in {town}",
        f"{jobs} people in {town} {more} at {firm}, the company said on {pick.one(DAYS)}.",
    )


KINDS: Sequence[Callable[[Pick], tuple[str, str]]] = (_fire, _match, _vote, _animal, _closed, _firm)
