"""Signs pictures and videos with Content Credentials, by certificates that are made here and that nobody trusts."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("c2pa", reason="needs the extra media")

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SOURCES = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def _certificate(name: str, issuer: Any = None) -> tuple[Any, Any]:
    """A certificate and its key: one that may sign certificates, or one by `issuer` that may sign credentials."""
    key, is_root = ec.generate_private_key(ec.SECP256R1()), issuer is None
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Bakery")]
    )
    by, by_key = (subject, key) if is_root else (issuer[0].subject, issuer[1])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(by, subject, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - dt.timedelta(1)).not_valid_after(now + dt.timedelta(30))
    names = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    may = dict.fromkeys((*names, "encipher_only", "decipher_only"), False)
    usage = x509.KeyUsage(digital_signature=not is_root, key_cert_sign=is_root, crl_sign=is_root, **may)
    for extension, critical in (
        (x509.BasicConstraints(ca=is_root, path_length=None), True),
        (usage, True),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(by_key.public_key()), False),
        *(() if is_root else ((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False),)),
    ):
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(by_key, hashes.SHA256()), key


@cache
def _chain() -> tuple[bytes, bytes]:
    root = _certificate("root")
    own, key = _certificate("baker", root)
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return own.public_bytes(pem) + root[0].public_bytes(pem), secret


def sign(path: Path, to: Path, source: str, *, ingredient: Path | None = None, kept_at: str | None = None) -> Path:
    """A copy of a file whose credentials say that it was made by a kind of `source`.

    With an `ingredient` it was made from that file; with `kept_at` the credentials are not in the file, which only names
    that address.
    """
    actions = [{"action": "c2pa.created", "digitalSourceType": SOURCES + source}]
    manifest = {
        "claim_generator_info": [{"name": "oven", "version": "1"}],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": actions}}],
    }
    settings = {"verify": {"verify_trust": False, "ocsp_fetch": False}, "builder": {"thumbnail": {"enabled": False}}}
    builder = c2pa.Builder(manifest, context=c2pa.Context.from_dict(settings))
    if ingredient is not None:
        with ingredient.open("rb") as stream:
            kind = "image/jpeg" if ingredient.suffix == ".jpg" else "video/mp4"
            builder.add_ingredient({"title": "part", "relationship": "componentOf"}, kind, stream)
    if kept_at is not None:
        builder.set_no_embed()
        builder.set_remote_url(kept_at)
    builder.sign_file(str(path), str(to), c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"es256", *_chain(), None)))
    return to
