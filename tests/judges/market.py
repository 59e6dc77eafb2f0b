"""Judges of what is printed on a product and told of its lots: a reader of square codes, a library of numbers and a reader
of events that others wrote.

market.py samples               every judge accepts its good sample and refuses its broken one
market.py square FILE ADDRESS   what a camera reads in the square is this address
market.py link ADDRESS          a GS1 Digital Link carries a GTIN with its check digit, and a lot
market.py events FILE           events of EPCIS 2.0, in the words of the Core Business Vocabulary
"""

import json
import re
import socket
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy
import zxingcpp
from epcis_event_hash_generator.events_from_file_reader import event_list_from_file
from epcis_event_hash_generator.hash_generator import epcis_hashes_from_events
from stdnum import ean

from judges import Refused, demand

HERE = Path(__file__).parent
SCALE = 3
LINK = re.compile(r"https?://[^/]+/01/(\d{14})(?:/10/([A-Za-z0-9.-]{1,20}))?$")


def painted(svg):
    """The picture that the SVG of a square draws: white ground, black cells."""
    width, height = (int(n) for n in re.search(r'viewBox="0 0 (\d+) (\d+)"', svg).groups())
    picture = numpy.full((height * SCALE, width * SCALE), 255, numpy.uint8)
    for x, y, wide, high in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)H", svg):
        x, y, wide, high = (int(n) * SCALE for n in (x, y, wide, high))
        picture[y : y + high, x : x + wide] = 0
    return picture


def square(path, address):
    """A square that a camera reads, with the quiet ground around it that readers need."""
    read = zxingcpp.read_barcodes(painted(Path(path).read_text("utf-8")))
    demand(len(read) == 1, "no code is read in it")
    demand(read[0].format == zxingcpp.BarcodeFormat.QRCode, f"it is a {read[0].format}")
    demand(read[0].text == address, f"it says {read[0].text}")


def link(address):
    """A GS1 Digital Link whose number could be at a till."""
    parts = LINK.match(address)
    demand(parts, "no GS1 Digital Link")
    # The library knows numbers of 8, 12, 13 and 14 digits by their own length.
    demand(ean.is_valid(parts[1].lstrip("0").zfill(13) if parts[1][0] == "0" else parts[1]), "its check digit is wrong")


WORDS = "https://ref.gs1.org/cbv/"
QUANTITIES = {"ObjectEvent": ["quantityList"], "TransformationEvent": ["inputQuantityList", "outputQuantityList"]}


def events(path):
    """A document that the reader of another house reads without a network: each word is one of the vocabulary, each event says
    when, where and how much of what, and has a hash of its own."""

    def nowhere(*_):
        raise Refused("the reader asks the network")

    reach, socket.socket.connect = socket.socket.connect, nowhere
    try:
        _, _, read = told = event_list_from_file(str(path))
    finally:
        socket.socket.connect = reach
    written = json.loads(Path(path).read_text("utf-8"))
    demand(written["type"] == "EPCISDocument" and written["schemaVersion"] == "2.0", "no document of EPCIS 2.0")
    demand(len(read) == len(written["epcisBody"]["eventList"]) > 0, "not every event is read")
    for kind, _, children in read:
        parts = {name: (value, inner) for name, value, inner in children}
        demand(kind in QUANTITIES, f"a {kind}")
        demand({"eventTime", "eventTimeZoneOffset", "eventID", "readPoint"} <= parts.keys(), f"an event with {sorted(parts)}")
        for name, start in (("bizStep", "BizStep-"), ("disposition", "Disp-")):
            demand(parts[name][0].startswith(WORDS + start), f"{parts[name][0]} is no {name} of the vocabulary")
        demand(kind != "ObjectEvent" or parts.get("action", [""])[0] in {"ADD", "OBSERVE", "DELETE"}, "no action")
        for name in QUANTITIES[kind]:
            demand(parts.get(name, ("", []))[1], f"no {name}")
            for _, _, element in parts[name][1]:
                said = {name: value for name, value, _ in element}
                demand(said.get("epcClass", "").startswith(("http://", "https://")), "a class that is no address")
                demand(float(said.get("quantity", 0)) > 0, "a quantity of nothing")
    hashes = epcis_hashes_from_events(told)
    demand(len(set(hashes)) == len(read), "two events are one")


def event_samples(folder):
    quantity = [{"epcClass": "https://tiwizi.example/01/09506000134352/10/R-1", "quantity": 1000, "uom": "MLT"}]
    common = {
        "eventTime": "2026-03-01T12:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "bizStep": "creating_class_instance",
        "disposition": "active",
        "readPoint": {"id": "https://tiwizi.example/organisations/1"},
    }
    made = {"type": "ObjectEvent", "eventID": "urn:uuid:00000000-0000-7000-8000-000000000001", "action": "ADD", "quantityList": quantity}
    blended = {
        "type": "TransformationEvent",
        "eventID": "urn:uuid:00000000-0000-7000-8000-000000000002",
        "inputQuantityList": quantity,
        "outputQuantityList": quantity,
    }

    def written(*each):
        path = Path(folder) / "events.jsonld"
        context = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"]
        body = {"eventList": [{**common, **event} for event in each]}
        document = {"@context": context, "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-03-01T12:00:00Z"}
        path.write_text(json.dumps({**document, "epcisBody": body}), "utf-8")
        return path

    events(written(made, blended))
    refuses(events, written({**made, "bizStep": "blending"}))
    refuses(events, written({**made, "disposition": "fresh"}))
    refuses(events, written({**made, "quantityList": []}))
    refuses(events, written({name: value for name, value in blended.items() if name != "inputQuantityList"}))
    refuses(events, written(made, made))


def refuses(judge, *given):
    try:
        judge(*given)
    except Refused:
        return
    raise SystemExit(f"{judge.__name__} accepts {given}")


def samples():
    told = (HERE / "square.txt").read_text("utf-8").strip()
    good = HERE / "square.svg"
    square(good, told)
    refuses(square, good, told + "0")
    with TemporaryDirectory() as folder:
        torn = Path(folder) / "torn.svg"
        text = good.read_text("utf-8")
        # Without its first rows: the marks in its corners.
        torn.write_text(re.sub(r"M\d+ (?:20|25|30|35|40)h5v5H\d+V\d+", "", text), "utf-8")
        refuses(square, torn, told)
        event_samples(folder)
    link("https://tiwizi.example/01/09506000134352/10/EDR-26-A")
    refuses(link, "https://tiwizi.example/01/09506000134353/10/EDR-26-A")
    refuses(link, "https://tiwizi.example/lots/EDR-26-A")


if __name__ == "__main__":
    try:
        {"samples": samples, "square": square, "link": link, "events": events}[sys.argv[1]](*sys.argv[2:])
    except Refused as refused:
        raise SystemExit(f"{sys.argv[1:]}: {refused}") from refused
