"""Whatever part of a text someone asks for, the text is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.search

chinese = st.text("羽绒服男女短款长袖衬衫红黑白色一二三，。 ", min_size=1, max_size=30)
words = st.text("abcdeéßxyzs'-0123456789ＡＢ", min_size=1, max_size=9)


def _finds(question: str, text: str) -> bool:
    return set(domain.search.query_terms(question)) <= domain.search.index_terms(text)


def test_chinese_is_kept_as_characters_and_bigrams() -> None:
    assert domain.search.index_terms("羽绒服") == {"羽", "绒", "服", "羽绒", "绒服"}


def test_a_repetition_mark_is_a_character_like_the_one_it_repeats() -> None:
    assert domain.search.index_terms("人々") == {"人", "々", "人々"}


def test_chinese_is_asked_by_bigrams_and_a_single_character_by_itself() -> None:
    assert domain.search.query_terms("羽绒服") == ("羽绒", "绒服")
    assert domain.search.query_terms("服") == ("服",)


def test_a_sku_is_kept_whole_and_in_parts() -> None:
    assert domain.search.index_terms("ＭＨ01-XS-Black") == {"mh01-xs-black", "mh01", "xs", "black"}
    assert _finds("mh01-xs", "MH01-XS-Black")


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("jackets", "Jacket"),
        ("jacket", "Jackets"),
        ("hoodies", "Chaz Kangeroo Hoodie"),
        ("accessory", "Accessories"),
        ("dress", "Dresses"),
        ("watches", "Watch"),
        ("ties", "tie"),
        ("womens", "Women’s"),
        ("women", "Women's"),
        ("t-shirt", "T Shirt"),
        ("T恤", "纯棉T恤"),
        ("XL 羽绒", "羽绒服XL码"),
        ("STRASSE", "Straße"),
        ("ｊａｃｋｅｔ", "jacket"),
        ("パーカー", "コットンパーカー"),
        ("코트", "다운코트"),
        ("人々", "人々の服"),
    ],
)
def test_shoppers_need_not_write_as_the_catalogue_does(question: str, text: str) -> None:
    assert _finds(question, text)


@pytest.mark.parametrize(("question", "text"), [("绒羽", "羽绒服"), ("jacket", "Jack"), ("dress", "Dres"), ("服", "a")])
def test_what_is_not_there_is_not_found(question: str, text: str) -> None:
    assert not _finds(question, text)


@given(chinese, st.data())
def test_any_stretch_of_a_chinese_text_is_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert _finds(text[start:end], text)


@given(st.lists(words, min_size=1, max_size=12), st.data())
def test_any_words_of_an_english_text_are_found_in_any_order(text: list[str], data: st.DataObject) -> None:
    asked = data.draw(st.lists(st.sampled_from(text), min_size=1, max_size=12))
    assert _finds(" ".join(asked), " ".join(text))


@given(st.text())
def test_every_text_finds_itself_by_a_few_terms_each_once(text: str) -> None:
    terms = domain.search.query_terms(text)
    assert set(terms) <= domain.search.index_terms(text)
    assert len(set(terms)) == len(terms) <= domain.search.MOST_QUERY_TERMS
    assert terms == domain.search.query_terms(text)


def test_folding_case_leaves_a_word_whole() -> None:
    assert len(domain.search.index_terms("Ρΐτα")) == 1  # ΐ folds into three characters, two of which are no letters


def test_terms_keep_the_order_they_were_asked_in() -> None:
    assert domain.search.query_terms("red 羽绒服 jackets, red") == ("red", "羽绒", "绒服", "jacket")


def test_a_question_of_signs_asks_for_nothing() -> None:
    assert domain.search.query_terms(" !? — ") == ()
