//! A part of the interface of ODK Central, for programs that know it: pyodk, Excel and Power BI (OData), importers. The
//! key of a telephone is the password there. See <https://docs.getodk.org/central-api/>.

mod answer;
mod attachments;
mod csv;
mod datasets;
mod edmx;
mod filter;
mod forms;
mod number;
mod odata;
mod options;
mod projects;
mod session;
mod shape;
mod show;
mod submissions;
mod take;
mod value;
pub(crate) mod who;

use kernel::room::{Route, delete, get, head, post};

use crate::openrosa::{serve, submission};
pub(crate) use number::of as number_of;
pub(crate) use session::end as end_sessions;

pub(crate) fn routes() -> Vec<Route> {
    let asked = [
        post("/v1/sessions", session::open).raw(),
        delete("/v1/sessions/{session}", session::close),
        get("/v1/users/current", session::current),
        get("/v1/projects", projects::list),
        get("/v1/projects/{programme}", projects::one),
        get("/v1/projects/{programme}/forms", forms::list),
        post("/v1/projects/{programme}/forms", forms::create).raw().query(&["publish", "ignoreWarnings"]),
        get("/v1/projects/{programme}/forms/{form}", forms::one),
        post("/v1/projects/{programme}/forms/{form}/draft", forms::draft).raw().query(&["ignoreWarnings"]),
        post("/v1/projects/{programme}/forms/{form}/draft/publish", forms::publish).query(&["version"]),
        get("/v1/projects/{programme}/forms/{form}/submissions", show::list),
        post("/v1/projects/{programme}/forms/{form}/submissions", take::create).raw().query(&["deviceID"]),
        get("/v1/projects/{programme}/forms/{form}/submissions.csv", csv::all),
        get("/v1/projects/{programme}/forms/{form}/submissions/{instance}", show::one),
        get("/v1/projects/{programme}/forms/{form}/submissions/{instance}/attachments", attachments::list),
        get(
            "/v1/projects/{programme}/forms/{form}/submissions/{instance}/attachments/{name}",
            attachments::one,
        ),
        post(
            "/v1/projects/{programme}/forms/{form}/submissions/{instance}/attachments/{name}",
            attachments::take,
        )
        .raw()
        .upload(),
        get("/v1/projects/{programme}/forms/{form}/{table}", odata::table).query(options::NAMES),
        get("/v1/projects/{programme}/forms/{form}/{table}/{part}", odata::part).query(options::NAMES),
        get("/v1/projects/{programme}/datasets", datasets::list),
        get("/v1/projects/{programme}/datasets/{dataset}", datasets::one),
        get("/v1/projects/{programme}/datasets/{dataset}/{table}", datasets::table).query(options::NAMES),
    ];
    asked.into_iter().chain(openrosa()).map(Route::own_door).collect()
}

/// What ODK Collect asks, for whoever shows a name and a key instead of an address with a key in it.
fn openrosa() -> [Route; 7] {
    [
        get("/v1/projects/{programme}/formList", serve::form_list).query(&["formID", "verbose"]),
        get("/v1/projects/{programme}/forms/{form}/form", serve::form),
        get("/v1/projects/{programme}/forms/{form}/manifest", serve::manifest),
        get("/v1/projects/{programme}/lists/{list}", serve::list),
        get("/v1/projects/{programme}/lists/{list}/integrity", serve::integrity).query(&["id"]),
        head("/v1/projects/{programme}/submission", serve::submission_head),
        post("/v1/projects/{programme}/submission", submission::take).upload().query(&["deviceID"]),
    ]
}
