//! What a column holds, guessed from its header and, failing that, from its cells. A person confirms it.

use kernel::kinds::{Email, Ice, Input, Kind, Phone, Raw};
use kernel::words::Catalogue;
use kernel::{Fields, Lang, Record};

use super::mapping::repeats;
use super::subject::{Subject, Target, names};
use super::vocabulary::Vocabulary;

/// Headers about a person of the organisation, whose name is not the organisation's.
const PERSONS: &[&str] = &[
    "president",
    "presidente",
    "gerant",
    "gerante",
    "directeur",
    "directrice",
    "tresorier",
    "tresoriere",
    "secretaire",
    "responsable",
    "representant",
    "prenom",
    "رييس",
    "رييسه",
    "مسير",
    "مسيره",
    "امين",
    "كاتب",
    "مسوول",
];

/// The guessed target of each column, empty where there is none; each target once.
pub(crate) fn columns<S: Subject>(
    words: &'static Catalogue,
    allowed: &[Target],
    header: &[String],
    samples: &[Vec<&str>],
) -> Vec<String> {
    let known = |target: &str| allowed.iter().any(|known| known.code == target);
    let mut taken: Vec<String> = Vec::new();
    for (name, cells) in header.iter().zip(samples) {
        let found = by_label(words, allowed, name)
            .or_else(|| by_words::<S>(name))
            .or_else(|| by_cells::<S>(words, allowed, cells));
        let mut target = found.unwrap_or_default();
        if S::Record::field(&target).is_some_and(|field| matches!(field.ops.input, Input::Multi)) {
            target.push_str(language_of(cells));
        }
        let second = format!("{target}_2");
        if taken.contains(&target) && known(&second) {
            target = second;
        }
        let free = repeats::<S>(&target) || !taken.contains(&target);
        taken.push(if free && known(&target) { target } else { String::new() });
    }
    taken
}

/// The header is the field's own label in one of the languages: a list that Tiwizi wrote.
fn by_label(words: &'static Catalogue, allowed: &[Target], header: &str) -> Option<String> {
    let folded = fold::fold(header);
    let says = |target: &&Target| {
        Lang::ALL.iter().any(|lang| fold::fold(&target.said(words.speak(*lang))) == folded)
    };
    allowed.iter().find(says).map(|target| target.code.clone())
}

fn by_words<S: Subject>(header: &str) -> Option<String> {
    let folded = fold::words(header);
    let words: Vec<&str> = folded.iter().map(|word| bare(word)).collect();
    let stands = |wanted: &str| {
        let long = wanted.chars().count() >= 4;
        words.iter().any(|word| *word == wanted || (long && word.starts_with(wanted)))
    };
    let found =
        S::HEADERS.iter().find(|(_, patterns)| patterns.iter().any(|pattern| pattern.split(' ').all(stands)));
    let (target, _) = found?;
    let of_a_person = names::<S>(target) && words.iter().any(|word| PERSONS.contains(word));
    Some(if of_a_person { String::new() } else { (*target).to_owned() })
}

/// A folded word without the article and the preposition that Arabic writes at its start.
fn bare(word: &str) -> &str {
    let rest = ["بال", "ال"].iter().find_map(|start| word.strip_prefix(start));
    rest.filter(|rest| rest.chars().count() >= 2).unwrap_or(word)
}

fn by_cells<S: Subject>(words: &'static Catalogue, allowed: &[Target], cells: &[&str]) -> Option<String> {
    let mostly = |says: &dyn Fn(&str) -> bool| {
        !cells.is_empty() && cells.iter().filter(|cell| says(cell)).count() * 10 >= cells.len() * 8
    };
    let digits = |cell: &str| cell.chars().filter(char::is_ascii_digit).count();
    let last = if mostly(&|cell| reads::<Ice>(cell)) {
        "ice"
    } else if mostly(&|cell| digits(cell) >= 9 && reads::<Phone>(cell)) {
        "phone"
    } else if mostly(&|cell| reads::<Email>(cell)) {
        "email"
    } else if let Some(field) = S::Record::fields().iter().find(|field| {
        let one_of_few = matches!(field.ops.input, Input::Choice { .. });
        let words = Vocabulary::of_field::<S>(words, field).filter(|_| one_of_few);
        words.is_some_and(|known| mostly(&|cell| known.code(cell).is_some() && fold::words(cell).len() <= 2))
    }) {
        field.name
    } else if cells.len() >= 3 && cells[..3].iter().all(|cell| super::reader::commune(cell).is_some()) {
        "place"
    } else {
        return None;
    };
    // A part of another field has the same name: the commune of the organisation that a row is about.
    let named = |target: &&Target| target.code.rsplit('.').next() == Some(last);
    allowed.iter().find(named).map(|target| target.code.clone())
}

fn reads<K: Kind>(cell: &str) -> bool {
    let fields = Fields::of([("x", cell)]);
    matches!(K::parse(&Raw { fields: &fields, name: "x" }), Ok(Some(_)))
}

/// Texts in one script have a language; in both, each tells its own.
fn language_of(cells: &[&str]) -> &'static str {
    let arabic =
        cells.iter().filter(|cell| cell.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c))).count();
    match arabic {
        0 if !cells.is_empty() => ".fr",
        n if n == cells.len() && n > 0 => ".ar",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::organisations::Organisations;
    use kernel::Standing;

    fn guess(header: &[&str], samples: &[&[&str]]) -> Vec<String> {
        let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
        let mut samples: Vec<Vec<&str>> = samples.iter().map(|cells| cells.to_vec()).collect();
        samples.resize(header.len(), Vec::new());
        let allowed = Organisations::targets(Standing::File);
        columns::<Organisations>(crate::import::reader::tests::words(), &allowed, &header, &samples)
    }

    #[test]
    fn headers_of_every_day_are_known() {
        for (header, target) in [
            ("Nom de la coopérative", "name"),
            ("اسم التعاونية", "name"),
            ("Dénomination", "name"),
            ("Coopérative", "name"),
            ("Nom (arabe)", "name.ar"),
            ("الاسم بالعربية", "name.ar"),
            ("Commune", "place"),
            ("الجماعة", "place"),
            ("Commune / Municipalité", "place"),
            ("Province", "place.in"),
            ("Préfecture ou province", "place.in"),
            ("الإقليم", "place.in"),
            ("Tél", "phone"),
            ("N° de téléphone", "phone"),
            ("الهاتف", "phone"),
            ("Nb adhérents", "members"),
            ("Nombre de membres", "members"),
            ("عدد الأعضاء", "members"),
            ("dont femmes", "women"),
            ("عدد النساء", "women"),
            ("Date de création", "founded"),
            ("تاريخ التأسيس", "founded"),
            ("ICE", "ice"),
            ("Identifiant commun de l'entreprise", "ice"),
            ("Activité principale", "activities"),
            ("Filière", "activities"),
            ("الأنشطة", "activities"),
            ("Forme juridique", "kind"),
            ("Latitude", "place.lat"),
            ("E-mail", "email"),
            ("Nom du président", ""),
            ("Nom et prénom de la gérante", ""),
            ("Observations", ""),
            ("Nombre de réunions", ""),
            ("N°", ""),
            ("Identifiant Tiwizi", "id"),
            ("Situation", ""),
            ("Numéro au registre local", "register_number"),
            ("Adresse", "address"),
        ] {
            assert_eq!(guess(&[header], &[]), [target], "{header}");
        }
    }

    #[test]
    fn each_field_is_taken_once_and_scripts_tell_names_apart() {
        let columns = guess(
            &["Nom", "الاسم", "Tél", "GSM", "Commune", "Commune (bis)"],
            &[&["Tiniri"], &["تينيري"], &["0661"], &["06"], &[], &[]],
        );
        assert_eq!(columns, ["name.fr", "name.ar", "phone", "phone_2", "place", ""]);
        assert_eq!(guess(&["Nom"], &[&["Tiniri", "تينيري"]]), ["name"]);
    }

    #[test]
    fn cells_speak_where_the_header_does_not() {
        let columns = guess(
            &["A", "B", "C", "D"],
            &[
                &["0661 00 00 01", "+212 661 00 00 02"],
                &["001234567000089"],
                &["a@b.ma", "c@d.org"],
                &["Coopérative", "GIE", "تعاونية"],
            ],
        );
        assert_eq!(columns, ["phone", "ice", "email", "kind"]);
    }
}
