"""A token endpoint on loopback that takes client credentials as Microsoft Entra ID does.

    server.py FOLDER

It makes its TLS key and certificate (FOLDER/tls-key.pem, FOLDER/tls.pem), prints its port once it
listens, and ends with its standard input. What is registered stands in FOLDER/directory.json, which
is read anew for every request:

    {tenant: {client: {"certificates": [paths of uploaded .cer files], "secrets": [texts]}}}

Rules and codes: Microsoft's pages "Microsoft identity platform application authentication
certificate credentials" and "Microsoft Entra authentication and authorization error codes". It is
stricter where being lenient would hide a fault: an assertion lives for ten minutes at most and is
good once, and the clocks, which here are one, must agree to a second.

The access token is signed with a key of this process; beside what Entra's say, it tells by "used"
which certificate the assertion was signed with and how.
"""

import base64
import binascii
import datetime
import hashlib
import http.server
import ipaddress
import json
import os
import pathlib
import secrets
import ssl
import sys
import threading
import time
import traceback
import urllib.parse
import uuid

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

FOLDER = pathlib.Path(sys.argv[1])
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_LIFE = 600
# MSAL for Node rounds the present up as well as down.
ROUNDING = 1
# By the algorithm: the header that names the certificate, and the digest that it holds.
SCHEMES = {"PS256": ("x5t#S256", hashlib.sha256), "RS256": ("x5t", hashlib.sha1)}
TOKEN_KEY = secrets.token_bytes(32)
USED = set()
USED_LOCK = threading.Lock()


class Refusal(Exception):
    def __init__(self, code, error, text, status=400):
        super().__init__(f"AADSTS{code}: {text}")
        self.code, self.error, self.status = code, error, status

    def document(self):
        trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
        stamp = time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime())
        return {
            "error": self.error,
            "error_description": f"{self} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}",
            "error_codes": [self.code],
            "timestamp": stamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://localhost/error?code={self.code}",
        }


def invalid_client(code, text):
    return Refusal(code, "invalid_client", text, 401)


def tenant_apps(tenant, error):
    directory = json.loads((FOLDER / "directory.json").read_text(encoding="utf-8"))
    if tenant not in directory:
        raise Refusal(90002, error, f"Tenant '{tenant}' not found.")
    return directory[tenant]


def discovery(base, tenant):
    tenant_apps(tenant, "invalid_tenant")
    return {
        "issuer": f"{base}/{tenant}/v2.0",
        "authorization_endpoint": f"{base}/{tenant}/oauth2/v2.0/authorize",
        "token_endpoint": f"{base}/{tenant}/oauth2/v2.0/token",
        "jwks_uri": f"{base}/{tenant}/discovery/v2.0/keys",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
    }


def token(base, tenant, body):
    form = fields(body)
    apps = tenant_apps(tenant, "invalid_request")
    if form.get("grant_type") != "client_credentials":
        raise Refusal(70003, "unsupported_grant_type", "The grant type is not supported.")
    resource, suffix = (form.get("scope") or "")[: -len("/.default")], "/.default"
    if not resource or " " in resource or form["scope"] != resource + suffix:
        raise Refusal(70011, "invalid_scope", "The scope must be one resource with /.default.")
    client = form.get("client_id")
    if client not in apps:
        raise Refusal(
            700016, "unauthorized_client", f"Application '{client}' was not found in the directory '{tenant}'.")
    claims = {"aud": resource, "tid": tenant, "appid": client, "exp": int(time.time()) + 3599}
    if ("client_secret" in form) == ("client_assertion" in form):
        raise invalid_client(7000218, "Expected one of 'client_assertion' and 'client_secret'.")
    if "client_secret" in form:
        if form["client_secret"] not in apps[client]["secrets"]:
            raise invalid_client(7000215, "Invalid client secret provided.")
        claims["azpacr"] = "1"
    else:
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise Refusal(90013, "invalid_request", "The client_assertion_type is not that of a JWT.")
        audience = f"{base}/{tenant}/oauth2/v2.0/token"
        claims["used"] = verified(form["client_assertion"], client, audience, apps[client]["certificates"])
        claims["azpacr"] = "2"
    answer = jwt.encode(claims, TOKEN_KEY, algorithm="HS256")
    return {"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": answer}


def fields(body):
    """The form, each name once."""
    pairs = urllib.parse.parse_qsl(body, keep_blank_values=True, strict_parsing=True)
    form = dict(pairs)
    if len(form) != len(pairs):
        raise Refusal(90013, "invalid_request", "A parameter is there twice.")
    return form


def verified(assertion, client, audience, uploaded):
    """Which certificate the assertion was signed with and how; refuses what is not to be trusted."""
    try:
        header = jwt.get_unverified_header(assertion)
        if header.get("alg") not in SCHEMES:
            raise invalid_client(5002730, f"The algorithm '{header.get('alg')}' is not supported.")
        member, digest = SCHEMES[header["alg"]]
        # Padded or not: MSAL pads it, against RFC 7515.
        named = header[member].rstrip("=")
        thumbprint = base64.urlsafe_b64decode(named + "=" * (-len(named) % 4))
    except (jwt.DecodeError, KeyError, AttributeError, binascii.Error) as error:
        raise invalid_client(50027, f"The assertion is malformed or names no thumbprint: {error!r}.") from None
    certificate = registered(thumbprint, digest, uploaded)
    found = certificate.fingerprint(hashes.SHA1()).hex().upper()
    check_claims(assertion, header["alg"], certificate.public_key(), found, client, audience)
    return {"alg": header["alg"], "header": member, "certificate": found}


def registered(thumbprint, digest, uploaded):
    """The uploaded certificate with this thumbprint, if it may be used now."""
    about = f"Thumbprint of key used by client: '{thumbprint.hex().upper()}'"
    for path in uploaded:
        der = pathlib.Path(path).read_bytes()
        if digest(der).digest() == thumbprint:
            break
    else:
        raise invalid_client(
            700027,
            "The certificate with identifier used to sign the client assertion is not registered on "
            f"application. [Reason - The key was not found., {about}]")
    certificate = x509.load_der_x509_certificate(der)
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not start <= datetime.datetime.now(datetime.timezone.utc) <= end:
        raise invalid_client(
            700027, f"[Reason - The key used is expired., {about}, Found key 'Start={start}, End={end}']")
    if not isinstance(certificate.public_key(), rsa.RSAPublicKey):
        raise invalid_client(5002730, "The key is not RSA.")
    return certificate


def check_claims(assertion, algorithm, key, found, client, audience):
    try:
        claims = jwt.decode(
            assertion, key, algorithms=[algorithm], audience=audience, issuer=client, subject=client,
            leeway=ROUNDING, options={"require": ["exp", "iss", "sub", "aud", "jti"], "strict_aud": True})
    except jwt.InvalidSignatureError:
        raise invalid_client(
            700027,
            "[Reason - The provided signature value did not match the expected signature value., "
            f"Thumbprint of key used by client: '{found}']") from None
    except (jwt.InvalidIssuerError, jwt.exceptions.InvalidSubjectError) as error:
        raise invalid_client(700021, f"Issuer and subject must be the client: {error}.") from None
    except jwt.InvalidAudienceError as error:
        raise invalid_client(700023, f"The audience must be {audience}: {error}.") from None
    except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError) as error:
        raise invalid_client(700024, f"The assertion is not within its valid time range: {error}.") from None
    except jwt.PyJWTError as error:
        raise invalid_client(50027, f"The assertion is malformed: {error!r}.") from None
    start = claims.get("nbf", claims.get("iat"))
    if start is None or claims["exp"] - start > LONGEST_LIFE:
        raise invalid_client(700024, f"The assertion must live for {LONGEST_LIFE} s at most.")
    with USED_LOCK:
        if claims["jti"] in USED:
            raise invalid_client(50027, "The assertion was used before.")
        USED.add(claims["jti"])


class Handler(http.server.BaseHTTPRequestHandler):
    timeout = 20

    def do_GET(self):
        self.answer("/v2.0/.well-known/openid-configuration", discovery)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        kind = self.headers.get_content_type()
        if kind != "application/x-www-form-urlencoded":
            body = ""
        self.answer("/oauth2/v2.0/token", lambda base, tenant: token(base, tenant, body))

    def answer(self, suffix, make):
        path = urllib.parse.urlsplit(self.path).path
        tenant = path[1 : -len(suffix)]
        status, document = 404, {"error": "not_found"}
        if path == f"/{tenant}{suffix}" and "/" not in tenant:
            try:
                status, document = 200, make(f"https://localhost:{self.server.server_port}", tenant)
            except Refusal as refusal:
                status, document = refusal.status, refusal.document()
            except Exception:
                status, document = 500, {"error": "fault", "error_description": traceback.format_exc()}
        octets = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        """A client that breaks off the handshake says so itself."""


def make_tls():
    """Its own certificate, because certkit makes those of clients, and a server's is refused with
    clientAuth for its only purpose."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "TEST token endpoint")])
    now = datetime.datetime.now(datetime.timezone.utc)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=1)).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256()))
    (FOLDER / "tls.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (FOLDER / "tls-key.pem").write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


def main():
    make_tls()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(FOLDER / "tls.pem", FOLDER / "tls-key.pem")
    server = Server(("127.0.0.1", 0), Handler)
    # The handshake is left to each request's own thread, so that nobody waits for a slow one.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    # The test's end of the pipe closes when the test ends, however it ends.
    sys.stdin.read()
    os._exit(0)


main()
