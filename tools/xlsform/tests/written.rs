//! What is written of a form.

use xlsform::{Kind, write};

use crate::{good, read};

#[test]
fn everything_of_a_form_is_read() {
    let form = good();
    assert_eq!((form.id.as_str(), form.title.as_str()), ("suivi_ventes", "Suivi des ventes"));
    assert_eq!(form.languages, ["Français (fr)", "العربية (ar)"]);
    assert_eq!(form.beside, ["cooperatives"]);
    let questions = form.questions();
    let kind = |name: &str| {
        questions.iter().find(|(_, question)| question.name == name).map(|(_, q)| q.kind.clone())
    };
    assert_eq!(kind("note"), Some(Kind::Range("1".into(), "5".into(), "1".into())));
    assert_eq!(kind("province"), Some(Kind::One("provinces".into())));
    let (around, ville) = questions.iter().find(|(_, question)| question.name == "ville").unwrap();
    assert_eq!((around.as_slice(), ville.label.best(1)), (&["clients".to_owned()][..], "المدينة"));
    let again: xlsform::Form = serde_json::from_str(&serde_json::to_string(&form).unwrap()).unwrap();
    assert_eq!(again, form);
}

#[test]
fn names_become_paths_and_entries_of_repeats_stay_with_their_own() {
    let xml = write(&good(), "1").replace("&apos;", "'");
    for part in [
        "calculate=\"../achats  * 2\"",
        "relevant=\"../nom  != ''\"",
        "calculate=\"sum( /data/clients/achats ) + count( /data/clients )\"",
        "nodeset=\"instance('provinces')/root/item[region =  /data/activite/region]\"",
        "jr:count=\"/data/nombre\"",
        "<clients jr:template=\"\">",
        "Ville de <output value=\"../nom\"/>",
        "<setvalue ref=\"/data/idees/quand\" event=\"odk-new-repeat\" value=\"today()\"/>",
        "nodeset=\"/data/clients/note_client_count\" type=\"string\" readonly=\"true()\" calculate=\"../rang  + 1\"",
        "[region =  current()/../region_client]",
        "<entity dataset=\"cooperatives\" id=\"\" update=\"1\" baseVersion=\"\" trunkVersion=\"\" branchId=\"\"/>",
        "src=\"jr://file-csv/cooperatives.csv\"",
        "<translation lang=\"العربية (ar)\">",
        "entities:saveto=\"members\"",
        "orx:max-pixels=\"1600\"",
        "<forme>v2</forme>",
    ] {
        assert!(xml.contains(part), "{part} is not in\n{xml}");
    }
}

#[test]
fn one_language_without_a_name_will_do() {
    let form = read("# survey\ntype|name|label\ntext|nom|Nom & <prénom>\n").unwrap();
    assert_eq!((form.id.as_str(), form.languages.as_slice()), ("essai", &[String::new()][..]));
    let xml = write(&form, "1");
    assert!(xml.contains("<translation lang=\"default\" default=\"true()\">"), "{xml}");
    assert!(xml.contains("<value>Nom &amp; &lt;prénom&gt;</value>"), "{xml}");
}

#[test]
fn columns_that_are_not_read_are_told() {
    let form = read(
        "# survey\ntype|name|label|lable::Français (fr)|remarque\ntext|nom|Nom|Nom|\ntext|b|B||revoir\n",
    );
    assert_eq!(form.unwrap().unread, ["lable::Français (fr)", "remarque"]);
    assert!(good().unread.is_empty());
}

#[test]
fn a_count_that_is_worked_out_has_a_place_of_its_own() {
    let form = "# survey\ntype|name|label|repeat_count\ninteger|n|N|\nbegin repeat|r|R|${n} + 1\ntext|t|T\nend repeat\n";
    let xml = write(&read(form).unwrap(), "1");
    assert!(xml.contains("<r_count/><r jr:template=\"\">"), "{xml}");
    assert!(
        xml.contains("calculate=\"/data/n  + 1\"") && xml.contains("jr:count=\"/data/r_count\""),
        "{xml}"
    );
}

#[test]
fn a_word_with_its_plural_is_no_function() {
    let form = "# survey\ntype|name|label|default\ntext|a|A|autre(s)\ntext|b|B|Autre(s)\ndate|c|C|today()\ntext|d|D|uuid(12)\n";
    let xml = write(&read(form).unwrap(), "1");
    assert!(xml.contains("<a>autre(s)</a>") && xml.contains("<b>Autre(s)</b>"), "{xml}");
    assert!(xml.contains("value=\"today()\"") && xml.contains("value=\"uuid(12)\""), "{xml}");
}
