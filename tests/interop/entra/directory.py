"""A directory and a subscription, as far as the scripts of `connector show --as` see them: the calls
of Microsoft Graph and Azure Resource Manager that they make, the rules that these refuse by, and a
log of every change. Its state is one JSON document."""

import base64
import json
import re
import uuid
from urllib.parse import parse_qs, unquote, urlsplit


class Refused(Exception):
    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def new(tenant):
    return {
        "tenant": tenant,
        "applications": [],
        "servicePrincipals": [],
        "oauth2PermissionGrants": [],
        "roleAssignments": [],
        "secrets": [],
        "log": [],
        # What the next calls are answered with, before they are carried out: [status, headers].
        "refusals": [],
        "page": 1000,
    }


def exactly(body, *names):
    """The body has these members and no others: the scripts send what the documents show."""
    if sorted(body) != sorted(names):
        raise Refused(400, "Request_BadRequest", f"members {sorted(body)}, expected {sorted(names)}")


class Directory:
    def __init__(self, state):
        self.state = state

    # ---- calls

    def call(self, method, url, body=None):
        """(status, answer) of one call; changes are logged."""
        parts = urlsplit(url)
        path = unquote(parts.path).strip("/").split("/")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if method != "GET":
            self.state["log"].append({"method": method, "path": "/".join(path), "body": body})
        if path[0] == "v1.0":
            return self.graph(method, path[1:], query, body)
        return self.resource_manager(method, path, query, body)

    def graph(self, method, path, query, body):
        match method, path:
            case "GET", ["organization"]:
                return 200, {"value": [{"id": self.state["tenant"]}]}
            case "GET", ["applications" | "servicePrincipals" | "oauth2PermissionGrants" as kind]:
                found = [one for one in self.state[kind] if self.matches(one, query.get("$filter"))]
                # The keys of certificates are told for one app alone, and only if asked for.
                return 200, {"value": [self.shown(one, False) for one in found]}
            case "GET", ["applications", id]:
                one = self.one("applications", id)
                return 200, self.shown(one, "keyCredentials" in query.get("$select", "").split(","))
            case "GET", ["servicePrincipals", id, "appRoleAssignments"]:
                return 200, {"value": self.one("servicePrincipals", id)["appRoleAssignments"]}
            case "GET", ["servicePrincipals", id, "oauth2PermissionGrants"]:
                return 200, {"value": [one for one in self.state["oauth2PermissionGrants"] if one["clientId"] == id]}
            case "POST", ["applications"]:
                return 201, self.create_application(body)
            case "PATCH", ["applications", id]:
                return self.change_application(self.one("applications", id), body)
            case "POST", ["applications", id, "addPassword"]:
                return 200, self.add_password(self.one("applications", id), body)
            case "POST", ["servicePrincipals"]:
                exactly(body, "appId")
                return 201, self.create_principal(body["appId"])
            case "POST", ["servicePrincipals", id, "appRoleAssignedTo"]:
                return 201, self.assign(id, body)
            case "POST", ["oauth2PermissionGrants"]:
                return 201, self.grant(body)
            case "PATCH", ["oauth2PermissionGrants", id]:
                exactly(body, "scope")
                self.one("oauth2PermissionGrants", id)["scope"] = body["scope"]
                return 204, None
        raise Refused(404, "Request_ResourceNotFound", f"no such call: {method} {path}")

    def resource_manager(self, method, path, query, body):
        scope, call = "/".join(path).split("/providers/Microsoft.Authorization/roleAssignments")
        if query.get("api-version") != "2022-04-01":
            raise Refused(400, "MissingApiVersionParameter", "the api-version")
        if method == "GET":
            wanted = re.fullmatch("principalId eq '(.*)'", query["$filter"]).group(1)
            found = [one for one in self.state["roleAssignments"] if one["properties"]["principalId"] == wanted]
            return 200, {"value": found}
        uuid.UUID(call.strip("/"))
        exactly(body, "properties")
        exactly(body["properties"], "roleDefinitionId", "principalId", "principalType")
        return 201, self.assign_role("/" + scope, body["properties"], call.strip("/"))

    # ---- what there is

    def one(self, kind, id):
        for one in self.state[kind]:
            if one["id"] == id:
                return one
        raise Refused(404, "Request_ResourceNotFound", f"Resource '{id}' does not exist.")

    def matches(self, one, filter):
        for condition in filter.split(" and ") if filter else []:
            name, value = re.fullmatch("([A-Za-z]+) eq '(.*)'", condition).groups()
            if re.sub("''", "", value).count("'"):
                raise Refused(400, "Request_UnsupportedQuery", "a lone quotation mark")
            # Microsoft Graph compares without regard to upper and lower case.
            if one[name].lower() != value.replace("''", "'").lower():
                return False
        return True

    def shown(self, one, with_keys):
        one = json.loads(json.dumps(one))
        if not with_keys:
            for credential in one.get("keyCredentials", []):
                credential["key"] = None
        return one

    # ---- changes

    def create_application(self, body):
        exactly(body, "displayName", "signInAudience", "web", "requiredResourceAccess")
        exactly(body["web"], "redirectUris")
        one = dict(body, id=str(uuid.uuid4()), appId=str(uuid.uuid4()), keyCredentials=[], passwordCredentials=[])
        self.state["applications"].append(one)
        return one

    def change_application(self, one, body):
        if "keyCredentials" in body:
            old = {credential["keyId"]: credential for credential in one["keyCredentials"]}
            # An entry that is known keeps its key where none is sent.
            one["keyCredentials"] = [self.key_credential(sent, old) for sent in body["keyCredentials"]]
        if "web" in body:
            exactly(body["web"], "redirectUris")
            one["web"]["redirectUris"] = body["web"]["redirectUris"]
        if "requiredResourceAccess" in body:
            one["requiredResourceAccess"] = body["requiredResourceAccess"]
        return 204, None

    def key_credential(self, sent, old):
        if sent.get("keyId") in old:
            known = old[sent["keyId"]]
            if sent.get("key") not in (None, known["key"]):
                raise Refused(400, "KeyCredentialsInvalid", "another key under an old id")
            return known
        exactly(sent, "type", "usage", "key", "displayName", "startDateTime", "endDateTime")
        base64.b64decode(sent["key"], validate=True)
        return dict(sent, keyId=str(uuid.uuid4()))

    def add_password(self, one, body):
        exactly(body, "passwordCredential")
        exactly(body["passwordCredential"], "displayName", "endDateTime")
        secret = "secret~" + uuid.uuid4().hex
        self.state["secrets"].append(secret)
        made = dict(body["passwordCredential"], keyId=str(uuid.uuid4()), hint=secret[:3])
        one["passwordCredentials"].append(made)
        return dict(made, secretText=secret)

    def create_principal(self, appid):
        if any(one["appId"] == appid for one in self.state["servicePrincipals"]):
            raise Refused(409, "Request_MultipleObjectsWithSameKeyValue", "it exists already")
        one = {"id": str(uuid.uuid4()), "appId": appid, "appRoleAssignments": []}
        self.state["servicePrincipals"].append(one)
        return one

    def assign(self, resource, body):
        exactly(body, "principalId", "resourceId", "appRoleId")
        if body["resourceId"] != resource:
            raise Refused(400, "Request_BadRequest", "another resource")
        assignments = self.one("servicePrincipals", body["principalId"])["appRoleAssignments"]
        self.one("servicePrincipals", resource)
        if any((one["resourceId"], one["appRoleId"]) == (resource, body["appRoleId"]) for one in assignments):
            raise Refused(400, "Request_BadRequest", "Permission being assigned already exists on the object")
        assignments.append(dict(body, id=str(uuid.uuid4())))
        return assignments[-1]

    def grant(self, body):
        exactly(body, "clientId", "consentType", "resourceId", "scope")
        for one in self.state["oauth2PermissionGrants"]:
            if all(one[name] == body[name] for name in ("clientId", "consentType", "resourceId")):
                raise Refused(409, "Request_MultipleObjectsWithSameKeyValue", "Permission entry already exists.")
        self.state["oauth2PermissionGrants"].append(dict(body, id=uuid.uuid4().hex))
        return self.state["oauth2PermissionGrants"][-1]

    def assign_role(self, scope, properties, name):
        for one in self.state["roleAssignments"]:
            held = one["properties"]
            if (held["scope"], held["roleDefinitionId"], held["principalId"]) == (
                scope, properties["roleDefinitionId"], properties["principalId"]
            ):
                raise Refused(409, "RoleAssignmentExists", "The role assignment already exists.")
        one = {"name": name, "id": name, "properties": dict(properties, scope=scope)}
        self.state["roleAssignments"].append(one)
        return one
