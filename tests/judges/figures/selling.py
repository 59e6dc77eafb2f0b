"""Indicators of what cooperatives sell, from their definitions."""

from .measure import Item

HOME = "MA"


def delivered(house, needed=lambda row: True):
    return [row for row in house.sale_order if row.status == "delivered" and needed(row)]


def agreed(house):
    """The quotation of each order that was accepted last."""
    found = {}
    for row in sorted(house.sale_quotation, key=lambda row: row.number):
        if row.accepted is not None:
            found[row.sale_order] = row
    return found


def orders(value):
    def find(house, period):
        for row in delivered(house):
            yield Item(row.id, row.organisation, day=row.delivered, value=value(row), kind=row.buyer)

    return find


def sales_made(house, period):
    last = agreed(house)
    for row in delivered(house, lambda row: row.id in last):
        kind = "home" if row.country == HOME else "abroad"
        total = last[row.id]
        yield Item(row.id, row.organisation, day=row.delivered, value=total.total, currency=total.total_currency, kind=kind)


def orders_in_time(house, period):
    last = agreed(house)
    for row in delivered(house, lambda row: row.id in last and last[row.id].ready is not None):
        yield Item(row.id, row.organisation, day=row.delivered, value=row.delivered <= last[row.id].ready, kind=row.buyer)


def sales_received(house, period):
    for row in house.sale_payment:
        if row.status == "received":
            yield Item(row.id, row.organisation, day=row.day, value=row.amount, currency=row.amount_currency, kind=row.means)


def buyers(house, period):
    for row in delivered(house, lambda row: not row.spot):
        who = row.organisation, row.phone or row.email or row.name
        yield Item(who, row.organisation, day=row.delivered, kind=row.buyer)


def cooperatives_selling(house, period):
    for row in delivered(house):
        yield Item(row.organisation, row.organisation, day=row.delivered)


def pooled_sales(house, period):
    settlements, pooled = house.by_id("pooled_settlement"), house.by_id("pooled_order")
    for row in house.pooled_payment:
        settled = settlements[row.settlement]
        if settled.signed is not None:
            kind = "home" if pooled[settled.pooled_order].country == HOME else "abroad"
            yield Item(row.id, row.organisation, day=settled.signed, value=row.gross, currency=settled.received_currency, kind=kind)


DURING = {
    "orders-delivered": ("count", orders(lambda row: 1)),
    "orders-abroad": ("share", orders(lambda row: row.country != HOME)),
    "orders-in-time": ("share", orders_in_time),
    "sales-made": ("sum", sales_made),
    "sales-received": ("sum", sales_received),
    "buyers": ("count", buyers),
    "cooperatives-selling": ("count", cooperatives_selling),
    "pooled-sales": ("sum", pooled_sales),
}
AT = {}
RATIOS = {}
