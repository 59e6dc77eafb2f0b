//! Arabic: the noun follows the last part of its number. One and two are said by the noun itself; three to ten take the
//! plural, eleven to ninety-nine the singular in the accusative, whole hundreds and above the singular in the genitive.
//! A dual that stands right before its noun loses its last letter.

/// A noun in the forms that numbers ask for.
#[derive(Clone, Copy)]
struct Noun {
    /// After whole hundreds, thousands and so on.
    plain: &'static str,
    /// One of it, said as an amount.
    one: &'static str,
    two: &'static str,
    /// Two of it right before a noun.
    two_of: &'static str,
    /// From three to ten.
    few: &'static str,
    /// From eleven to ninety-nine.
    many: &'static str,
}

const fn noun(
    plain: &'static str,
    one: &'static str,
    two: &'static str,
    two_of: &'static str,
    few: &'static str,
    many: &'static str,
) -> Noun {
    Noun { plain, one, two, two_of, few, many }
}

const DIRHAM: Noun = noun("درهم", "درهم واحد", "درهمان", "درهما", "دراهم", "درهما");
const CENTIME: Noun = noun("سنتيم", "سنتيم واحد", "سنتيمان", "سنتيما", "سنتيمات", "سنتيما");
// Not declined in use.
const EURO: Noun = noun("أورو", "أورو واحد", "اثنان أورو", "اثنان أورو", "أورو", "أورو");
const DOLLAR: Noun = noun("دولار", "دولار واحد", "دولاران", "دولارا", "دولارات", "دولارا");
const CENT: Noun = noun("سنت", "سنت واحد", "سنتان", "سنتا", "سنتات", "سنتا");

// For currencies without a noun here, whose code follows.
const AMOUNT: Noun = noun("مبلغ", "مبلغ واحد", "مبلغان", "مبلغا", "مبالغ", "مبلغا");
const FRANC_CFA: Noun = noun("فرنك", "فرنك واحد", "فرنكان", "فرنكا", "فرنكات", "فرنكا");
const DINAR: Noun = noun("دينار", "دينار واحد", "ديناران", "دينارا", "دنانير", "دينارا");

const THOUSAND: Noun = noun("ألف", "ألف", "ألفان", "ألفا", "آلاف", "ألفا");
const MILLION: Noun = noun("مليون", "مليون", "مليونان", "مليونا", "ملايين", "مليونا");
const MILLIARD: Noun = noun("مليار", "مليار", "ملياران", "مليارا", "مليارات", "مليارا");

const ONES: [&str; 11] =
    ["", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"];
const TENS: [&str; 10] = ["", "", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"];
const HUNDREDS: [&str; 10] =
    ["", "مائة", "مائتان", "ثلاثمائة", "أربعمائة", "خمسمائة", "ستمائة", "سبعمائة", "ثمانمائة", "تسعمائة"];

/// From 3 to 99, of masculine nouns.
fn below_hundred(n: u64) -> String {
    match (n / 10, n % 10) {
        (0, one) => ONES[one as usize].to_owned(),
        (1, 0) => ONES[10].to_owned(),
        (1, 1) => "أحد عشر".to_owned(),
        (1, 2) => "اثنا عشر".to_owned(),
        (1, one) => format!("{} عشر", ONES[one as usize]),
        (ten, 0) => TENS[ten as usize].to_owned(),
        (ten, one) => format!("{} و{}", ONES[one as usize], TENS[ten as usize]),
    }
}

/// So many of a noun, from 1 to 999. `before` if another noun follows right after.
fn counted(n: u64, noun: Noun, before: bool, said: &mut Vec<String>) {
    let (hundred, rest) = (n / 100, n % 100);
    if hundred > 0 && rest <= 2 {
        // Whole hundreds carry the noun themselves; what is one or two above says it again.
        let hundred = if hundred == 2 { "مائتا" } else { HUNDREDS[hundred as usize] };
        said.push(format!("{hundred} {}", noun.plain));
    } else if hundred > 0 {
        said.push(HUNDREDS[hundred as usize].to_owned());
    }
    match rest {
        0 => {}
        1 => said.push(noun.one.to_owned()),
        2 => said.push(if before { noun.two_of } else { noun.two }.to_owned()),
        3..=10 => said.push(format!("{} {}", below_hundred(rest), noun.few)),
        _ => said.push(format!("{} {}", below_hundred(rest), if before { noun.plain } else { noun.many })),
    }
}

/// So many of a noun.
fn of(n: u64, noun: Noun) -> String {
    if n == 0 {
        return format!("صفر {}", noun.plain);
    }
    let mut said = Vec::new();
    let mut rest = n;
    for (scale, word) in [(1_000_000_000, MILLIARD), (1_000_000, MILLION), (1_000, THOUSAND)] {
        let many = rest / scale;
        rest %= scale;
        match many {
            0 => {}
            1..1_000 => counted(many, word, rest <= 2, &mut said),
            // Beyond what money of this house may be.
            _ => said.push(of(many, word)),
        }
    }
    // One or two above thousands says the noun again, which they carry too, as whole thousands do.
    if rest <= 2
        && let Some(last) = said.last_mut()
    {
        last.push_str(&format!(" {}", noun.plain));
    }
    counted(rest, noun, false, &mut said);
    said.join(" و")
}

/// So many whole units of a currency.
pub(super) fn amount(n: u64, currency: &str) -> String {
    match currency {
        "MAD" => of(n, DIRHAM),
        "EUR" => of(n, EURO),
        "USD" => of(n, DOLLAR),
        // The noun alone would not say whose dinar it is.
        "TND" | "DZD" => format!("{} ({currency})", of(n, DINAR)),
        "XOF" | "XAF" => format!("{} ({currency})", of(n, FRANC_CFA)),
        code => format!("{} ({code})", of(n, AMOUNT)),
    }
}

/// So many hundredths of it.
pub(super) fn part(n: u64, currency: &str) -> Option<String> {
    match currency {
        "MAD" => Some(of(n, CENTIME)),
        "EUR" | "USD" => Some(of(n, CENT)),
        _ => None,
    }
}
