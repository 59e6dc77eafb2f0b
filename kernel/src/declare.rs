//! The declaration of a record.

/// Declares a record. Groups carry who reads and who writes their fields.
///
/// ```ignore
/// record! {
///     /// A mandate: who answers for an organisation, as what, from when to when.
///     pub Mandate in "mandate" as "registry.mandate", about organisation, then after_save {
///         main(Public, File) { organisation: Ref<Organisation>, role: MandateRole, from: Date, until: Option<Date> }
///     }
/// }
/// ```
#[macro_export]
macro_rules! record {
    (
        $(#[$doc:meta])*
        pub $name:ident in $table:literal as $kind:literal $(, about $about:ident)? $(, then $then:path)? {
            $( $group:ident($read:ident, $write:ident) { $( $(#[$fdoc:meta])* $field:ident: $type:ty ),+ $(,)? } )+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            /// Its id.
            pub id: $crate::Id,
            /// Its version.
            pub version: i64,
            $($( #[doc = concat!("Field `", stringify!($field), "`.")] $(#[$fdoc])* pub $field: $type, )+)+
        }

        impl $crate::Record for $name {
            const TABLE: &'static str = $table;
            const KIND: &'static str = $kind;
            fn fields() -> &'static [$crate::record::Field] {
                static FIELDS: &[$crate::record::Field] = &[$($(
                    $crate::record::Field::of::<$type>(
                        stringify!($field), stringify!($group),
                        $crate::access::Standing::$read, $crate::access::Standing::$write,
                    ),
                )+)+];
                FIELDS
            }
            fn id(&self) -> $crate::Id { self.id }
            fn version(&self) -> i64 { self.version }
            fn cells(&self) -> $crate::record::Cells {
                vec![$($( $crate::record::Slot::cell(&self.$field), )+)+]
            }
            fn from_cells(id: $crate::Id, version: i64, cells: $crate::record::Cells) -> $crate::Result<$name> {
                let mut cells = cells.into_iter();
                Ok($name { id, version, $($(
                    $field: $crate::record::Slot::from_cell(cells.next().unwrap_or_default())
                        .map_err(|e| $crate::Error::internal(format!("{}.{}: {e}", $table, stringify!($field))))?,
                )+)+ })
            }
            #[allow(unreachable_code, reason = "the default stands after the declared answer")]
            fn about(&self) -> $crate::Id { $( return self.$about.id; )? self.id }
            fn saved(&self, _tx: &mut $crate::Tx<'_>) -> $crate::Result<()> { $( $then(self, _tx)?; )? Ok(()) }
        }
    };
}
