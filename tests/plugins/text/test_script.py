import pytest

from multigan.plugins.text.script import kind_of, whole_characters

LONG = {
    "Chinese": "床前明月光疑是地上霜举头望明月低头思故乡床前明月光疑是地上霜",
    "Japanese": "古池や蛙飛び込む水の音そしてまた静けさが戻ってくる夏の夕べに",
    "Thai": "ฉันรักเธอมากที่สุดในโลก และจะรักตลอดไป",
    "Lao": "ຂ້ອຍຮັກເຈົ້າຫຼາຍທີ່ສຸດໃນໂລກ ແລະຈະຮັກຕະຫຼອດໄປ",
    "Khmer": "ខ្ញុំស្រឡាញ់អ្នកខ្លាំងណាស់ ហើយនឹងស្រឡាញ់ជារៀងរហូត",
    "Burmese": "ငါမင်းကိုကမ္ဘာပေါ်မှာအချစ်ဆုံးပါ အမြဲတမ်းချစ်နေမယ်",
    "DNA": "ACGTTGCAACGTTGCATGCAACGTACGT",
}
SPACED = {
    "English": "a man is riding a wave on a board",
    "German": "Donaudampfschifffahrtsgesellschaft fährt heute wieder die Donau hinab",
    "Korean": "나는 세상에서 너를 가장 사랑하고 영원히 사랑할 것이다 정말로",
    "Hindi": "मैं तुमसे दुनिया में सबसे ज्यादा प्यार करता हूँ",
    "English with a little Chinese": "the word 月 means moon and the word 日 means sun",
}


@pytest.mark.parametrize("language", [*LONG, *SPACED])
def test_scripts_without_spaces_are_read_by_characters(language):
    kind = "character" if language in LONG else "word"
    assert kind_of([{**LONG, **SPACED}[language]] * 3) == kind


def test_a_sorted_file_is_looked_at_throughout():
    assert kind_of([SPACED["English"]] * 1200 + [LONG["Thai"]] * 4000) == "character"


def test_a_cut_tears_no_mark_from_its_letter():
    thai = "น้ำใส"  # a letter with a tone mark, a vowel, a vowel, a letter
    assert [whole_characters("ก" + thai, n) for n in (1, 2, 3, 4, 5)] == [1, 1, 1, 4, 5]
    assert whole_characters("ab\u0301c", 2) == 1
    assert whole_characters("ab\u0301c", 3) == 3
    assert whole_characters("a👩\u200d🚀b", 3) == 1
    assert whole_characters("a👍🏽", 2) == 1
    assert whole_characters("abc", 3) == 3
    assert whole_characters("a" + "\u0301" * 9, 4) == 4
