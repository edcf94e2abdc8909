"""Sheets as people keep them: headings of fifteen languages, shuffled, respelt and with columns missing."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass

HEADINGS: dict[str, dict[str, Sequence[str]]] = {
    "en": {
        "post_id": ("Video ID", "post_id"),
        "link": ("Video URL", "Post link"),
        "account": ("Username", "creator"),
        "caption": ("Description", "Caption"),
        "posted_at": ("Date posted", "Publish date"),
        "views": ("Views", "Play count"),
        "likes": ("Likes", "likeCount"),
        "comments": ("Comments", "comment_count"),
        "shares": ("Shares", "share count"),
        "saves": ("Saves", "Bookmarks"),
        "duration_s": ("Duration (s)", "Video length"),
        "sound": ("Sound", "music title"),
        "followers": ("Followers", "follower_count"),
    },
    "da": {
        "post_id": ("video_id", "Video-ID"),
        "link": ("Link til video", "video_url"),
        "account": ("tiktok_handle", "Brugernavn"),
        "caption": ("Beskrivelse", "Opslagstekst"),
        "posted_at": ("upload_dato", "Udgivelsesdato"),
        "views": ("Visninger", "antal_visninger"),
        "likes": ("Likes", "Synes godt om"),
        "comments": ("Kommentarer", "antal_kommentarer"),
        "shares": ("Delinger", "antal delinger"),
        "saves": ("Gemmer", "gemt"),
        "duration_s": ("Varighed", "Længde"),
        "sound": ("Lyd", "Musik"),
        "followers": ("Følgere", "antal_følgere"),
    },
    "no": {
        "link": ("Lenke", "Lenke til video"),
        "account": ("Brukernavn",),
        "caption": ("Bildetekst", "beskrivelse"),
        "posted_at": ("Publiseringsdato", "Publisert"),
        "views": ("Avspillinger", "Antall visninger"),
        "likes": ("Liker", "antall_likes"),
        "comments": ("Kommentarer",),
        "shares": ("Delinger",),
        "saves": ("Lagringer", "Lagret"),
        "duration_s": ("Varighet", "Videolengde"),
        "sound": ("Musikk",),
        "followers": ("Antall følgere",),
    },
    "sv": {
        "link": ("Länk", "Videolänk"),
        "account": ("Användarnamn",),
        "caption": ("Beskrivning", "Bildtext"),
        "posted_at": ("Publiceringsdatum", "Publicerad"),
        "views": ("Visningar", "Antal visningar"),
        "likes": ("Gilla-markeringar",),
        "comments": ("Kommentarer",),
        "shares": ("Delningar",),
        "saves": ("Sparade", "Bokmärken"),
        "duration_s": ("Längd",),
        "sound": ("Ljud",),
        "followers": ("Följare",),
    },
    "de": {
        "link": ("Link zum Video", "Video-URL"),
        "account": ("Benutzername", "Kanal"),
        "caption": ("Beschreibung", "Videobeschreibung"),
        "posted_at": ("Veröffentlicht am", "Veröffentlichungsdatum"),
        "views": ("Aufrufe", "Anzahl Aufrufe"),
        "likes": ("Gefällt mir", "Anzahl Likes"),
        "comments": ("Kommentare", "Anzahl der Kommentare"),
        "shares": ("Geteilt", "Weiterleitungen"),
        "saves": ("Gespeichert", "Favoriten"),
        "duration_s": ("Dauer", "Länge (Sek.)"),
        "sound": ("Musiktitel",),
        "followers": ("Abonnenten", "Anzahl Follower"),
    },
    "nl": {
        "link": ("Video-link", "video url"),
        "account": ("Gebruikersnaam",),
        "caption": ("Bijschrift", "Beschrijving"),
        "posted_at": ("Geplaatst op", "Publicatiedatum"),
        "views": ("Weergaven", "Aantal weergaven"),
        "likes": ("Vind-ik-leuks", "aantal likes"),
        "comments": ("Reacties", "Aantal reacties"),
        "shares": ("Gedeeld",),
        "saves": ("Opgeslagen", "Favorieten"),
        "duration_s": ("Duur", "Lengte"),
        "sound": ("Geluid", "Muziek"),
        "followers": ("Volgers",),
    },
    "fr": {
        "link": ("Lien de la vidéo", "Lien"),
        "account": ("Nom d'utilisateur", "Compte"),
        "caption": ("Légende", "Description"),
        "posted_at": ("Date de publication", "Publié le"),
        "views": ("Vues", "Nombre de vues"),
        "likes": ("J'aime", "Mentions J’aime"),
        "comments": ("Commentaires", "nb_commentaires"),
        "shares": ("Partages",),
        "saves": ("Enregistrements", "Favoris"),
        "duration_s": ("Durée", "Durée (s)"),
        "sound": ("Musique",),
        "followers": ("Abonnés", "Nombre d'abonnés"),
    },
    "es": {
        "link": ("Enlace", "Enlace del vídeo"),
        "account": ("Usuario", "Cuenta"),
        "caption": ("Descripción", "Texto"),
        "posted_at": ("Fecha de publicación", "Publicado"),
        "views": ("Visualizaciones", "Reproducciones"),
        "likes": ("Me gusta", "num_likes"),
        "comments": ("Comentarios", "numero_comentarios"),
        "shares": ("Compartidos", "Veces compartido"),
        "saves": ("Guardados", "Favoritos"),
        "duration_s": ("Duración",),
        "sound": ("Sonido", "Canción"),
        "followers": ("Seguidores",),
    },
    "pt": {
        "link": ("Link do vídeo",),
        "account": ("Nome de usuário", "Perfil"),
        "caption": ("Legenda", "Descrição"),
        "posted_at": ("Data de publicação", "Publicado em"),
        "views": ("Visualizações", "Total de visualizações"),
        "likes": ("Curtidas", "Gostos"),
        "comments": ("Comentários",),
        "shares": ("Compartilhamentos", "Partilhas"),
        "saves": ("Salvos", "Salvamentos"),
        "duration_s": ("Duração", "duracao"),
        "sound": ("Som",),
        "followers": ("Seguidores",),
    },
    "it": {
        "link": ("Link del video",),
        "account": ("Nome utente",),
        "caption": ("Didascalia", "Descrizione"),
        "posted_at": ("Data di pubblicazione", "Pubblicato il"),
        "views": ("Visualizzazioni",),
        "likes": ("Mi piace",),
        "comments": ("Commenti", "Numero di commenti"),
        "shares": ("Condivisioni",),
        "saves": ("Salvataggi", "Preferiti"),
        "duration_s": ("Durata",),
        "sound": ("Brano",),
        "followers": ("Follower", "Numero di follower"),
    },
    "pl": {
        "link": ("Link do filmu",),
        "account": ("Nazwa użytkownika",),
        "caption": ("Opis",),
        "posted_at": ("Data publikacji",),
        "views": ("Wyświetlenia", "Liczba wyświetleń"),
        "likes": ("Polubienia",),
        "comments": ("Komentarze", "liczba_komentarzy"),
        "shares": ("Udostępnienia",),
        "saves": ("Zapisania", "Ulubione"),
        "duration_s": ("Czas trwania",),
        "sound": ("Dźwięk", "Utwór"),
        "followers": ("Obserwujący",),
    },
    "tr": {
        "link": ("Video bağlantısı",),
        "account": ("Kullanıcı adı",),
        "caption": ("Açıklama",),
        "posted_at": ("Yayın tarihi", "Paylaşım Tarihi"),
        "views": ("İzlenme", "Görüntülenme sayısı"),
        "likes": ("Beğeni", "Beğeniler"),
        "comments": ("Yorumlar", "Yorum sayısı"),
        "shares": ("Paylaşımlar",),
        "saves": ("Kaydetme", "Kaydedilenler"),
        "duration_s": ("Süre",),
        "sound": ("Ses", "Müzik"),
        "followers": ("Takipçi sayısı",),
    },
    "id": {
        "link": ("Tautan video",),
        "account": ("Nama pengguna", "Akun"),
        "caption": ("Keterangan", "Deskripsi"),
        "posted_at": ("Tanggal posting", "Tanggal unggah"),
        "views": ("Tayangan", "Jumlah tayangan"),
        "likes": ("Suka", "Jumlah suka"),
        "comments": ("Komentar", "Jumlah komentar"),
        "shares": ("Dibagikan", "Bagikan"),
        "saves": ("Disimpan", "Favorit"),
        "duration_s": ("Durasi",),
        "sound": ("Suara", "Lagu"),
        "followers": ("Pengikut",),
    },
    "vi": {
        "link": ("Liên kết",),
        "account": ("Tên người dùng", "Tài khoản"),
        "caption": ("Mô tả", "Chú thích"),
        "posted_at": ("Ngày đăng",),
        "views": ("Lượt xem", "Số lượt xem"),
        "likes": ("Lượt thích", "so_luot_thich"),
        "comments": ("Bình luận", "Số bình luận"),
        "shares": ("Lượt chia sẻ",),
        "saves": ("Lượt lưu",),
        "duration_s": ("Thời lượng",),
        "sound": ("Âm thanh", "Nhạc"),
        "followers": ("Người theo dõi",),
    },
    "ja": {
        "link": ("動画URL", "リンク"),
        "account": ("アカウント名", "ユーザー名"),
        "caption": ("キャプション", "説明文"),
        "posted_at": ("投稿日時", "投稿日"),
        "views": ("再生回数", "視聴回数"),
        "likes": ("いいね数", "いいね"),
        "comments": ("コメント数",),
        "shares": ("シェア数",),
        "saves": ("保存数", "お気に入り"),
        "duration_s": ("動画の長さ", "秒数"),
        "sound": ("楽曲", "音源"),
        "followers": ("フォロワー数",),
    },
    "ko": {
        "link": ("영상 링크", "링크"),
        "account": ("계정", "사용자 이름"),
        "caption": ("설명", "캡션"),
        "posted_at": ("게시일", "업로드 날짜"),
        "views": ("조회수",),
        "likes": ("좋아요", "좋아요 수"),
        "comments": ("댓글", "댓글 수"),
        "shares": ("공유", "공유 수"),
        "saves": ("저장", "저장 수"),
        "duration_s": ("영상 길이",),
        "sound": ("음원", "노래"),
        "followers": ("팔로워 수",),
    },
    "ar": {
        "link": ("رابط الفيديو",),
        "account": ("اسم المستخدم", "الحساب"),
        "caption": ("الوصف",),
        "posted_at": ("تاريخ النشر",),
        "views": ("المشاهدات", "عدد المشاهدات"),
        "likes": ("الإعجابات",),
        "comments": ("التعليقات",),
        "shares": ("المشاركات",),
        "saves": ("مرات الحفظ", "المفضلة"),
        "duration_s": ("المدة",),
        "sound": ("الصوت",),
        "followers": ("المتابعون",),
    },
    "el": {
        "link": ("Σύνδεσμος βίντεο",),
        "account": ("Όνομα χρήστη", "Λογαριασμός"),
        "caption": ("Περιγραφή", "Λεζάντα"),
        "posted_at": ("Ημερομηνία δημοσίευσης",),
        "views": ("Προβολές",),
        "likes": ("Μου αρέσει",),
        "comments": ("Σχόλια",),
        "shares": ("Κοινοποιήσεις",),
        "saves": ("Αποθηκεύσεις", "Αγαπημένα"),
        "duration_s": ("Διάρκεια",),
        "sound": ("Μουσική", "Ήχος"),
        "followers": ("Ακόλουθοι",),
    },
}
# What stands beside the facts, and is none.
STRANGERS = (
    ("Row", lambda n, _: str(n + 1)),
    ("Engagement rate", lambda _, r: f"{r.random() * 9:.2f}%"),
    ("Display name", lambda _, r: r.choice(["Rye & Co", "Æble 🍏"])),
    ("Thumbnail", lambda n, _: f"https://cdn.example.com/{n}.jpg"),
    ("V16_conflict", lambda _, r: str(r.randint(0, 1))),
)
CAPTIONS = (
    "Guess what is in the oven, and why?",
    "Kan du gætte det? #rugbrød #bageri",
    "今日のパン #ベーカリー",
    'He said "rise", so it did, slowly',
    "Rye\nbread",
    "Нове тісто щоранку",
)
CORE = ("views", "likes", "comments", "shares", "saves")


@dataclass(frozen=True)
class Made:
    """A sheet, with the heading of each fact in it and what the facts are, row by row."""

    text: str
    headings: dict[str, str]
    facts: dict[str, list[str]]


def made(language: str, seed: int, rows: int = 40) -> Made:
    """A sheet of posts in a language, its columns shuffled, some missing, headings respelt as people and tools do."""
    draw = random.Random(f"{language}{seed}")
    known = {fact: draw.choice(list(names)) for fact, names in HEADINGS[language].items()}
    dropped = draw.sample([f for f in known if f not in {"link", "views", "posted_at"}], k=draw.randint(0, 4))
    headings = {fact: _respelt(name, draw) for fact, name in known.items() if fact not in dropped}
    facts: dict[str, list[str]] = {fact: [] for fact in headings}
    style = draw.choice(["plain", "grouped"])
    for number in range(rows):
        posted = dt.datetime(2026, 3, 1, 6, tzinfo=dt.UTC) + dt.timedelta(
            hours=31 * number, seconds=draw.randint(0, 3000)
        )
        post_id = str((int(posted.timestamp()) << 32) | draw.randint(1, 2**30))
        handle = draw.choice(["rye.and.co", "brodhaus", "pan_de_hoy"])
        views = draw.randint(800, 900_000)
        row = {
            "post_id": post_id,
            "link": f"https://www.tiktok.com/@{handle}/video/{post_id}",
            "account": handle,
            "caption": draw.choice(CAPTIONS),
            "posted_at": f"{posted:%Y-%m-%d %H:%M:%S}",
            "duration_s": str(draw.randint(6, 90)),
            "sound": draw.choice(["Dough Song", "original sound", "パンの歌"]),
            "followers": str(12_000 + number),
            "views": str(views),
            **{
                name: str(int(views * share))
                for name, share in (("likes", 0.07), ("comments", 0.004), ("shares", 0.006), ("saves", 0.01))
            },
        }
        for fact in headings:
            facts[fact].append(row[fact])
    columns: list[tuple[str, list[str]]] = [
        (name, [f"{int(v):,}" if style == "grouped" and fact in CORE else v for v in facts[fact]])
        for fact, name in headings.items()
    ]
    strangers = draw.sample(STRANGERS, k=2)
    columns += [(name, [make(n, draw) for n in range(rows)]) for name, make in strangers]
    draw.shuffle(columns)
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=draw.choice(",;\t"), lineterminator="\n")
    writer.writerow([name for name, _ in columns])
    writer.writerows(zip(*(values for _, values in columns), strict=True))
    return Made(stream.getvalue(), headings, facts)


def _respelt(name: str, draw: random.Random) -> str:
    how = draw.choice(["as it is", "snake", "upper", "spaced", "prefixed", "as it is"])
    if how == "snake":
        return name.lower().replace(" ", "_").replace("-", "_")
    if how == "upper":
        return name.upper()
    if how == "spaced":
        return f" {name}  "
    if how == "prefixed":
        return f"video_{name.lower().replace(' ', '_')}" if draw.random() < 0.5 else f"stats.{name}"
    return name
