"""The words of a document in order, as engines keep them for a close look."""

from __future__ import annotations

from array import array

import pytest

from search.analysis.documents import analyse
from search.engines.elasticsearch.encoding import number_of
from search.engines.sql.ranking import Words, packed

TEXT = analyse(
    "Reset a password", "Reset it. The password of Żaneta, then e-mail it: 5.7.26.", "en"
)


def _standing(words: Words, *stems: str) -> list[list[int]]:
    numbers = [number_of(stem) for stem in stems]
    found = words.positions(numbers)
    return [found[number] for number in numbers]


def test_words_stand_where_they_stood() -> None:
    words = Words(packed(TEXT, number_of))
    assert (words.length, words.title_words) == (len(TEXT.sequence), TEXT.title_words)
    for stem in set(TEXT.sequence) - {""}:
        places = [place for place, one in enumerate(TEXT.sequence) if one == stem]
        assert _standing(words, stem) == [places]
    assert _standing(words, "s:en:reset", "s:en:kestrel") == [[0, 3], []]
    assert words.title == TEXT.title_text


def test_a_form_of_the_title_is_told_from_one_of_the_body() -> None:
    words = Words(packed(TEXT, number_of))
    forms = ("x:reset", "x:password", "x:zaneta", "x:kestrel")
    assert [words.form(number_of(form)) for form in forms] == [2, 2, 1, 0]


def test_all_numbers_are_told_once() -> None:
    """What is taken out of an index is taken out whole."""
    numbers = Words(packed(TEXT, number_of)).numbers()
    keys = [key for key in {**TEXT.title, **TEXT.body} if key[0] == "x" or key in TEXT.sequence]
    assert sorted(numbers) == sorted(map(number_of, keys))


def test_words_that_were_cut_off_are_no_words() -> None:
    raw = packed(TEXT, number_of)
    for length in (0, 3, 20, 24, 40, 60):
        with pytest.raises(ValueError):
            Words(raw[:length])


def test_words_of_an_older_form_count_for_nothing() -> None:
    """Until their index is made anew, documents are ranked by their terms alone."""
    older = array("I", [7, 2, 3, 4, 2, 9, *range(40)]).tobytes()
    words = Words(older)
    assert (words.length, words.title_words, words.title, words.numbers()) == (0, 0, "", [])
    assert _standing(words, "s:en:reset") == [[]]
    assert words.offset(5) == 0
