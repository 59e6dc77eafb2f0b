//! Terms of trade that every sale shares.

use kernel::choice;

choice! {
    /// The rules of delivery, Incoterms 2020: the first seven for any transport, the others for ships. Each goes with a named
    /// place.
    pub Incoterm in "incoterm" {
        Exw = "EXW", Fca = "FCA", Cpt = "CPT", Cip = "CIP", Dap = "DAP", Dpu = "DPU", Ddp = "DDP", Fas = "FAS",
        Fob = "FOB", Cfr = "CFR", Cif = "CIF",
    }
}
