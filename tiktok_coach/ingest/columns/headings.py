"""Headings of TikTok's own exports in other interface languages, to their English names.

Studio's headings were English in every file seen; the translated ones are known from other programs' readers and
from the interface, so that a file may use one that is not here: the error then names what is missing.
"""

from __future__ import annotations

_BY_ENGLISH: dict[str, tuple[str, ...]] = {
    "date": ("dato", "datum", "data", "fecha", "ημερομηνία", "日付", "ngày", "tanggal", "tarih", "дата", "التاريخ", "วันที่", "날짜", "日期", "päivämäärä"),
    "time": ("tid", "zeit", "heure", "hora", "ora", "tijd", "時間", "thời gian", "waktu"),
    "video title": ("videotitel", "titel på video", "titre de la vidéo", "título del video", "título del vídeo", "título do vídeo", "titolo del video", "動画タイトル", "tiêu đề video", "judul video", "video başlığı", "название видео", "عنوان الفيديو", "ชื่อวิดีโอ", "동영상 제목", "τίτλος βίντεο"),
    "video link": ("videolänk", "videolink", "link til video", "lien de la vidéo", "enlace del video", "enlace del vídeo", "link do vídeo", "link del video", "動画リンク", "liên kết video", "tautan video", "video bağlantısı", "ссылка на видео", "رابط الفيديو", "ลิงก์วิดีโอ", "동영상 링크", "σύνδεσμος βίντεο"),
    "post time": ("publiceringstid", "udgivelsestid", "opslagstidspunkt", "veröffentlichungszeit", "heure de publication", "hora de publicación", "hora da publicação", "ora di pubblicazione", "投稿時間", "thời gian đăng", "waktu posting", "gönderi zamanı", "время публикации", "وقت النشر", "เวลาโพสต์", "게시 시간", "ώρα δημοσίευσης"),
    "total likes": ("likes i alt", "gesamtanzahl likes", "total de likes", "total de me gusta", "total de curtidas", "いいね合計", "tổng lượt thích", "total suka"),
    "total comments": ("kommentarer i alt", "gesamtanzahl kommentare", "total des commentaires", "total de comentarios", "total de comentários", "コメント合計", "tổng bình luận", "total komentar"),
    "total shares": ("delinger i alt", "gesamtanzahl shares", "total des partages", "total de veces compartido", "total de compartilhamentos", "シェア合計", "tổng lượt chia sẻ", "total berbagi"),
    "total views": ("visninger i alt", "gesamtanzahl aufrufe", "total des vues", "total de visualizaciones", "total de visualizações", "再生合計", "tổng lượt xem", "total tayangan"),
    "video views": ("videovisningar", "videovisninger", "videoaufrufe", "vues de la vidéo", "vues de vidéo", "visualizaciones de video", "visualizaciones de vídeo", "visualizações de vídeo", "visualizzazioni video", "動画の再生数", "lượt xem video", "tayangan video", "video görüntüleme", "просмотры видео", "مشاهدات الفيديو", "ยอดดูวิดีโอ", "동영상 조회수", "προβολές βίντεο"),
    "profile views": ("profilvisningar", "profilvisninger", "profilaufrufe", "vues du profil", "visualizaciones del perfil", "visualizações do perfil", "visualizações de perfil", "visualizzazioni profilo", "プロフィールの表示数", "lượt xem hồ sơ", "tayangan profil"),
    "likes": ("gilla-markeringar", "synes godt om", "gefällt mir", "j'aime", "me gusta", "curtidas", "mi piace", "いいね", "lượt thích", "suka", "beğeniler", "лайки", "الإعجابات", "ถูกใจ", "좋아요", "μου αρέσει"),
    "comments": ("kommentarer", "kommentare", "commentaires", "comentarios", "comentários", "commenti", "コメント", "bình luận", "komentar", "yorumlar", "комментарии", "التعليقات", "ความคิดเห็น", "댓글", "σχόλια"),
    "shares": ("delningar", "delinger", "geteilte inhalte", "partages", "veces compartido", "compartilhamentos", "condivisioni", "シェア", "lượt chia sẻ", "berbagi", "paylaşımlar", "репосты", "المشاركات", "แชร์", "공유", "κοινοποιήσεις"),
    "add to favorites": ("lägg till i favoriter", "føj til favoritter", "zu favoriten hinzufügen", "ajouts aux favoris", "añadidos a favoritos", "adicionar aos favoritos", "aggiunti ai preferiti", "お気に入りに追加", "thêm vào mục yêu thích", "favorites"),
    "total viewers": ("seere i alt", "zuschauer insgesamt", "total des spectateurs", "espectadores totales", "total de espectadores"),
    "new viewers": ("nye seere", "neue zuschauer", "nouveaux spectateurs", "espectadores nuevos", "novos espectadores"),
    "returning viewers": ("tilbagevendende seere", "wiederkehrende zuschauer", "spectateurs récurrents", "espectadores recurrentes", "espectadores recorrentes"),
    "followers": ("følgere", "följare", "abonnés", "seguidores", "フォロワー", "người theo dõi", "pengikut", "takipçiler"),
    "hour": ("time på dagen", "stunde", "horas", "時"),
    "active followers": ("aktive følgere", "aktive follower", "abonnés actifs", "seguidores activos", "seguidores ativos", "アクティブなフォロワー"),
    "gender": ("køn", "geschlecht", "genre", "género", "gênero", "性別", "giới tính"),
    "distribution": ("fordeling", "verteilung", "répartition", "distribución", "distribuição", "分布"),
    "top territories": ("vigtigste områder", "top-gebiete", "principaux territoires", "territorios principales", "principais territórios"),
    "reached audience": ("nådd publik", "nået publikum", "erreichte zielgruppe", "audience touchée", "audiencia alcanzada", "público alcançado"),
}  # fmt: skip

ENGLISH: dict[str, str] = {alias: english for english, aliases in _BY_ENGLISH.items() for alias in aliases}
