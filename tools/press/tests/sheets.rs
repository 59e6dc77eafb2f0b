//! Sheets as they are printed, good ones and bad ones.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use press::{Error, Sheet, pdf};
use proptest::prelude::*;
use serde_json::{Value, json};

const HEAD: &str = r#"
#set document(title: "Essai")
#set text(lang: "fr", font: ("Noto Sans", "Noto Sans Arabic", "Noto Sans Tifinagh"))
#let data = json("data.json")
"#;

const PIXEL: &[u8] = b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\
\x00\x90wS\xde\x00\x00\x00\x0cIDATx\x9ccX\xe2\xaa\x03\x00\x02\xa6\x01\x16v$\x9fP\x00\x00\x00\x00IEND\xaeB`\x82";

fn print(body: &str, data: &Value) -> Result<Vec<u8>, Error> {
    let template = format!("{HEAD}{body}");
    let pictures = &[("pixel.png", PIXEL)];
    pdf(&Sheet { template: &template, library: &[], data, pictures, date: (2026, 3, 8) })
}

fn says(pdf: &[u8], what: &str) -> bool {
    pdf.windows(what.len()).any(|window| window == what.as_bytes())
}

fn complaint(body: &str) -> String {
    print(body, &json!({})).map(|_| ()).unwrap_err().to_string()
}

#[test]
fn three_scripts_make_one_archived_accessible_sheet() {
    let data = json!({ "ar": "تعاونية تيفاوين (22 عضوة)", "zgh": "ⵜⵉⵡⵉⵣⵉ", "fr": "« Coopérative » à 12 %" });
    let body = r#"
= #data.fr
#text(lang: "ar", dir: rtl)[*#data.ar* #data.ar]
#text(lang: "zgh", data.zgh)
#image("pixel.png", alt: "point", width: 3mm)
"#;
    let sheet = print(body, &data).unwrap();
    assert!(sheet.starts_with(b"%PDF-1.7"));
    for what in ["NotoSansArabic-Bold", "NotoSansArabic-Regular", "NotoSansTifinagh", "NotoSans-Bold"] {
        assert!(says(&sheet, what), "{what} is not inside");
    }
    assert!(says(&sheet, "pdfuaid:part") && says(&sheet, "pdfaid:part"));
}

#[test]
fn without_title_and_language_it_is_an_archive_only() {
    let bare =
        Sheet { template: "bonjour", library: &[], data: &json!({}), pictures: &[], date: (2026, 3, 8) };
    let sheet = pdf(&bare).unwrap();
    assert!(says(&sheet, "pdfaid:part") && !says(&sheet, "pdfuaid:part"));
}

#[test]
fn the_same_sheet_gives_the_same_bytes_and_another_day_others() {
    let data = json!({ "n": 7 });
    let template = format!("{HEAD}= #data.n\n#datetime.today().display()");
    let on = |day| {
        pdf(&Sheet { template: &template, library: &[], data: &data, pictures: &[], date: (2026, 3, day) })
    };
    let first = on(8).unwrap();
    for _ in 0..3 {
        assert_eq!(on(8).unwrap(), first);
    }
    assert_ne!(on(9).unwrap(), first);
    assert!(says(&first, "D:20260308"));
    assert_eq!(on(99), Err(Error::Date));
}

#[test]
fn a_template_imports_others_by_name() {
    let library = [
        ("house.typ", "#let hello(name) = [Bonjour #name]"),
        ("deep/er.typ", "#import \"../house.typ\": hello"),
    ];
    let sheet = Sheet {
        template: "#import \"deep/er.typ\": hello\n#hello[Fadma]",
        library: &library,
        data: &json!(null),
        pictures: &[],
        date: (2026, 3, 8),
    };
    assert!(pdf(&sheet).is_ok());
}

#[test]
fn a_broken_template_is_told_with_its_place() {
    let told = complaint("#let x = (1,\n");
    assert!(told.contains("main.typ:5:") && told.contains("unclosed"), "{told}");
    let told = complaint("\n#data.names.first()");
    assert!(told.contains("main.typ:6:") && told.contains("names"), "{told}");
    let told = complaint("#image(\"nothing.png\")");
    assert!(told.contains("main.typ:5:") && told.contains("nothing.png"), "{told}");
    let told = complaint("#image(\"pixel.png\")");
    assert!(told.contains("alt"), "{told}");
    let told = complaint("#import \"@preview/cetz:0.3.0\": *");
    assert!(told.contains("cetz"), "{told}");
    let told = complaint("#read(\"/etc/passwd\")");
    assert!(told.contains("not found"), "{told}");
}

#[test]
fn a_name_that_leaves_the_desk_is_refused() {
    let away = Sheet {
        template: "",
        library: &[("../x.typ", "")],
        data: &json!(1),
        pictures: &[],
        date: (2026, 3, 8),
    };
    assert_eq!(pdf(&away), Err(Error::Name("../x.typ".to_owned())));
}

#[test]
fn hostile_data_is_printed_as_text() {
    for text in [
        "#panic() *x* _y_ $z$ `w` <label> @label \\ // ~ --- = -",
        "\u{202e}retourné\u{2067}\u{2067}\u{2069}\u{202a} \u{200f}",
        "👩\u{200d}🌾 漢字 \u{e000} \u{0} \u{7} \u{ffff} \u{feff} \u{fffe} \u{10ffff}",
        "ب\u{301}\u{20dd} ⵣ\u{64e} a\u{64b} \u{64b} \u{301} \u{34f} \u{200d}",
        "مُحَمَّدٌ ﷺ لا إله ﷲ \u{640}\u{651}\u{64e}",
        &"a".repeat(50_000),
        &"تعاونية 12 ".repeat(8_000),
        "",
    ] {
        let start: String = text.chars().take(40).collect();
        print("#data.text\n= Titre #data.text.clusters().slice(0, calc.min(4, data.text.clusters().len())).join()", &json!({ "text": text })).unwrap_or_else(|e| panic!("{start}: {e}"));
    }
    let odd =
        json!({ "big": u64::MAX, "small": i64::MIN, "real": 1e300, "none": null, "a\u{202e}👩": [[[]]] });
    print("#data.big #data.small #data.real #repr(data)", &odd).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_is_printed(latin in ".{0,60}", mixed in "[\n\u{20}-\u{7e}\u{300}-\u{36f}\u{600}-\u{6ff}\u{2d30}-\u{2d7f}\u{2000}-\u{206f}\u{fe00}-\u{fe0f}\u{1f468}-\u{1f470}\u{fb50}-\u{fdff}]{0,80}") {
        let data = json!({ "latin": latin, "mixed": mixed });
        let body = "#data.latin\n#text(lang: \"ar\", dir: rtl, data.mixed)\n\n#strong(data.mixed)\n= Titre #data.mixed";
        let printed = print(body, &data);
        prop_assert!(printed.is_ok(), "{:?}", printed.err());
    }
}
