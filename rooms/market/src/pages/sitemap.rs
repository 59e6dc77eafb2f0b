//! `/robots.txt` and `/sitemap.xml`: what search engines may read and where it is; paged, each page in every language.

use kernel::page::{COMPLETE, in_language};
use kernel::room::{Route, get};
use kernel::{Ctx, Db, Error, Id, Reply, Result, sql};

use crate::catalogue::PUBLIC;
use crate::xml::Xml;

/// So many numbers of the index stand in one file: three addresses each stay far below the 50,000 that the protocol of
/// sitemaps allows.
const STEP: i64 = 2_000;

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/robots.txt", robots).open(),
        get("/sitemap.xml", index).open(),
        get("/sitemap/{listed}/{page}", part).open(),
    ]
}

/// What may be read by machines follows from rights; what is only forms and searches need not be asked for.
fn robots(ctx: &Ctx) -> Result<Reply> {
    let body = format!(
        "User-agent: *\nDisallow: /sign-in\nDisallow: /*?*after=\nDisallow: /api/openapi.json\n\nSitemap: {}\n",
        ctx.link("/sitemap.xml")
    );
    Ok(Reply::Body { status: 200, media: "text/plain; charset=utf-8", body: body.into_bytes() })
}

fn xml(xml: Xml) -> Reply {
    Reply::Body { status: 200, media: "application/xml; charset=utf-8", body: xml.finish() }
}

/// What is listed: the pages of products, and of the cooperatives that sell some.
#[derive(Clone, Copy)]
enum Listed {
    Products,
    Cooperatives,
}

impl Listed {
    const ALL: [Listed; 2] = [Listed::Products, Listed::Cooperatives];

    fn name(self) -> &'static str {
        match self {
            Listed::Products => "products",
            Listed::Cooperatives => "cooperatives",
        }
    }

    fn path(self, id: Id) -> String {
        match self {
            Listed::Products => format!("/products/{id}"),
            Listed::Cooperatives => format!("/catalogue/cooperatives/{id}"),
        }
    }

    /// Records of the index, after `select`.
    fn from(self) -> String {
        match self {
            Listed::Products => " from entry x where x.kind = 'product'".to_owned(),
            Listed::Cooperatives => format!(
                " from entry x join organisation o on o.id = x.record where x.kind = 'organisation'
                  and exists (select 1 from product p where p.organisation = o.id and {PUBLIC})"
            ),
        }
    }

    fn pages(self, db: &mut Db) -> Result<Vec<i64>> {
        let query = sql("select distinct x.number / ?").bind(STEP).and(&self.from()).and(" order by 1");
        db.rows(&query.open("only what is public is listed"), kernel::value::Row::take)
    }

    fn page(self, db: &mut Db, page: i64) -> Result<Vec<Id>> {
        let query = sql("select x.record").and(&self.from()).and(" and x.number >= ? and x.number < ?");
        let query = query.bind(page * STEP).bind((page + 1) * STEP).and(" order by x.number");
        db.rows(&query.open("only what is public is listed"), kernel::value::Row::take)
    }
}

fn index(ctx: &Ctx) -> Result<Reply> {
    let mut out = Xml::new()?;
    out.open("sitemapindex", &[("xmlns", NAMESPACE)])?;
    let mut told = |path: &str| -> Result<()> {
        out.open("sitemap", &[])?;
        out.text("loc", &ctx.link(path))?;
        out.close("sitemap")
    };
    told("/sitemap/pages/0.xml")?;
    for listed in Listed::ALL {
        for page in ctx.read(|db| listed.pages(db))? {
            told(&format!("/sitemap/{}/{page}.xml", listed.name()))?;
        }
    }
    out.close("sitemapindex")?;
    Ok(xml(out))
}

fn part(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.param("page")?.strip_suffix(".xml").and_then(|page| page.parse::<u32>().ok());
    let page = i64::from(page.ok_or(Error::NotFound)?);
    let paths: Vec<String> = match ctx.param("listed")? {
        "pages" if page == 0 => {
            ["/", "/catalogue", "/catalogue/calendar", "/directory"].map(str::to_owned).to_vec()
        }
        kind => {
            let listed =
                Listed::ALL.into_iter().find(|listed| listed.name() == kind).ok_or(Error::NotFound)?;
            ctx.read(|db| listed.page(db, page))?.into_iter().map(|id| listed.path(id)).collect()
        }
    };
    if paths.is_empty() {
        return Err(Error::NotFound);
    }
    let mut out = Xml::new()?;
    out.open("urlset", &[("xmlns", NAMESPACE), ("xmlns:xhtml", "http://www.w3.org/1999/xhtml")])?;
    for path in &paths {
        let each = COMPLETE.map(|lang| (lang.code(), ctx.link(&in_language(path, lang))));
        for (_, address) in &each {
            out.open("url", &[])?;
            out.text("loc", address)?;
            for (code, other) in &each {
                out.leaf("xhtml:link", &[("rel", "alternate"), ("hreflang", code), ("href", other)])?;
            }
            out.close("url")?;
        }
    }
    out.close("urlset")?;
    Ok(xml(out))
}
