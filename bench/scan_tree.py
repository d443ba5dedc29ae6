#!/usr/bin/env python3
"""Makes a tree of files for bench/scan.sh: certificates, stores, connector JSON, and what is none.

    bench/scan_tree.py CERTKIT FOLDER FILES

Three files of five are certificates (two of three in DER, the rest in PEM), one in fifty is a PFX, one in
twenty a connector JSON, and the rest is text, programs, pictures and JSON without keys. Keys are costly
and serial numbers are not: a few hundred credentials are made, and each file gets one of them under a
serial number of its own, so that no two certificates are the same octets.
"""

import base64
import json
import os
import random
import subprocess
import sys
import tempfile

MODELS = 200
FOLDER_FILES = 250


def models(certkit):
    """A few hundred credentials that certkit made: DER of the certificate, key in PEM, and PFX."""
    with tempfile.TemporaryDirectory() as folder:
        names = "\n".join(f"TEST {number}" for number in range(MODELS))
        with open(os.path.join(folder, "password"), "w") as password:
            password.write("test-1234\n")
        subprocess.run(
            [certkit, "batch", "-", "--out-dir", folder + "/{name}", "--emit", "pfx,cer,key",
             "--password", f"file:{folder}/password", "--days", "900", "--org", "Contoso"],
            input=names.encode(), stdout=subprocess.DEVNULL, check=True)
        for number in range(MODELS):
            parts = [open(f"{folder}/TEST {number}/TEST {number}.{end}", "rb").read()
                     for end in ("cer", "key.pem", "pfx")]
            yield parts


def renumbered(der, number):
    """The certificate under another serial number; its signature is no longer one, and nobody asks."""
    start = der.index(b"\xa0\x03\x02\x01\x02\x02") + 6
    length = der[start]
    serial = number.to_bytes(length, "big")
    return der[:start + 1] + bytes([0x40 | serial[0] & 0x3f]) + serial[1:] + der[start + 1 + length:]


def pem(der):
    text = base64.b64encode(der).decode()
    lines = [text[at:at + 64] for at in range(0, len(text), 64)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


def noise(number, chance):
    """What is no credential: its ending and its octets."""
    words = ["begin", "BEGIN", "certificate", "private", "return", "MIT", "{", "}", "\n", "key", "= 1;"]
    kinds = ["py", "json", "so", "png", "log"]
    kind = kinds[number % len(kinds)]
    size = int(chance.paretovariate(1.1) * 600) % 200_000 + 100
    if kind == "json":
        members = {f"key {at}": chance.choice(words) for at in range(size // 20)}
        return kind, json.dumps({"license": "MIT", "members": members}).encode()
    if kind in ("py", "log"):
        return kind, " ".join(chance.choices(words, k=size // 6)).encode()
    head = {"so": b"\x7fELF\x02\x01\x01\0", "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"}[kind]
    return kind, head + chance.randbytes(size)


def octets_of(number, credentials, chance):
    der, key, pfx = credentials[number % len(credentials)]
    place = number % 100
    if place < 40:
        return "cer", renumbered(der, number)
    if place < 60:
        return "pem", pem(renumbered(der, number)).encode()
    if place < 62:
        return "pfx", pfx
    if place < 67:
        members = {"private_key": key.decode(), "public_cert": pem(der)}
        return "json", json.dumps(members, separators=(",", ":")).encode()
    return noise(number, chance)


def main():
    certkit, folder, files = sys.argv[1], sys.argv[2], int(sys.argv[3])
    credentials, chance = list(models(certkit)), random.Random(7)
    for number in range(files):
        end, octets = octets_of(number, credentials, chance)
        kind = "certificates" if end in ("cer", "pem") else "others"
        place = os.path.join(folder, kind, str(number // FOLDER_FILES // 20), str(number // FOLDER_FILES))
        os.makedirs(place, exist_ok=True)
        descriptor = os.open(os.path.join(place, f"{number}.{end}"), os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(octets)


main()
