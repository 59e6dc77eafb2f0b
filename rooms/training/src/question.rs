//! A question of a module's test: read aloud or shown as a picture, with two to four choices.

use kernel::form::Options;
use kernel::kinds::{File, Multi, Ref};
use kernel::piece::Piece;
use kernel::{Ctx, Db, Error, Fields, Id, Record, Result, Standing, Tx, choice, record, sql};

use crate::module::{Material, Module};

choice! {
    /// The letter of a choice.
    pub Letter in "letter" { A = "a", B = "b", C = "c", D = "d" }
}

record! {
    /// A question of a module's test.
    pub Question in "training_question" as "training.training_question", about module {
        main(Shared, Steward) {
            module: Ref<Module>, position: i64, wording: Multi, picture: Option<File>, choice_a: Multi, choice_b: Multi,
            choice_c: Option<Multi>, choice_d: Option<Multi>, correct: Letter,
        }
    }
}

impl Question {
    /// Its choices with their letters, in order.
    pub(crate) fn choices(&self) -> Vec<(Letter, &Multi)> {
        let all = [
            (Letter::A, Some(&self.choice_a)),
            (Letter::B, Some(&self.choice_b)),
            (Letter::C, self.choice_c.as_ref()),
            (Letter::D, self.choice_d.as_ref()),
        ];
        all.into_iter().filter_map(|(letter, words)| Some((letter, words?))).collect()
    }
}

/// The questions of a module in their order.
pub(crate) fn of(db: &mut Db, module: Id) -> Result<Vec<Question>> {
    let query = format!(
        "select {} from training_question where module = ? order by position, id",
        Question::columns("")
    );
    db.rows(&sql(&query).bind(module).open("the caller checked who may see the test"), Question::from_row)
}

/// What is the same for everything that hangs on a module.
macro_rules! hangs_on_module {
    ($page:literal) => {
        const OWNER: &'static str = "module";
        const LEAST: Standing = Standing::Steward;
        fn owner(&self) -> Id {
            self.module.id
        }
        fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
            Ok(kernel::record::get::<Module>(db, owner)?.title.best(ctx.w.lang).to_owned())
        }
        fn home(owner: Id) -> String {
            format!(concat!("/training/modules/{owner}", $page), owner = owner)
        }
    };
}

impl Piece for Question {
    const PLURAL: &'static str = "test-questions";
    /// The next position is given when none is typed.
    const EITHER: &'static [&'static str] = &["position"];
    hangs_on_module!("#questions");
    fn offers(_: &Ctx, _: &mut Db, _: Id) -> Result<Vec<(&'static str, Options)>> {
        Ok(Vec::new())
    }
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        if form.text("position").is_none() {
            let query = sql("select coalesce(max(position), 0) + 1 from training_question where module = ?");
            let next: i64 = tx.one(&query.bind(owner).open("the standing at the module was checked"))?;
            form.set("position", next.to_string());
        }
        Ok(())
    }
    fn check(&self, _: &Ctx, _: &mut Tx<'_>) -> Result<()> {
        let offered = self.choices().iter().any(|(letter, _)| *letter == self.correct);
        if offered { Ok(()) } else { Err(Error::field("correct", "training_question.correct.missing")) }
    }
}

impl Piece for Material {
    const PLURAL: &'static str = "materials";
    hangs_on_module!("#materials");
}
