//! What the query of a page asks for: whose figures, over which days; and what the viewer may see of them.

use std::sync::Arc;

use jiff::civil::Date;
use kernel::kinds::Multi;
use kernel::{Ctx, Db, Error, Id, Result, Standing};
use programmes::Programme;

use crate::cut::Cut;
use crate::figure::Figure;
use crate::indicator::{self, Indicator};
use crate::kept;
use crate::scope::{Eyes, Period, Scope};
use crate::small;

/// Names of the query that every page of figures understands.
pub(crate) const QUERY: &[&str] =
    &["programme", "organisation", "territory", "since", "until", "by", "and", "page"];

/// Whose figures were asked for, and how near the viewer stands to them.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) scope: Scope,
    pub(crate) period: Period,
    /// What the scope is called.
    pub(crate) name: String,
    /// The same without its territory: what an indicator counts that is of no place.
    wide: String,
    /// True if the viewer may read the records themselves.
    pub(crate) reads: bool,
    checked: bool,
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
            wide: name.clone(),
            name,
            reads: false,
            checked: true,
        }
    }

    /// All support in a place, or in the country, as far as the viewer may count it.
    pub(crate) fn place(ctx: &Ctx, db: &mut Db, territory: Option<String>) -> Result<Asked> {
        let mut asked = Asked::read(ctx, db, None)?;
        if let Some(code) = &territory {
            asked.name = format!("{} · {}", asked.wide, ctx.w.division(code));
        }
        asked.scope = Scope { territory, ..Scope::default() };
        Ok(asked)
    }

    /// Reads the query, whose programme may stand in the address instead.
    pub(crate) fn read(ctx: &Ctx, db: &mut Db, programme: Option<Id>) -> Result<Asked> {
        let programme = programme.or_else(|| ctx.query.parse("programme"));
        let organisation: Option<Id> = ctx.query.parse("organisation");
        let territory = ctx.query.text("territory").map(str::to_owned);
        let today = kernel::today();
        let mut period = Period::year_to(today);
        let (mut name, mut reads, mut checked) =
            (ctx.w.t("impact.everywhere").into_owned(), ctx.viewer.is_administrator(), false);
        if let Some(id) = programme {
            let standing = ctx.standing(db, id, Standing::Shared)?;
            let programme = kernel::record::get::<Programme>(db, id)?;
            period = Period { since: programme.since, until: today.clamp(programme.since, programme.until) };
            (name, reads, checked) = (best(ctx, &programme.name), standing >= Standing::File, true);
        }
        if let Some(id) = organisation {
            let standing = ctx.standing(db, id, Standing::Shared)?;
            let organisation = kernel::record::get::<registry::Organisation>(db, id)?;
            (name, reads) = (best(ctx, &organisation.name), standing >= Standing::File);
            checked = true;
        }
        let wide = name.clone();
        if let Some(code) = &territory {
            name = format!("{name} · {}", ctx.w.division(code));
        }
        if !ctx.viewer.signed_in() && !checked {
            return Err(Error::SignIn);
        }
        let day = |key: &str, rest: Date| ctx.query.parse(key).unwrap_or(rest);
        period = Period { since: day("since", period.since), until: day("until", period.until) };
        if period.until < period.since {
            return Err(Error::refused("error.dates_order"));
        }
        Ok(Asked {
            scope: Scope { programme, organisation, territory, waiting: None },
            period,
            name,
            wide,
            reads,
            checked,
        })
    }

    /// Whose figures an indicator gives: one that knows no organisations is not narrowed to a territory.
    pub(crate) fn whose(&self, indicator: &Indicator) -> String {
        if indicator.knows_places() { self.name.clone() } else { self.wide.clone() }
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

    /// The total of an indicator, hidden where few people could be recognised in it or in what it leaves of a wider one.
    pub(crate) fn total(&self, ctx: &Ctx, db: &mut Db, indicator: &Indicator) -> Result<Figure> {
        let all = self.figures(ctx, db, indicator, &[])?;
        let mut figure = all.into_iter().max_by_key(|figure| figure.value).unwrap_or_default();
        if !self.reads && indicator.people {
            figure.hidden = small::few(figure.fewest(indicator))
                // Cooperatives are compared in a table that hides what it must; one alone would get around it.
                || self.scope.organisation.is_some()
                || self.betrays_neighbours(ctx, db, indicator)?;
        }
        Ok(figure)
    }

    /// True if the division of the scope is hidden beside its neighbours.
    fn betrays_neighbours(&self, ctx: &Ctx, db: &mut Db, indicator: &Indicator) -> Result<bool> {
        let Some(code) = &self.scope.territory else { return Ok(false) };
        let cut = match code.len() {
            ..=2 => Cut::Region,
            3..=6 => Cut::Province,
            _ => Cut::Commune,
        };
        let wider = Scope { territory: None, ..self.scope.clone() };
        let beside = kept::figures(ctx, db, indicator, &wider, self.period, &[cut], self.eyes(ctx))?;
        let codes: Vec<small::Code> = beside.iter().map(|figure| figure.row.clone()).collect();
        let gone = small::gone(&codes, &[], |row, _| {
            beside.iter().find(|figure| figure.row == *row).map_or(0, |figure| figure.fewest(indicator))
        });
        Ok(gone.rows.contains(&Some(code.clone())))
    }

    /// Hides figures of a line in which few people could be recognised, and as many others as keep the whole from
    /// betraying them.
    pub(crate) fn guard(&self, indicator: &Indicator, figures: &mut [Figure]) {
        if self.reads || !indicator.people {
            return;
        }
        let counts: Vec<i64> = figures.iter().map(|figure| figure.fewest(indicator)).collect();
        for at in small::hidden(&counts, &[]).rows {
            figures[at].hidden = true;
        }
    }
}

fn best(ctx: &Ctx, name: &Multi) -> String {
    name.best(ctx.w.lang).to_owned()
}
