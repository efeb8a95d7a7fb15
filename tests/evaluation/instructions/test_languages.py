"""Which language a text is in: measured on public sets, and on the first article of the Declaration of Human Rights."""

from collections import Counter

import pytest

from evaluation.instructions.languages import language_of, languages, words_of
from evaluation.public_sets.choosing import SIB_LANGUAGES
from tests.evaluation.public_sets.here import RAW, demand_sets, sib200

ARTICLES = {
    "ar": "يولد جميع الناس أحراراً متساوين في الكرامة والحقوق. وقد وهبوا عقلاً وضميراً وعليهم أن يعامل بعضهم بعضاً بروح الإخاء.",
    "bn": "সমস্ত মানুষ স্বাধীনভাবে সমান মর্যাদা এবং অধিকার নিয়ে জন্মগ্রহণ করে।",
    "fa": "تمام افراد بشر آزاد به دنیا می‌آیند و از لحاظ حیثیت و حقوق با هم برابرند. همه دارای عقل و وجدان هستند و باید نسبت به یکدیگر با روح برادری رفتار کنند.",
    "gu": "પ્રતિષ્ઠા અને અધિકારોની દૃષ્ટિએ સર્વ માનવો જન્મથી સ્વતંત્ર અને સમાન હોય છે.",
    "he": "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם.",
    "hi": "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है।",
    "ja": "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。",
    "kn": "ಎಲ್ಲಾ ಮಾನವರೂ ಸ್ವತಂತ್ರರಾಗಿಯೇ ಜನಿಸಿದ್ದಾರೆ.",
    "ko": "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
    "ml": "മനുഷ്യരെല്ലാവരും തുല്യാവകാശങ്ങളോടും അന്തസ്സോടും സ്വാതന്ത്ര്യത്തോടുംകൂടി ജനിച്ചവരാണ്.",
    "mr": "सर्व मानवी व्यक्ती जन्मतः स्वतंत्र आहेत व त्यांना समान प्रतिष्ठा व समान अधिकार आहेत.",
    "ne": "सबै व्यक्तिहरू जन्मजात स्वतन्त्र हुन् ती सबैको समान अधिकार र महत्व छ।",
    "pa": "ਸਾਰਾ ਮਨੁੱਖੀ ਪਰਿਵਾਰ ਆਪਣੀ ਮਹਿਮਾ, ਸ਼ਾਨ ਅਤੇ ਹੱਕਾਂ ਦੇ ਪੱਖੋਂ ਜਨਮ ਤੋਂ ਹੀ ਆਜ਼ਾਦ ਹੈ।",
    "ru": "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью и должны поступать в отношении друг друга в духе братства.",
    "sw": "Watu wote wamezaliwa huru, hadhi na haki zao ni sawa. Wote wamejaliwa akili na dhamiri, hivyo yapasa watendeane kindugu.",
    "ta": "மனிதப் பிறிவியினர் சகலரும் சுதந்திரமாகவே பிறக்கின்றனர்.",
    "te": "ప్రతిపత్తిస్వత్వముల విషయమున మానవులెల్లరును జన్మతః స్వతంత్రులును సమానులును నగుదురు.",
    "th": "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ",
    "tr": "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve vicdana sahiptirler ve birbirlerine karşı kardeşlik zihniyeti ile hareket etmelidirler.",
    "uk": "Всі люди народжуються вільними і рівними у своїй гідності та правах. Вони наділені розумом і совістю і повинні діяти у відношенні один до одного в дусі братерства.",
    "ur": "تمام انسان آزاد اور حقوق و عزت کے اعتبار سے برابر پیدا ہوئے ہیں۔ انہیں ضمیر اور عقل ودیعت ہوئی ہے۔",
    "vi": "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền.",
    "zh": "人人生而自由，在尊严和权利上一律平等。",
}  # fmt: skip


@pytest.mark.parametrize("language", ARTICLES)
def test_the_first_article_of_human_rights(language: str) -> None:
    assert language_of(ARTICLES[language]) == language


def test_every_language_that_is_told_apart_is_tried() -> None:
    assert languages() == {*ARTICLES, *SIB_LANGUAGES.values()}


def test_sentences_in_the_24_languages_of_the_union() -> None:
    """Of single sentences 88 in 100 are told and nearly all others left open; of five together all but a few."""
    demand_sets()
    texts: dict[str, list[str]] = {}
    for item in sib200().items:
        texts.setdefault(item.name.split("/")[0], []).append(str(item.asks["text"]))
    assert len(texts) == 24
    assert len(RAW.lines("sib200/test.deu_Latn.tsv")) == 205
    found: dict[int, Counter[str]] = {1: Counter(), 5: Counter()}
    for size, counts in found.items():
        for language, own in texts.items():
            for first in range(0, len(own) - size + 1, size):
                told = language_of(" ".join(own[first : first + size]))
                counts["right" if told == language else "open" if told is None else "wrong"] += 1
    assert found[1]["right"] > 0.86 * found[1].total()
    assert found[1]["wrong"] < 0.03 * found[1].total()
    assert found[5]["right"] > 0.99 * found[5].total()
    assert not found[5]["wrong"]


@pytest.mark.parametrize("text", ["", "12, 34!", "Bratislava", "λ aa bb", "ab вг", "xyz qwerty"])
def test_what_cannot_be_told_is_left_open(text: str) -> None:
    assert language_of(text) is None


def test_capital_letters_are_of_the_same_language() -> None:
    for language in ("de", "fr", "pl", "sw", "tr", "vi"):
        words = " ".join(words_of(language))
        assert language_of(words.upper()) == language_of(words) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("L'été, l'eau et l'air. L'homme l'a vu.", "fr"), ("L’été, l’eau et l’air. L’homme l’a vu.", "fr"),
        ("L'acqua e l'aria. L'uomo l'ha visto.", "it"), ("I'm sure it's his, isn't it?", "en"),
        ("Il-bniedem u l-ilma, l-arja u l-ħajja.", "mt"),
    ],
)  # fmt: skip
def test_a_letter_that_an_apostrophe_cuts_off_is_no_word(text: str, language: str) -> None:
    assert language_of(text) == language
