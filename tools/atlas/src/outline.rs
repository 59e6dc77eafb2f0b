//! Outlines of areas: TopoJSON in, simplified rings on a flat grid out.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

/// A point on the picture, in its units.
pub(crate) type Point = [f64; 2];
/// A closed line of whole units; the first point is not repeated.
pub(crate) type Ring = Vec<[i32; 2]>;

/// The areas of one level, whose shared borders are stored once.
pub(crate) struct Layer {
    /// Longitude and latitude, in degrees.
    arcs: Vec<Vec<Point>>,
    /// The rings of each area, as arcs; `!i` is arc `i` walked backwards.
    areas: HashMap<String, Vec<Vec<i32>>>,
}

#[derive(Deserialize)]
struct Topology {
    transform: Transform,
    objects: BTreeMap<String, Collection>,
    arcs: Vec<Vec<[i32; 2]>>,
}

#[derive(Deserialize)]
struct Transform {
    scale: Point,
    translate: Point,
}

#[derive(Deserialize)]
struct Collection {
    geometries: Vec<Area>,
}

#[derive(Deserialize)]
struct Area {
    id: String,
    arcs: Vec<Vec<Vec<i32>>>,
}

impl Layer {
    /// Reads a TopoJSON whose geometries are multi-polygons with the code as `id`.
    pub(crate) fn read(text: &str) -> Result<Layer, String> {
        let topology: Topology = serde_json::from_str(text).map_err(|e| e.to_string())?;
        let Transform { scale, translate } = topology.transform;
        let decode = |arc: Vec<[i32; 2]>| {
            let mut at = [0, 0];
            let step = |[dx, dy]: [i32; 2]| {
                at = [at[0] + dx, at[1] + dy];
                [f64::from(at[0]) * scale[0] + translate[0], f64::from(at[1]) * scale[1] + translate[1]]
            };
            arc.into_iter().map(step).collect()
        };
        let arcs: Vec<Vec<Point>> = topology.arcs.into_iter().map(decode).collect();
        let geometries = topology.objects.into_values().flat_map(|o| o.geometries);
        let areas: HashMap<_, Vec<Vec<i32>>> =
            geometries.map(|area| (area.id, area.arcs.into_iter().flatten().collect())).collect();
        let known = |&arc: &i32| index(arc) < arcs.len();
        if !areas.values().flatten().flatten().all(known) {
            return Err("an area names an arc that is missing".into());
        }
        Ok(Layer { arcs, areas })
    }

    /// The codes that have an outline.
    pub(crate) fn codes(&self) -> impl Iterator<Item = &str> {
        self.areas.keys().map(String::as_str)
    }

    /// The corners (west, south, east, north) of the box around some areas.
    pub(crate) fn bounds<'a>(&self, codes: impl Iterator<Item = &'a str>) -> Option<[f64; 4]> {
        let rings = codes.filter_map(|code| self.areas.get(code)).flatten().flatten();
        rings.flat_map(|&arc| &self.arcs[index(arc)]).fold(None, |bounds: Option<[f64; 4]>, &[x, y]| {
            let [w, s, e, n] = bounds.unwrap_or([x, y, x, y]);
            Some([w.min(x), s.min(y), e.max(x), n.max(y)])
        })
    }

    /// The arcs that some areas need, projected, simplified and rounded: each once, so that borders still meet.
    pub(crate) fn flatten<'a>(
        &self,
        codes: impl Iterator<Item = &'a str>,
        project: impl Fn(Point) -> Point,
        tolerance: f64,
    ) -> Flat<'_> {
        let mut arcs = HashMap::new();
        for &arc in codes.filter_map(|code| self.areas.get(code)).flatten().flatten() {
            arcs.entry(index(arc)).or_insert_with(|| {
                let points: Vec<Point> = self.arcs[index(arc)].iter().map(|&p| project(p)).collect();
                simplify(&points, tolerance)
                    .into_iter()
                    .map(|[x, y]| [x.round() as i32, y.round() as i32])
                    .collect()
            });
        }
        Flat { areas: &self.areas, arcs }
    }
}

/// Arcs ready to be drawn.
pub(crate) struct Flat<'a> {
    areas: &'a HashMap<String, Vec<Vec<i32>>>,
    arcs: HashMap<usize, Ring>,
}

impl Flat<'_> {
    /// The rings of an area, without those that shrank to a line; an area too small to see becomes a small square.
    pub(crate) fn rings(&self, code: &str) -> Vec<Ring> {
        let Some(area) = self.areas.get(code) else { return Vec::new() };
        let mut rings: Vec<Ring> = area.iter().map(|ring| self.ring(ring)).collect();
        let first = rings.iter().flatten().next().copied();
        rings.retain(|ring| ring.len() > 2);
        if let (true, Some([x, y])) = (rings.is_empty(), first) {
            rings.push(vec![[x - 1, y - 1], [x + 1, y - 1], [x + 1, y + 1], [x - 1, y + 1]]);
        }
        rings
    }

    fn ring(&self, arcs: &[i32]) -> Ring {
        let mut ring = Ring::new();
        for &arc in arcs {
            let Some(points) = self.arcs.get(&index(arc)) else { continue };
            if arc < 0 {
                ring.extend(points.iter().rev());
            } else {
                ring.extend(points);
            }
        }
        ring.dedup();
        if ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        ring
    }
}

/// The place of an arc, whichever way it is walked.
fn index(arc: i32) -> usize {
    (if arc < 0 { !arc } else { arc }) as usize
}

/// Keeps the ends of a line and every point that stands out by more than the tolerance (Douglas and Peucker).
fn simplify(points: &[Point], tolerance: f64) -> Vec<Point> {
    let (Some(&first), Some(&last)) = (points.first(), points.last()) else { return Vec::new() };
    let mut kept = vec![false; points.len()];
    let mut spans = vec![(0, points.len() - 1)];
    while let Some((a, b)) = spans.pop() {
        let off = |i: &usize| distance(points[*i], points[a], points[b]);
        let Some(far) = (a + 1..b).max_by(|i, j| off(i).total_cmp(&off(j))) else { continue };
        if off(&far) > tolerance {
            kept[far] = true;
            spans.extend([(a, far), (far, b)]);
        }
    }
    let middle = points.iter().zip(kept).filter_map(|(&p, keep)| keep.then_some(p));
    std::iter::once(first).chain(middle).chain((points.len() > 1).then_some(last)).collect()
}

/// From a point to the segment between two others.
fn distance([x, y]: Point, [ax, ay]: Point, [bx, by]: Point) -> f64 {
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx * dx + dy * dy;
    let along = if length == 0.0 { 0.0 } else { (((x - ax) * dx + (y - ay) * dy) / length).clamp(0.0, 1.0) };
    (x - ax - along * dx).hypot(y - ay - along * dy)
}

/// Rings as the data of one SVG path, in relative steps.
pub(crate) fn path(rings: &[Ring]) -> String {
    let mut data = String::new();
    for ring in rings {
        let mut before: Option<[i32; 2]> = None;
        for &[x, y] in ring {
            match before {
                None => data.push_str(&format!("M{}l", pair(x, y))),
                Some([px, py]) => {
                    let step = pair(x - px, y - py);
                    if !data.ends_with('l') && !step.starts_with('-') {
                        data.push(' ');
                    }
                    data.push_str(&step);
                }
            }
            before = Some([x, y]);
        }
        data.push('z');
    }
    data
}

fn pair(x: i32, y: i32) -> String {
    if y < 0 { format!("{x}{y}") } else { format!("{x} {y}") }
}

/// A point well inside the largest ring: the middle of its widest level run, near half its height.
pub(crate) fn middle(rings: &[Ring]) -> Option<Point> {
    let ring = rings.iter().max_by_key(|ring| area(ring))?;
    let heights = || ring.iter().map(|p| f64::from(p[1]));
    let (top, bottom) = (heights().fold(f64::MAX, f64::min), heights().fold(f64::MIN, f64::max));
    let mut best: Option<(f64, Point)> = None;
    for eighth in 2..=6 {
        let share = f64::from(eighth) / 8.0;
        let y = top + (bottom - top) * share + 0.01;
        for run in crossings(ring, y).chunks_exact(2) {
            let worth = (run[1] - run[0]) * (1.0 - (share - 0.5).abs());
            if best.is_none_or(|(most, _)| worth > most) {
                best = Some((worth, [(run[0] + run[1]) / 2.0, y]));
            }
        }
    }
    best.map(|(_, point)| point)
}

fn area(ring: &Ring) -> i64 {
    let next = ring.iter().cycle().skip(1);
    let cross = |(a, b): (&[i32; 2], &[i32; 2])| {
        i64::from(a[0]) * i64::from(b[1]) - i64::from(b[0]) * i64::from(a[1])
    };
    ring.iter().zip(next).map(cross).sum::<i64>().abs()
}

/// Where a level line enters and leaves a ring, from one side to the other.
fn crossings(ring: &Ring, y: f64) -> Vec<f64> {
    let next = ring.iter().cycle().skip(1);
    let cross = |(a, b): (&[i32; 2], &[i32; 2])| {
        let [ax, ay, bx, by] = [a[0], a[1], b[0], b[1]].map(f64::from);
        ((ay > y) != (by > y)).then(|| ax + (y - ay) / (by - ay) * (bx - ax))
    };
    let mut found: Vec<f64> = ring.iter().zip(next).filter_map(cross).collect();
    found.sort_by(f64::total_cmp);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_only_what_stands_out() {
        let line = [[0.0, 0.0], [5.0, 0.4], [10.0, 0.0], [10.0, 9.0]];
        assert_eq!(simplify(&line, 1.0), [[0.0, 0.0], [10.0, 0.0], [10.0, 9.0]]);
        assert_eq!(simplify(&line[..1], 1.0), [[0.0, 0.0]]);
    }

    #[test]
    fn a_path_is_written_in_relative_steps() {
        let ring = vec![[10, 20], [15, 20], [15, 12]];
        assert_eq!(path(&[ring]), "M10 20l5 0 0-8z");
    }

    #[test]
    fn the_middle_of_a_crescent_is_inside_it() {
        let crescent = vec![[0, 0], [100, 0], [100, 10], [20, 10], [20, 90], [100, 90], [100, 100], [0, 100]];
        let [x, y] = middle(&[crescent]).unwrap();
        assert!((0.0..=20.0).contains(&x) && (10.0..=90.0).contains(&y), "{x} {y}");
    }
}
