"""Sends requests to the endpoint that are right but for one thing, and prints a name and the code of
the answer a line; 0 is a token.

    forge.py BASE TENANT CLIENT CONNECTOR_JSON    (REQUESTS_CA_BUNDLE is what to trust)
"""

import base64
import hashlib
import hmac
import json
import sys
import time
import uuid

import jwt
import requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

base, tenant, client, path = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    connector = json.load(file)
KEY = load_pem_private_key(connector["private_key"].encode(), None)
DER = x509.load_pem_x509_certificate(connector["public_cert"].encode()).public_bytes(Encoding.DER)
ANOTHER_KEY = rsa.generate_private_key(65537, 2048)
ENDPOINT = f"{base}/{tenant}/oauth2/v2.0/token"


def thumbprint(digest):
    return base64.urlsafe_b64encode(digest(DER).digest()).rstrip(b"=").decode()


BY_SHA256 = {"x5t#S256": thumbprint(hashlib.sha256)}
BY_SHA1 = {"x5t": thumbprint(hashlib.sha1)}


def assertion(algorithm="PS256", header=BY_SHA256, key=KEY, **changes):
    now = int(time.time())
    claims = {"aud": ENDPOINT, "iss": client, "sub": client, "nbf": now, "iat": now, "exp": now + 600,
              "jti": str(uuid.uuid4())}
    claims = {name: value for name, value in (claims | changes).items() if value is not None}
    return jwt.encode(claims, key, algorithm=algorithm, headers=header)


def ask(name, sent, **changes):
    form = {
        "client_id": client,
        "scope": "https://graph.microsoft.com/.default",
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": sent,
    }
    form = {name: value for name, value in (form | changes).items() if value is not None}
    answer = requests.post(ENDPOINT, data=form, timeout=20).json()
    print(name, 0 if "access_token" in answer else answer["error_codes"][0])


def tampered():
    header, claims, signature = assertion().split(".")
    other = assertion(exp=int(time.time()) + 300).split(".")[1]
    return ".".join([header, other, signature])


def keyed_by_the_certificate():
    """The certificate is public: whoever takes it for a shared secret lets everybody in. PyJWT is too
    careful to make such an assertion."""
    header = base64.urlsafe_b64encode(json.dumps({"alg": "HS256"} | BY_SHA256).encode()).rstrip(b"=")
    signed = header + b"." + assertion().split(".")[1].encode()
    signature = base64.urlsafe_b64encode(hmac.digest(DER, signed, "sha256")).rstrip(b"=")
    return (signed + b"." + signature).decode()


now = int(time.time())
ask("PS256", assertion())
ask("RS256", assertion("RS256", BY_SHA1))
ask("another-key", assertion(key=ANOTHER_KEY))
ask("changed-claims", tampered())
ask("sha256-in-x5t", assertion("RS256", {"x5t": BY_SHA256["x5t#S256"]}))
ask("no-thumbprint", assertion(header={}))
ask("no-signature", assertion("none", key=None))
ask("keyed-by-the-certificate", keyed_by_the_certificate())
ask("another-audience", assertion(aud=ENDPOINT.replace(tenant, "common")))
ask("audiences", assertion(aud=[ENDPOINT, base]))
ask("another-issuer", assertion(iss=base))
ask("another-subject", assertion(sub="someone"))
ask("expired", assertion(nbf=now - 700, exp=now - 100))
ask("from-the-future", assertion(nbf=now + 100, exp=now + 400))
ask("an-hour", assertion(exp=now + 3600))
ask("no-end", assertion(exp=None))
ask("no-id", assertion(jti=None))
once = assertion()
ask("first-use", once)
ask("second-use", once)
ask("no-assertion", None)
ask("and-a-secret", assertion(), client_secret="x")
ask("another-assertion-type", assertion(), client_assertion_type="saml2-bearer")
ask("another-grant", assertion(), grant_type="password")
ask("a-scope-by-name", assertion(), scope="https://graph.microsoft.com/User.Read")
ask("two-resources", assertion(), scope="https://a/.default https://b/.default")
