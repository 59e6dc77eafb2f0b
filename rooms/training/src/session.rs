//! A session: a module taught somewhere, for the cooperatives of a programme. Its dates are those of its half-days.

use jiff::civil::Date;
use kernel::access::{self, Standing};
use kernel::form::Options;
use kernel::kinds::{Money, Multi, Place, Ref};
use kernel::piece::Piece;
use kernel::{Ctx, Db, Error, FieldError, Fields, Html, Id, Result, Tx, Viewer, choice, record, sql};
use people::Tongue;
use programmes::{Programme, Promotion};
use registry::Organisation;

use crate::module::{self, Module};

choice! {
    /// How a session stands.
    pub SessionStatus in "training_session.status" {
        Planned = "planned", Open = "open", Held = "held", Cancelled = "cancelled",
    }
}

record! {
    /// A module taught somewhere, for the cooperatives of a programme.
    pub Session in "training_session" as "training.training_session", about programme, then saved {
        main(Shared, Steward) {
            programme: Ref<Programme>, module: Ref<Module>, promotion: Option<Ref<Promotion>>, title: Option<Multi>,
            place: Option<Place>, venue: Option<String>, language: Option<Tongue>, capacity: i64, status: SessionStatus,
        }
        cost(Shared, Steward) {
            cost: Option<Money>, partner_cost: Option<Money>, partner: Option<Ref<Organisation>>,
        }
    }
}

/// A module that a programme teaches is known to the programme's team, published or not.
fn saved(session: &Session, tx: &mut Tx<'_>) -> Result<()> {
    let scope = programmes::programme::scope(session.programme.id);
    access::grant(tx, session.module.id, &scope, Standing::Shared, None)
}

impl Session {
    /// What it is called: its own title, or that of its module.
    pub(crate) fn name(&self, db: &mut Db) -> Result<Multi> {
        match &self.title {
            Some(title) => Ok(title.clone()),
            None => Ok(kernel::record::get::<Module>(db, self.module.id)?.title),
        }
    }
}

impl Piece for Session {
    const PLURAL: &'static str = "sessions";
    const OWNER: &'static str = "programme";
    const GROUPS: &'static [&'static str] = &["main", "cost"];
    const LEAST: Standing = Standing::Steward;
    const EITHER: &'static [&'static str] = &["status"];
    fn owner(&self) -> Id {
        self.programme.id
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        programmes::programme::name_of(ctx, db, owner)
    }
    fn home(owner: Id) -> String {
        format!("/programmes/{owner}/training")
    }
    fn offers(ctx: &Ctx, db: &mut Db, programme: Id) -> Result<Vec<(&'static str, Options)>> {
        let label = |name: &Multi| name.best(ctx.w.lang).to_owned();
        let modules = module::list(db, &ctx.viewer)?;
        let modules = modules.iter().map(|m| (m.id.to_string(), format!("{} · {}", m.code, label(&m.title))));
        let modules = modules.collect();
        let promotions = programmes::enrolment::promotions(db, programme)?;
        let promotions = promotions.iter().map(|p| (p.id.to_string(), label(&p.name))).collect();
        let partners = programmes::partner::of(db, programme)?;
        let mut partners: Options =
            partners.iter().map(|p| (p.organisation.to_string(), label(&p.name))).collect();
        partners.dedup();
        Ok(vec![("module", modules), ("promotion", promotions), ("partner", partners)])
    }
    fn beside(ctx: &Ctx, typed: &Fields, errors: &[FieldError]) -> Option<Html> {
        crate::half_day::first_days(ctx, typed, errors)
    }
    fn prepare(_: &Ctx, _: &mut Tx<'_>, _: Id, form: &mut Fields) -> Result<()> {
        if form.text("status").is_none() {
            form.set("status", "planned");
        }
        Ok(())
    }
    fn check(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        if ctx.viewer.standing(tx, self.module.id)?.is_none() {
            return Err(Error::field("module", "error.reference"));
        }
        if let Some(promotion) = self.promotion {
            let promotion = kernel::record::find::<Promotion>(tx, promotion.id)?;
            if promotion.is_none_or(|p| p.programme.id != self.programme.id) {
                return Err(Error::field("promotion", "error.reference"));
            }
        }
        if let Some(partner) = self.partner
            && ctx.viewer.standing(tx, partner.id)?.is_none()
        {
            return Err(Error::field("partner", "error.reference"));
        }
        crate::half_day::plan(self, ctx, tx)
    }
    /// What was planned with others is called off, not forgotten.
    fn removable(&self) -> Result<()> {
        Err(Error::refused("training_session.not_removed"))
    }
}

/// A session in a list.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Line {
    pub(crate) id: Id,
    pub(crate) programme: Id,
    pub(crate) programme_name: Multi,
    pub(crate) module: Id,
    pub(crate) name: Multi,
    pub(crate) place: Option<String>,
    pub(crate) venue: Option<String>,
    pub(crate) status: SessionStatus,
    pub(crate) capacity: i64,
    #[schemars(with = "Option<String>")]
    pub(crate) since: Option<Date>,
    #[schemars(with = "Option<String>")]
    pub(crate) until: Option<Date>,
    /// Persons who were there at least once.
    pub(crate) present: i64,
    /// Persons on its list.
    pub(crate) listed: i64,
}

impl Line {
    /// True once its last day is over, or when it was called off.
    pub(crate) fn is_past(&self, today: Date) -> bool {
        self.status == SessionStatus::Cancelled || self.until.is_some_and(|until| until < today)
    }
    /// The word for its state has this tone.
    pub(crate) fn tone(&self) -> &'static str {
        match self.status {
            SessionStatus::Planned => "wait",
            SessionStatus::Open => "info",
            SessionStatus::Held => "good",
            SessionStatus::Cancelled => "plain",
        }
    }
}

/// The sessions a viewer knows of through a role in their programme, the earliest first; `tail` narrows them.
pub(crate) fn list(db: &mut Db, viewer: &Viewer, tail: kernel::Sql) -> Result<Vec<Line>> {
    let query = sql("select s.id, s.programme, p.name, s.module, coalesce(s.title, m.title), s.place, s.venue, s.status, s.capacity,
                     (select min(h.day) from half_day h where h.session = s.id),
                     (select max(h.day) from half_day h where h.session = s.id),
                     (select count(distinct a.participant) from attendance a join participant t on t.id = a.participant
                      where t.session = s.id and a.present = 1),
                     (select count(*) from participant t where t.session = s.id)
                     from training_session s join module m on m.id = s.module join programme p on p.id = s.programme where")
        .seen_near(viewer, "s.programme", Standing::Shared)
        .join(tail)
        .and(" order by 10, s.id limit 1000");
    db.rows(&query, |row| {
        Ok(Line {
            id: row.take()?,
            programme: row.take()?,
            programme_name: row.take()?,
            module: row.take()?,
            name: row.take()?,
            place: row.take()?,
            venue: row.take()?,
            status: row.take()?,
            capacity: row.take()?,
            since: row.take()?,
            until: row.take()?,
            present: row.take()?,
            listed: row.take()?,
        })
    })
}
