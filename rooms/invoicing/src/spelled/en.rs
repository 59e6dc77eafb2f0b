//! English as in Britain: *and* before what is below a hundred.

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

fn tens(n: u64) -> String {
    match (n, TENS[(n / 10) as usize], n % 10) {
        (0..20, ..) => SMALL[n as usize].to_owned(),
        (_, ten, 0) => ten.to_owned(),
        (_, ten, one) => format!("{ten}-{}", SMALL[one as usize]),
    }
}

fn hundreds(n: u64) -> String {
    match (n / 100, n % 100) {
        (0, rest) => tens(rest),
        (many, 0) => format!("{} hundred", SMALL[many as usize]),
        (many, rest) => format!("{} hundred and {}", SMALL[many as usize], tens(rest)),
    }
}

/// A whole number.
pub(super) fn number(n: u64) -> String {
    if n < 1_000 {
        return hundreds(n);
    }
    let mut said = Vec::new();
    let mut rest = n;
    for (scale, word) in [(1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand")] {
        if rest >= scale {
            said.push(format!("{} {word}", number(rest / scale)));
            rest %= scale;
        }
    }
    match rest {
        0 => {}
        1..100 => said.push(format!("and {}", tens(rest))),
        _ => said.push(hundreds(rest)),
    }
    said.join(" ")
}

fn noun(n: u64, word: &str) -> String {
    format!("{word}{}", if n == 1 { "" } else { "s" })
}

/// So many whole units of a currency.
pub(super) fn amount(n: u64, currency: &str) -> String {
    let word = match currency {
        "MAD" => "dirham",
        "EUR" => "euro",
        "USD" => "dollar",
        code => return format!("{} {code}", number(n)),
    };
    format!("{} {}", number(n), noun(n, word))
}

/// So many hundredths of it.
pub(super) fn part(n: u64, currency: &str) -> Option<String> {
    let word = match currency {
        "MAD" => "centime",
        "EUR" | "USD" => "cent",
        _ => return None,
    };
    Some(format!("{} {}", number(n), noun(n, word)))
}
