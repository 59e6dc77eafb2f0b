//! Numbers, money, dates and instants as each language writes them (CLDR, through ICU4X).
//!
//! Morocco's regional forms serve French and Arabic; Amazigh has no data in the library and takes French forms.

use std::sync::OnceLock;

use icu_calendar::Date as IcuDate;
use icu_datetime::fieldsets::{YM, YMD};
use icu_datetime::{DateTimeFormatter, options::Length};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_locale_core::Locale;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::html::{self, Html};
use crate::kinds::{Choice, Money, Multi};
use crate::{Error, Lang, Result, Words};

struct Forms {
    number: Option<DecimalFormatter>,
    short: Option<DateTimeFormatter<YMD>>,
    long: Option<DateTimeFormatter<YMD>>,
    month: Option<DateTimeFormatter<YM>>,
}

fn forms(lang: Lang) -> &'static Forms {
    static FORMS: [OnceLock<Forms>; 4] = [const { OnceLock::new() }; 4];
    FORMS[lang as usize].get_or_init(|| {
        let tag = match lang {
            // CLDR's fr-MA groups with dots, which readers of French take for decimals: plain French it is.
            Lang::Fr | Lang::Zgh => "fr",
            Lang::Ar => "ar-MA",
            Lang::En => "en-GB",
        };
        let locale: Locale = tag.parse().unwrap_or(Locale::UNKNOWN);
        Forms {
            number: DecimalFormatter::try_new((&locale).into(), Default::default()).ok(),
            // Arabic's medium form is digits and strokes; the long one says the month, as the others do.
            short: DateTimeFormatter::try_new(
                (&locale).into(),
                if lang == Lang::Ar { YMD::long() } else { YMD::medium() },
            )
            .ok(),
            long: DateTimeFormatter::try_new((&locale).into(), YMD::long()).ok(),
            month: DateTimeFormatter::try_new((&locale).into(), YM::for_length(Length::Medium)).ok(),
        }
    })
}

fn icu_date(date: Date) -> Option<IcuDate<icu_calendar::Iso>> {
    IcuDate::try_new_iso(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs()).ok()
}

/// The number of decimals of a currency (ISO 4217).
pub fn exponent(currency: &str) -> u8 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV"
        | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// The zone of this name in the IANA database (that of the machine, or the one in the binary); Morocco's without a name.
///
/// # Errors
/// When no zone has this name.
pub fn zone_named(name: Option<&str>) -> Result<TimeZone> {
    let name = name.map(str::trim).filter(|name| !name.is_empty()).unwrap_or("Africa/Casablanca");
    TimeZone::get(name).map_err(|_| {
        Error::internal(format!("TIWIZI_TIMEZONE={name} is no time zone: write a name such as Africa/Dakar"))
    })
}

/// The zone in which days begin and instants are shown: `TIWIZI_TIMEZONE`.
pub fn zone() -> &'static TimeZone {
    static ZONE: OnceLock<TimeZone> = OnceLock::new();
    ZONE.get_or_init(|| {
        // The house does not open with a name that nobody knows.
        zone_named(std::env::var("TIWIZI_TIMEZONE").ok().as_deref()).unwrap_or(TimeZone::UTC)
    })
}

/// Today, where Tiwizi is used.
pub fn today() -> Date {
    zone().to_datetime(jiff::Timestamp::now()).date()
}

/// This instant, in milliseconds since 1970 (UTC).
pub fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// The civil date and time of an instant where Tiwizi is used.
fn civil(instant: i64) -> jiff::civil::DateTime {
    zone().to_datetime(jiff::Timestamp::from_millisecond(instant).unwrap_or(jiff::Timestamp::UNIX_EPOCH))
}

/// The date of an instant where Tiwizi is used.
pub fn date_of(instant: i64) -> Date {
    civil(instant).date()
}

/// A whole number as templates hand it over: by value or by reference, of any width.
pub trait Whole {
    /// Its value.
    fn whole(&self) -> i64;
}

macro_rules! whole {
    ($($kind:ty),+) => {
        $(impl Whole for $kind {
            fn whole(&self) -> i64 { i64::try_from(*self).unwrap_or(i64::MAX) }
        })+
    };
}
whole!(i64, i32, i16, u8, u32, u64, usize);

impl<T: Whole> Whole for &T {
    fn whole(&self) -> i64 {
        (*self).whole()
    }
}

impl Words {
    /// A whole number with its thousands apart.
    pub fn num(&self, n: impl Whole) -> String {
        self.decimal(n.whole(), 0)
    }

    /// A multilingual text in this language or the nearest one, marked as what it is.
    pub fn multi(&self, text: &Multi) -> Html {
        html::multi(text, self.lang)
    }

    /// The same text in the other script, if it has one.
    pub fn other(&self, text: &Multi) -> Html {
        html::other(text, self.lang)
    }

    /// The word of a choice.
    pub fn choice<T: Choice>(&self, choice: &T) -> String {
        self.t2(T::WORDS, choice.code())
    }

    /// The name of a division.
    pub fn division(&self, code: &str) -> String {
        crate::territory::name(code, self.lang)
    }

    /// A division and its province.
    pub fn place(&self, code: &str) -> String {
        crate::territory::path(code, self.lang)
    }

    /// `mantissa` × 10^-`places`, such as 1234, 1 → « 123,4 ».
    pub fn decimal(&self, mantissa: i64, places: u8) -> String {
        let mut decimal = Decimal::from(mantissa);
        decimal.multiply_pow10(-i16::from(places));
        match &forms(self.lang).number {
            Some(form) => form.format(&decimal).to_string(),
            None => decimal.to_string(),
        }
    }

    /// A score in permille as people read it: « 58,3 », or a dash where there is none.
    pub fn score(&self, permille: &Option<i64>) -> String {
        permille.map_or_else(|| "–".into(), |permille| self.decimal(permille, 1))
    }

    /// A difference of scores in permille, with its sign.
    pub fn difference(&self, permille: &Option<i64>) -> String {
        let sign = if permille.is_some_and(|n| n > 0) { "+" } else { "" };
        format!("{sign}{}", self.score(permille))
    }

    /// A rate such as 53.7, with its percent sign.
    pub fn percent(&self, rate: f64) -> String {
        let space = if self.lang == Lang::En { "" } else { "\u{202f}" };
        format!("{}{space}%", self.decimal((rate * 10.0).round() as i64, 1))
    }

    /// An amount with its currency; whole amounts lose their decimals.
    pub fn money(&self, money: impl AsRef<Money>) -> String {
        let money = money.as_ref();
        let places = exponent(&money.currency);
        let unit = 10_i64.pow(places.into());
        let amount = if money.minor % unit == 0 {
            self.num(money.minor / unit)
        } else {
            self.decimal(money.minor, places)
        };
        format!("{amount}\u{a0}{}", money.currency)
    }

    /// A date such as « 14 nov. 2026 ».
    pub fn date(&self, date: &Date) -> String {
        match (icu_date(*date), &forms(self.lang).short) {
            (Some(day), Some(form)) => form.format(&day).to_string(),
            _ => date.to_string(),
        }
    }

    /// A date in full, such as « 14 novembre 2026 ».
    pub fn long_date(&self, date: &Date) -> String {
        match (icu_date(*date), &forms(self.lang).long) {
            (Some(day), Some(form)) => form.format(&day).to_string(),
            _ => date.to_string(),
        }
    }

    /// A month such as « nov. 2026 ».
    pub fn month(&self, date: &Date) -> String {
        match (icu_date(*date), &forms(self.lang).month) {
            (Some(day), Some(form)) => form.format(&day).to_string(),
            _ => date.strftime("%Y-%m").to_string(),
        }
    }

    /// A date if there is one, a dash otherwise.
    pub fn date_or_dash(&self, date: &Option<Date>) -> String {
        date.as_ref().map_or_else(|| "–".into(), |d| self.date(d))
    }

    /// An instant, to the minute, where Tiwizi is used.
    pub fn instant(&self, instant: i64) -> String {
        let time = civil(instant);
        format!("{} {:02}:{:02}", self.date(&time.date()), time.hour(), time.minute())
    }

    /// A multilingual text in this language or the nearest one, without markup: for options of a select.
    pub fn name<'a>(&self, text: &'a Multi) -> &'a str {
        text.best(self.lang)
    }
}

/// The last millisecond of a day where Tiwizi is used.
pub fn end_of_day(day: Date) -> i64 {
    let midnight = day.tomorrow().unwrap_or(day).to_datetime(jiff::civil::Time::midnight());
    zone().to_timestamp(midnight).map_or(i64::MAX, |instant| instant.as_millisecond() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_where_tiwizi_is_used() {
        let late: jiff::Timestamp = "2026-11-27T23:30:00Z".parse().unwrap();
        let day = |name| zone_named(name).unwrap().to_datetime(late).date().to_string();
        assert_eq!(day(None), "2026-11-28");
        assert_eq!(day(Some(" ")), "2026-11-28");
        assert_eq!(day(Some("Africa/Dakar")), "2026-11-27");
        let refused = zone_named(Some("Africa/Tiwizi")).unwrap_err().to_string();
        assert!(refused.contains("Africa/Tiwizi is no time zone"), "{refused}");
    }
}
