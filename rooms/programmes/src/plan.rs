//! The plan of a programme: its phases and its budget.

use jiff::civil::Date;
use kernel::kinds::{Money, Multi, Ref};
use kernel::{Db, Id, Record, Result, record, sql};

use crate::{Programme, Theme};

record! {
    /// A stretch of a programme.
    pub Phase in "phase" as "programmes.phase", about programme {
        main(Public, Steward) { programme: Ref<Programme>, name: Multi, since: Date, until: Date }
    }
}

record! {
    /// What a programme means to spend on something.
    pub BudgetLine in "budget_line" as "programmes.budget_line", about programme {
        main(Shared, Steward) {
            programme: Ref<Programme>, name: Multi, theme: Option<Theme>, phase: Option<Ref<Phase>>, planned: Money,
        }
    }
}

/// The phases of a programme in their order.
pub fn phases(db: &mut Db, programme: Id) -> Result<Vec<Phase>> {
    let query =
        sql(&format!("select {} from phase where programme = ? order by since, id", Phase::columns("")))
            .bind(programme)
            .open("the caller checked the standing at the programme");
    db.rows(&query, Phase::from_row)
}

/// The budget of a programme.
pub fn budget(db: &mut Db, programme: Id) -> Result<Vec<BudgetLine>> {
    let query =
        sql(&format!("select {} from budget_line where programme = ? order by id", BudgetLine::columns("")))
            .bind(programme)
            .open("the caller checked the standing at the programme");
    db.rows(&query, BudgetLine::from_row)
}
