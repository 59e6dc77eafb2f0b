//! A file on its way to the receiver: tried without effect first, then sent, each with the answer.

use std::time::Duration;

use courier::{Config, Reason, Receiver};
use kernel::kinds::{Long, Ref};
use kernel::work::Job;
use kernel::{Actor, App, Db, Error, Id, Record as _, Result, choice, record, sql};
use people::Account;
use programmes::Programme;

choice! {
    /// How a file stands.
    pub PushState in "adx_push.state" {
        Waiting = "waiting", Accepted = "accepted", Refused = "refused", Unreachable = "unreachable",
    }
}

record! {
    /// A file handed to the receiver.
    pub AdxPush in "adx_push" as "open.adx_push", about programme {
        main(Steward, Steward) {
            programme: Ref<Programme>,
            /// As ADX writes it.
            period: String,
            /// True if the receiver only says what it would do.
            dry: bool,
            /// Names what the file says: what is sent was tried.
            digest: String,
            account: Ref<Account>,
        }
        outcome(Steward, Steward) { state: PushState, answered: Option<i64>, answer: Option<Long> }
    }
}

/// Name of the work.
pub(crate) const JOB: &str = "open.adx";
/// The media type.
const MEDIA: &str = "application/adx+xml";
/// How long the receiver may take, in seconds.
const PATIENCE: u64 = 50;

/// The receiver that the administrator named, if any: `TIWIZI_DHIS2_URL` and the variables beside it.
///
/// # Errors
/// A configuration that cannot work.
pub(crate) fn receiver(app: &App) -> Result<Option<Receiver>> {
    let set = |name: &str| app.environment.get(&format!("TIWIZI_DHIS2_{name}")).map(str::to_owned);
    // Invented figures are sent to nobody.
    let Some(url) = set("URL").filter(|_| !app.demonstration) else { return Ok(None) };
    let config = Config {
        url,
        user: set("USER"),
        password: set("PASSWORD"),
        header: set("TOKEN").map(|token| format!("Authorization: ApiToken {token}")),
        ..Config::default()
    };
    let open = Receiver::open(&config, MEDIA, Duration::from_secs(PATIENCE));
    open.map(Some).map_err(|fault| Error::internal(format!("TIWIZI_DHIS2_…: {fault}")))
}

/// The files of a programme, the latest first.
pub(crate) fn of(db: &mut Db, programme: Id) -> Result<Vec<AdxPush>> {
    let query = sql(&format!(
        "select {} from adx_push where programme = ? order by id desc limit 20",
        AdxPush::columns("")
    ))
    .bind(programme)
    .open("the caller stewards the programme");
    db.rows(&query, AdxPush::from_row)
}

/// True if the receiver said of exactly this that it would take it.
pub(crate) fn was_tried(db: &mut Db, programme: Id, digest: &str) -> Result<bool> {
    let query = sql(
        "select count(*) from adx_push where programme = ? and digest = ? and dry = 1 and state = 'accepted'",
    )
    .bind(programme)
    .bind(digest)
    .open("the caller stewards the programme");
    Ok(db.one::<i64>(&query)? > 0)
}

/// Hands one file over. The file stands in the job, so that what goes out is what was shown.
pub(crate) fn run(app: &App, job: &Job) -> Result<()> {
    let text = |name: &str| job.input[name].as_str().ok_or(Error::NotFound);
    let id: Id = text("push")?.parse().map_err(|_| Error::NotFound)?;
    let push = app.read(|db| kernel::record::get::<AdxPush>(db, id))?;
    // A process that died after the answer was kept asks nobody twice.
    if push.state == PushState::Waiting {
        let path = format!("/api/dataValueSets?dryRun={}", push.dry);
        let came = match receiver(app)? {
            Some(receiver) => receiver.post(&path, text("document")?),
            None => Err(Reason::Unreachable),
        };
        let (state, answered, answer) = match came {
            Ok((status @ 200..=299, answer)) => (PushState::Accepted, Some(status), Some(answer)),
            Ok((status, answer)) => (PushState::Refused, Some(status), Some(answer)),
            Err(_) => (PushState::Unreachable, None, None),
        };
        // A text column of PostgreSQL holds no NUL.
        let answer = answer.map(|text| Long(text.replace('\0', ""))).filter(|text| !text.0.trim().is_empty());
        let answered = answered.map(i64::from);
        app.write(Actor::machine("queue"), |tx| {
            kernel::record::update(tx, &AdxPush { state, answered, answer, ..push })
        })?;
    }
    kernel::work::finish(app, job.id, "done", &kernel::Json::Null)
}
