"""The product's languages."""

from datetime import UTC, datetime, timedelta

import pytest

from app.kernel import i18n

NOON = datetime(2026, 6, 8, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("texts", "locale", "read"),
    [
        ({"en": "Count", "zh_Hant": "點收", "zh_Hans": "点收"}, "zh_Hant", "點收"),
        ({"en": "Count", "zh_Hant": "點收"}, "zh_Hans", "點收"),
        ({"en": "Count"}, "zh_Hant", "Count"),
        ({"en": "Count", "zh_Hant": ""}, "zh_Hant", "Count"),
        ({"zh_Hans": "点收"}, "en", "点收"),
        ({"fr": "Compter"}, "en", "Compter"),
        ("Count", "zh_Hant", "Count"),
        ({}, "en", ""),
        ({"en": "Count"}, "tlh", "Count"),
    ],
)
def test_a_text_is_read_in_the_nearest_language_there_is(
    texts: dict[str, str] | str, locale: str, read: str
) -> None:
    assert i18n.text_of(texts, locale) == read


@pytest.mark.parametrize(
    ("minutes", "english", "traditional", "simplified"),
    [
        (40, "in 40 min", "40 分鐘後", "40 分钟后"),
        (-180, "3 h late", "逾期 3 小時", "逾期 3 小时"),
        (89, "in 89 min", "89 分鐘後", "89 分钟后"),
        (100, "in 2 h", "2 小時後", "2 小时后"),
        (2 * 24 * 60, "in 2 d", "2 天後", "2 天后"),
        (-10 * 24 * 60, "10 d late", "逾期 10 天", "逾期 10 天"),
        (0.5, "now", "現在", "现在"),
        (-0.5, "now", "現在", "现在"),
    ],
)
def test_a_due_time_is_said_in_words(
    minutes: float, english: str, traditional: str, simplified: str
) -> None:
    due = NOON + timedelta(minutes=minutes)

    assert i18n.due_in_words(due, NOON, "en") == english
    assert i18n.due_in_words(due, NOON, "zh_Hant") == traditional
    assert i18n.due_in_words(due, NOON, "zh_Hans") == simplified


def test_sentences_in_a_row_are_spaced_as_their_language_does() -> None:
    assert i18n.sentences(["Done.", "Next."], "en") == "Done. Next."
    assert i18n.sentences(["完成。", "接著。"], "zh_Hant") == "完成。接著。"
