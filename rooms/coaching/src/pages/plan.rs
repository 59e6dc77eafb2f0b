//! From a diagnosis to a plan: what would help most, chosen together with the cooperative.

use askama::Template;
use jiff::civil::Date;
use kernel::kinds::{Kind, Multi, Raw};
use kernel::room::{Route, get, post};
use kernel::{Ctx, Error, FieldError, Html, Id, Reply, Result, Words};
use people::Voices;
use registry::Organisation;
use schemars::JsonSchema;
use serde::Serialize;

use crate::action::{self, Action, ActionStatus, Proposed};
use crate::assessment;
use crate::instrument;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/assessments/{assessment}/plan", choose).query(&["all"]).answers::<PlanPage>(),
        post("/assessments/{assessment}/plan", agree),
    ]
}

/// How many proposals are shown first: what a small team can carry in half a year, three times over.
const FIRST: usize = 18;

/// What would help most.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "coaching_plan.html")]
struct PlanPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    assessment: Id,
    organisation: Id,
    name: Multi,
    proposals: Vec<Choice>,
    more: usize,
    chosen_already: usize,
    #[serde(skip)]
    owner: String,
    #[serde(skip)]
    due: String,
    #[serde(skip)]
    refused: Option<String>,
    #[serde(skip)]
    #[schemars(skip)]
    edition: Id,
    #[serde(skip)]
    #[schemars(skip)]
    voices: Voices,
}

impl PlanPage {
    /// A button that speaks what is proposed.
    fn heard(&self, choice: &Choice) -> Html {
        let (remedy, name) = (choice.proposed.remedy, choice.proposed.name.best(self.w.lang));
        self.voices.part(self.edition, &format!("remedy/{remedy}"), name)
    }
}

#[derive(Serialize, JsonSchema)]
struct Choice {
    #[serde(flatten)]
    proposed: Proposed,
    /// True if it is in the plan already.
    taken: bool,
}

/// The action that a proposal of this assessment becomes: the same each time it is chosen.
fn action_id(assessment: Id, remedy: Id) -> Id {
    Id::named(&format!("{assessment} {remedy}"))
}

fn choose(ctx: &Ctx) -> Result<Reply> {
    plan_page(ctx, 200, None)
}

fn plan_page(ctx: &Ctx, status: u16, refused: Option<String>) -> Result<Reply> {
    let page = ctx.read(|db| {
        let assessment = super::assessment::open(ctx, db)?;
        let organisation = kernel::record::get::<Organisation>(db, assessment.organisation.id)?;
        let edition = instrument::edition(db, assessment.instrument.id)?;
        let answers = assessment::answers(db, assessment.id)?;
        let remedies = instrument::remedies(db, edition.instrument.id)?;
        let plan = action::of(db, organisation.id)?;
        let all = action::proposals(&edition, &answers, &remedies);
        let count = all.len();
        let shown = if ctx.query.text("all").is_some() { count } else { FIRST };
        let proposals: Vec<Choice> = all
            .into_iter()
            .take(shown)
            .map(|proposed| Choice {
                taken: plan.iter().any(|action| action.id == action_id(assessment.id, proposed.remedy)),
                proposed,
            })
            .collect();
        Ok(PlanPage {
            w: ctx.w,
            assessment: assessment.id,
            organisation: organisation.id,
            name: organisation.name,
            more: count - proposals.len(),
            chosen_already: proposals.iter().filter(|choice| choice.taken).count(),
            proposals,
            owner: ctx.form.get("owner").unwrap_or_default().to_owned(),
            due: ctx.form.get("due").unwrap_or_default().to_owned(),
            refused,
            edition: edition.instrument.id,
            voices: Voices::of(ctx, db, edition.instrument.id)?,
        })
    })?;
    ctx.page_with_status(status, &ctx.w.t("plan.choose"), &page)
}

/// Puts the chosen proposals into the plan. One that is there already stays as it is.
fn agree(ctx: &Ctx) -> Result<Reply> {
    let chosen: Vec<Id> = ctx.form.all("remedy").filter_map(|text| text.parse().ok()).collect();
    if chosen.is_empty() {
        return refuse(ctx, ctx.w.t("plan.none_chosen").into_owned());
    }
    let due = match Date::parse(&Raw { fields: &ctx.form, name: "due" }) {
        Ok(due) => due,
        Err(wrong) => return refuse_field(ctx, "due", wrong),
    };
    let owner = match String::parse(&Raw { fields: &ctx.form, name: "owner" }) {
        Ok(owner) => owner,
        Err(wrong) => return refuse_field(ctx, "owner", wrong),
    };
    let organisation = ctx.write(|tx| {
        let assessment = super::assessment::open(ctx, tx)?;
        let remedies = instrument::remedies(tx, assessment.instrument.id)?;
        for id in &chosen {
            let Some(remedy) = remedies.iter().find(|remedy| remedy.id == *id) else {
                return Err(Error::refused("error.reference"));
            };
            let action = Action {
                id: action_id(assessment.id, remedy.id),
                version: 1,
                organisation: assessment.organisation,
                assessment: Some(assessment.id.into()),
                item: Some(remedy.item),
                title: remedy.name.clone(),
                owner: owner.clone(),
                due,
                status: ActionStatus::Agreed,
                programme: assessment.programme,
                cost: None,
                funding: None,
                proof: None,
                note: None,
            };
            if kernel::record::find::<Action>(tx, action.id)?.is_none() {
                kernel::record::insert(tx, &action)?;
            }
        }
        Ok(assessment.organisation.id)
    })?;
    ctx.done(&format!("/organisations/{organisation}#plan"), "plan_agreed")
}

fn refuse(ctx: &Ctx, sentence: String) -> Result<Reply> {
    if ctx.json {
        return Err(Error::refused("plan.none_chosen"));
    }
    plan_page(ctx, 422, Some(sentence))
}

fn refuse_field(ctx: &Ctx, field: &str, wrong: kernel::Wrong) -> Result<Reply> {
    if ctx.json {
        return Err(Error::Invalid(vec![FieldError { field: field.into(), wrong }]));
    }
    plan_page(ctx, 422, Some(ctx.w.wrong(&wrong)))
}
