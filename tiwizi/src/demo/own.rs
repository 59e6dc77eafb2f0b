//! Indicators that the invented programme defines for itself, two of them with targets.

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
    let (amount, hard) = (question_of(tx, "sales/amount")?, question_of(tx, "hard")?);
    let sales = OwnIndicator {
        id: id("own sales"),
        name: said(
            "Ventes déclarées par enquête",
            "المبيعات المصرح بها في كل استمارة",
            "Sales declared by questionnaire",
        ),
        definition: said(
            "Moyenne des ventes du mois, en dirhams, que les coopératives disent à l’enquête « Suivi des ventes ».",
            "متوسط مبيعات الشهر بالدرهم كما تصرح بها التعاونيات في استمارة «تتبع المبيعات».",
            "Mean of the sales of the month, in dirhams, that cooperatives tell in the survey “Sales follow-up”.",
        ),
        base: "survey-numbers".into(),
        measure: OwnMeasure::Mean,
        only_1: Some(Slice::of(Cut::Kind, amount)),
        meets: None,
        ..young.clone()
    };
    let transport = OwnIndicator {
        id: id("own transport"),
        name: said("Le transport est le plus difficile", "النقل هو الأصعب", "Transport is the hardest"),
        definition: said(
            "Part des questionnaires où le transport est cité comme le plus difficile.",
            "حصة الاستمارات التي ذُكر فيها النقل على أنه الأصعب.",
            "Share of questionnaires in which transport is said to be the hardest.",
        ),
        base: "survey-choices".into(),
        measure: OwnMeasure::Share,
        only_1: None,
        meets: Some(Slice::of(Cut::Kind, format!("{hard} transport"))),
        ..young.clone()
    };
    for own in [&young, &hours, &sales, &transport] {
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

/// The id of a question of the survey that the demonstration publishes.
fn question_of(tx: &mut Tx<'_>, path: &str) -> Result<String> {
    let query = kernel::sql("select q.id from survey_question q join survey s on s.id = q.survey where s.programme = ? and q.path = ?")
        .bind(id("programme"))
        .bind(path)
        .open("the demonstration");
    Ok(tx.row(&query, |row| row.take::<String>())?.unwrap_or_default())
}
