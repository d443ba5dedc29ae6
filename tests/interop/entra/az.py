"""Stands in for the Azure CLI: the commands that the script of `--as az` uses, over the directory in
$ENTRA_STATE. Every command line goes to the log, for the test to look for secrets in it."""

import argparse
import base64
import datetime
import json
import os
import sys

from urllib.parse import quote

import directory


def from_file(word):
    """az takes the contents of a file for any argument that begins with @ and names one."""
    if word.startswith("@") and os.path.exists(word[1:]):
        with open(word[1:], encoding="utf-8") as file:
            return file.read().rstrip("\n")
    return word


def tsv(value):
    """One line for each row; nothing for null, as az has it."""
    if value is None or value == []:
        return ""
    rows = value if isinstance(value, list) else [value]
    cell = lambda one: "None" if one is None else str(one)
    return "".join("\t".join(map(cell, row)) + "\n" if isinstance(row, list) else cell(row) + "\n" for row in rows)


def parser():
    top = argparse.ArgumentParser(prog="az", allow_abbrev=False)
    top.add_argument("words", nargs="+")
    for option in (
        "method url resource body filter id api api-permissions cert end-date display-name subscription assignee "
        "scope assignee-object-id assignee-principal-type role fill-principal-name"
    ).split():
        top.add_argument("--" + option)
    for flag in ("only-show-errors", "all", "append", "include-inherited"):
        top.add_argument("--" + flag, action="store_true")
    top.add_argument("--query")
    top.add_argument("--output", default="json")
    return top


def by_client_id(entra, client):
    found = [one for one in entra.state["applications"] if one["appId"] == client]
    if not found:
        raise directory.Refused(404, "Request_ResourceNotFound", f"there is no app {client}")
    return found[0]


def add_permission(entra, given):
    app = by_client_id(entra, given.id)
    permission, kind = given.api_permissions.split("=")
    access = app["requiredResourceAccess"]
    for api in access:
        if api["resourceAppId"] == given.api:
            break
    else:
        api = {"resourceAppId": given.api, "resourceAccess": []}
        access.append(api)
    api["resourceAccess"].append({"id": permission, "type": kind})


def reset_credential(entra, given):
    app = by_client_id(entra, given.id)
    if not given.append:
        raise SystemExit("az: without --append all credentials go")
    end = datetime.datetime.fromisoformat(given.end_date.replace("Z", "+00:00"))
    if not given.cert:
        body = {"passwordCredential": {"displayName": given.display_name, "endDateTime": end.isoformat()}}
        return {"password": entra.add_password(app, body)["secretText"]}
    # Both are slow to load, and few commands need them.
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    certificate = x509.load_pem_x509_certificate(given.cert.encode())
    end = min(end.replace(tzinfo=datetime.timezone.utc), certificate.not_valid_after_utc)
    new = {
        "type": "AsymmetricX509Cert", "usage": "Verify", "displayName": None,
        "key": base64.b64encode(certificate.public_bytes(Encoding.DER)).decode(),
        "startDateTime": certificate.not_valid_before_utc.isoformat(), "endDateTime": end.isoformat(),
    }
    # As az does it: the old entries are sent without their keys.
    old = entra.shown(app, False)["keyCredentials"]
    entra.change_application(app, {"keyCredentials": old + [new]})
    return {"password": None}


def run(entra, given):
    state, command = entra.state, " ".join(given.words)
    changes = command.endswith(("add", "reset", "create")) or given.method not in (None, "GET")
    if state["refusals"] and changes:
        status, _ = state["refusals"].pop(0)
        raise directory.Refused(status, "Refused", "Insufficient privileges to complete the operation.")
    change = {"command": command}
    match command:
        case "cloud show":
            return {"endpoints": {"microsoftGraphResourceId": os.environ.get("AZ_GRAPH", "https://graph.microsoft.com/")}}
        case "account show":
            return {"tenantId": state["tenant"]}
        case "rest":
            body = json.loads(given.body) if given.body else None
            return entra.call(given.method, given.url, body)[1]
        case "ad app list":
            return entra.call("GET", "/v1.0/applications?$filter=" + quote(given.filter))[1]["value"]
        case "ad app permission add":
            state["log"].append(change)
            return add_permission(entra, given)
        case "ad app credential reset":
            state["log"].append(change)
            return reset_credential(entra, given)
        case "role assignment list":
            held = [one["properties"] for one in state["roleAssignments"]]
            return [dict(one, id="x") for one in held if one["principalId"] == given.assignee and given.scope.startswith(one["scope"])]
        case "role assignment create":
            state["log"].append(change)
            definition = f"/subscriptions/{given.subscription}/providers/Microsoft.Authorization/roleDefinitions/{given.role}"
            properties = {
                "roleDefinitionId": definition, "principalId": given.assignee_object_id,
                "principalType": given.assignee_principal_type,
            }
            return entra.assign_role(given.scope, properties, "x")
    raise SystemExit(f"az: no such command: {command}")


def main():
    path = os.environ["ENTRA_STATE"]
    with open(path, encoding="utf-8") as file:
        state = json.load(file)
    with open(path + ".argv", "a", encoding="utf-8") as file:
        file.write(json.dumps(sys.argv[1:]) + "\n")
    given = parser().parse_args([from_file(word) for word in sys.argv[1:]])
    entra = directory.Directory(state)
    try:
        answer = run(entra, given)
    except directory.Refused as refused:
        print(f"ERROR: {refused.message}", file=sys.stderr)
        return 1
    finally:
        with open(path, "w", encoding="utf-8") as file:
            json.dump(state, file)
    if given.query:
        import jmespath

        answer = jmespath.search(given.query, answer)
    if given.output == "tsv":
        sys.stdout.write(tsv(answer))
    elif given.output == "json" and answer is not None:
        print(json.dumps(answer, indent=2, ensure_ascii=False))
    return 0


sys.exit(main())
