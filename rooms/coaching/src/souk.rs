//! Weekly market days of communes, and distances between places: when and in what order to go.

use std::collections::HashMap;

use jiff::civil::Weekday;
use kernel::access::{self, PUBLIC, Standing};
use kernel::kinds::{Choice, Place};
use kernel::{Db, Id, Record, Result, Tx, choice, record, sql};

choice! {
    /// A day of the week.
    pub Day in "day" {
        Monday = "monday", Tuesday = "tuesday", Wednesday = "wednesday", Thursday = "thursday", Friday = "friday",
        Saturday = "saturday", Sunday = "sunday",
    }
}

record! {
    /// The weekly market day of a commune, as its coaches know it.
    pub Souk in "souk" as "coaching.souk", then saved {
        main(Public, File) { place: Place, day: Day }
    }
}

/// Anybody may know a market day.
fn saved(souk: &Souk, tx: &mut Tx<'_>) -> Result<()> {
    access::grant(tx, souk.id, PUBLIC, Standing::Public, None)
}

/// Says the market day of a commune; the one told last holds.
pub fn set(tx: &mut Tx<'_>, place: &str, day: Day) -> Result<()> {
    let id = Id::named(&format!("souk {place}"));
    match kernel::record::find::<Souk>(tx, id)? {
        Some(there) => kernel::record::update(tx, &Souk { day, ..there }),
        None => {
            let place = Place { division: place.to_owned(), lat: None, lon: None };
            kernel::record::insert(tx, &Souk { id, version: 1, place, day })
        }
    }
}

/// Known market days by commune.
pub fn all(db: &mut Db) -> Result<HashMap<String, Day>> {
    let query = sql(&format!("select {} from souk", Souk::columns(""))).open("market days are public");
    let souks = db.rows(&query, Souk::from_row)?;
    Ok(souks.into_iter().map(|souk| (souk.place.division, souk.day)).collect())
}

/// The day of the week of a date.
pub fn day_of(date: jiff::civil::Date) -> Day {
    match date.weekday() {
        Weekday::Monday => Day::Monday,
        Weekday::Tuesday => Day::Tuesday,
        Weekday::Wednesday => Day::Wednesday,
        Weekday::Thursday => Day::Thursday,
        Weekday::Friday => Day::Friday,
        Weekday::Saturday => Day::Saturday,
        Weekday::Sunday => Day::Sunday,
    }
}

/// Latitude and longitude of a place: its own point, or the one inside its commune.
pub fn point(place: &Place) -> Option<(f64, f64)> {
    place.lat.zip(place.lon).or_else(|| {
        let division = kernel::territory::atlas()?.get(&place.division)?;
        division.lat.zip(division.lon)
    })
}

/// Kilometres between two points as the crow flies, rounded (haversine, mean radius of the earth 6,371 km).
pub fn kilometres((lat_a, lon_a): (f64, f64), (lat_b, lon_b): (f64, f64)) -> i64 {
    let (a, b) = (lat_a.to_radians(), lat_b.to_radians());
    let (dlat, dlon) = ((b - a) / 2.0, (lon_b - lon_a).to_radians() / 2.0);
    let h = dlat.sin().powi(2) + a.cos() * b.cos() * dlon.sin().powi(2);
    (2.0 * 6371.0 * h.sqrt().min(1.0).asin()).round() as i64
}

/// The days in the order of a Moroccan calendar.
pub fn week() -> Vec<Day> {
    Day::CODES.iter().filter_map(|code| Day::from_code(code)).collect()
}

#[cfg(test)]
mod tests {
    use super::kilometres;

    #[test]
    fn distances_are_those_of_an_atlas() {
        // Ouarzazate to Zagora is about 124 km in a straight line.
        assert!((120..=128).contains(&kilometres((30.92, -6.91), (30.33, -5.84))));
        assert_eq!(kilometres((31.0, -6.0), (31.0, -6.0)), 0);
    }
}
