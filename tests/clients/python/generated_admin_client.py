"""A client of the admin API, generated from the description that the emulator serves."""

import faulthandler
import importlib
import json
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

faulthandler.dump_traceback_later(120, exit=True)
base = sys.argv[1].rstrip("/")


def generate(folder):
    """Makes the package `emulator_admin`. Answers what the generator had to say."""
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--overwrite", "--meta", "none"]
    command += ["--url", f"{base}/__admin/openapi.json", "--output-path", f"{folder}/emulator_admin"]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True)
    return sorted({line for line in run.stdout.splitlines() if line.startswith(("WARNING", "ERROR", "Unsupported"))})


def operation(tag, name):
    """A generated function, to be called with the client."""
    module = importlib.import_module(f"emulator_admin.api.{tag}.{name}")
    return lambda **given: module.sync_detailed(client=client, **given)


facts = {}
with tempfile.TemporaryDirectory() as folder:
    facts["generator"] = generate(folder)
    sys.path.insert(0, folder)
    from emulator_admin import Client, models

    client = Client(base_url=base)
    clock = operation("clock", "get_clock")().parsed
    moved = operation("clock", "change_clock")(body=models.Change.from_dict({"advance": "1h"})).parsed
    facts["clock"] = {"rate": clock.rate, "moved": (moved.to - moved.from_).total_seconds()}

    org = operation("orgs", "create_org")(body=models.NewOrgBody(name="Generated")).parsed
    fault = {"id": "busy", "when": {"path": "/api/v2/tokens/me"}, "effect": {"respond": {"status": 503}}}
    set_ = operation("faults", "add_faults_of_org")(org=org.id, body=models.Fault.from_dict(fault)).parsed
    try:
        urllib.request.urlopen(f"{org.url}/api/v2/tokens/me")
    except urllib.error.HTTPError as error:
        facts["answer"] = error.code
    counted = operation("faults", "list_faults_of_org")(org=org.id).parsed.entities
    facts["faults"] = {"set": set_.ids, "fired": [one.fired for one in counted]}

    entry = operation("journal", "list_journal_of_org")(org=org.id, status="503").parsed.entities[0]
    explained = operation("explain", "explain_of_org")(org=org.id, id=entry.n).parsed
    facts["journal"] = {"decision": entry.decision.value, "rule": entry.refusal.rule, "explained": explained.rule}

    wanted = {"expect": [{"match": {"path": "/api/v2/tokens/me"}, "times": 2}]}
    verified = operation("verify", "verify_of_org")(org=org.id, body=models.Verification.from_dict(wanted))
    facts["verified"] = {"status": verified.status_code, "held": verified.parsed.held}
    facts["keys"] = [ring.ring for ring in operation("keys", "list_keys")().parsed.entities]
    facts["metrics"] = operation("metrics", "metrics")().content.decode().count("# TYPE ")
    gone = operation("orgs", "delete_org")(org=org.id)
    again = operation("orgs", "get_org")(org=org.id)
    facts["gone"] = [gone.status_code, again.status_code, again.parsed.detail if again.parsed else None]
print(json.dumps(facts))
