"""Seeded damage: bytes, JSON values and TOML numbers as a careless copy, an old program or a stranger leaves them."""

import copy
import json

NUMBERS = (0, 1, 127, 128, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
WORDS = (
    b"\0",
    b"\n",
    b"\r",
    b'"',
    b",",
    b";",
    b"\t",
    b"{",
    b"[" * 50,
    b"null",
    b"1" * 5000,
    b"\xff\xfe",
    b"\xef\xbf\xbd",
    b"\xe2\x80\xa8",
    b"\xc2\x85",
    b"\x0c",
    b"\\ud83d",
    b"\xed\xa0\x80",
    b"<unk>",
    b"\x1b[2J",
    b"NaN",
    b"1e400",
)
VALUES = (
    None,
    True,
    0,
    -1,
    0.5,
    -0.0,
    2**31,
    10**9,
    10**30,
    1e308,
    float("nan"),
    float("inf"),
    "",
    "x",
    "../../etc/passwd",
    "\x1b[31m\n\u202e",
    "\ud83d",
    [],
    [0],
    [-1, 10**9],
    {},
    {"x": 1},
    "9" * 5000,
)


def bytes_hurt(rng, content):
    """After one to four of: cut, flipped bits, a lying number, a word, a doubled, zeroed or dropped stretch."""
    hurt = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 4))):
        _HURTS[rng.randrange(len(_HURTS))](rng, hurt)
    return bytes(hurt)


def json_hurt(rng, content):
    """JSON text with one to three of its values replaced, dropped or surrounded; now and then no JSON at all."""
    if rng.random() < 0.15:
        return bytes_hurt(rng, content)
    value = json.loads(content)
    for _ in range(rng.choice((1, 1, 2, 3))):
        home, key = _somewhere(rng, value)
        if home is None:
            break
        _change(rng, home, key)
    return json.dumps(value).encode("utf-8", "surrogatepass")


def hostile(rng):
    """A value that no table expects, as TOML."""
    value = rng.choice(
        (*VALUES, "nest", "table", "date", "1e400", "-1e-400", "0x7fffffffffffffff", "9223372036854775808")
    )
    if value == "nest":
        depth = rng.choice((3, 200, 3000))
        return "[" * depth + "]" * depth
    if value == "table":
        return "{a = {b = {c = 1}}}"
    if value == "date":
        return "1979-05-27T07:32:00Z"
    if isinstance(value, str) and value[:1].isdigit():
        return value
    if isinstance(value, float):
        return repr(value)
    if value is None:
        return rng.choice(("", "null", "'''", "[,]", "= 3", "\x00"))
    if isinstance(value, dict):
        return "{x = 1}" if value else "{}"
    return json.dumps(value)


def _cut(rng, hurt):
    del hurt[rng.randrange(len(hurt) + 1) :]


def _flip(rng, hurt):
    for _ in range(rng.choice((1, 8, 64))):
        if hurt:
            hurt[rng.randrange(min(len(hurt), rng.choice((32, 256, 1 << 30))))] ^= 1 << rng.randrange(8)


def _number(rng, hurt):
    width = rng.choice((1, 2, 4, 8))
    number = rng.choice(NUMBERS) & ((1 << 8 * width) - 1)
    at = rng.randrange(min(len(hurt), 64) + 1)
    hurt[at : at + width] = number.to_bytes(width, rng.choice(("little", "big")))


def _word(rng, hurt):
    at = rng.randrange(len(hurt) + 1)
    hurt[at:at] = rng.choice(WORDS)


def _double(rng, hurt):
    begin = rng.randrange(len(hurt) + 1)
    hurt[begin:begin] = hurt[begin : begin + rng.randrange(1, 200)]


def _zero(rng, hurt):
    begin = rng.randrange(len(hurt) + 1)
    length = min(rng.randrange(1, 64), len(hurt) - begin)
    hurt[begin : begin + length] = bytes(length)


def _drop(rng, hurt):
    begin = rng.randrange(len(hurt) + 1)
    del hurt[begin : begin + rng.randrange(1, 64)]


_HURTS = (_cut, _flip, _number, _word, _double, _zero, _drop)


def _somewhere(rng, value):
    """A random container below `value`, and a key in it."""
    places = []

    def walk(here):
        keys = list(here) if isinstance(here, dict) else range(len(here))
        for key in keys:
            places.append((here, key))
            if isinstance(here[key], dict | list):
                walk(here[key])

    walk(value)
    # Lists of a thousand words would take all the damage: each container counts alike.
    homes = {id(home): home for home, _ in places}
    if not homes:
        return None, None
    home = rng.choice(list(homes.values()))
    return home, rng.choice([key for here, key in places if here is home])


def _change(rng, home, key):
    what = rng.random()
    if what < 0.6:
        home[key] = copy.deepcopy(rng.choice(VALUES))
    elif what < 0.75:
        del home[key]
    elif what < 0.85 and isinstance(home, dict):
        home["unheard-of"] = copy.deepcopy(rng.choice(VALUES))
    elif what < 0.95:
        home[key] = [home[key]]
    else:
        for _ in range(rng.choice((2, 400))):
            home[key] = [home[key]]
