"""The judge of forms for ODK Collect: ODK Validate opens them, and what the protocol promises of them is looked at.

openrosa.py samples              the judge accepts its good sample and refuses its broken ones
openrosa.py ADDRESS XLSX         every form and list behind the address of a key, a form that is sent there, and the
                                 questionnaire that was published from this spreadsheet
openrosa.py survey XLSX FORM     a form beside what pyxform makes of the same spreadsheet
"""

import hashlib
import http.client
import re
import subprocess
import sys
import tempfile
import uuid
from csv import DictReader
from datetime import datetime, timezone
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from xml.etree import ElementTree

import pyxform
from pyxform.xls2xform import convert

from judges import Refused, demand

VALIDATE = Path(pyxform.__file__).parent / "validators/odk_validate/bin/ODK_Validate.jar"
LISTED = "{http://openrosa.org/xforms/xformsList}"
BESIDE = "{http://openrosa.org/xforms/xformsManifest}"
TOLD = "{http://openrosa.org/http/response}"
XFORMS = "{http://www.w3.org/2002/xforms}"

SAMPLE = """<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
<h:head><h:title>Sample</h:title><model><instance><data id="sample" version="1"><name/></data></instance>
<bind nodeset="/data/name" type="string"/></model></h:head>
<h:body><input ref="/data/name"><label>Name</label></input></h:body></h:html>"""


def valid(form):
    """A form that JavaRosa, the engine of ODK Collect, opens."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xml"
        path.write_bytes(form)
        ran = subprocess.run(["java", "-jar", VALIDATE, path], capture_output=True, text=True, check=False)
    demand(ran.returncode == 0 and "Xform is valid" in ran.stdout + ran.stderr, ran.stderr[-2000:])


def nodes(form):
    """The path of every node of what is filled in, in order; those that entries of a repeat are made from are marked."""
    root = ElementTree.fromstring(form).find(f".//{XFORMS}instance")[0]
    found = []

    def walk(node, path):
        for child in node:
            made_from = any(name.endswith("template") for name in child.attrib)
            here = f"{path}/{child.tag.split('}')[-1]}" + ("*" if made_from else "")
            found.append(here)
            walk(child, here)

    walk(root, "")
    return found


def survey(spreadsheet, form):
    """A questionnaire has the same nodes as pyxform gives it, and JavaRosa opens it."""
    theirs, ours = nodes(convert(xlsform=spreadsheet, validate=False).xform), nodes(form)
    demand(theirs == ours, f"pyxform and Tiwizi differ in {sorted(set(theirs) ^ set(ours))}, or in their order")
    valid(form)
    print("as pyxform makes it:", len(ours), "nodes of", spreadsheet)


def get(address):
    with urlopen(Request(address, headers={"X-OpenRosa-Version": "1.0"}), timeout=60) as answer:
        demand(answer.headers["X-OpenRosa-Version"] == "1.0", f"{address} says no version")
        demand(answer.headers["Date"], f"{address} says no date")
        return answer.read()


def same(entry, space, body):
    told = entry.findtext(f"{space}hash")
    demand(told == "md5:" + hashlib.md5(body).hexdigest(), f"{told} is not the hash of what is handed out")


def forms(base):
    """Every form is valid and as it is listed, with every list beside it."""
    listed = ElementTree.fromstring(get(f"{base}/formList"))
    demand(listed.tag == f"{LISTED}xforms" and len(listed) > 0, "no list of forms")
    for entry in listed:
        body = get(entry.findtext(f"{LISTED}downloadUrl"))
        same(entry, LISTED, body)
        valid(body)
        lists(entry.findtext(f"{LISTED}manifestUrl"), set(re.findall(rb"jr://file-csv/([a-z_]+\.csv)", body)))
        print("valid:", entry.findtext(f"{LISTED}formID"), len(body), "bytes")


def lists(address, wanted):
    manifest = ElementTree.fromstring(get(address))
    found = {entry.findtext(f"{BESIDE}filename").encode() for entry in manifest}
    demand(found == wanted, f"{found} is handed out beside a form that asks for {wanted}")
    for entry in manifest:
        body = get(entry.findtext(f"{BESIDE}downloadUrl"))
        same(entry, BESIDE, body)
        demand(body.startswith(b"name,label,__version,"), "a list without versions")
        demand(entry.get("type") == "entityList", "a list that is no list of entities")
        ids = [row["name"] for row in DictReader(StringIO(body.decode()))][:2]
        integrity = get(entry.findtext(f"{BESIDE}integrityUrl") + "?id=" + ",".join([*ids, "gone"]))
        told = [entity.findtext("deleted") for entity in ElementTree.fromstring(integrity).iter("entity")]
        demand(told == ["false"] * len(ids) + ["true"], f"{told} is told of {ids}")


def post(base, xml):
    """Sends a form in pieces, as programs that stream do; answers the status."""
    place, edge = urlsplit(base), uuid.uuid4().hex
    head = 'Content-Disposition: form-data; name="xml_submission_file"; filename="form.xml"\r\nContent-Type: text/xml'
    body = f"--{edge}\r\n{head}\r\n\r\n{xml}\r\n--{edge}--\r\n".encode()
    line = http.client.HTTPConnection(place.netloc, timeout=60)
    pieces = (body[at : at + 100] for at in range(0, len(body), 100))
    headers = {"Content-Type": f"multipart/form-data; boundary={edge}", "X-OpenRosa-Version": "1.0"}
    line.request("POST", f"{place.path}/submission?deviceID=judge", pieces, headers, encode_chunked=True)
    answer = line.getresponse()
    told = ElementTree.fromstring(answer.read())
    demand(told.tag == f"{TOLD}OpenRosaResponse" and told.findtext(f"{TOLD}message"), "no message")
    return answer.status


def sends(base):
    """The same form twice is taken, altered it is not."""
    place = urlsplit(base)
    line = http.client.HTTPConnection(place.netloc, timeout=60)
    line.request("HEAD", f"{place.path}/submission")
    answer = line.getresponse()
    demand(answer.status == 204 and int(answer.headers["X-OpenRosa-Accept-Content-Length"]) > 0, "no HEAD")
    first = next(DictReader(StringIO(get(f"{base}/lists/cooperatives").decode())))
    now = datetime.now(timezone.utc)
    xml = (
        f'<data id="tiwizi-visit" version="1"><end>{now.isoformat()}</end><organisation>{first["name"]}</organisation>'
        f"<held>{now.date()}</held><minutes>60</minutes><seen>Seen</seen>"
        f"<meta><instanceID>uuid:{uuid.uuid4()}</instanceID></meta></data>"
    )
    told = [post(base, text) for text in (xml, xml, xml.replace("Seen", "Other"), "<data")]
    demand(told == [201, 201, 409, 400], f"{told} is answered to a form, again, altered, broken")


def samples():
    valid(SAMPLE.encode())
    broken = [(' ref="/data/name"', ' ref="/data/nobody"'), ('type="string"', 'relevant="("'), ("</h:body>", "")]
    for text in [SAMPLE.replace(*wrong) for wrong in broken]:
        try:
            valid(text.encode())
        except Refused:
            continue
        raise Refused(f"a broken form was found valid: {text}")
    form = "| survey |\n| | type | name | label |\n| | text | name | Name |\n| | text | other | Other |\n"
    made = convert(xlsform=form, validate=False, file_type=".md").xform
    demand(nodes(made) == ["/name", "/other", "/meta", "/meta/instanceID"], f"{nodes(made)} is read of a sample")
    demand(nodes(made) != nodes(made.replace("<other/>", "")), "a question that is gone is not noticed")


if __name__ == "__main__":
    try:
        if sys.argv[1] == "samples":
            samples()
        elif sys.argv[1] == "survey":
            survey(sys.argv[2], Path(sys.argv[3]).read_bytes())
        else:
            base, spreadsheet = sys.argv[1:]
            forms(base)
            sends(base)
            survey(spreadsheet, get(f"{base}/forms/suivi_ventes/form"))
    except Refused as reason:
        sys.exit(f"refused: {reason}")
