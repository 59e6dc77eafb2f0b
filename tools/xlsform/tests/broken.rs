//! What is refused, and where.

use crate::wrong;

fn at(
    code: &'static str,
    sheet: &'static str,
    row: u32,
    column: &str,
) -> (&'static str, &'static str, u32, String) {
    (code, sheet, row, column.to_owned())
}

#[test]
fn every_problem_is_told_at_once_with_its_place() {
    let form = "# survey
type|name|label::Français (fr)|relevant|media::image|save_to
text|nom|Nom|${personne} = 1||phone
select_one couleurs|couleur|Couleur|(1 +
video|film|Film
magie|m|M
text|deux mots|X
text|nom|Encore
integer||Sans nom
text|photo|Photo||x.jpg
select_one_from_file autres.csv|a|A
select_one oui or_other|o|O
end group
begin group|g|G
calculate|c
text|z|Z|f(1)
# choices
list_name|name|label::Français (fr)
oui|oui|Oui
oui|oui|Oui
oui|trop long|X
|perdu|X
# settings
form_id|public_key
mauvais id|abc
";
    let found = wrong(form);
    for expected in [
        at("setting_unsupported", "settings", 2, "public_key"),
        at("form_id_bad", "settings", 2, "form_id"),
        at("reference_unknown", "survey", 2, "relevant"),
        at("save_alone", "survey", 2, "save_to"),
        at("list_unknown", "survey", 3, "type"),
        at("expression_end", "survey", 3, "relevant"),
        at("type_unsupported", "survey", 4, "type"),
        at("type_unknown", "survey", 5, "type"),
        at("name_bad", "survey", 6, "name"),
        at("name_twice", "survey", 7, "name"),
        at("name_missing", "survey", 8, "name"),
        at("column_unsupported", "survey", 9, "media::image"),
        at("file_unknown", "survey", 10, "type"),
        at("or_other", "survey", 11, "type"),
        at("end_alone", "survey", 12, "type"),
        at("begin_alone", "survey", 13, "type"),
        at("calculation_missing", "survey", 14, "calculation"),
        at("function_unknown", "survey", 15, "relevant"),
        at("choice_twice", "choices", 3, "name"),
        at("choice_spaces", "choices", 4, "name"),
        at("choice_unnamed", "choices", 5, "list_name"),
    ] {
        assert!(found.contains(&expected), "{expected:?} is not in {found:#?}");
    }
    assert_eq!(found.len(), 21, "{found:#?}");
}

#[test]
fn a_form_without_questions_or_sheets_is_none() {
    assert_eq!(wrong("# choices\nlist_name|name\na|b\n"), [at("sheet_missing", "survey", 0, "")]);
    assert_eq!(wrong("# survey\ntype|name\nbegin group|g\nend group\n")[0], at("nothing", "survey", 0, ""));
    assert_eq!(wrong("# survey\nname|label\na|b\n"), [at("column_missing", "survey", 0, "type")]);
}

#[test]
fn the_name_of_what_a_form_keeps_for_itself_is_refused_where_it_stands() {
    let form = "# survey\ntype|name|label\ntext|meta|M\nbegin group|g|G\ntext|meta|M\nend group\n";
    assert_eq!(wrong(form), [at("name_bad", "survey", 2, "name")]);
}

#[test]
fn what_is_worked_out_from_itself_is_refused() {
    let form = "# survey\ntype|name|label|calculation|relevant\ncalculate|a||${b}+1\ncalculate|b||${c}\ntext|c|C||${a}=1\n";
    assert_eq!(wrong(form), [at("circle", "survey", 2, "calculation")]);
}

#[test]
fn a_list_beside_the_form_is_asked_once_and_in_no_repeat() {
    let form = "# survey
type|name|label
begin repeat|r|R
select_one_from_file cooperatives.csv|a|A
end repeat
select_one_from_file cooperatives.csv|b|B
";
    assert_eq!(wrong(form), [at("file_repeat", "survey", 3, "type"), at("file_twice", "survey", 5, "type")]);
}

#[test]
fn what_would_create_entities_is_refused() {
    let form = "# survey
type|name|label|save_to
select_one_from_file cooperatives.csv|c|C|
text|t|T|colour
# entities
list_name|entity_id|create_if|label
cooperatives|${c}|true()|${t}
others|${c}
";
    let found = [
        at("save_unknown", "survey", 3, "save_to"),
        at("entity_create", "entities", 2, "create_if"),
        at("entity_label", "entities", 2, "label"),
        at("entity_many", "entities", 3, "list_name"),
    ];
    assert_eq!(wrong(form), found);
}

#[test]
fn names_that_no_element_and_no_expression_can_carry_are_refused() {
    let form = "# survey
type|name|label|repeat_count
decimal|m²|Surface
text|ª|A
begin repeat|r|R|${m²} + 1
text|x|X
end repeat
text|r_count|R
select_one d'accord|d|D
select_one cooperatives|c|C
# choices
list_name|name|label
d'accord|oui|Oui
d'accord|non|Non
cooperatives|a|A
";
    let found = wrong(form);
    for expected in [
        at("name_bad", "survey", 2, "name"),
        at("name_bad", "survey", 3, "name"),
        at("name_twice", "survey", 7, "name"),
        at("list_bad", "choices", 2, "list_name"),
        at("list_bad", "choices", 4, "list_name"),
    ] {
        assert!(found.contains(&expected), "{expected:?} is not in {found:#?}");
    }
    assert_eq!(found.len(), 5, "{found:#?}");
}
