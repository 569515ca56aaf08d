"""Search terms: the words and bigrams a text is found by, the same for the index and for the question.

Keeps no index and ranks nothing.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator

MOST_QUERY_TERMS = 16


def index_terms(text: str) -> frozenset[str]:
    """List all a text may be found by: words, hyphenated ones also whole, Chinese as characters and bigrams."""
    return frozenset(itertools.chain.from_iterable(map(_index_terms_of, _tokens(text))))


def query_terms(text: str) -> tuple[str, ...]:
    """List what must all be in a text's `index_terms` for the text to answer: at most 16, each once, in order.

    Empty where nothing can be looked for, as in "!?": it is for the caller to say what that finds.
    """
    terms = itertools.chain.from_iterable(map(_query_terms_of, _tokens(text)))
    return tuple(itertools.islice(dict.fromkeys(terms), MOST_QUERY_TERMS))


def _index_terms_of(token: str) -> Iterator[str]:
    if _is_cjk(token):
        yield from token
        yield from _bigrams(token)
    else:
        yield from _words(token)
        if "-" in token:
            yield token


def _query_terms_of(token: str) -> Iterator[str]:
    """Bigrams where there are any, which say more than characters; words apart, so that "t-shirt" finds "T shirt"."""
    if not _is_cjk(token):
        yield from _words(token)
    elif len(token) == 1:
        yield token
    else:
        yield from _bigrams(token)


def _tokens(text: str) -> Iterator[str]:
    """Runs of Chinese (with kana and hangul), and words with their inner hyphens, in one case and width."""
    for found in _TOKEN.finditer(_APOSTROPHE.sub("", _folded(text))):
        yield found[0]


def _folded(text: str) -> str:
    """Fold width and case: ＭＨ０１ as mh01. Folding case may undo the normal form, so it is restored."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _words(token: str) -> Iterator[str]:
    return (_stem(word) for word in token.split("-"))


def _bigrams(run: str) -> Iterator[str]:
    return (first + second for first, second in itertools.pairwise(run))


def _stem(word: str) -> str:
    """Drop an English plural, naively: hoodies and hoodie both become hoody, which harms nobody."""
    if len(word) <= 3 or not (word.isascii() and word.isalpha()):
        return word
    single = word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
    if single.endswith(("sse", "she", "che", "xe", "zze")):
        return single[:-1]
    return single[:-2] + "y" if single.endswith("ie") and len(single) > 3 else single


def _is_cjk(token: str) -> bool:
    return _CJK_START.match(token) is not None


_CJK = (
    "\u3005-\u3007"  # the repetition mark 々, 〇
    "\u3040-\u30fa\u30fc-\u30ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese characters
    "\uac00-\ud7af"  # hangul
)
_CJK_START = re.compile(f"[{_CJK}]")
_TOKEN = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+(?:-[^\W_{_CJK}]+)*")
_APOSTROPHE = re.compile("['\u2019]")
