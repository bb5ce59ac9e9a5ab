"""What people say and what is said to them, in a small town: prompts and replies made by one grammar."""

from collections.abc import Sequence
from typing import NamedTuple

from multigan.plugins.text.pick import Pick

__all__ = ["exchange"]


class _Talk(NamedTuple):
    """Ways to say something and ways to answer it; `{name}` is filled with one of `SLOTS`, alike on both sides."""

    prompts: Sequence[str]
    replies: Sequence[str]


SLOTS = {
    "place": ("station", "library", "market", "post office", "museum", "harbour", "hospital", "bakery", "school"),
    "other": ("church", "bridge", "town hall", "theatre", "old mill", "park", "river", "cinema", "fountain"),
    "side": ("behind", "next to", "across from", "left of", "right of", "just past", "two streets from"),
    "food": ("soup", "bread", "fish", "apple pie", "rice", "pancakes", "cheese", "salad", "noodles", "plum cake"),
    "dish": ("potatoes", "mushrooms", "fresh herbs", "a little butter", "onions", "walnuts", "cream", "honey"),
    "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "hour": ("seven", "eight", "nine", "ten", "eleven", "noon", "three", "four", "half past five", "six"),
    "friend": ("Anna", "Paul", "Marie", "Karl", "Lena", "Hugo", "Clara", "Emil", "Nora", "Felix"),
    "pet": ("dog", "cat", "parrot", "rabbit", "horse", "turtle", "goat"),
    "trait": ("sleeps all day", "chases the postman", "loves the snow", "is afraid of thunder", "sings at night"),
    "thing": ("umbrella", "bicycle", "camera", "guitar", "ladder", "tent", "lamp", "coat", "kettle"),
    "flaw": ("is broken", "has a hole", "is at my sister's", "is too old", "needs a new part", "is still wet"),
    "work": ("baker", "teacher", "nurse", "carpenter", "gardener", "pilot", "cook", "painter", "sailor"),
    "hobby": ("swimming", "sailing", "skating", "hiking", "singing", "fishing", "dancing", "riding", "cycling"),
    "weather": ("rain", "snow", "storm", "fog", "heat", "wind", "frost"),
    "mood": ("tired", "happy", "sad", "nervous", "bored", "angry", "proud", "lonely"),
    "price": ("two", "three", "five", "eight", "twelve", "twenty", "thirty"),
    "town": ("Vienna", "Lisbon", "Geneva", "Munich", "Venice", "Athens", "Warsaw", "London"),
}
TALKS = (
    _Talk(
        ("Where is the {place}?", "Excuse me, where is the {place}?", "How do I get to the {place}?"),
        (
            "The {place} is {side} the {other}.",
            "Go to the {other}; the {place} is {side} it.",
            "It is {side} the {other}.",
        ),
    ),
    _Talk(
        ("When does the {place} open on {day}?", "Is the {place} open on {day}?", "What about the {place} on {day}?"),
        ("On {day} the {place} opens at {hour}.", "Yes, from {hour} on.", "No, not on {day}. Try the day after."),
    ),
    _Talk(
        ("What is for dinner, {friend}?", "I am hungry, {friend}.", "What are you cooking, {friend}?"),
        (
            "There will be {food} with {dish}.",
            "How about {food} with {dish}?",
            "I am making {food}, with {dish} on top.",
        ),
    ),
    _Talk(
        ("Do you like {food}?", "Would you like some {food}?", "Shall we have {food} on {day}?"),
        ("Yes, I love {food}, most of all with {dish}.", "Only with {dish}.", "No {food} for me, thank you."),
    ),
    _Talk(
        ("How is your {pet}?", "Is that your {pet}?", "Tell me about your {pet}."),
        ("My {pet} {trait}.", "The {pet} is fine; it {trait}.", "It belongs to {friend}, and it {trait}."),
    ),
    _Talk(
        ("Can I borrow your {thing}?", "May I have the {thing} until {day}?", "I need a {thing}."),
        ("Sorry, my {thing} {flaw}.", "Take it, but bring it back by {day}.", "Ask {friend}; my {thing} {flaw}."),
    ),
    _Talk(
        ("What do you do, {friend}?", "Do you work here, {friend}?", "Are you a {work}, {friend}?"),
        (
            "I am a {work}, and I like {hobby}.",
            "I was a {work} once; now I only like {hobby}.",
            "These days I sell {food}.",
        ),
    ),
    _Talk(
        ("What will the weather be like on {day}?", "Will there be {weather} on {day}?", "I fear the {weather}."),
        (
            "They say there will be {weather} on {day}.",
            "No {weather}, I think. Let us go {hobby}.",
            "Take your {thing}.",
        ),
    ),
    _Talk(
        ("I feel {mood} today.", "Why do you look so {mood}?", "{friend} is {mood} again."),
        (
            "Why {mood}? Come along, we are going {hobby}.",
            "So am I. It is the {weather}.",
            "Have some {food}; it helps.",
        ),
    ),
    _Talk(
        ("How much is the {thing}?", "What does this {thing} cost?", "Is the {thing} for sale?"),
        ("The {thing} costs {price} coins.", "For you, {price} coins.", "Give me {price} coins and some {food}."),
    ),
    _Talk(
        ("Have you ever been to {town}?", "Are you going to {town}, {friend}?", "What is {town} like?"),
        ("I went to {town} once, for the {food}.", "On {day} I leave for {town}.", "{town} is all {weather}."),
    ),
    _Talk(
        ("Shall we go {hobby} on {day}?", "Let us go {hobby}, {friend}.", "Do you have time on {day}?"),
        (
            "Yes, on {day} at {hour}, by the {other}.",
            "I cannot on {day}; my {pet} is ill.",
            "{hobby}? At {hour}, gladly.",
        ),
    ),
)


def exchange(pick: Pick) -> tuple[str, str]:
    """A prompt and a reply to it."""
    talk = pick.one(TALKS)
    filled = {name: pick.one(words) for name, words in SLOTS.items()}
    prompt, reply = (pick.one(of).format_map(filled) for of in talk)
    return prompt, reply[0].upper() + reply[1:]
