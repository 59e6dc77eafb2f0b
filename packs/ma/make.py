"""Makes the boundary files of this pack, as TopoJSON without names: make.py REGIONS PROVINCES COMMUNES.

The first two are TopoJSON, the third GeoJSON; the results are written beside this script. Points are rounded
to a grid and each border that two areas share is stored once, so that simplifying it later leaves no gap.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path


def rings_of_topology(topology):
    """{code: [polygon, ...]}: a polygon is a list of rings, a ring a list of (longitude, latitude)."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)

    def ring(ids):
        points = []
        for i in ids:
            points += (arcs[i] if i >= 0 else arcs[~i][::-1])[bool(points):]
        return points

    (layer,) = topology["objects"].values()
    areas = {}
    for area in layer["geometries"]:
        polygons = area["arcs"] if area["type"] == "MultiPolygon" else [area["arcs"]]
        areas[area["id"]] = [[ring(ids) for ids in polygon] for polygon in polygons]
    return areas


def rings_of_features(collection):
    areas = {}
    for feature in collection["features"]:
        shape = feature["geometry"]
        areas[feature["id"]] = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    return areas


def topology(areas, grid):
    """The areas on a grid of `grid` degrees, their rings cut where more than two borders meet."""

    def rounded(ring):
        points = [(round(x / grid), round(y / grid)) for x, y in ring]
        points = [p for i, p in enumerate(points) if p != points[i - 1]]
        return points if len(points) > 2 else []

    areas = {c: [[r for r in map(rounded, p) if r] for p in polygons] for c, polygons in sorted(areas.items())}
    areas = {c: [p for p in polygons if p] for c, polygons in areas.items()}
    neighbours = defaultdict(set)
    for polygons in areas.values():
        for polygon in polygons:
            for ring in polygon:
                for i, point in enumerate(ring):
                    neighbours[point] |= {ring[i - 1], ring[(i + 1) % len(ring)]}
    ends = {p for p, near in neighbours.items() if len(near) > 2}

    arcs, known = [], {}

    def arc(points):
        if points in known:
            return known[points]
        if points[::-1] in known:
            return ~known[points[::-1]]
        known[points] = len(arcs)
        arcs.append([points[0]] + [(b[0] - a[0], b[1] - a[1]) for a, b in zip(points, points[1:])])
        return known[points]

    def cut(ring):
        start = next((i for i, p in enumerate(ring) if p in ends), ring.index(min(ring)))
        ring = ring[start:] + ring[: start + 1]
        stops = [0] + [i for i in range(1, len(ring) - 1) if ring[i] in ends] + [len(ring) - 1]
        return [arc(tuple(ring[a : b + 1])) for a, b in zip(stops, stops[1:])]

    layer = [
        {"type": "MultiPolygon", "id": code, "arcs": [[cut(ring) for ring in polygon] for polygon in polygons]}
        for code, polygons in areas.items()
    ]
    transform = {"scale": [grid, grid], "translate": [0, 0]}
    objects = {"areas": {"type": "GeometryCollection", "geometries": layer}}
    return {"type": "Topology", "transform": transform, "objects": objects, "arcs": arcs}


def main(regions, provinces, communes):
    here = Path(__file__).parent
    for name, path, read, grid in [
        ("regions", regions, rings_of_topology, 0.004),
        ("provinces", provinces, rings_of_topology, 0.002),
        ("communes", communes, rings_of_features, 0.0005),
    ]:
        made = topology(read(json.loads(Path(path).read_text())), grid)
        (here / f"{name}.json").write_text(json.dumps(made, separators=(",", ":")) + "\n")


main(*sys.argv[1:])
