"""What is said of words that a generator was given and does not know."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from multigan.core.counted import counted

if TYPE_CHECKING:
    from multigan.plugins.fitted import Answered

__all__ = ["strange_words"]


def strange_words(answers: "Sequence[Answered]", told: set[str] | None = None) -> list[str]:
    """A line on the words of the inputs that the generator does not know; none where it knows them all.

    Args:
        answers: to every line.
        told: words that were named before; those that are named now are put into it.
    """
    from multigan.core.plain import one_line
    from multigan.files.findings import listed

    known = told if told is not None else set[str]()
    strange = [word for word in dict.fromkeys(word for one in answers for word in one.strange) if word not in known]
    if not strange:
        nameless = sum(one.unknown for one in answers if not one.strange)  # of a modality that does not name them
        said = f"{counted(nameless, 'token is', 'tokens are')} unknown to the generator"
        return [said] if nameless else []
    known.update(strange)
    line = f"the generator does not know {', '.join(listed([one_line(word) for word in strange], len(strange)))}"
    both = {word: other for one in answers for word, other in one.spelt.items() if word in strange}
    if not both:
        return [line]
    how = "in small letters " if all(other == word.lower() for word, other in both.items()) else ""
    spelt = list(dict.fromkeys(one_line(other) for other in both.values()))
    return [f"{line}; {how}it knows {', '.join(listed(spelt, len(spelt)))}"]
