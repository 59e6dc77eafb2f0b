//! The 22 invented cooperatives. Their communes are real, nothing else is.

use jiff::civil::date;
use kernel::kinds::{Choice, Code, Ice, Long, Many, Multi, Phone, Place};
use kernel::{Result, Tx};
use registry::{Activity, Month, Organisation, OrganisationKind, Status};

use super::{id, put};

/// One line a cooperative: French and Arabic name, commune, activities, year, members, women, under 35, active.
pub(super) struct Line {
    pub(super) fr: &'static str,
    pub(super) ar: &'static str,
    pub(super) commune: &'static str,
    activities: &'static [&'static str],
    year: i16,
    pub(super) members: i64,
    pub(super) women: i64,
    young: i64,
    active: i64,
}

const fn line(
    fr: &'static str,
    ar: &'static str,
    commune: &'static str,
    activities: &'static [&'static str],
    year: i16,
    counts: [i64; 4],
) -> Line {
    let [members, women, young, active] = counts;
    Line { fr, ar, commune, activities, year, members, women, young, active }
}

pub(super) const ALL: &[Line] = &[
    line(
        "Coopérative Tiniri n’Dadès",
        "تعاونية تينيري ن دادس",
        "08.577.01.05",
        &["roses"],
        2016,
        [34, 31, 9, 31],
    ),
    line(
        "Coopérative Assays n’Taznakht",
        "تعاونية أسايس ن تازناخت",
        "08.401.01.09",
        &["carpets"],
        2014,
        [46, 44, 12, 28],
    ),
    line(
        "Coopérative Azzar n’Siroua",
        "تعاونية أزار ن سيروا",
        "08.401.03.13",
        &["saffron"],
        2018,
        [18, 9, 6, 15],
    ),
    line(
        "Coopérative Tifaouine Skoura",
        "تعاونية تيفاوين سكورة",
        "08.401.07.07",
        &["olives", "figs"],
        2015,
        [27, 14, 5, 20],
    ),
    line(
        "Coopérative Anaruz Telouet",
        "تعاونية أناروز تلوات",
        "08.401.03.15",
        &["almonds"],
        2019,
        [15, 15, 8, 13],
    ),
    line(
        "Coopérative Tamunt Ouarzazate",
        "تعاونية تامونت ورزازات",
        "08.401.01.07",
        &["couscous", "catering"],
        2017,
        [22, 22, 7, 18],
    ),
    line(
        "Coopérative Imlil Toundoute",
        "تعاونية إمليل توندوت",
        "08.401.07.11",
        &["herbs", "honey"],
        2020,
        [12, 8, 7, 11],
    ),
    line(
        "Coopérative Tagmat Imi-N’oulaoune",
        "تعاونية تاكمات إيمي نولاون",
        "08.401.07.05",
        &["embroidery"],
        2021,
        [11, 11, 6, 9],
    ),
    line(
        "Coopérative Tamra n’Draa",
        "تعاونية تامرا ن درعة",
        "08.587.01.13",
        &["dates"],
        2012,
        [63, 21, 14, 40],
    ),
    line(
        "Coopérative Oasis de Tamegroute",
        "تعاونية واحة تامكروت",
        "08.587.09.35",
        &["pottery"],
        2013,
        [19, 4, 5, 16],
    ),
    line(
        "Coopérative Tafsut Agdz",
        "تعاونية تافسوت أكدز",
        "08.587.01.01",
        &["dates", "couscous"],
        2016,
        [38, 29, 11, 26],
    ),
    line(
        "Coopérative Ighrem N’kob",
        "تعاونية إغرم النقوب",
        "08.587.11.25",
        &["henna", "herbs"],
        2019,
        [16, 16, 8, 12],
    ),
    line(
        "Coopérative Azul Tazarine",
        "تعاونية أزول تازارين",
        "08.587.11.41",
        &["livestock", "milk"],
        2017,
        [29, 6, 9, 22],
    ),
    line(
        "Coopérative Iris M’hamid",
        "تعاونية إيريس محاميد",
        "08.587.09.23",
        &["tourism"],
        2021,
        [9, 4, 7, 9],
    ),
    line(
        "Coopérative Tudert Tinghir",
        "تعاونية تودرت تنغير",
        "08.577.01.11",
        &["olives"],
        2015,
        [31, 12, 6, 19],
    ),
    line(
        "Coopérative Tazerzit Alnif",
        "تعاونية تازرزيت ألنيف",
        "08.577.02.05",
        &["herbs", "henna"],
        2018,
        [21, 19, 8, 17],
    ),
    line(
        "Coopérative Afous g Ofous Boumalne",
        "تعاونية أفوس كوفوس بومالن",
        "08.577.01.03",
        &["carpets", "embroidery"],
        2014,
        [40, 38, 10, 24],
    ),
    line(
        "Coopérative Ayyur M’semrir",
        "تعاونية أيور امسمرير",
        "08.577.05.21",
        &["apples", "honey"],
        2019,
        [24, 7, 9, 20],
    ),
    line(
        "Coopérative Tislit Ikniouen",
        "تعاونية تيسليت إكنيون",
        "08.577.05.17",
        &["livestock"],
        2020,
        [13, 5, 4, 10],
    ),
    line(
        "Coopérative Argane du Haouz",
        "تعاونية أركان الحوز",
        "07.351.05.01",
        &["argan", "couscous"],
        2016,
        [26, 26, 9, 21],
    ),
    line(
        "Coopérative Fanar Marrakech",
        "تعاونية فنار مراكش",
        "07.351.01.0",
        &["leather", "jewellery"],
        2018,
        [17, 6, 10, 15],
    ),
    line(
        "Coopérative Zitouna Al Ouidane",
        "تعاونية زيتونة الويدان",
        "07.351.02.01",
        &["olives", "milk"],
        2015,
        [33, 13, 7, 23],
    ),
];

/// The name under which the n-th cooperative's id is made.
pub(super) fn key(n: usize) -> String {
    format!("cooperative {n}")
}

pub(super) fn register(tx: &mut Tx<'_>) -> Result<()> {
    for (n, line) in ALL.iter().enumerate() {
        let (lat, lon) = point(line.commune);
        let number = n as i64;
        let organisation = Organisation {
            id: id(&key(n)),
            version: 1,
            kind: OrganisationKind::Cooperative,
            name: Multi::fr_ar(line.fr, line.ar),
            acronym: None,
            place: Place { division: line.commune.into(), lat, lon },
            activities: Some(Many(
                line.activities.iter().filter_map(|code| Activity::from_code(code)).collect(),
            )),
            founded: Some(date(line.year, (n % 12) as i8 + 1, (n % 27) as i8 + 1)),
            presentation: Some(Multi::fr_ar(
                "Cette coopérative est inventée pour la démonstration.",
                "هذه التعاونية خيالية، أُنشئت للعرض التوضيحي.",
            )),
            published: n % 5 != 4,
            members: Some(line.members),
            women: Some(line.women),
            young: Some(line.young),
            active: Some(line.active),
            // Numbers of a range that no operator gives out.
            phone: Some(Phone(format!("+21200000{:04}", 100 + number))),
            phone_2: None,
            email: None,
            address: Some(Long("Adresse inventée pour la démonstration".into())),
            website: None,
            register_number: Some(Code(format!("DEMO-{:04}", 1000 + number))),
            register_court: Some(
                if line.commune.starts_with("07") { "Marrakech" } else { "Ouarzazate" }.into(),
            ),
            national_number: None,
            ice: Some(ice(number)),
            tax_number: Some(Code(format!("99{:06}", 100 + number))),
            social_number: None,
            // One of them counts its year by the harvest.
            year_end: (number == 3).then_some(Month::September),
            status: Status::Active,
            status_reason: None,
            invented: true,
        };
        put(tx, &organisation, 560 - number)?;
    }
    Ok(())
}

/// An invented ICE whose check digits are right, of a range that nobody was given: 9 digits of an enterprise, 4 of an
/// establishment, and what makes the whole a multiple of 97.
pub(super) fn ice(number: i64) -> Ice {
    let enterprise = (999_000_000 + number) * 10_000;
    let check = 97 - enterprise * 100 % 97;
    Ice(format!("{:015}", enterprise * 100 + check))
}

/// A point a little beside the centre of a commune: invented cooperatives have no real address.
fn point(commune: &str) -> (Option<f64>, Option<f64>) {
    let division = kernel::territory::atlas().and_then(|atlas| atlas.get(commune));
    (division.and_then(|d| d.lat), division.and_then(|d| d.lon))
}
