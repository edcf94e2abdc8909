"""What Content Credentials say: of AI, of something else, of nothing; and that nothing is fetched."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest

from tests.media.c2pa_files import sign
from tests.media.clips import Scene, write

pytest.importorskip("av", reason="needs the extra media")

import av

from tiktok_coach.media.credentials import content_credentials
from tiktok_coach.media.measure import measure_video

pytestmark = pytest.mark.xdist_group("looking")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("clip") / "clip.mp4", [Scene(0.4)], width=90, height=160, fps=5)


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("photo") / "photo.jpg"
    with av.open(str(path), "w", format="image2") as container:
        stream = container.add_stream("mjpeg", rate=1)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuvj420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.full((64, 64, 3), 90, np.uint8), "rgb24")))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("trainedAlgorithmicMedia", "ai"),
        ("compositeWithTrainedAlgorithmicMedia", "ai"),
        ("digitalCapture", "other"),
        ("algorithmicMedia", "other"),
    ],
)
def test_credentials_say_whether_ai_made_a_video_or_a_photo(
    source: str, answer: str, clip: Path, photo: Path, tmp_path: Path
) -> None:
    for path in (clip, photo):
        assert content_credentials(sign(path, tmp_path / path.name, source)) == answer


def test_a_file_without_credentials_has_none(clip: Path, photo: Path) -> None:
    assert content_credentials(clip) == content_credentials(photo) == "none"


def test_what_a_video_was_made_from_counts(clip: Path, photo: Path, tmp_path: Path) -> None:
    part = sign(photo, tmp_path / "part.jpg", "trainedAlgorithmicMedia")
    assert content_credentials(sign(clip, tmp_path / "v.mp4", "digitalCapture", ingredient=part)) == "ai"
    assert content_credentials(sign(clip, tmp_path / "w.mp4", "digitalCapture", ingredient=photo)) == "other"


def test_what_cannot_be_read_is_not_known(clip: Path, photo: Path, tmp_path: Path) -> None:
    changed = bytearray(sign(photo, tmp_path / "changed.jpg", "trainedAlgorithmicMedia").read_bytes())
    changed[-5] ^= 1
    (tmp_path / "changed.jpg").write_bytes(bytes(changed))
    (tmp_path / "text.mp4").write_text("rye bread", "utf-8")
    (tmp_path / "empty.mp4").touch()
    matroska = write(tmp_path / "v.mkv", [Scene(0.4)], width=90, height=160, fps=5)
    paths = [*(tmp_path / name for name in ("changed.jpg", "text.mp4", "empty.mp4", "missing.mp4")), matroska]
    assert [content_credentials(path) for path in paths] == [None] * 5


@pytest.fixture
def visits() -> Iterator[tuple[str, list[str]]]:
    """The address of a server on this machine, and the paths that were asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *arguments: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/manifest.c2pa", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_credentials_that_are_kept_elsewhere_are_not_fetched(
    photo: Path, tmp_path: Path, visits: tuple[str, list[str]]
) -> None:
    address, asked = visits
    path = sign(photo, tmp_path / "remote.jpg", "trainedAlgorithmicMedia", kept_at=address)
    assert address.encode() in path.read_bytes()
    assert content_credentials(path) is None
    assert asked == []


def test_a_quick_look_at_a_video_reads_them_too(clip: Path, tmp_path: Path) -> None:
    path = sign(clip, tmp_path / "v.mp4", "trainedAlgorithmicMedia")
    assert measure_video(path, fast=True).content_credentials == "ai"


def test_without_the_library_nothing_is_known(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tiktok_coach.media import credentials

    monkeypatch.setattr(credentials, "_offline_context", lambda: None)
    assert content_credentials(clip) is None
