//! Which code of the receiver stands for an indicator, a cut, one of its buckets, a province, the data set.

use impact::{Cut, Indicator};
use kernel::form::Options;
use kernel::kinds::{Choice as _, Ref};
use kernel::piece::Piece;
use kernel::{Ctx, Db, Error, Id, Record as _, Result, Standing, Tx, Words, record, sql};
use programmes::Programme;

record! {
    /// A code of the receiver for something of ours.
    pub AdxCode in "adx_code" as "open.adx_code", about programme {
        main(Shared, Steward) {
            programme: Ref<Programme>,
            /// `dataset`, `org`, `place:08.587`, `indicator:people-trained`, `indicator:people-trained:sex+age`, `cut:sex`,
            /// `bucket:sex:woman`.
            ours: String,
            code: String,
        }
    }
}

/// Cuts that a receiver knows as categories.
pub(crate) const CUTS: &[Cut] = &[Cut::Sex, Cut::Age];

/// The ways in which an indicator can be told: whole, by one cut, by both.
pub(crate) fn ways(indicator: &Indicator) -> Vec<Vec<Cut>> {
    let known: Vec<Cut> =
        CUTS.iter().copied().filter(|cut| impact::outside::tells(indicator, *cut)).collect();
    let mut ways = vec![Vec::new()];
    ways.extend(known.iter().map(|cut| vec![*cut]));
    if known.len() > 1 {
        ways.push(known);
    }
    ways
}

/// The key of an indicator told so.
pub(crate) fn key(indicator: &Indicator, cuts: &[Cut]) -> String {
    let cuts: Vec<_> = cuts.iter().map(|cut| cut.code()).collect();
    let by = if cuts.is_empty() { String::new() } else { format!(":{}", cuts.join("+")) };
    format!("indicator:{}{by}", indicator.code)
}

/// The key of a bucket; nothing is *not stated*.
pub(crate) fn bucket(cut: Cut, code: Option<&str>) -> String {
    format!("bucket:{}:{}", cut.code(), code.unwrap_or("not-stated"))
}

/// Everything that a code can stand for, with its name.
pub(crate) fn all(w: Words, programme: &Programme) -> Result<Options> {
    let mut all = vec![
        ("dataset".to_owned(), w.t("adx.dataset").into_owned()),
        ("org".to_owned(), w.t("adx.org").into_owned()),
    ];
    let mut provinces: Vec<String> = Vec::new();
    for code in programme.territory.iter().flat_map(|territory| &territory.0) {
        if let Some(province) =
            code.get(..impact::PROVINCE).map(str::to_owned).filter(|code| !provinces.contains(code))
        {
            provinces.push(province);
        }
    }
    all.extend(provinces.iter().map(|code| (format!("place:{code}"), w.division(code))));
    for cut in CUTS {
        let name = w.t2("impact.cut", cut.code());
        all.push((format!("cut:{}", cut.code()), name.clone()));
        let (codes, words) = match cut {
            Cut::Sex => (people::Sex::CODES, "person.sex"),
            _ => (&impact::AGES[..], "age"),
        };
        let named = codes.iter().map(|code| (Some(*code), w.t2(words, code)));
        let buckets = named.chain([(None, w.t("not_stated").into_owned())]);
        all.extend(buckets.map(|(code, label)| (bucket(*cut, code), format!("{name} : {label}"))));
    }
    for indicator in impact::all()? {
        for cuts in ways(indicator) {
            let by: Vec<_> = cuts.iter().map(|cut| w.t2("impact.cut", cut.code())).collect();
            let name = indicator.name.best(w.lang);
            let name = if by.is_empty() { name.to_owned() } else { format!("{name} ({})", by.join(", ")) };
            all.push((key(indicator, &cuts), name));
        }
    }
    Ok(all)
}

/// The codes of a programme.
pub(crate) fn of(db: &mut Db, programme: Id) -> Result<Vec<AdxCode>> {
    let query =
        sql(&format!("select {} from adx_code where programme = ? order by ours, id", AdxCode::columns("")))
            .bind(programme)
            .open("the caller checked the standing at the programme");
    db.rows(&query, AdxCode::from_row)
}

impl Piece for AdxCode {
    const PLURAL: &'static str = "adx-codes";
    const OWNER: &'static str = "programme";
    const LEAST: Standing = Standing::Steward;
    fn owner(&self) -> Id {
        self.programme.id
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        programmes::programme::name_of(ctx, db, owner)
    }
    fn home(owner: Id) -> String {
        format!("/programmes/{owner}/adx")
    }
    fn offers(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<Vec<(&'static str, Options)>> {
        Ok(vec![("ours", all(ctx.w, &kernel::record::get(db, owner)?)?)])
    }
    fn check(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        let programme = kernel::record::get::<Programme>(tx, self.programme.id)?;
        if !all(ctx.w, &programme)?.iter().any(|(key, _)| *key == self.ours) {
            return Err(Error::field("ours", "error.reference"));
        }
        // Category codes become names of attributes in XML, and must not be those that stand there already.
        let mut signs = self.code.chars();
        let reads = signs.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
            && signs.all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
            && !["dataElement", "value"].contains(&&*self.code)
            && !self.code.to_ascii_lowercase().starts_with("xml");
        if self.ours.starts_with("cut:") && !reads {
            return Err(Error::field("code", "adx.category_name"));
        }
        Ok(())
    }
}
