"""Whether a picture shows a QR code; what the code says is not kept."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np


def has_qr_code(picture: np.ndarray) -> bool | None:
    """Whether a picture (height x width, or x 3, 0-255) shows a QR code; None without the library."""
    read = _read_codes()
    return None if read is None else bool(read(np.ascontiguousarray(picture)))


@cache
def _read_codes() -> Any:
    if find_spec("zxingcpp") is None:
        return None
    import zxingcpp

    kinds = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.MicroQRCode])

    def read(picture: np.ndarray) -> list[Any]:
        return zxingcpp.read_barcodes(picture, formats=kinds)

    return read
