//! An organisation: a cooperative, an institution, a buyer, anyone a programme deals with. Registered once.

use jiff::civil::Date;
use kernel::access::{self, PUBLIC};
use kernel::index::{self, Entry, Found, Indexed, Page, Question};
use kernel::kinds::{Choice as _, Code, Email, Ice, Long, Many, Multi, Phone, Place};
use kernel::{Db, Id, Result, Standing, Tx, Viewer, choice, record, sql};

choice! {
    /// Legal kinds, and the roles in which an organisation meets a programme.
    pub OrganisationKind in "organisation.kind" {
        Cooperative = "cooperative", Union = "union", Gie = "gie", Association = "association",
        SocialEnterprise = "social_enterprise", Company = "company", Institution = "institution",
        Sponsor = "sponsor", Buyer = "buyer",
    }
}

choice! {
    /// What an organisation lives from.
    pub Activity in "activity" {
        Dates = "dates", Saffron = "saffron", Roses = "roses", Honey = "honey", Argan = "argan", Olives = "olives",
        Almonds = "almonds", Apples = "apples", Figs = "figs", Henna = "henna", Herbs = "herbs", Couscous = "couscous",
        Cereals = "cereals", Livestock = "livestock", Milk = "milk", Poultry = "poultry", Irrigation = "irrigation",
        Carpets = "carpets", Embroidery = "embroidery", Pottery = "pottery", Leather = "leather", Jewellery = "jewellery",
        Tourism = "tourism", Catering = "catering", Services = "services", Construction = "construction",
        Education = "education", Waste = "waste", Other = "other",
    }
}

choice! {
    /// How an organisation stands.
    pub Status in "organisation.status" {
        Forming = "forming", Active = "active", Dormant = "dormant", Dissolved = "dissolved", Merged = "merged",
    }
}

choice! {
    /// A month of the year.
    pub Month in "month" {
        January = "01", February = "02", March = "03", April = "04", May = "05", June = "06", July = "07", August = "08",
        September = "09", October = "10", November = "11", December = "12",
    }
}

record! {
    /// A cooperative, an institution, a buyer: anyone a programme deals with.
    pub Organisation in "organisation" as "registry.organisation", then saved {
        identity(Public, File) {
            kind: OrganisationKind, name: Multi, acronym: Option<String>, place: Place,
            activities: Option<Many<Activity>>, founded: Option<Date>, presentation: Option<Multi>,
        }
        publication(Public, File) { published: bool }
        size(Public, File) { members: Option<i64>, women: Option<i64>, young: Option<i64>, active: Option<i64> }
        contact(Shared, File) {
            phone: Option<Phone>, phone_2: Option<Phone>, email: Option<Email>, address: Option<Long>, website: Option<String>,
        }
        legal(File, File) {
            register_number: Option<Code>, register_court: Option<String>, national_number: Option<Code>,
            ice: Option<Ice>, tax_number: Option<Code>, social_number: Option<Code>,
            year_end: Option<Month>,
        }
        status(Shared, Steward) { status: Status, status_reason: Option<String> }
        origin(Public, Steward) { invented: bool }
    }
}

/// The scope of an organisation: whoever holds a role in it works on its file.
pub fn scope(organisation: Id) -> String {
    access::scope("organisation", organisation)
}

/// After each save: the order of lists, the scopes that reach it, its place in the index.
fn saved(organisation: &Organisation, tx: &mut Tx<'_>) -> Result<()> {
    let id = organisation.id;
    let sort = sort(&organisation.name);
    tx.run(
        &sql("update organisation set sort = ? where id = ? and (sort is null or sort <> ?)")
            .bind(&sort)
            .bind(id)
            .bind(&sort),
    )?;
    let mut scopes = Vec::new();
    if organisation.status != Status::Merged {
        let around = kernel::territory::ancestors(&organisation.place.division);
        scopes.extend(around.iter().map(|code| (access::territory_scope(code), Standing::Steward)));
        scopes.push((scope(id), Standing::File));
        if organisation.published {
            scopes.push((PUBLIC.to_owned(), Standing::Public));
        }
    }
    access::follow(tx, id, &scopes, |scope| scope == PUBLIC || scope.starts_with("territory:"))?;
    tx.touch(id);
    Ok(())
}

/// The key of a name in the order of lists.
fn sort(name: &Multi) -> String {
    fold::fold(name.best(kernel::Lang::Fr))
}

/// How lists and searches find organisations.
pub(crate) const INDEXED: Indexed =
    Indexed { kind: "organisation", version: 1, counted: &["at:"], read: entries };

/// Terms of the index: what [`Filter`] narrows by.
fn entries(db: &mut Db, ids: &[Id]) -> Result<Vec<Entry>> {
    let query = sql("select id, name, acronym, kind, place, status, members, women from organisation
                     where merged_into is null and status <> 'merged' and id")
    .within(ids)
    .open("the index holds every organisation");
    let mut entries = db.rows(&query, |row| {
        let (record, name, acronym): (Id, Multi, Option<String>) = (row.take()?, row.take()?, row.take()?);
        let mut terms = vec![format!("kind:{}", row.take::<String>()?)];
        let place: String = row.take()?;
        terms.push(format!("at:{place}"));
        terms.extend(kernel::territory::ancestors(&place).iter().map(|code| format!("in:{code}")));
        terms.push(format!("status:{}", row.take::<String>()?));
        if is_led_by_women(row.take()?, row.take()?) {
            terms.push(WOMEN_LED.to_owned());
        }
        let words = name.all().chain(acronym.as_deref()).flat_map(kernel::search::words_of);
        terms.extend(words.map(|word| index::word(&word)));
        Ok(Entry { record, sort: sort(&name), terms })
    })?;
    let query = sql("select owner, value from organisation_activities where owner").within(ids);
    for (owner, activity) in db.rows(&query, |row| Ok((row.take::<Id>()?, row.take::<String>()?)))? {
        if let Some(entry) = entries.iter_mut().find(|entry| entry.record == owner) {
            entry.terms.push(format!("activity:{activity}"));
        }
    }
    Ok(entries)
}

const WOMEN_LED: &str = "women_led";

/// True if women hold more than half of the places of members.
fn is_led_by_women(members: Option<i64>, women: Option<i64>) -> bool {
    matches!((members, women), (Some(members), Some(women)) if women * 2 > members)
}

impl Organisation {
    /// True if women hold more than half of the places of members.
    pub fn is_led_by_women(&self) -> bool {
        is_led_by_women(self.members, self.women)
    }
}

/// Creates an organisation from a form. Its creator keeps a hand on it until a programme takes it up.
pub fn create(tx: &mut Tx<'_>, id: Id, form: &kernel::Fields, viewer: &Viewer) -> Result<Organisation> {
    let mut form = form.clone();
    if form.text("status").is_none() {
        form.set("status", "active");
    }
    let made = kernel::record::create::<Organisation>(tx, id, &form, Standing::Steward)?;
    if let Some(account) = viewer.account {
        access::grant(tx, id, &access::scope("account", account), Standing::File, None)?;
    }
    Ok(made)
}

/// What a list of organisations is narrowed by.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Typed words.
    pub text: Option<String>,
    /// Kind.
    pub kind: Option<String>,
    /// Activity.
    pub activity: Option<String>,
    /// Code of a territory.
    pub territory: Option<String>,
    /// Scope, such as `programme:…`, through which it must be reachable.
    pub through: Option<String>,
    /// Only those in which women are the majority.
    pub women_led: bool,
    /// Only those that have not been dissolved.
    pub working: bool,
    /// Only those that are public.
    pub published: bool,
}

impl Filter {
    /// The organisations that this viewer finds.
    pub fn found(&self, db: &mut Db, viewer: &Viewer) -> Result<Found> {
        let mut question = Question::seen("organisation", viewer);
        if self.published {
            question = question.through(PUBLIC);
        }
        if let Some(kind) = &self.kind {
            question = question.has(format!("kind:{kind}"));
        }
        if let Some(activity) = &self.activity {
            question = question.has(format!("activity:{activity}"));
        }
        if let Some(territory) = &self.territory {
            question = question.has(format!("in:{territory}"));
        }
        if let Some(through) = &self.through {
            question = question.through(through);
        }
        if self.working {
            let statuses = [Status::Forming, Status::Active, Status::Dormant];
            question = question.has_one(statuses.iter().map(|status| format!("status:{}", status.code())));
        }
        if self.women_led {
            question = question.has(WOMEN_LED);
        }
        let Some(text) = &self.text else { return question.found(db) };
        match number_of(text) {
            Some(digits) => {
                let known = with_number(db, &digits)?;
                question.found(db)?.among(db, &known)
            }
            None => named(question, text).found(db),
        }
    }
}

/// The organisations of these kinds that a viewer knows of; all kinds if none is named.
pub(crate) fn of_kinds(db: &mut Db, viewer: &Viewer, kinds: &[&str]) -> Result<Found> {
    let question = Question::seen("organisation", viewer);
    let narrowed = kinds.iter().map(|kind| format!("kind:{kind}"));
    if kinds.is_empty() { question.found(db) } else { question.has_one(narrowed).found(db) }
}

/// Organisations of a commune with a name that has one of these sounds.
pub(crate) fn sounding(db: &mut Db, place: &str, keys: &[String], reason: &str) -> Result<Found> {
    let sounds = keys.iter().map(|key| index::word(&format!("~{key}")));
    Question::open("organisation", reason).has(format!("at:{place}")).has_one(sounds).found(db)
}

/// The digits of a typed identifier or telephone number.
fn number_of(text: &str) -> Option<String> {
    let digits: String = fold::fold(text).chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= 6).then_some(digits)
}

/// Organisations with this identifier, or a telephone number that ends so.
fn with_number(db: &mut Db, digits: &str) -> Result<Vec<Id>> {
    let query = sql("select id from organisation where ice = ? or register_number = ? or national_number = ? or phone like ?")
        .bind(digits)
        .bind(digits)
        .bind(digits)
        .bind(format!("%{}", digits.trim_start_matches('0')))
        .open("narrows what the viewer finds");
    db.rows(&query, kernel::value::Row::take)
}

/// Typed words find names; a word for a legal form alone narrows by kind.
fn named(question: Question, text: &str) -> Question {
    let (forms, names): (Vec<_>, Vec<_>) =
        text.split_whitespace().partition(|word| fold::legal_form(word).is_some());
    if names.is_empty() && !forms.is_empty() {
        let kinds = forms.into_iter().filter_map(fold::legal_form);
        return question.has_one(kinds.map(|kind| format!("kind:{kind}")));
    }
    let still_typing = !text.ends_with(char::is_whitespace);
    question.named(&(names.join(" ") + if still_typing { "" } else { " " }))
}

/// How many organisations a viewer finds with a filter.
pub fn count(db: &mut Db, viewer: &Viewer, filter: &Filter) -> Result<i64> {
    Ok(filter.found(db, viewer)?.count())
}

/// One line of a list.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Line {
    /// Id.
    pub id: Id,
    /// Kind.
    pub kind: OrganisationKind,
    /// Name.
    pub name: Multi,
    /// Code of its commune.
    pub place: String,
    /// Members.
    pub members: Option<i64>,
    /// Of whom women.
    pub women: Option<i64>,
    /// True if it is made up.
    pub invented: bool,
}

/// The lines of a page of a list.
pub fn lines(db: &mut Db, page: &Page) -> Result<Vec<Line>> {
    let columns = "select o.id, o.kind, o.name, o.place, o.members, o.women, o.invented";
    db.rows(&sql(columns).join(page.rows("organisation o")), |row| {
        Ok(Line {
            id: row.take()?,
            kind: row.take()?,
            name: row.take()?,
            place: row.take()?,
            members: row.take()?,
            women: row.take()?,
            invented: row.take()?,
        })
    })
}

/// How many of these lie in each commune.
pub fn count_by_commune(db: &mut Db, found: &Found) -> Result<Vec<(String, i64)>> {
    found.count_by(db, "at:")
}

/// The names of these organisations by id, for showing references. What the viewer may not know of is left out.
pub fn names(db: &mut Db, viewer: &Viewer, ids: &[Id], lang: kernel::Lang) -> Result<kernel::kinds::Names> {
    let query = sql("select o.id, o.name from organisation o where")
        .seen(viewer, "o.id")
        .and(" and o.id")
        .within(ids);
    let pairs = db.rows(&query, |row| Ok((row.take::<String>()?, row.take::<Multi>()?)))?;
    Ok(pairs.into_iter().map(|(id, name)| (id, name.best(lang).to_owned())).collect())
}

/// The name of an organisation in the language of the reader, for the way back to it; the caller checked the standing.
pub fn name_of(ctx: &kernel::Ctx, db: &mut Db, id: Id) -> Result<String> {
    Ok(kernel::record::get::<Organisation>(db, id)?.name.best(ctx.w.lang).to_owned())
}

/// The organisation, if the viewer stands near enough.
pub fn open(db: &mut Db, ctx: &kernel::Ctx, id: Id, least: Standing) -> Result<(Organisation, Standing)> {
    let standing = ctx.standing(db, id, least)?;
    Ok((kernel::record::get::<Organisation>(db, id)?, standing))
}
