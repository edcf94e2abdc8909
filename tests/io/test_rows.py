"""What cells say of their row: its platform, how far it has come, whether it sums up others."""

import pytest

from tiktok_coach.io.columns.rows import TIKTOK, is_sum, platform_of, site_of, status_of


@pytest.mark.parametrize(
    "text", ["TikTok", "tik-tok", "TT", "Instagram, TikTok", "ТикТок", "틱톡", "تيك توك", "すべて", "Alle"]
)
def test_tiktok_counts_among_several_platforms_and_in_any_script(text: str) -> None:
    assert platform_of(text) == TIKTOK


@pytest.mark.parametrize(
    ("text", "platform"),
    [("IG", "Instagram"), ("Facebook Page", "Facebook"), ("ユーチューブ", "YouTube"), ("抖音", "Douyin"), ("x", "X")],
)
def test_another_platform_is_told_by_its_name(text: str, platform: str) -> None:
    assert platform_of(text) == platform


@pytest.mark.parametrize("text", ["", "organic", "For You", "Ritter", "Anna"])
def test_a_text_that_names_no_platform_says_nothing(text: str) -> None:
    assert platform_of(text) is None


@pytest.mark.parametrize(
    ("link", "site"),
    [
        ("https://www.tiktok.com/@ovnkrogen/video/7650921463263792402", TIKTOK),
        ("https://vt.tiktok.com/ZSabc/", TIKTOK),
        ("https://www.tiktokv.com/share/video/7650921463263792402/", TIKTOK),
        ("m.facebook.com/reel/1", "Facebook"),
        ("https://notiktok.com/x", "notiktok.com"),
        ("https://bit.ly/3abc", None),
        ("rye and/or wheat", None),
    ],
)
def test_a_link_leads_to_a_site_by_its_host(link: str, site: str | None) -> None:
    assert site_of(link) == site


@pytest.mark.parametrize(
    ("status", "texts"),
    [
        ("idea", ["Idea", "Idé", "Ý tưởng", "アイデア", "Not started"]),
        ("draft", ["Draft v2", "Udkast", "In Bearbeitung", "Brouillon", "Bozza", "下書き", "초안", "草稿", "Taslak"]),
        (
            "planned",
            ["🗓 Scheduled", "Klar til opslag", "Programado", "À publier", "Noch nicht veröffentlicht", "未公開です"],
        ),
        (
            "published",
            ["✅ Posted 12/3", "Udgivet", "Opublikowane", "Yayınlandı", "Sudah tayang", "已发布", "게시 완료"],
        ),
        ("called off", ["Cancelled", "Aflyst", "Annulé", "Geannuleerd", "Đã hủy", "中止"]),
        (None, ["", "1", "Anna", "not live"]),
    ],
)
def test_a_status_is_read_in_many_languages(status: str | None, texts: list[str]) -> None:
    assert {status_of(text) for text in texts} == {status}


@pytest.mark.parametrize("text", ["Total", "TOTAL (12 videos):", "Average per post", "Gennemsnit", "合計", "Moyenne"])
def test_words_of_sums_stand_alone(text: str) -> None:
    assert is_sum(text)


@pytest.mark.parametrize("text", ["", "Total makeover", "Mean girls", "Sum it up in three words", "12"])
def test_captions_with_such_words_are_no_sums(text: str) -> None:
    assert not is_sum(text)
