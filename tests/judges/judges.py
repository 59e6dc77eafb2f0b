"""Judges of what Tiwizi hands out, with libraries that others wrote.

judges.py samples             every judge accepts its good sample and refuses its broken one
judges.py JUDGE FILE …        one judge on real files; exit code 1 and a sentence when it refuses
"""

import csv as csv_reader
import datetime
import json
import re
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path

from openapi_spec_validator import OpenAPIV31SpecValidator
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3 import OB3VerificationError
from openpyxl import Workbook, load_workbook
from pdfua import PdfuaError, Validator
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert


class Refused(Exception):
    """Why a judge says no."""


def demand(holds, reason):
    if not holds:
        raise Refused(reason)


def openapi(path):
    """An OpenAPI 3.1 description that names its operations and says what each of them answers."""
    description = json.loads(Path(path).read_text("utf-8"))
    demand(description.get("openapi", "").startswith("3.1."), "not OpenAPI 3.1")
    for error in OpenAPIV31SpecValidator(description).iter_errors():
        raise Refused(" ".join([*map(str, error.absolute_path), error.message]))
    demand(description["paths"], "describes no path")


def header(names):
    demand(names and all(names), "a column has no name")
    demand(len(set(names)) == len(names), "two columns have one name")


def xlsx(path):
    """A workbook whose sheets have a header and hold values only."""
    for sheet in load_workbook(path).worksheets:
        header([cell.value for cell in sheet[1]])
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            demand(cell.data_type not in "fe", f"{sheet.title} {cell.coordinate} is a formula or an error")


def csv(path):
    """What a French spreadsheet opens with a double click, and in which nothing runs as a formula."""
    first, *rows = table(path)
    header(first)
    for number, row in enumerate(rows, 2):
        demand(len(row) == len(first), f"line {number} has {len(row)} cells instead of {len(first)}")
        for cell in row:
            runs = re.match(r"\s*[=@＝＠]|\s*[+\-＋－](?![\d .,\u00a0\u202f]*$)", cell)
            demand(not runs, f"line {number} may run as a formula: {cell}")


def table(path):
    text = Path(path).read_bytes().decode("utf-8")
    demand(text.startswith("\ufeff"), "no byte order mark: accents and Arabic will be misread")
    return list(csv_reader.reader(StringIO(text[1:], newline=""), delimiter=";", strict=True))


def same(workbook, text):
    """A workbook and a text of the same list say the same."""
    sheets = load_workbook(workbook, read_only=True).worksheets
    left = [row for at, sheet in enumerate(sheets) for row in list(sheet.values)[min(at, 1):]]
    right = table(text)
    demand(len(left) == len(right), f"{len(left)} rows in one, {len(right)} in the other")
    for number, (cells, texts) in enumerate(zip(left, right), 1):
        for cell, written in zip(cells, texts, strict=True):
            demand(agree(cell, written), f"row {number}: {cell!r} in one, {written!r} in the other")


def agree(cell, written):
    """Whether a cell and its text mean one value: numbers by value, everything else to the letter."""
    if isinstance(cell, bool):
        return written == str(cell).lower()
    if isinstance(cell, (int, float)):
        return bool(re.fullmatch(r"-?\d+(,\d+)?", written)) and float(written.replace(",", ".")) == cell
    if isinstance(cell, datetime.datetime):
        return written == cell.date().isoformat()
    return written.removeprefix("'") == (cell or "").removeprefix("'")


def credential(path, did=None):
    """An Open Badge whose proof holds, and holds no longer when it is changed; `did` is what its issuer publishes."""

    def verify(document):
        try:
            OB3LdpVerifier().verify(document, download=lambda *_: Path(did).read_bytes())
        except OB3VerificationError as error:
            raise Refused(str(error)) from error

    badge = json.loads(Path(path).read_text("utf-8"))
    verify(badge)
    badge["credentialSubject"]["achievement"]["name"] += "!"
    refused(verify, badge)


def pdf(path, *texts):
    """A whole PDF/A with its fonts inside, readable by machines; it is refused when its end is missing."""

    def tool(*words):
        done = subprocess.run(words, capture_output=True, text=True)
        demand(done.returncode == 0, f"{words[0]}: {done.stderr or done.stdout}")
        return done.stdout

    def check(file):
        tool("qpdf", "--check", file)
        fonts = tool("pdffonts", file).splitlines()[2:]
        demand(fonts, "no font")
        for font in fonts:
            # emb sub uni, object: the last five words of the line.
            demand(font.split()[-5:-2] == ["yes", "yes", "yes"], f"not embedded or not readable: {font}")
        metadata = tool("pdfinfo", "-meta", file)
        for claim in ("<pdfaid:part>2</pdfaid:part>", "<pdfaid:conformance>A</", "<pdfuaid:part>1</"):
            demand(claim in metadata, f"does not say {claim}")
        read = " ".join(tool("pdftotext", "-layout", file, "-").split())
        for text in texts:
            demand(text in read, f"{text} cannot be read back from: {read}")
        try:
            findings = Validator().validate(str(file)).findings
        except PdfuaError as error:
            raise Refused(str(error)) from error
        demand(not findings, "; ".join(map(str, findings)))

    check(path)
    with tempfile.TemporaryDirectory() as folder:
        broken = Path(folder) / "broken.pdf"
        broken.write_bytes(Path(path).read_bytes()[:-2000])
        refused(check, broken)


def xlsform(path):
    """A workbook that the reference implementation of the standard turns into a form, without a warning."""
    try:
        form = convert(xlsform=str(path), validate=False)
    except PyXFormError as error:
        raise Refused(str(error)) from error
    demand(not form.warnings, "; ".join(form.warnings))


def refused(judge, broken):
    """A judge that accepts what is broken is none."""
    try:
        judge(broken)
    except Refused as reason:
        print(f"refuses what was broken: {str(reason).splitlines()[0]}")
    else:
        raise Refused("a broken copy is accepted")


def sample(folder, content):
    """A file of this text, or a workbook of these rows, or of these sheets of rows."""
    if isinstance(content, str):
        path = folder / f"sample-{sum(1 for _ in folder.iterdir())}.txt"
        path.write_text(content, "utf-8", newline="")
    else:
        path = folder / "sample.xlsx"
        book = Workbook()
        sheets = content if isinstance(content, dict) else {"Sheet": content}
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        book.remove(book.worksheets[0])
        book.save(path)
    return path


def samples():
    """For each judge, files that it must accept and files that it must refuse."""

    def operation(parameters):
        answers = {"200": {"description": "OK"}}
        get = {"operationId": "organisation", "parameters": parameters, "responses": answers}
        info = {"title": "Sample", "version": "1"}
        return json.dumps({"openapi": "3.1.0", "info": info, "paths": {"/organisations/{id}": {"get": get}}})

    identifier = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    rows = [["Nom", "Part"], ["تعاونية تينيري", 12.5]]
    survey = [["type", "name", "label"], ["select_one levels", "a1", "Niveau"]]
    levels = [["list_name", "name", "label"], ["levels", "0", "Rien"], ["levels", "1", "Un peu"]]
    text = "\ufeffNom;Part\r\nتعاونية تينيري;12,50\r\n"
    return [
        (openapi, [operation([identifier])], [operation([])]),
        (xlsx, [rows], [[*rows, ["=1+1", 0]]]),
        (xlsform, [{"survey": survey, "choices": levels}], [{"survey": survey, "choices": levels[:1]}]),
        (csv, [text], [text + "=1+1;0\r\n"]),
        (csv, [text + "-12,50;+212 600 000 000\r\n"], [text + "une;de;trop\r\n"]),
        (same, [rows, text], [rows, text.replace("12,50", "12,05")]),
        (same, [[["ICE"], ["0012"]], "\ufeffICE\r\n0012\r\n"], [[["ICE"], ["0012"]], "\ufeffICE\r\n12\r\n"]),
    ]


def judge_the_judges(samples):
    with tempfile.TemporaryDirectory() as folder:
        for judge, good, broken in samples:
            judge(*(sample(Path(folder), content) for content in good))
            try:
                judge(*(sample(Path(folder), content) for content in broken))
            except Refused as refused:
                print(f"{judge.__name__}: accepts the good sample, refuses the broken one: {refused}")
            else:
                raise Refused(f"the judge {judge.__name__} accepts a broken sample")


def main(judges, samples):
    """What the command line asks of these judges."""
    name, *files = sys.argv[1:] or ["samples"]
    try:
        if name == "samples":
            judge_the_judges(samples())
        else:
            {judge.__name__: judge for judge in judges}[name](*files)
            print(f"{name}: {', '.join(Path(file).name for file in files)} accepted")
    except Refused as refused:
        sys.exit(f"{name}: {refused}")


if __name__ == "__main__":
    main((openapi, xlsx, csv, same, credential, pdf, xlsform), samples)
