//! An application: what a cooperative answers to a call. Its draft is resumed by a secret link.

use std::collections::HashMap;

use jiff::Unit;
use jiff::civil::Date;
use kernel::kinds::{Code, Long, Money, Multi, Phone, Place, Ref};
use kernel::{Db, Error, Id, Record, Result, Tx, choice, record, sql};
use people::{Account, Language};
use registry::Organisation;

use super::call::{Call, CallQuestion};
use super::eligibility::Figures;
use crate::Programme;

choice! {
    /// How an application stands.
    pub ApplicationStatus in "application.status" { Draft = "draft", Submitted = "submitted", Withdrawn = "withdrawn" }
}

record! {
    /// An application to a call.
    pub Application in "application" as "programmes.application", about programme {
        origin(File, Steward) {
            programme: Ref<Programme>, call: Ref<Call>, organisation: Option<Ref<Organisation>>, account: Option<Ref<Account>>,
            /// The language in which its answer is written.
            language: Option<Language>,
        }
        who(File, Steward) {
            name: Multi, place: Place, register_number: Option<Code>, founded: Option<Date>, contact: Option<String>,
            phone: Option<Phone>,
        }
        members(File, Steward) {
            members: Option<i64>, women: Option<i64>, young: Option<i64>, women_or_young: Option<i64>,
        }
        project(File, Steward) {
            title: Option<Multi>, summary: Option<Long>, cost: Option<Money>, asked: Option<Money>, own_cash: Option<Money>,
            own_kind: Option<Money>,
        }
        state(File, Steward) { status: ApplicationStatus, submitted: Option<Date>, number: Option<i64> }
    }
}

record! {
    /// The answer to a question of the call.
    pub Reply in "application_answer" as "programmes.application_answer", about programme {
        main(File, Steward) {
            programme: Ref<Programme>, application: Ref<Application>, question: Ref<CallQuestion>, value: Long,
        }
    }
}

impl Application {
    /// What the rules of the call look at.
    pub fn figures(&self) -> Figures {
        let money = |money: &Option<Money>| money.as_ref().map(|money| money.minor);
        Figures {
            cost: money(&self.cost),
            grant: money(&self.asked),
            own_cash: money(&self.own_cash),
            own_kind: money(&self.own_kind),
            members: self.members,
            women: self.women,
            young: self.young,
            women_or_young: self.women_or_young,
            age: self.founded.map(|founded| {
                founded.until((Unit::Year, kernel::today())).map_or(0, |span| i64::from(span.get_years()))
            }),
            currency: self.cost.as_ref().map(|money| money.currency.clone()).unwrap_or_default(),
        }
    }

    /// Refuses figures that contradict each other, at the field where they do.
    pub(crate) fn check(&self) -> Result<()> {
        let more = |part: Option<i64>| part.zip(self.members).is_some_and(|(part, all)| part > all);
        for (field, part) in
            [("women", self.women), ("young", self.young), ("women_or_young", self.women_or_young)]
        {
            if more(part) {
                return Err(Error::field(field, "application.more_than_members"));
            }
        }
        let amounts = [&self.cost, &self.asked, &self.own_cash, &self.own_kind];
        let mut currencies: Vec<&str> =
            amounts.iter().copied().flatten().map(|m| m.currency.as_str()).collect();
        currencies.dedup();
        if currencies.len() > 1 {
            return Err(Error::field("asked", "application.one_currency"));
        }
        if self.founded.is_some_and(|founded| founded > kernel::today()) {
            return Err(Error::field("founded", "error.date_range"));
        }
        Ok(())
    }

    /// Refuses to be sent while something that every application says is missing, or the money does not add up.
    fn complete(&self) -> Result<()> {
        let missing = [
            ("members", self.members.is_none()),
            ("women", self.women.is_none()),
            ("women_or_young", self.women_or_young.is_none()),
            ("phone", self.phone.is_none()),
            ("title", self.title.is_none()),
            ("cost", self.cost.is_none()),
            ("asked", self.asked.is_none()),
            ("own_cash", self.own_cash.is_none()),
        ];
        if let Some((field, _)) = missing.iter().find(|(_, missing)| *missing) {
            return Err(Error::field(*field, "error.needed"));
        }
        self.adds_up()
    }

    /// Refuses a cost that is not the sum of its parts, once all are stated.
    pub(crate) fn adds_up(&self) -> Result<()> {
        let figures = self.figures();
        let (Some(cost), Some(grant), Some(own)) =
            (figures.cost, figures.grant, figures.value(super::eligibility::Quantity::Own))
        else {
            return Ok(());
        };
        if grant + own == cost { Ok(()) } else { Err(Error::field("cost", "application.sum")) }
    }
}

/// Answers of an application, by question.
pub type Replies = HashMap<Id, Reply>;

/// The answers of an application.
pub fn replies(db: &mut Db, application: Id) -> Result<Replies> {
    let query = sql(&format!("select {} from application_answer where application = ?", Reply::columns("")))
        .bind(application)
        .open("the caller checked the right to the application");
    let all = db.rows(&query, Reply::from_row)?;
    Ok(all.into_iter().map(|reply| (reply.question.id, reply)).collect())
}

/// The applications that were sent to a call, in the order of their numbers.
pub fn sent(db: &mut Db, call: Id) -> Result<Vec<Application>> {
    let query = sql(&format!(
        "select {} from application where call = ? and status = 'submitted' order by number, id",
        Application::columns("")
    ))
    .bind(call)
    .open("the caller checked the standing at the call");
    db.rows(&query, Application::from_row)
}

/// The application that a secret link opens.
pub fn by_secret(db: &mut Db, secret: &str) -> Result<Application> {
    let query = sql("select application from application_link where digest = ?")
        .bind(people::secret_digest(secret))
        .open("whoever holds the link holds the right");
    let id: Option<Id> = db.row(&query, kernel::value::Row::take)?;
    kernel::record::get::<Application>(db, id.ok_or(Error::NotFound)?)
}

/// Makes the secret link of an application; what is kept is its digest.
pub(crate) fn link(tx: &mut Tx<'_>, application: Id, secret: &str) -> Result<()> {
    let insert = sql(
        "insert into application_link (digest, application, at) values (?, ?, ?) on conflict (digest) do nothing",
    );
    tx.run(&insert.bind(people::secret_digest(secret)).bind(application).bind(kernel::now()))?;
    Ok(())
}

/// The next number of a call. Two who send at the same moment wait for each other here, so that none is given twice.
pub(crate) fn next_number(tx: &mut Tx<'_>, call: Id) -> Result<i64> {
    super::call::hold(tx, call)?;
    super::reserved::next(tx, call)
}

/// Sends an application: it gets the next number of its call, unless it has one. Sent twice, it is sent once.
pub(crate) fn submit(
    tx: &mut Tx<'_>,
    application: Application,
    questions: &[CallQuestion],
    day: Date,
) -> Result<Application> {
    if application.status == ApplicationStatus::Submitted {
        return Ok(application);
    }
    application.complete()?;
    let replies = replies(tx, application.id)?;
    if let Some(question) = questions.iter().find(|q| q.needed && !replies.contains_key(&q.id)) {
        return Err(Error::field(format!("q.{}", question.id), "error.needed"));
    }
    let next = next_number(tx, application.call.id)?;
    let sent = Application {
        status: ApplicationStatus::Submitted,
        submitted: Some(day),
        number: Some(application.number.unwrap_or(next)),
        ..application
    };
    kernel::record::update(tx, &sent)?;
    kernel::record::get::<Application>(tx, sent.id)
}
