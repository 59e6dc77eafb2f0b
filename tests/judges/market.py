"""Judges of what is printed on a product: a reader of square codes and a library of numbers that others wrote.

market.py samples               every judge accepts its good sample and refuses its broken one
market.py square FILE ADDRESS   what a camera reads in the square is this address
market.py link ADDRESS          a GS1 Digital Link carries a GTIN with its check digit, and a lot
"""

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy
import zxingcpp
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
    link("https://tiwizi.example/01/09506000134352/10/EDR-26-A")
    refuses(link, "https://tiwizi.example/01/09506000134353/10/EDR-26-A")
    refuses(link, "https://tiwizi.example/lots/EDR-26-A")


if __name__ == "__main__":
    try:
        {"samples": samples, "square": square, "link": link}[sys.argv[1]](*sys.argv[2:])
    except Refused as refused:
        raise SystemExit(f"{sys.argv[1:]}: {refused}") from refused
