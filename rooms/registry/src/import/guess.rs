//! What a column holds, guessed from its header and, failing that, from its cells. A person confirms it.

use kernel::kinds::{Choice, Email, Ice, Kind, Phone, Raw};
use kernel::words::Catalogue;
use kernel::{Fields, Lang};

use super::mapping::Target;
use super::vocabulary::Vocabulary;
use crate::OrganisationKind;

/// Words of headers, the more particular first. Every word of a pattern stands in the header; words of four letters
/// and more may go on.
const HEADERS: &[(&str, &[&str])] = &[
    ("id", &["tiwizi", "تيويزي"]),
    ("ice", &["ice", "identifiant commun", "تعريف موحد"]),
    ("tax_number", &["identifiant fiscal", "tax number", "تعريف ضريبي"]),
    ("social_number", &["cnss", "securite sociale", "صندوق وطني"]),
    ("email", &["email", "mail", "courriel", "adresse electronique", "بريد"]),
    ("website", &["site", "website", "site web", "موقع"]),
    ("phone_2", &["tel 2", "telephone 2", "gsm 2", "autre tel", "deuxieme telephone", "هاتف 2", "هاتف ثاني"]),
    ("phone", &["tel", "telephone", "phone", "gsm", "portable", "mobile", "هاتف"]),
    ("women", &["femme", "women", "نساء", "نسوه"]),
    ("young", &["jeune", "young", "moins 35", "under 35", "شباب"]),
    ("active", &["actif", "actifs", "active members", "نشيط", "نشيطون"]),
    (
        "activities",
        &[
            "activite",
            "activities",
            "activity",
            "filiere",
            "secteur",
            "produit",
            "نشاط",
            "انشطه",
            "قطاع",
            "منتوج",
        ],
    ),
    ("members", &["adherent", "membre", "member", "effectif", "اعضاء", "منخرط"]),
    ("founded", &["creation", "founded", "fondation", "constitution", "تاسيس", "احداث"]),
    ("national_number", &["registre national", "registre central", "national register", "سجل وطني"]),
    ("register_court", &["tribunal", "court", "محكمه"]),
    ("register_number", &["registre", "immatriculation", "register", "رقم سجل", "سجل محلي"]),
    ("place.lat", &["lat", "latitude", "خط عرض"]),
    ("place.lon", &["lon", "lng", "long", "longitude", "خط طول"]),
    ("place.in", &["province", "prefecture", "اقليم", "عماله"]),
    ("place", &["commune", "municipalite", "جماعه"]),
    ("address", &["adresse", "address", "siege", "عنوان", "مقر"]),
    ("acronym", &["sigle", "acronyme", "abreviation", "acronym", "مختصر"]),
    ("kind", &["forme", "statut juridique", "type", "kind", "nature", "شكل", "نوع", "صنف"]),
    ("presentation", &["presentation", "description", "تقديم", "نبذه"]),
    ("name.ar", &["nom arabe", "denomination arabe", "nom ar", "name arabic", "اسم عربيه"]),
    ("name.fr", &["nom francais", "denomination francais", "nom fr", "اسم فرنسيه"]),
    (
        "name",
        &[
            "nom",
            "denomination",
            "raison sociale",
            "intitule",
            "cooperative",
            "name",
            "اسم",
            "تسميه",
            "تعاونيه",
        ],
    ),
];

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
pub(crate) fn columns(
    words: &'static Catalogue,
    allowed: &[Target],
    header: &[String],
    samples: &[Vec<&str>],
) -> Vec<String> {
    let kinds = Vocabulary::of(words, OrganisationKind::CODES, OrganisationKind::WORDS);
    let mut taken: Vec<String> = Vec::new();
    for (name, cells) in header.iter().zip(samples) {
        let found =
            by_label(words, allowed, name).or_else(|| by_words(name)).or_else(|| by_cells(&kinds, cells));
        let mut target = found.unwrap_or_default();
        if target == "name" {
            target = named_in(cells).to_owned();
        }
        if target == "phone" && taken.contains(&target) {
            target = "phone_2".into();
        }
        let free = target == "activities" || !taken.contains(&target);
        let known = allowed.iter().any(|known| known.code == target);
        taken.push(if free && known { target } else { String::new() });
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

fn by_words(header: &str) -> Option<String> {
    let folded = fold::words(header);
    let words: Vec<&str> = folded.iter().map(|word| bare(word)).collect();
    let stands = |wanted: &str| {
        let long = wanted.chars().count() >= 4;
        words.iter().any(|word| *word == wanted || (long && word.starts_with(wanted)))
    };
    let found =
        HEADERS.iter().find(|(_, patterns)| patterns.iter().any(|pattern| pattern.split(' ').all(stands)));
    let (target, _) = found?;
    let of_a_person = target.starts_with("name") && words.iter().any(|word| PERSONS.contains(word));
    Some(if of_a_person { String::new() } else { (*target).to_owned() })
}

/// A folded word without the article and the preposition that Arabic writes at its start.
fn bare(word: &str) -> &str {
    let rest = ["بال", "ال"].iter().find_map(|start| word.strip_prefix(start));
    rest.filter(|rest| rest.chars().count() >= 2).unwrap_or(word)
}

fn by_cells(kinds: &Vocabulary, cells: &[&str]) -> Option<String> {
    let mostly = |says: &dyn Fn(&str) -> bool| {
        !cells.is_empty() && cells.iter().filter(|cell| says(cell)).count() * 10 >= cells.len() * 8
    };
    let digits = |cell: &str| cell.chars().filter(char::is_ascii_digit).count();
    let target = if mostly(&|cell| reads::<Ice>(cell)) {
        "ice"
    } else if mostly(&|cell| digits(cell) >= 9 && reads::<Phone>(cell)) {
        "phone"
    } else if mostly(&|cell| reads::<Email>(cell)) {
        "email"
    } else if mostly(&|cell| kinds.code(cell).is_some() && fold::words(cell).len() <= 2) {
        "kind"
    } else if cells.len() >= 3 && cells[..3].iter().all(|cell| super::reader::commune(cell).is_some()) {
        "place"
    } else {
        return None;
    };
    Some(target.to_owned())
}

fn reads<K: Kind>(cell: &str) -> bool {
    let fields = Fields::of([("x", cell)]);
    matches!(K::parse(&Raw { fields: &fields, name: "x" }), Ok(Some(_)))
}

/// Names in one script have a language; in both, each name tells its own.
fn named_in(cells: &[&str]) -> &'static str {
    let arabic =
        cells.iter().filter(|cell| cell.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c))).count();
    match arabic {
        0 if !cells.is_empty() => "name.fr",
        n if n == cells.len() && n > 0 => "name.ar",
        _ => "name",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::mapping::targets;
    use kernel::Standing;

    fn guess(header: &[&str], samples: &[&[&str]]) -> Vec<String> {
        let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
        let mut samples: Vec<Vec<&str>> = samples.iter().map(|cells| cells.to_vec()).collect();
        samples.resize(header.len(), Vec::new());
        columns(crate::import::reader::tests::words(), &targets(Standing::File), &header, &samples)
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
