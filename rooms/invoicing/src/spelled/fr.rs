//! French: seventy and ninety are counted on, *vingt* and *cent* take an s when they are multiplied and end the number or
//! stand before a noun (*million*), never before *mille*, which never changes.

const SMALL: [&str; 20] = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
    "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
];
const TENS: [&str; 7] = ["", "", "vingt", "trente", "quarante", "cinquante", "soixante"];

/// Below a hundred; `ends` if nothing but a noun follows.
fn tens(n: u64, ends: bool) -> String {
    match n {
        0..20 => SMALL[n as usize].to_owned(),
        80 if ends => "quatre-vingts".to_owned(),
        80 => "quatre-vingt".to_owned(),
        81..100 => format!("quatre-vingt-{}", SMALL[(n - 80) as usize]),
        71 => "soixante et onze".to_owned(),
        60..80 if n > 60 && n != 61 => format!("soixante-{}", SMALL[(n - 60) as usize]),
        _ => match (TENS[(n / 10) as usize], n % 10) {
            (ten, 0) => ten.to_owned(),
            (ten, 1) => format!("{ten} et un"),
            (ten, one) => format!("{ten}-{}", SMALL[one as usize]),
        },
    }
}

fn hundreds(n: u64, ends: bool) -> String {
    let (many, rest) = (n / 100, n % 100);
    match (many, rest) {
        (0, _) => tens(rest, ends),
        (1, 0) => "cent".to_owned(),
        (1, _) => format!("cent {}", tens(rest, ends)),
        (_, 0) => format!("{} cent{}", SMALL[many as usize], if ends { "s" } else { "" }),
        _ => format!("{} cent {}", SMALL[many as usize], tens(rest, ends)),
    }
}

/// A whole number.
pub(super) fn number(n: u64) -> String {
    if n == 0 {
        return SMALL[0].to_owned();
    }
    let mut said = Vec::new();
    let mut rest = n;
    for (scale, word) in [(1_000_000_000, "milliard"), (1_000_000, "million")] {
        let many = rest / scale;
        rest %= scale;
        if many > 0 {
            said.push(format!("{} {word}{}", number(many), if many > 1 { "s" } else { "" }));
        }
    }
    match rest / 1_000 {
        0 => {}
        1 => said.push("mille".to_owned()),
        many => said.push(format!("{} mille", hundreds(many, false))),
    }
    if !rest.is_multiple_of(1_000) {
        said.push(hundreds(rest % 1_000, true));
    }
    said.join(" ")
}

fn noun(n: u64, word: &str) -> String {
    format!("{word}{}", if n > 1 { "s" } else { "" })
}

/// So many whole units of a currency.
pub(super) fn amount(n: u64, currency: &str) -> String {
    let word = match currency {
        "MAD" => "dirham",
        "EUR" => "euro",
        "USD" => "dollar",
        code => return format!("{} {code}", number(n)),
    };
    // *Million* is a noun: a million *of* dirhams.
    let of = match (n > 0 && n.is_multiple_of(1_000_000), word) {
        (true, "euro") => "d’",
        (true, _) => "de ",
        _ => "",
    };
    format!("{} {of}{}", number(n), noun(n, word))
}

/// So many hundredths of it.
pub(super) fn part(n: u64, currency: &str) -> Option<String> {
    let word = match currency {
        "MAD" | "EUR" => "centime",
        "USD" => "cent",
        _ => return None,
    };
    Some(format!("{} {}", number(n), noun(n, word)))
}
