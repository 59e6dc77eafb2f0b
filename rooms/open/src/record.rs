//! What a programme publishes: which files, by whom, under which licence. Nothing is published until somebody says so.

use jiff::civil::Date;
use kernel::kinds::{Choice as _, Ref};
use kernel::{Ctx, Db, Error, Id, Record as _, Result, Standing, choice, record, sql};
use programmes::{Programme, partner};
use registry::Organisation;

choice! {
    /// What others may do with the files.
    pub Licence in "open.licence" { CcBy = "cc_by", CcZero = "cc_zero", CcBySa = "cc_by_sa", Odbl = "odbl" }
}

choice! {
    /// Sectors of the OECD's Development Assistance Committee in which such programmes work, by their codes.
    pub Sector in "open.sector" {
        AgriculturalCooperatives = "31194", RuralDevelopment = "43040", SmallEnterprises = "32130", BusinessSupport = "25010",
        VocationalTraining = "11330", WomensOrganisations = "15170", Crafts = "32140", AgriculturalDevelopment = "31120",
        SmallFinance = "24040",
    }
}

choice! {
    /// Kinds of organisations in IATI, by their codes.
    pub PublisherKind in "open.publisher_kind" {
        Government = "10", OtherPublic = "15", InternationalNgo = "21", NationalNgo = "22", RegionalNgo = "23",
        Foundation = "60", Private = "70", Academic = "80",
    }
}

record! {
    /// What a programme publishes.
    pub OpenData in "open_data" as "open.data", about programme {
        main(Public, Steward) { programme: Ref<Programme>, published: bool }
        files(Public, Steward) { who_where: bool, figures: bool, activity: bool, money: bool }
        publisher(Public, Steward) {
            publisher: Ref<Organisation>, publisher_kind: PublisherKind,
            /// The publisher's identifier in IATI, which begins those of its activities.
            identifier: String, sector: Sector, licence: Licence, issued: Date,
        }
    }
}

impl Licence {
    /// Where its text stands.
    pub(crate) fn address(self) -> &'static str {
        match self {
            Licence::CcBy => "https://creativecommons.org/licenses/by/4.0/",
            Licence::CcZero => "https://creativecommons.org/publicdomain/zero/1.0/",
            Licence::CcBySa => "https://creativecommons.org/licenses/by-sa/4.0/",
            Licence::Odbl => "https://opendatacommons.org/licenses/odbl/1-0/",
        }
    }

    /// Its name in the list of SPDX.
    pub(crate) fn spdx(self) -> &'static str {
        match self {
            Licence::CcBy => "CC-BY-4.0",
            Licence::CcZero => "CC0-1.0",
            Licence::CcBySa => "CC-BY-SA-4.0",
            Licence::Odbl => "ODbL-1.0",
        }
    }
}

impl OpenData {
    /// A last look before it is saved: who publishes is a partner, and the identifier can stand in an IATI file.
    pub(crate) fn check(&self, db: &mut Db) -> Result<()> {
        let partners = partner::of(db, self.programme.id)?;
        if !partners.iter().any(|partner| partner.organisation == self.publisher.id) {
            return Err(Error::field("publisher", "open.publisher_stranger"));
        }
        let parts: Vec<&str> = self.identifier.splitn(3, '-').collect();
        let plain = |part: &&str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        };
        // Country or `XM`, register, number: https://org-id.guide.
        let reads = parts.len() == 3
            && parts.iter().all(plain)
            && parts[0].len() == 2
            && parts[0].chars().all(|c| c.is_ascii_uppercase());
        if reads { Ok(()) } else { Err(Error::field("identifier", "open.identifier_form")) }
    }

    /// The code of the sector.
    pub(crate) fn sector_code(&self) -> &'static str {
        self.sector.code()
    }
}

/// The id of a programme's declaration: there is one a programme.
pub fn id_of(programme: Id) -> Id {
    Id::named(&format!("open data {programme}"))
}

/// What a programme said that it publishes.
pub(crate) fn of(db: &mut Db, programme: Id) -> Result<Option<OpenData>> {
    let query = sql(&format!("select {} from open_data where programme = ?", OpenData::columns("")))
        .bind(programme)
        .open("the caller checked the standing at the programme, or that it is published");
    db.row(&query, OpenData::from_row)
}

/// A programme whose open data can be read, and who publishes it.
pub(crate) struct Told {
    pub(crate) programme: Programme,
    pub(crate) data: OpenData,
    pub(crate) publisher: Organisation,
}

/// The programme of the address, if it publishes what `part` asks for. Its stewards see it before everybody does.
pub(crate) fn told(ctx: &Ctx, db: &mut Db, part: fn(&OpenData) -> bool) -> Result<Told> {
    let id = ctx.id("programme")?;
    let standing = ctx.viewer.standing(db, id)?.ok_or(Error::NotFound)?;
    let programme = kernel::record::get::<Programme>(db, id)?;
    let data = of(db, id)?.filter(part).ok_or(Error::NotFound)?;
    if !(programme.published && data.published) && standing < Standing::Steward {
        return Err(Error::NotFound);
    }
    let publisher = kernel::record::get::<Organisation>(db, data.publisher.id)?;
    Ok(Told { programme, data, publisher })
}

/// Every programme whose open data everybody may read, the latest first.
pub(crate) fn all(db: &mut Db) -> Result<Vec<Told>> {
    const MOST: i64 = 100;
    let query = sql(&format!(
        "select {} from open_data d join programme p on p.id = d.programme where d.published = 1 and p.published = 1
         order by d.issued desc, d.id limit ?",
        OpenData::columns("d.")
    ))
    .bind(MOST)
    .open("what its team published");
    let found = db.rows(&query, OpenData::from_row)?;
    let mut told = Vec::with_capacity(found.len());
    for data in found {
        told.push(Told {
            programme: kernel::record::get(db, data.programme.id)?,
            publisher: kernel::record::get(db, data.publisher.id)?,
            data,
        });
    }
    Ok(told)
}
