//! Papers in the style of the house, in every language, as the rooms will print them.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use kernel::testing::House;
use kernel::{Lang, Paper};
use serde_json::{Value as Json, json};

const REPORT: &str = r##"
#import "house.typ": *
#show: house
= #title
#tag(data.tag)

#data.text #isolate(data.name), #num(data.phone).

#figures(..data.figures)
#facts(..data.facts)
== #data.heading
#table-of(head: data.head, rows: data.rows, widths: (2fr, 1fr, 1fr), end: (1, 2), foot: data.foot)
#note[#data.note #foreign("zgh", "ⵜⵉⵡⵉⵣⵉ")]
#signatures(..data.people)
"##;

fn data(lang: Lang) -> Json {
    let arabic = lang == Lang::Ar;
    let pick = |latin: &'static str, other: &'static str| if arabic { other } else { latin };
    json!({
        "tag": pick("Données fictives", "معطيات خيالية"),
        "text": pick(
            "La coopérative a suivi douze heures de formation, du 3 mars au 8 mars 2026 (12 h). Personne à joindre :",
            "استفادت التعاونية من اثنتي عشرة ساعة من التكوين، من 3 مارس إلى 8 مارس 2026 (22 عضوة). للاتصال:",
        ),
        "name": "Coopérative Tifaouine (Tazenakht)",
        "phone": "+212 6 00 00 00 00",
        "figures": [["12", pick("heures de formation", "ساعات التكوين")], ["22", pick("adhérentes", "العضوات")],
            ["80 %", pick("présence", "الحضور")]],
        "facts": [
            [pick("Commune", "الجماعة"), pick("Tazenakht", "تازناخت")],
            [pick("Identifiant", "المعرف"), "ICE 001234567000089"],
            [pick("Rien", "لا شيء"), null],
        ],
        "heading": pick("Séances suivies", "الحصص المتبعة"),
        "head": [pick("Séance", "الحصة"), pick("Heures", "الساعات"), pick("Note", "النقطة")],
        "rows": [[pick("Comptabilité", "المحاسبة"), "4", "12,5"], [pick("Commercialisation", "التسويق"), "8", "14"],
            ["#panic() *x*", "0", "–"]],
        "foot": [pick("Total", "المجموع"), "12", ""],
        "note": pick("Cette attestation se vérifie à l’adresse", "يمكن التحقق من هذه الشهادة على العنوان"),
        "people": [
            { "role": pick("La présidente", "الرئيسة"), "name": pick("Fadma Aït Ali", "فاضمة أيت علي"),
              "said": pick("Tazenakht, le 8 mars 2026", "تازناخت، 8 مارس 2026") },
            { "role": pick("Le programme", "البرنامج"), "name": "Ahmed" },
        ],
    })
}

#[test]
fn a_report_is_printed_in_every_language() {
    let house = House::open(tiwizi::rooms());
    for lang in Lang::ALL {
        let title = if lang == Lang::Ar { "شهادة تكوين" } else { "Attestation de formation" };
        let paper =
            Paper { template: REPORT, title: title.to_owned(), lang, data: data(lang), pictures: Vec::new() };
        let sheet = house.app.print(&paper).unwrap();
        assert!(sheet.starts_with(b"%PDF"));
        assert_eq!(house.app.print(&paper).unwrap(), sheet, "the same paper gives the same bytes");
        if let Some(folder) = std::env::var_os("TIWIZI_WRITE_PAPER") {
            std::fs::write(std::path::Path::new(&folder).join(format!("{}.pdf", lang.code())), sheet)
                .unwrap();
        }
    }
}

#[test]
fn a_template_that_is_wrong_says_where() {
    let house = House::open(tiwizi::rooms());
    let paper = Paper {
        template: "#import \"house.typ\": *\n#show: house\n#data.nothing",
        title: "x".to_owned(),
        lang: Lang::Fr,
        data: json!({}),
        pictures: Vec::new(),
    };
    let told = house.app.print(&paper).unwrap_err().to_string();
    assert!(told.contains("main.typ:3:"), "{told}");
}
