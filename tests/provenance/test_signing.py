import datetime
import sys

import numpy as np
import pytest
import soundfile
from PIL import Image

from multigan.core.errors import DataError, RunError
from multigan.provenance import labels as provenance
from multigan.provenance import signing

LABEL = provenance.label("g", "ab", "digits", 7)


def test_the_manifest_says_who_made_it_how():
    told = signing.manifest("a.png", LABEL)
    (action,) = told["assertions"][0]["data"]["actions"]
    assert action["action"] == "c2pa.created"
    assert action["digitalSourceType"].endswith("trainedAlgorithmicMedia")
    assert told["assertions"][1]["data"] == LABEL


def test_what_cannot_be_signed_is_said(tmp_path, monkeypatch):
    provenance.write_text(tmp_path / "a.txt", "x", LABEL)
    with pytest.raises(DataError, match="PNG, GIF or WAV"):
        signing.sign(tmp_path / "a.txt", tmp_path / "c", tmp_path / "k")
    Image.new("L", (4, 4)).save(tmp_path / "bare.png")
    with pytest.raises(DataError, match="no label"):
        signing.sign(tmp_path / "bare.png", tmp_path / "c", tmp_path / "k")
    with pytest.raises(DataError, match="did you mean 'es256'"):
        signing.sign(tmp_path / "bare.png", tmp_path / "c", tmp_path / "k", "es265")
    monkeypatch.setitem(sys.modules, "c2pa", None)
    provenance.write_png(Image.new("L", (4, 4)), tmp_path / "a.png", LABEL)
    with pytest.raises(RunError, match=r"pip install 'multigan\[c2pa\]'"):
        signing.sign(tmp_path / "a.png", tmp_path / "c", tmp_path / "k")


def certificate(x509, names, issuer, public, private, authority):
    from cryptography.hazmat.primitives import hashes

    now = datetime.datetime.now(datetime.UTC)
    usage = dict.fromkeys(
        ["content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only"], False
    )
    usage |= {"decipher_only": False, "digital_signature": not authority}
    usage |= {"key_cert_sign": authority, "crl_sign": authority}
    builder = x509.CertificateBuilder().subject_name(names).issuer_name(issuer).public_key(public)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now).not_valid_after(now + datetime.timedelta(days=2))
    builder = builder.add_extension(x509.BasicConstraints(authority, None), True)
    builder = builder.add_extension(x509.KeyUsage(**usage), True)
    builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(private.public_key()), False)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
    if not authority:
        mail = [x509.ExtendedKeyUsageOID.EMAIL_PROTECTION]
        builder = builder.add_extension(x509.ExtendedKeyUsage(mail), False)
    return builder.sign(private, hashes.SHA256())


@pytest.fixture
def signer(tmp_path):
    """A chain and a key made for this test: trusted by nobody."""
    pytest.importorskip("c2pa", reason="c2pa-python is not installed: pip install 'multigan[c2pa]'")
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization as s
    from cryptography.hazmat.primitives.asymmetric import ec

    def name(common):
        return x509.Name(
            [x509.NameAttribute(o, common) for o in (x509.NameOID.ORGANIZATION_NAME, x509.NameOID.COMMON_NAME)]
        )

    root, leaf = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    top = certificate(x509, name("Root"), name("Root"), root.public_key(), root, True)
    mine = certificate(x509, name("Tester"), name("Root"), leaf.public_key(), root, False)
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.write_bytes(b"".join(one.public_bytes(s.Encoding.PEM) for one in (mine, top)))
    key.write_bytes(leaf.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption()))
    return chain, key


def write(path):
    picture = Image.fromarray(np.arange(256, dtype=np.uint8).reshape(16, 16))
    if path.suffix == ".wav":
        provenance.write_wav(path, np.linspace(-1, 1, 500), 8000, LABEL)
    elif path.suffix == ".png":
        provenance.write_png(picture, path, LABEL)
    else:
        provenance.write_gif([picture, picture.rotate(90)], path, LABEL)


def content(path):
    """Pixels or samples as bytes."""
    if path.suffix == ".wav":
        return soundfile.read(path)[0].tobytes()
    with Image.open(path) as image:
        return image.tobytes()


@pytest.mark.parametrize("name", ["a.png", "a.wav", "a.gif"])
def test_signed_files_keep_their_label_and_show_tampering(tmp_path, signer, name):
    path = tmp_path / name
    write(path)
    assert signing.verify(path) is None
    before = content(path)
    signing.sign(path, *signer)
    found = signing.verify(path)
    assert found == {"state": "Valid", "signer": "Tester", "problems": "signingCredential.untrusted"}
    assert provenance.read(path) == LABEL
    assert content(path) == before
    body = bytearray(path.read_bytes())
    at = body.find(b"MultiGAN") if name != "a.wav" else 100
    body[at] ^= 1
    path.write_bytes(body)
    assert signing.verify(path)["state"] == "Invalid"


def test_a_key_of_another_certificate_is_one_clear_error(tmp_path, signer):
    write(tmp_path / "a.png")
    before = (tmp_path / "a.png").read_bytes()
    (tmp_path / "bad.pem").write_text("no key")
    with pytest.raises(RunError, match="cannot sign"):
        signing.sign(tmp_path / "a.png", signer[0], tmp_path / "bad.pem")
    with pytest.raises(RunError, match="cannot sign"):
        signing.sign(tmp_path / "a.png", signer[0], tmp_path / "missing.pem")
    assert (tmp_path / "a.png").read_bytes() == before
    assert not list(tmp_path.glob(".*"))
