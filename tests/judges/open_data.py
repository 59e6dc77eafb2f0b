"""Judges of open data, asked like those of judges.py.

activity, organisation   pyIATI: the schema, the codelists and the ruleset of IATI 2.03
hxl                      libhxl, with the schema 3w-schema.csv, which is ours
dcat                     pyshacl, with the shapes dcat-ap.ttl: the mandatory properties of DCAT-AP 3.0.1, written by us
adx                      ours: what the profile of IHE makes mandatory
package                  ours: a table says what its Data Package promises
"""

import csv
import datetime
import json
import re
from copy import deepcopy
from pathlib import Path

import hxl as hxl_library
import iati.data
import iati.default
import iati.exceptions
import iati.validator
from lxml import etree
from pyshacl import validate
from rdflib import Graph

from judges import Refused, demand, main

HERE = Path(__file__).parent


def dataset(path):
    # pyIATI takes no text that names its own encoding.
    text = Path(path).read_text("utf-8").split("?>", 1)[-1].strip()
    try:
        return iati.data.Dataset(text)
    except iati.exceptions.ValidationError as error:
        raise Refused("not XML") from error


def refuse(errors):
    for error in errors:
        demand(error.status != "error", f"{error.name}: {error.info}")


def activity(path):
    """An activity file by schema, codelists and ruleset."""
    refuse(iati.validator.full_validation(dataset(path), iati.default.activity_schema("2.03")))


def organisation(path):
    """An organisation file by schema and codelists. The schema that pyIATI brings lets a foreign element stand in two
    places at once, which no parser takes: those places are closed in memory."""
    schema = deepcopy(iati.default.organisation_schema("2.03"))
    xsd = "{http://www.w3.org/2001/XMLSchema}"
    for kind in schema._schema_base_tree.getroot().iter(f"{xsd}complexType"):
        if kind.get("name") == "documentLinkWithReceipientCountry":
            for anything in list(kind.iter(f"{xsd}any")):
                anything.getparent().remove(anything)
    refuse(iati.validator.full_validation(dataset(path), schema))


def hxl(path):
    """A table of who does what, where."""
    options = hxl_library.InputOptions(allow_local=True)
    read = lambda file: hxl_library.data(str(file), options)
    try:
        demand(any(True for _ in read(path)), "no row")
        report = hxl_library.validate(read(path), read(HERE / "3w-schema.csv"))
    except hxl_library.HXLException as error:
        raise Refused(str(error)) from error
    for issue in report["issues"]:
        raise Refused(f"{issue['tag_pattern']}: {issue['description']}")
    demand(report["is_valid"], "invalid")


def dcat(path):
    """A catalogue that says of each dataset what it must."""
    graph = Graph().parse(path, format="json-ld")
    demand(len(graph), "says nothing")
    holds, _, text = validate(graph, shacl_graph=str(HERE / "dcat-ap.ttl"), advanced=True)
    told = [line.strip() for line in text.splitlines() if line.strip().startswith(("Result Path", "Message"))]
    demand(holds, "; ".join(told))


def package(path, table):
    """The table that a Data Package describes: its columns in their order, their values of their kinds."""
    kinds = {
        "string": str,
        "number": float,
        "integer": int,
        "date": datetime.date.fromisoformat,
        "boolean": {"true": True, "false": False}.__getitem__,
    }
    described = json.loads(Path(path).read_text("utf-8"))
    demand(described["name"] and described["licenses"][0]["path"], "names no licence")
    fields = next(each["schema"]["fields"] for each in described["resources"] if "schema" in each)
    header, *rows = csv.reader(Path(table).read_text("utf-8").splitlines(), strict=True)
    demand(header == [field["name"] for field in fields], f"columns {header}")
    demand(rows, "no row")
    for number, row in enumerate(rows, 2):
        for field, text in zip(fields, row, strict=True):
            try:
                text == "" or kinds[field["type"]](text)
            except (ValueError, KeyError) as error:
                raise Refused(f"line {number}: {text!r} is no {field['type']}") from error


def adx(path):
    """A data exchange file. No schema of it is in any package: what it must say is written here, by us."""
    tree = etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    name = "{urn:ihe:qrph:adx:2015}"
    demand(tree.tag == f"{name}adx", f"begins with {tree.tag}")
    demand(tree.get("exported"), "does not say when it was exported")
    groups = tree.findall(f"{name}group")
    demand(groups and len(groups) == len(tree), "holds something else than groups")
    seen = set()
    for group in groups:
        for needed in ("orgUnit", "period", "dataSet"):
            demand(group.get(needed), f"a group has no {needed}")
        demand(re.fullmatch(r"\d{4}-\d\d-01/P(1M|3M|6M|1Y)", group.get("period")), f"period {group.get('period')}")
        demand(len(group), "a group is empty")
        for value in group:
            demand(value.tag == f"{name}dataValue", f"holds {value.tag}")
            demand(value.get("dataElement"), "a value has no dataElement")
            demand(re.fullmatch(r"-?\d+(\.\d+)?", value.get("value") or ""), f"value {value.get('value')!r}")
            told = {**value.attrib, "value": None, "orgUnit": group.get("orgUnit"), "period": group.get("period")}
            key = tuple(sorted(told.items(), key=lambda pair: pair[0]))
            demand(key not in seen, f"says twice {dict(value.attrib)}")
            seen.add(key)


def samples():
    """For each judge, files that it must accept and files that it must refuse."""
    narrative = "<narrative>Tamghart</narrative>"
    day = 'iso-date="2025-01-01"'
    publisher = f'<reporting-org ref="MA-X-1" type="22">{narrative}</reporting-org>'
    title = f"<title>{narrative}</title>"
    actual = '<actual value="9"><dimension name="sex" value="woman"/></actual>'
    iati_activity = f"""<?xml version="1.0" encoding="UTF-8"?>
<iati-activities version="2.03"><iati-activity xml:lang="fr" default-currency="MAD">
<iati-identifier>MA-X-1-2</iati-identifier>{publisher}{title}<description type="1">{narrative}</description>
<participating-org role="4">{narrative}</participating-org><activity-status code="2"/><activity-date type="2" {day}/>
<recipient-country code="MA" percentage="100"/><sector vocabulary="1" code="31194" percentage="100"/>
<result type="1">{title}<indicator measure="1">{title}<period><period-start {day}/><period-end iso-date="2026-01-01"/>
{actual}</period></indicator></result></iati-activity></iati-activities>"""
    identifier = "<organisation-identifier>MA-X-1</organisation-identifier>"
    iati_organisation = f"""<?xml version="1.0" encoding="UTF-8"?>
<iati-organisations version="2.03"><iati-organisation>{identifier}<name>{narrative}</name>{publisher}
</iati-organisation></iati-organisations>"""
    tags = (HERE / "3w-schema.csv").read_text("utf-8").splitlines()[1:]
    tags = ",".join(line.split(",")[0] for line in tags)
    who = f"{tags}\nTamghart,Adrar,31194,Qualité,Atlas,Drâa,Zagora,08.587,2026-01-01,,En cours,12\n"
    thing = {"@id": "urn:x:agent", "@type": "foaf:Agent", "foaf:name": "Tamghart"}
    catalogue = {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
        },
        "@type": "dcat:Catalog",
        "dct:title": "C",
        "dct:description": "C",
        "dct:publisher": thing,
        "dcat:dataset": {
            "@type": "dcat:Dataset",
            "dct:title": "D",
            "dct:description": "D",
            "dct:publisher": thing,
            "dcat:distribution": {
                "@type": "dcat:Distribution",
                "dcat:accessURL": {"@id": "https://example.org/d"},
                "dct:license": {"@id": "https://example.org/l", "@type": "dct:LicenseDocument"},
            },
        },
    }
    catalogue = json.dumps(catalogue)
    described = {
        "name": "d",
        "licenses": [{"path": "l"}],
        "resources": [{"schema": {"fields": [{"name": "Valeur", "type": "number"}]}}],
    }
    described = json.dumps(described)
    exchange = """<adx xmlns="urn:ihe:qrph:adx:2015" exported="2026-11-26T00:00:00Z">
<group orgUnit="OU" period="2026-07-01/P3M" dataSet="DS"><dataValue dataElement="DE" SEX="F" value="7"/>
<dataValue dataElement="DE" SEX="M" value="9.5"/></group></adx>"""
    return [
        (adx, [exchange], [exchange.replace(' dataSet="DS"', "")]),
        (adx, [exchange], [exchange.replace('SEX="M"', 'SEX="F"')]),
        (activity, [iati_activity], [iati_activity.replace(title, "", 1)]),
        (activity, [iati_activity], [iati_activity.replace("31194", "99999")]),
        (activity, [iati_activity], [iati_activity.replace(f'type="2" {day}', 'type="2" iso-date="2999-01-01"')]),
        (organisation, [iati_organisation], [iati_organisation.replace(identifier, "")]),
        (hxl, [who], [who.replace(",12", ",abc")]),
        (hxl, [who], [who.replace(",08.587", ",")]),
        (dcat, [catalogue], [catalogue.replace("dct:title", "dct:alternative")]),
        (dcat, [catalogue], [catalogue.replace("dct:license", "dct:rights")]),
        (package, [described, "Valeur\n9.5\n"], [described, "Valeur\ncaché\n"]),
    ]


if __name__ == "__main__":
    main((activity, organisation, hxl, dcat, adx, package), samples)
