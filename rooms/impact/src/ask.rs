//! What the query of a page asks for: whose figures, over which days; and what the viewer may see of them.

use std::sync::Arc;

use jiff::civil::Date;
use kernel::kinds::Multi;
use kernel::{Ctx, Db, Error, Id, Result, Standing, Words};
use programmes::Programme;

use crate::cut::Cut;
use crate::days;
use crate::decide::Memo;
use crate::figure::Figure;
use crate::indicator::{self, Indicator};
use crate::kept;
use crate::scope::{Eyes, Period, Scope};
use crate::veil::{self, Beside, Question};

/// Names of the query that every page of figures understands.
pub(crate) const QUERY: &[&str] =
    &["programme", "organisation", "territory", "since", "until", "by", "and", "page"];

/// Figures that add up cells of another's table: the first is told only where nothing of that table is hidden, or the
/// sum would betray the cell beside it.
const PARTS: &[(&str, &str, Cut)] =
    &[("women-trained", "people-trained", Cut::Sex), ("youth-trained", "people-trained", Cut::Age)];

/// Whose figures were asked for, and how near the viewer stands to them.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) scope: Scope,
    pub(crate) period: Period,
    /// The days of which the period is a unit, or which it is.
    whole: Period,
    /// True if whoever reads no records asked for other days than those that can be told.
    brought: bool,
    /// What the scope is called.
    pub(crate) name: String,
    /// The same without its territory: what an indicator counts that is of no place.
    wide: String,
    /// True if the viewer may read the records themselves.
    pub(crate) reads: bool,
    checked: bool,
    /// The programmes that are told beside all of them together.
    beside: Arc<[Beside]>,
    /// What was decided to hide, for the page.
    memo: Arc<Memo>,
}

/// The indicator of the address, and whose figures of it were asked for. A programme's own indicator is known within
/// that programme alone.
pub(crate) fn open(ctx: &Ctx, db: &mut Db) -> Result<(Arc<Indicator>, Asked)> {
    let indicator = indicator::find(db, ctx.param("indicator")?)?;
    let programme = indicator.built.as_ref().map(|built| built.programme);
    if let Some(programme) = programme {
        let elsewhere = ctx.query.parse::<Id>("programme").is_some_and(|asked| asked != programme);
        if elsewhere || ctx.viewer.standing(db, programme)? < Some(Standing::Shared) {
            return Err(Error::NotFound);
        }
    }
    let asked = Asked::read(ctx, db, programme)?;
    Ok((indicator, asked))
}

impl Asked {
    /// A programme in the eyes of whoever is outside of it; the caller checked that it may be told.
    pub(crate) fn outside(name: String, programme: Id, period: Period) -> Asked {
        Asked {
            scope: Scope::programme(programme),
            period,
            whole: period,
            brought: false,
            wide: name.clone(),
            name,
            reads: false,
            checked: true,
            beside: Arc::new([]),
            memo: Arc::default(),
        }
    }

    /// All support in a place, or in the country, as far as the viewer may count it.
    pub(crate) fn place(ctx: &Ctx, db: &mut Db, territory: Option<String>) -> Result<Asked> {
        Asked::of(ctx, db, Scope { territory, ..Scope::default() })
    }

    /// Reads the query, whose programme may stand in the address instead.
    pub(crate) fn read(ctx: &Ctx, db: &mut Db, programme: Option<Id>) -> Result<Asked> {
        let scope = Scope {
            programme: programme.or_else(|| ctx.query.parse("programme")),
            organisation: ctx.query.parse("organisation"),
            territory: ctx.query.text("territory").map(str::to_owned),
            waiting: None,
        };
        Asked::of(ctx, db, scope)
    }

    /// A scope over the days of the query.
    fn of(ctx: &Ctx, db: &mut Db, scope: Scope) -> Result<Asked> {
        let today = kernel::today();
        let mut period = Period::year_to(today);
        let mut whole = None;
        let (mut name, mut reads, mut checked) =
            (ctx.w.t("impact.everywhere").into_owned(), ctx.viewer.is_administrator(), false);
        if let Some(id) = scope.programme {
            let standing = ctx.standing(db, id, Standing::Shared)?;
            let programme = kernel::record::get::<Programme>(db, id)?;
            period = so_far(programme.since, programme.until);
            (name, reads, checked) = (best(ctx, &programme.name), standing >= Standing::File, true);
            whole = Some(period);
        }
        if let Some(id) = scope.organisation {
            let standing = ctx.standing(db, id, Standing::Shared)?;
            let organisation = kernel::record::get::<registry::Organisation>(db, id)?;
            (name, reads) = (best(ctx, &organisation.name), standing >= Standing::File);
            checked = true;
        }
        let wide = name.clone();
        if let Some(code) = &scope.territory {
            name = format!("{name} · {}", ctx.w.division(code));
        }
        if !ctx.viewer.signed_in() && !checked {
            return Err(Error::SignIn);
        }
        let typed: [Option<Date>; 2] = ["since", "until"].map(|key| ctx.query.parse(key));
        period = Period { since: typed[0].unwrap_or(period.since), until: typed[1].unwrap_or(period.until) };
        if period.until < period.since {
            return Err(Error::refused("error.dates_order"));
        }
        let whole = whole.unwrap_or_else(|| days::year(period.until.min(today), today));
        let wished = period;
        if !reads {
            period = days::brought(period, whole);
        }
        let everywhere = !reads && scope.programme.is_none() && scope.organisation.is_none();
        let beside = if everywhere { beside(ctx, db)? } else { Vec::new() };
        Ok(Asked {
            brought: period != wished && typed.iter().any(Option::is_some),
            scope,
            period,
            whole,
            name,
            wide,
            reads,
            checked,
            beside: beside.into(),
            memo: Arc::default(),
        })
    }

    /// Whose figures an indicator gives: one that knows no organisations is not narrowed to a territory.
    pub(crate) fn whose(&self, indicator: &Indicator) -> String {
        if indicator.knows_places() { self.name.clone() } else { self.wide.clone() }
    }

    /// Which days are shown, in a sentence, where others were asked for.
    pub(crate) fn brought(&self, w: Words) -> Option<String> {
        let day = |name, day: Date| (name, w.date(&day));
        let days = [day("since", self.period.since), day("until", self.period.until)];
        self.brought.then(|| w.args("impact.brought", &days))
    }

    /// The same over other days.
    pub(crate) fn over(&self, period: Period) -> Asked {
        Asked { period, ..self.clone() }
    }

    /// Whose eyes count.
    pub(crate) fn eyes<'a>(&self, ctx: &'a Ctx) -> Eyes<'a> {
        if self.checked { Eyes::Checked } else { Eyes::Viewer(&ctx.viewer, Standing::Shared) }
    }

    /// The query that leads to the same figures on another page.
    pub(crate) fn query(&self) -> String {
        let mut fields = kernel::Fields::default();
        if let Some(programme) = self.scope.programme {
            fields.push("programme", programme.to_string());
        }
        if let Some(organisation) = self.scope.organisation {
            fields.push("organisation", organisation.to_string());
        }
        if let Some(territory) = &self.scope.territory {
            fields.push("territory", territory.clone());
        }
        fields.push("since", self.period.since.to_string());
        fields.push("until", self.period.until.to_string());
        fields.to_query()
    }

    /// The part of it that says over which days.
    pub(crate) fn days(&self) -> String {
        format!("since={}&until={}", self.period.since, self.period.until)
    }

    /// The same in one place, or of one cooperative.
    pub(crate) fn narrowed(&self, to: Scope) -> Asked {
        Asked { scope: to, ..self.clone() }
    }

    /// The figures of an indicator by up to two cuts.
    pub(crate) fn figures(
        &self,
        ctx: &Ctx,
        db: &mut Db,
        indicator: &Indicator,
        cuts: &[Cut],
    ) -> Result<Vec<Figure>> {
        kept::figures(ctx, db, indicator, &self.scope, self.period, cuts, self.eyes(ctx))
    }

    /// The figures of an indicator by up to two cuts, as far as the viewer may learn of them; nothing if by these cuts
    /// together few people could be recognised whatever is hidden.
    pub(crate) fn told(
        &self,
        ctx: &Ctx,
        db: &mut Db,
        indicator: &Indicator,
        cuts: &[Cut],
    ) -> Result<Option<Vec<Figure>>> {
        let mut figures = self.figures(ctx, db, indicator, cuts)?;
        if self.reads || !indicator.people {
            return Ok(Some(figures));
        }
        let question = Question {
            ctx: Some(ctx),
            indicator,
            scope: &self.scope,
            period: self.period,
            whole: self.whole,
            eyes: self.eyes(ctx),
            memo: &self.memo,
        };
        if !veil::hide(db, question, &self.beside, cuts, &mut figures)? {
            return Ok(None);
        }
        self.hide_parts(ctx, db, indicator, cuts, &mut figures)?;
        Ok(Some(figures))
    }

    /// Hides figures that add up cells of another's table where one of these is hidden.
    fn hide_parts(
        &self,
        ctx: &Ctx,
        db: &mut Db,
        indicator: &Indicator,
        cuts: &[Cut],
        figures: &mut [Figure],
    ) -> Result<()> {
        let Some((_, whole, cut)) = PARTS.iter().find(|(part, ..)| *part == indicator.code) else {
            return Ok(());
        };
        let by: Vec<Cut> = cuts.iter().copied().chain([*cut]).collect();
        let cells = match by.len() {
            ..=2 => self.told(ctx, db, &*indicator::shipped(whole)?, &by)?,
            _ => None,
        };
        for figure in figures {
            let of_it = |cell: &Figure| cell.hidden && (cuts.is_empty() || cell.row == figure.row);
            figure.hidden |= cells.as_ref().is_none_or(|cells| cells.iter().any(of_it));
        }
        Ok(())
    }

    /// The total of an indicator, hidden where people could be recognised in it or in what it leaves of others.
    pub(crate) fn total(&self, ctx: &Ctx, db: &mut Db, indicator: &Indicator) -> Result<Figure> {
        let Some(all) = self.told(ctx, db, indicator, &[])? else {
            return Ok(Figure { hidden: true, ..Figure::default() });
        };
        Ok(all.into_iter().max_by_key(|figure| figure.value).unwrap_or_default())
    }
}

/// The days of a programme until today.
pub(crate) fn so_far(since: Date, until: Date) -> Period {
    Period { since, until: kernel::today().clamp(since, until) }
}

/// The programmes whose figures the viewer may see.
fn beside(ctx: &Ctx, db: &mut Db) -> Result<Vec<Beside>> {
    let mut all = Vec::new();
    for programme in programmes::programme::list(db, &ctx.viewer)? {
        let standing = ctx.viewer.standing(db, programme.id)?;
        if standing >= Some(Standing::Shared) {
            all.push(Beside {
                scope: Scope::programme(programme.id),
                whole: so_far(programme.since, programme.until),
                reads: standing >= Some(Standing::File),
            });
        }
    }
    Ok(all)
}

fn best(ctx: &Ctx, name: &Multi) -> String {
    name.best(ctx.w.lang).to_owned()
}
