//! ODK Collect, KoboCollect and whatever speaks OpenRosa 1.0 with Entities: forms go out, what was filled in comes back
//! as commands. See <https://docs.getodk.org/openrosa/> and <https://getodk.github.io/xforms-spec/entities>.

mod collect;
mod diagnosis;
pub(crate) mod door;
pub(crate) mod forms;
pub(crate) mod key;
pub(crate) mod lists;
pub(crate) mod offered;
mod read;
pub(crate) mod serve;
pub(crate) mod sheet;
pub(crate) mod submission;
mod surveyed;
pub(crate) mod work;
pub(crate) mod xform;
pub(crate) mod xml;

use kernel::room::{Route, get, head, post};

/// Who may carry forms on a telephone.
pub(crate) const CARRIERS: &[&str] = &["manager", "coach", "trainer"];

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = collect::routes();
    routes.extend(
        [
            get("/v1/key/{token}/projects/{programme}/formList", serve::form_list)
                .query(&["formID", "verbose"]),
            get("/v1/key/{token}/projects/{programme}/forms/{form}/form", serve::form),
            get("/v1/key/{token}/projects/{programme}/forms/{form}/manifest", serve::manifest),
            get("/v1/key/{token}/projects/{programme}/lists/{list}", serve::list),
            get("/v1/key/{token}/projects/{programme}/lists/{list}/integrity", serve::integrity)
                .query(&["id"]),
            head("/v1/key/{token}/projects/{programme}/submission", serve::submission_head),
            post("/v1/key/{token}/projects/{programme}/submission", submission::take)
                .upload()
                .query(&["deviceID"]),
        ]
        .map(Route::open),
    );
    routes
}
