"""The judge of what Tiwizi takes from ODK Central: pyodk, which was written for that server, reads and sends.

central.py samples                          the judge accepts its good table and refuses its broken ones
central.py ADDRESS LOGIN KEY PROJECT XLSX   a project behind a key, and a questionnaire for it
"""

import copy
import sys
import tempfile
import uuid
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from xml.etree import ElementTree

import requests
from pyodk.client import Client
from pyodk.errors import PyODKError

from judges import Refused, demand

EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
FORM = "tiwizi-visit"
PHOTO = b"\xff\xd8\xff\xe0" + b"\x07" * 3000

METADATA = """<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0"><edmx:DataServices>
<Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="a"><ComplexType Name="m"><Property Name="at" Type="Edm.Date"/>
</ComplexType><EntityType Name="Submissions"><Key><PropertyRef Name="__id"/></Key><Property Name="__id" Type="Edm.String"/>
<Property Name="n" Type="Edm.Int64"/><Property Name="m" Type="a.m"/></EntityType></Schema></edmx:DataServices></edmx:Edmx>"""
TABLE = {"@odata.context": "x#Submissions", "@odata.count": 1, "value": [{"__id": "1", "n": 2, "m": {"at": "2026-11-01"}}]}

TYPES = {
    "Edm.String": lambda value: isinstance(value, str),
    "Edm.Int64": lambda value: isinstance(value, int),
    "Edm.Double": lambda value: isinstance(value, (int, float)),
    "Edm.Date": lambda value: date.fromisoformat(value) and len(value) == 10,
    "Edm.DateTimeOffset": lambda value: datetime.fromisoformat(value.replace("Z", "+00:00")).tzinfo,
}


def described(metadata):
    """The columns of every type, by its whole name."""
    found = {}
    for schema in ElementTree.fromstring(metadata).iter(f"{EDM}Schema"):
        for kind in [*schema.iter(f"{EDM}EntityType"), *schema.iter(f"{EDM}ComplexType")]:
            columns = {column.get("Name"): column.get("Type") for column in kind.iter(f"{EDM}Property")}
            found[f"{schema.get('Namespace')}.{kind.get('Name')}"] = columns
    return found


def fits(row, kind, types):
    """A row has every column that is described, of its kind, and no other."""
    columns = types.get(kind)
    demand(columns is not None, f"{kind} is described nowhere")
    demand(set(row) == set(columns), f"{sorted(row)} instead of {sorted(columns)}")
    for name, value in row.items():
        if value is None:
            continue
        if isinstance(value, dict):
            fits(value, columns[name], types)
            continue
        try:
            right = TYPES[columns[name]](value)
        except (KeyError, TypeError, ValueError):
            right = False
        demand(right, f"{name} is {value!r}, which is no {columns[name]}")


def table(told, metadata):
    """Rows as the metadata describes them, and as many as are counted."""
    types = described(metadata)
    kind = next(name for name in types if name.endswith(".Submissions"))
    demand("@odata.context" in told, "a table without a context")
    demand(told.get("@odata.count", len(told["value"])) >= len(told["value"]), "more rows than are counted")
    for row in told["value"]:
        fits(row, kind, types)


def refused(status, ask):
    """What must be refused is, with a sentence and a code."""
    try:
        ask()
    except PyODKError as error:
        answer = error.args[1]
        demand(answer.status_code == status, f"{answer.status_code} {answer.text} instead of {status}")
        told = answer.json()
        demand(told["message"] and told["code"].startswith(f"{status}."), f"{told} says nothing")
        return
    raise Refused(f"what must be refused with {status} is taken")


def basic(address, login, key, project):
    """What asks first and shows its key when it is asked for it."""
    place = f"{address}/v1/projects/{project}/formList"
    first = requests.get(place, timeout=60)
    demand(first.status_code == 401, f"{first.status_code} without a key")
    demand(first.headers["WWW-Authenticate"].startswith("Basic "), "the way to show a key is not told")
    shown = requests.get(place, auth=(login, key), timeout=60)
    demand(shown.status_code == 200 and FORM in shown.text, f"{shown.status_code} with a key")
    wrong = requests.get(place, auth=(login, "0" * 64), timeout=60)
    demand(wrong.status_code == 401, f"{wrong.status_code} with a wrong key")


def client(folder, address, login, key, project):
    settings = Path(folder) / f"{uuid.uuid4().hex}.toml"
    settings.write_text(
        f'[central]\nbase_url = "{address}"\nusername = "{login}"\npassword = "{key}"\ndefault_project_id = {project}\n',
        "utf-8",
    )
    return Client(config_path=str(settings), cache_path=str(settings) + ".cache")


def sends(odk, folder):
    """A visit with its photo is taken, and read back as it was sent."""
    place = odk.entities.get_table(entity_list_name="cooperatives")["value"][0]["__id"]
    now, number = datetime.now(timezone.utc), f"uuid:{uuid.uuid4()}"
    xml = (
        f'<data id="{FORM}" version="1"><end>{now.isoformat()}</end><organisation>{place}</organisation>'
        f"<held>{now.date()}</held><minutes>60</minutes><seen>Seen «é» ع</seen><photo>door.jpg</photo>"
        f"<meta><instanceID>{number}</instanceID></meta></data>"
    )
    photo = Path(folder) / "door.jpg"
    photo.write_bytes(PHOTO)
    promised = odk.submissions.create(xml=xml, form_id=FORM)
    demand([(file.name, file.exists) for file in promised.attachments] == [("door.jpg", False)], "a photo is promised")
    sent = odk.submissions.create(xml=xml, form_id=FORM, attachments=[photo])
    demand(sent.instanceId == number, f"{sent.instanceId} instead of {number}")
    demand([(file.name, file.exists) for file in sent.attachments] == [("door.jpg", True)], "the photo is not there")
    refused(409, lambda: odk.submissions.create(xml=xml.replace("Seen", "Other"), form_id=FORM))
    refused(400, lambda: odk.submissions.create(xml="<data", form_id=FORM))
    project = odk.projects.get().id
    at = f"projects/{project}/forms/{FORM}/submissions/{number}"
    demand(odk.get(f"{at}.xml").content == xml.encode(), "the form is not as it was sent")
    demand(odk.get(f"{at}/attachments/door.jpg").content == PHOTO, "the photo is not as it was sent")
    demand(odk.submissions.get(number, form_id=FORM).submitterId == sent.submitterId, "sent by somebody else")
    demand(number in [one.instanceId for one in odk.submissions.list(form_id=FORM)], "not in the list")
    csv = odk.get(f"projects/{project}/forms/{FORM}/submissions.csv").content.decode()
    demand(number in csv and csv.startswith("SubmissionDate,"), "not in the table of text")
    return number, sent.submitterId


def reads(odk, number, submitter):
    """The visit stands in the tables, which are as they are described; what is not understood is refused."""
    project = odk.projects.get().id
    metadata = odk.get(f"projects/{project}/forms/{FORM}.svc/$metadata").content.decode()
    day = (datetime.now(timezone.utc) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    filters = f"__system/submissionDate ge {day} and __system/submitterId eq {submitter}"
    told = odk.submissions.get_table(form_id=FORM, count=True, expand="*", filter=filters)
    table(told, metadata)
    row = next((row for row in told["value"] if row["__id"] == number), None)
    demand(row and row["minutes"] == 60 and row["seen"] == "Seen «é» ع", f"{row} is not what was sent")
    demand(row["__system"]["attachmentsPresent"] == 1, "the photo is not counted")
    page = odk.submissions.get_table(form_id=FORM, top=1, skip=0, count=True, wkt=False)
    demand(len(page["value"]) == 1 and page["@odata.count"] >= 1, "no page of one")
    refused(501, lambda: odk.submissions.get_table(form_id=FORM, filter="seen eq 'Seen'"))
    refused(501, lambda: odk.submissions.get_table(form_id=FORM, wkt=True))
    refused(400, lambda: odk.submissions.get_table(form_id=FORM, top=-1))
    refused(404, lambda: odk.submissions.get_table(form_id="nothing"))
    refused(404, lambda: odk.forms.get("nothing"))
    refused(404, lambda: odk.projects.get(project + 1000))


def publishes(odk, example):
    """A questionnaire in a spreadsheet is taken as a form, and offered."""
    form = odk.forms.create(definition=example)
    offered = odk.forms.get(form.xmlFormId)
    demand(offered.version.isdigit() and offered.publishedAt, f"{offered} is not offered")
    odk.forms.update(form.xmlFormId, definition=example)
    demand(odk.forms.get(form.xmlFormId).version == offered.version, "the same again is another edition")
    demand(form.xmlFormId in [one.xmlFormId for one in odk.forms.list()], "not in the list")
    demand(f'id="{form.xmlFormId}"' in odk.get(f"projects/{form.projectId}/forms/{form.xmlFormId}.xml").text, "no form")
    head = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
    broken = odk.post(f"projects/{form.projectId}/forms", params={"publish": "true"}, data=b"no spreadsheet", headers=head)
    demand(broken.status_code == 400 and broken.json()["message"], f"{broken.status_code} for what is no spreadsheet")


def judge(address, login, key, project, example):
    basic(address, login, key, project)
    with tempfile.TemporaryDirectory() as folder:
        refused(401, lambda: client(folder, address, login, "0" * 64, project).projects.list())
        odk = client(folder, address, login, key, project)
        demand([one.id for one in odk.projects.list()] == [project], "the key opens other projects than its own")
        forms = odk.forms.list()
        demand(FORM in [form.xmlFormId for form in forms], "no form of a visit")
        demand(all(odk.forms.get(form.xmlFormId).version == form.version for form in forms), "a form changes")
        lists = odk.entity_lists.list()
        demand("cooperatives" in [one.name for one in lists], "no list of cooperatives")
        demand(odk.entity_lists.get("cooperatives").properties, "a list without properties")
        demand(odk.entities.list(entity_list_name="cooperatives")[0].currentVersion.label, "nobody in the list")
        publishes(odk, example)
        number, submitter = sends(odk, folder)
        reads(odk, number, submitter)
        odk.delete("sessions/current").raise_for_status()
        demand(odk.get("projects").status_code == 401, "a session that was ended goes on")
        print("pyodk reads", len(forms), "forms and", len(lists), "lists, and sends")


def samples():
    table(TABLE, METADATA)
    broken = [copy.deepcopy(TABLE) for _ in range(5)]
    broken[0]["value"][0]["n"] = "2"
    broken[1]["value"][0]["m"]["at"] = "yesterday"
    broken[2]["value"][0]["other"] = 1
    del broken[3]["value"][0]["m"]
    broken[4]["@odata.count"] = 0
    for wrong in broken:
        try:
            table(wrong, METADATA)
        except Refused:
            continue
        raise Refused(f"a broken table was found right: {wrong}")


if __name__ == "__main__":
    try:
        if sys.argv[1] == "samples":
            samples()
        else:
            judge(*sys.argv[1:4], int(sys.argv[4]), sys.argv[5])
    except Refused as reason:
        sys.exit(f"refused: {reason}")
