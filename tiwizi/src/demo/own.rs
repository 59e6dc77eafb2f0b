//! Two indicators that the invented programme defines for itself, each with a target.

use impact::{Cut, OwnIndicator, OwnMeasure, Slice, Target};
use kernel::kinds::Multi;
use kernel::{Result, Tx};

use super::{ago, id, put};

/// Days since they were agreed.
const AGREED: i64 = 500;

fn said(fr: &str, ar: &str, en: &str) -> Multi {
    let mut text = Multi::fr_ar(fr, ar);
    text.0.insert("en".into(), en.into());
    text
}

pub(super) fn tell(tx: &mut Tx<'_>) -> Result<()> {
    let young = OwnIndicator {
        id: id("own young women"),
        version: 1,
        programme: id("programme").into(),
        name: said(
            "Femmes parmi les 25 à 35 ans formés",
            "النساء من المكوَّنين بين 25 و35 سنة",
            "Women among the trained aged 25 to 35",
        ),
        definition: said(
            "Part des femmes parmi les personnes de 25 à 35 ans formées dans la période.",
            "حصة النساء من الأشخاص المكوَّنين بين 25 و35 سنة خلال المدة.",
            "Share of women among the people aged 25 to 35 trained in the period.",
        ),
        base: "people-trained".into(),
        measure: OwnMeasure::Share,
        only_1: Some(Slice::of(Cut::Age, "25-35")),
        only_2: None,
        only_3: None,
        meets: Some(Slice::of(Cut::Sex, "woman")),
    };
    let hours = OwnIndicator {
        id: id("own hours"),
        name: said("Heures par personne formée", "ساعات لكل شخص مكوَّن", "Hours per person trained"),
        definition: said(
            "Heures de présence en formation, par personne formée dans la période.",
            "ساعات الحضور في التكوين لكل شخص تكوَّن خلال المدة.",
            "Hours of attendance in training, per person trained in the period.",
        ),
        base: "person-hours".into(),
        measure: OwnMeasure::Mean,
        only_1: None,
        meets: None,
        ..young.clone()
    };
    for own in [&young, &hours] {
        put(tx, own, AGREED)?;
    }
    let target =
        |key: &str, own: &OwnIndicator, target: i64, slice: Option<Slice>, baseline: Option<i64>| Target {
            id: id(key),
            version: 1,
            programme: own.programme,
            indicator: own.id.to_string(),
            slice,
            target,
            due: ago(-120),
            baseline,
            phase: None,
        };
    for one in [
        target("target young women", &young, 70, None, Some(40)),
        target("target hours", &hours, 12, None, None),
        target("target hours of women", &hours, 12, Some(Slice::of(Cut::Sex, "woman")), Some(4)),
    ] {
        put(tx, &one, AGREED)?;
    }
    Ok(())
}
