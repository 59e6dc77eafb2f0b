"""Judges of what search engines and merchants fetch: parsers of sitemaps and of feeds that others wrote.

shop.py samples                  every judge accepts its good sample and refuses its broken one
shop.py sitemap ADDRESS          the sitemap of a house, each of its files, and the languages of each page
shop.py feed FILE                a feed of products
"""

import re
import sys
import tempfile
from pathlib import Path
from urllib.request import urlopen

import feedparser
from lxml import etree
from usp.tree import sitemap_from_str

from judges import Refused, demand

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ALTERNATE = "{http://www.w3.org/1999/xhtml}link"
PRICE = re.compile(r"\d+(\.\d{1,3})? [A-Z]{3}$")
AVAILABILITY = {"in_stock", "out_of_stock", "preorder", "backorder"}


def urls(text):
    """Pages of one file: what a parser finds is what stands there, and each page has its languages, itself among them."""
    told = etree.fromstring(text.encode()).findall(f"{SITEMAP}url")
    found = {page.url for page in sitemap_from_str(text).all_pages()}
    demand(found, "a sitemap without a page")
    demand(len(told) <= 50_000, "more pages than a file may have")
    for url in told:
        address = url.findtext(f"{SITEMAP}loc")
        demand(address in found, f"the parser finds no {address}")
        others = {link.get("hreflang"): link.get("href") for link in url.findall(ALTERNATE)}
        demand(set(others) == {"fr", "ar", "en"}, f"{address} has the languages {sorted(others)}")
        demand(address in others.values(), f"{address} is none of its languages")
    return found


def sitemap(address, read=lambda address: urlopen(address, timeout=30).read().decode()):
    index = etree.fromstring(read(address).encode())
    demand(index.tag == f"{SITEMAP}sitemapindex", "no index of sitemaps")
    parts = [part.findtext(f"{SITEMAP}loc") for part in index.findall(f"{SITEMAP}sitemap")]
    pages = set().union(*(urls(read(part)) for part in parts))
    demand(any("/products/" in page for page in pages), "no product is listed")
    demand(any("/catalogue/cooperatives/" in page for page in pages), "no cooperative is listed")


def feed(path):
    """A feed that merchants' programs take: each product with all that they need."""
    read = feedparser.parse(Path(path).read_bytes())
    demand(not read.bozo, f"not well formed: {read.get('bozo_exception')}")
    demand(read.version == "rss20", f"it is {read.version or 'no feed'}")
    demand(read.entries, "no product")
    demand(len({entry.get("g_id") for entry in read.entries}) == len(read.entries), "two products have one id")
    for entry in read.entries:
        for name in ("id", "title", "description", "link", "image_link", "availability", "price", "condition", "brand"):
            demand(entry.get(f"g_{name}") or entry.get(name), f"{entry.get('g_id')} has no {name}")
        demand(PRICE.match(entry.g_price), f"{entry.g_price} is no price")
        demand(entry.g_availability in AVAILABILITY, f"{entry.g_availability} is no availability")
        demand(entry.get("g_gtin") or entry.get("g_identifier_exists") == "no", f"{entry.g_id} has no number and does not say so")


def refuses(judge, *given):
    try:
        judge(*given)
    except Refused:
        return
    raise SystemExit(f"{judge.__name__} accepts a broken sample")


def samples():
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'

    def part(page, codes=("fr", "ar", "en")):
        at = f"https://a.example{page}?lang="
        links = "".join(f'<xhtml:link rel="alternate" hreflang="{code}" href="{at}{code}"/>' for code in codes)
        return f"<urlset {spaces}><url><loc>{at}fr</loc>{links}</url></urlset>"

    files = {
        "/sitemap.xml": f"<sitemapindex {spaces}><sitemap><loc>/p</loc></sitemap><sitemap><loc>/c</loc></sitemap></sitemapindex>",
        "/p": part("/products/1"),
        "/c": part("/catalogue/cooperatives/1"),
    }
    sitemap("/sitemap.xml", files.get)
    refuses(sitemap, "/sitemap.xml", {**files, "/p": part("/products/1", ("fr", "en"))}.get)
    refuses(sitemap, "/sitemap.xml", {**files, "/p": part("/other")}.get)

    item = "".join(
        f"<g:{name}>{value}</g:{name}>"
        for name, value in {
            "id": "1", "title": "Rose", "description": "Eau", "link": "https://a.example/1", "image_link": "https://a.example/1.jpg",
            "availability": "in_stock", "price": "45.00 MAD", "condition": "new", "brand": "Coop", "identifier_exists": "no",
        }.items()
    )
    good = f'<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>T</title><item>{item}</item></channel></rss>'
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "feed.xml"
        for text, holds in [
            (good, True),
            (good.replace("45.00 MAD", "45,00 DH"), False),
            (good.replace("in_stock", "soon"), False),
            (good.replace("</rss>", ""), False),
            (good.replace("identifier_exists", "other"), False),
        ]:
            file.write_text(text, "utf-8")
            feed(file) if holds else refuses(feed, file)


if __name__ == "__main__":
    try:
        {"samples": samples, "sitemap": sitemap, "feed": feed}[sys.argv[1]](*sys.argv[2:])
    except Refused as refused:
        raise SystemExit(f"{sys.argv[1:]}: {refused}") from refused
