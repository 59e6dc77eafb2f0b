//! An organisation: a cooperative, an institution, a buyer, anyone a programme deals with. Registered once.

use jiff::civil::Date;
use kernel::access::{self, Mirror, PUBLIC};
use kernel::kinds::{Code, Email, Ice, Long, Many, Multi, Phone, Place};
use kernel::search::Way;
use kernel::{Id, Result, Sql, Standing, Tx, Viewer, choice, record, sql};

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
        }
        status(Shared, Steward) { status: Status, status_reason: Option<String> }
        origin(Public, Steward) { invented: bool }
    }
}

/// The scope of an organisation: whoever holds a role in it works on its file.
pub fn scope(organisation: Id) -> String {
    access::scope("organisation", organisation)
}

/// After each save: the order of lists, the words that find it, the scopes that reach it.
fn saved(organisation: &Organisation, tx: &mut Tx<'_>) -> Result<()> {
    let id = organisation.id;
    let sort = fold::fold(organisation.name.best(kernel::Lang::Fr));
    tx.run(&sql("update organisation set sort = ? where id = ?").bind(sort).bind(id))?;
    kernel::search::index(
        tx,
        "organisation",
        id,
        organisation.name.all().chain(organisation.acronym.as_deref()),
    )?;
    access::revoke_all(tx, id, "territory:")?;
    access::revoke(tx, id, PUBLIC)?;
    if organisation.status == Status::Merged {
        return Ok(());
    }
    for code in kernel::territory::ancestors(&organisation.place.division) {
        access::grant(tx, id, &access::territory_scope(&code), Standing::Steward, None)?;
    }
    access::grant(tx, id, &scope(id), Standing::File, None)?;
    if organisation.published {
        access::grant(tx, id, PUBLIC, Standing::Public, None)?;
    }
    Ok(())
}

impl Organisation {
    /// True if women hold more than half of the places of members.
    pub fn is_led_by_women(&self) -> bool {
        matches!((self.members, self.women), (Some(members), Some(women)) if women * 2 > members)
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
    /// Only those that are public.
    pub published: bool,
}

impl Filter {
    /// The part of a statement from `from organisation o where …` on, under the viewer's rights.
    pub fn condition(&self, viewer: &Viewer) -> Sql {
        self.condition_on("o.id", &[], viewer)
    }

    /// The same for a walk in the order of names.
    fn walk(&self, db: &mut kernel::Db, viewer: &Viewer) -> Result<Sql> {
        let ways = match &self.text {
            Some(text) if number_of(text).is_none() => {
                kernel::search::ways(db, "organisation", &names_of(text))?
            }
            _ => Vec::new(),
        };
        // Concatenating nothing keeps the database from looking ids up one by one.
        Ok(self.condition_on("o.id || ''", &ways, viewer))
    }

    /// `id` stands where a set of ids narrows the list.
    fn condition_on(&self, id: &str, ways: &[Way], viewer: &Viewer) -> Sql {
        let mut query =
            sql(" from organisation o where o.merged_into is null and").seen_mirrored(viewer, &MIRROR);
        if self.published {
            query = query.and(" and o.published = 1");
        }
        query = query.and_if(" and o.kind = ?", self.kind.as_deref());
        if let Some(activity) = &self.activity {
            query = query
                .and(&format!(" and {id} in (select owner from organisation_activities where value = ?)"))
                .bind(activity);
        }
        if let Some(territory) = &self.territory {
            let (from, to) = kernel::territory::range(territory);
            query = query.and(" and o.place >= ? and o.place < ?").bind(from).bind(to);
        }
        if let Some(through) = &self.through {
            query = query.and(" and o.id in (select record from reach where scope = ?)").bind(through);
        }
        if self.women_led {
            query = query.and(" and o.women * 2 > o.members");
        }
        match &self.text {
            Some(text) => narrow_by_text(query, text, ways),
            None => query,
        }
    }
}

/// What an organisation's columns repeat of its reach.
pub(crate) const MIRROR: Mirror = Mirror { id: "o.id", public: "o.published = 1", place: "o.place" };

/// The digits of a typed identifier or telephone number.
fn number_of(text: &str) -> Option<String> {
    let digits: String = fold::fold(text).chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= 6).then_some(digits)
}

/// What was typed beside words for legal forms.
fn names_of(text: &str) -> String {
    let names: Vec<_> = text.split_whitespace().filter(|word| fold::legal_form(word).is_none()).collect();
    let still_typing = !text.ends_with(char::is_whitespace);
    if still_typing { names.join(" ") } else { names.join(" ") + " " }
}

/// Typed words find names; a word for a legal form narrows by kind; a number finds identifiers and phones.
fn narrow_by_text(query: Sql, text: &str, ways: &[Way]) -> Sql {
    if let Some(digits) = number_of(text) {
        return query
            .and(" and (o.ice = ? or o.register_number = ? or o.national_number = ? or o.phone like ?)")
            .bind(&digits)
            .bind(&digits)
            .bind(&digits)
            .bind(format!("%{}", digits.trim_start_matches('0')));
    }
    let (kinds, names): (Vec<&str>, _) =
        (text.split_whitespace().filter_map(fold::legal_form).collect(), names_of(text));
    if names.trim().is_empty() && !kinds.is_empty() {
        return query.and(" and o.kind").within(&kinds);
    }
    kernel::search::matching_by(query, "organisation", "o.id", &names, ways)
}

/// How many organisations a viewer finds with a filter.
pub fn count(db: &mut kernel::Db, viewer: &Viewer, filter: &Filter) -> Result<i64> {
    db.one(&sql("select count(*)").join(filter.condition(viewer)))
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
    /// Where a list goes on after this line.
    #[serde(skip)]
    pub sort: String,
}

/// The columns of a [`Line`].
pub const LINE: &str =
    "select o.id, o.kind, o.name, o.place, o.members, o.women, o.invented, coalesce(o.sort, '')";

/// Reads a [`Line`].
pub fn line(row: &mut kernel::value::Row) -> Result<Line> {
    Ok(Line {
        id: row.take()?,
        kind: row.take()?,
        name: row.take()?,
        place: row.take()?,
        members: row.take()?,
        women: row.take()?,
        invented: row.take()?,
        sort: row.take()?,
    })
}

/// A page of a list in the order of names, after a cursor made of the sort key and id of the last line seen.
pub fn list(
    db: &mut kernel::Db,
    viewer: &Viewer,
    filter: &Filter,
    after: Option<(&str, &str)>,
    most: i64,
) -> Result<Vec<Line>> {
    let mut query = sql(LINE).join(filter.walk(db, viewer)?);
    if let Some((sort, id)) = after {
        query = query.and(" and (o.sort, o.id) > (?, ?)").bind(sort).bind(id);
    }
    db.rows(&query.and(" order by o.sort, o.id limit ?").bind(most), line)
}

/// How many organisations a viewer finds in each commune.
pub fn count_by_commune(db: &mut kernel::Db, viewer: &Viewer, filter: &Filter) -> Result<Vec<(String, i64)>> {
    let query = sql("select o.place, count(*)")
        .join(filter.condition(viewer))
        .and(" group by o.place order by o.place");
    db.rows(&query, |row| Ok((row.take()?, row.take()?)))
}

/// The names of these organisations by id, for showing references. What the viewer may not know of is left out.
pub fn names(
    db: &mut kernel::Db,
    viewer: &Viewer,
    ids: &[Id],
    lang: kernel::Lang,
) -> Result<kernel::kinds::Names> {
    let query = sql("select o.id, o.name from organisation o where")
        .seen(viewer, "o.id")
        .and(" and o.id")
        .within(ids);
    let pairs = db.rows(&query, |row| Ok((row.take::<String>()?, row.take::<Multi>()?)))?;
    Ok(pairs.into_iter().map(|(id, name)| (id, name.best(lang).to_owned())).collect())
}

/// The organisation, if the viewer stands near enough.
pub fn open(
    db: &mut kernel::Db,
    ctx: &kernel::Ctx,
    id: Id,
    least: Standing,
) -> Result<(Organisation, Standing)> {
    let standing = ctx.standing(db, id, least)?;
    Ok((kernel::record::get::<Organisation>(db, id)?, standing))
}
