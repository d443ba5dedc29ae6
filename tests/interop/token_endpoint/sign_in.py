"""Signs in by MSAL for Python, once for each job, and prints an answer a line.

    sign_in.py BASE JOBS    (the endpoint, a JSON array; REQUESTS_CA_BUNDLE is what to trust)
"""

import json
import sys

import msal

SCOPES = ["https://graph.microsoft.com/.default"]


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def credential(job):
    kind, path = job["with"], job.get("file")
    if kind == "json":
        connector = load(path)
        return {"private_key": connector["private_key"], "public_certificate": connector["public_cert"]}
    if kind == "json-and-thumbprint":
        return {"private_key": load(path)["private_key"], "thumbprint": job["thumbprint"]}
    if kind == "pfx":
        with open(job["password_file"], encoding="utf-8") as file:
            password = file.readline().rstrip("\n")
        return {"private_key_pfx_path": path, "passphrase": password}
    if kind == "msal":
        return load(path)
    if kind == "secret":
        return job["secret"]
    raise ValueError(kind)


def from_yaml(job):
    """The job that a configuration file in YAML describes by itself."""
    import yaml

    with open(job["file"], encoding="utf-8") as file:
        configuration = yaml.safe_load(file)
    return {
        "tenant": configuration["tenant_id"],
        "client": configuration["client_id"],
        "with": "secret",
        "secret": configuration["client_secret"],
    }


def sign_in(base, job):
    if job["with"] == "yaml":
        job = from_yaml(job)
    try:
        application = msal.ConfidentialClientApplication(
            job["client"], authority=f"{base}/{job['tenant']}", client_credential=credential(job),
            instance_discovery=False, timeout=20)
    except (ValueError, OSError) as error:
        # MSAL words a refused discovery in its own way; what the endpoint said is behind it.
        return {"refusal": f"{error} {error.__context__}"}
    answer = application.acquire_token_for_client(SCOPES)
    if "access_token" in answer:
        return {"access_token": answer["access_token"]}
    return {"refusal": f"{answer['error']}: {answer['error_description']}"}


base, jobs = sys.argv[1:]
for job in json.loads(jobs):
    print(json.dumps(sign_in(base, job)))
