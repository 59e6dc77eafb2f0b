// The picture of a diagnosis: a dimension an axis, what was declared as a dashed line, what was verified as a surface.

import { svg } from "./dom.js";
import { score } from "./words.js";

/** Points of a polygon for these shares of the radius, from the top on; reading direction is that of time. */
export function points(shares, { centre, radius, mirrored = false }) {
  return shares.map((share, i) => {
    const angle = (2 * Math.PI * i) / shares.length - Math.PI / 2;
    const x = centre + (mirrored ? -1 : 1) * Math.cos(angle) * radius * share;
    return [x, centre + Math.sin(angle) * radius * share];
  });
}

const line = (all) => all.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");

/** The radar of an outcome; a list of the same figures stands beside it. */
export function radar(dimensions, outcome, rtl) {
  const frame = { centre: 120, radius: 88, mirrored: rtl };
  const shares = (series) => series.dimensions.map((permille) => (permille ?? 0) / 1000);
  const ring = (share) =>
    svg("polygon", {
      class: "ring",
      points: line(
        points(
          dimensions.map(() => share),
          frame,
        ),
      ),
    });
  const labels = points(
    dimensions.map(() => 1.17),
    frame,
  ).map(([x, y], i) => svg("text", { x: x.toFixed(1), y: (y + 5).toFixed(1), "text-anchor": "middle" }, dimensions[i].code));
  return svg(
    "svg",
    { class: "radar", viewBox: "0 0 240 240", role: "img", "aria-label": score(outcome.verified.overall) },
    [0.25, 0.5, 0.75, 1].map(ring),
    svg("polygon", { class: "declared", points: line(points(shares(outcome.declared), frame)) }),
    svg("polygon", { class: "verified", points: line(points(shares(outcome.verified), frame)) }),
    labels,
  );
}
