//! An invoice as UBL 2.1 by EN 16931: what programs of buyers read.
//!
//! What passes the official rules was measured: the ICE stands as the number of the seller in its register (BT-30), the tax
//! number as that of another scheme (BT-32), for the category G alone as a VAT number (BT-31); an Incoterm in the terms of
//! payment and a note, for `DeliveryTerms` is no part of EN 16931.

use kernel::kinds::Choice as _;
use kernel::locale::exponent;
use kernel::{Error, Lang, Result, Words};
use market::xml::Xml;
use sales::Country;

use crate::content::{Content, Line};
use crate::invoice::Invoice;

const COMMON: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
const BASIC: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";

/// Who writes.
struct Writer<'a> {
    xml: Xml,
    w: Words,
    invoice: &'a Invoice,
    content: &'a Content,
}

/// The document. Its texts are in French, whose letters every program of a buyer knows.
///
/// # Errors
/// Refused for currencies with three decimals, for amounts of EN 16931 have two at most (BR-DEC-*), and for a buyer of whose
/// country no code is known (BR-CL-14).
pub(crate) fn document(w: Words, invoice: &Invoice) -> Result<Vec<u8>> {
    if exponent(&invoice.content.currency) > 2 {
        return Err(Error::refused("invoice.no_ubl"));
    }
    if invoice.content.buyer.country == Country::Elsewhere.code() {
        return Err(Error::refused("invoice.no_country"));
    }
    let mut writer = Writer { xml: Xml::new()?, w: w.speak(Lang::Fr), invoice, content: &invoice.content };
    writer.whole()?;
    Ok(writer.xml.finish())
}

impl Writer<'_> {
    fn text(&mut self, name: &str, text: &str) -> Result<()> {
        self.xml.text(name, text)
    }

    /// Elements around what `body` writes.
    fn within(&mut self, names: &[&str], body: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        for name in names {
            self.xml.open(name, &[])?;
        }
        body(self)?;
        names.iter().rev().try_for_each(|name| self.xml.close(name))
    }

    fn decimal(&self, minor: i64) -> String {
        let places = usize::from(exponent(&self.content.currency));
        let (unit, minor_abs) = (10_u64.pow(places as u32), minor.unsigned_abs());
        let sign = if minor < 0 { "-" } else { "" };
        match places {
            0 => format!("{sign}{minor_abs}"),
            _ => format!("{sign}{}.{:0places$}", minor_abs / unit, minor_abs % unit),
        }
    }

    fn amount(&mut self, name: &str, minor: i64) -> Result<()> {
        let (text, currency) = (self.decimal(minor), self.content.currency.clone());
        self.xml.text_with(name, &[("currencyID", &currency)], &text)
    }

    fn whole(&mut self) -> Result<()> {
        let credit = self.invoice.is_credit();
        let (root, code) = if credit { ("CreditNote", "381") } else { ("Invoice", "380") };
        let space = format!("urn:oasis:names:specification:ubl:schema:xsd:{root}-2");
        self.xml.open(root, &[("xmlns", &*space), ("xmlns:cac", COMMON), ("xmlns:cbc", BASIC)])?;
        self.text("cbc:CustomizationID", "urn:cen.eu:en16931:2017")?;
        self.text("cbc:ID", &self.invoice.number)?;
        self.text("cbc:IssueDate", &self.invoice.issued.to_string())?;
        if !credit {
            self.text("cbc:DueDate", &self.content.due.to_string())?;
        }
        self.text(if credit { "cbc:CreditNoteTypeCode" } else { "cbc:InvoiceTypeCode" }, code)?;
        for note in self.notes() {
            self.text("cbc:Note", &note)?;
        }
        self.text("cbc:DocumentCurrencyCode", &self.content.currency)?;
        self.text("cbc:BuyerReference", &self.content.reference)?;
        let reference = &self.content.reference;
        self.within(&["cac:OrderReference"], |it| it.text("cbc:ID", reference))?;
        if let Some(credited) = &self.content.credits {
            self.within(&["cac:BillingReference", "cac:InvoiceDocumentReference"], |it| {
                it.text("cbc:ID", &credited.number)?;
                it.text("cbc:IssueDate", &credited.issued.to_string())
            })?;
        }
        self.seller()?;
        self.buyer()?;
        let (day, country) = (self.content.operation.to_string(), &self.content.buyer.country);
        self.within(&["cac:Delivery"], |it| {
            it.text("cbc:ActualDeliveryDate", &day)?;
            it.within(&["cac:DeliveryLocation", "cac:Address"], |it| it.country(country))
        })?;
        self.payment()?;
        self.taxes()?;
        self.totals()?;
        for (at, line) in self.content.lines.iter().enumerate() {
            self.line(at + 1, line)?;
        }
        self.xml.close(root)
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = vec![self.content.treatment.wording.best(Lang::Fr).to_owned()];
        notes.extend(self.incoterm().map(|rule| format!("Incoterm 2020: {rule}")));
        notes.extend(self.content.credits.as_ref().map(|credited| credited.reason.clone()));
        notes.extend(self.content.note.clone());
        notes
    }

    fn incoterm(&self) -> Option<String> {
        Some(format!("{} {}", self.content.incoterm.as_ref()?, self.content.place.as_ref()?))
    }

    fn country(&mut self, code: &str) -> Result<()> {
        self.within(&["cac:Country"], |it| it.text("cbc:IdentificationCode", code))
    }

    fn seller(&mut self) -> Result<()> {
        let (seller, category) = (&self.content.seller, &self.content.treatment.category);
        self.within(&["cac:AccountingSupplierParty", "cac:Party"], |it| {
            it.within(&["cac:PostalAddress"], |it| {
                if let Some(address) = &seller.address {
                    it.text("cbc:StreetName", &address.replace('\n', " "))?;
                }
                it.text("cbc:CityName", seller.place.best(Lang::Fr))?;
                it.country("MA")
            })?;
            if let Some(number) = &seller.tax_number {
                it.within(&["cac:PartyTaxScheme"], |it| {
                    let (number, scheme) = match category.as_str() {
                        "G" => (format!("MA{number}"), "VAT"),
                        _ => (number.clone(), "IF"),
                    };
                    it.text("cbc:CompanyID", &number)?;
                    it.within(&["cac:TaxScheme"], |it| it.text("cbc:ID", scheme))
                })?;
            }
            it.within(&["cac:PartyLegalEntity"], |it| {
                it.text("cbc:RegistrationName", seller.name.best(Lang::Fr))?;
                if let Some(ice) = &seller.ice {
                    it.text("cbc:CompanyID", ice)?;
                }
                it.text("cbc:CompanyLegalForm", &it.legal())
            })?;
            if seller.phone.is_some() || seller.email.is_some() {
                it.within(&["cac:Contact"], |it| {
                    seller.phone.iter().try_for_each(|phone| it.text("cbc:Telephone", phone))?;
                    seller.email.iter().try_for_each(|email| it.text("cbc:ElectronicMail", email))
                })?;
            }
            Ok(())
        })
    }

    /// The legal form, with the numbers that a Moroccan invoice carries beside it.
    fn legal(&self) -> String {
        let seller = &self.content.seller;
        let mut said = vec![self.w.t2("organisation.kind", &seller.form)];
        for (key, number) in [
            ("invoice.register", &seller.register),
            ("invoice.professional_tax", &seller.professional_tax),
            ("invoice.social_number", &seller.social_number),
        ] {
            said.extend(number.as_ref().map(|number| format!("{} {number}", self.w.t(key))));
        }
        said.join(", ")
    }

    fn buyer(&mut self) -> Result<()> {
        let buyer = &self.content.buyer;
        self.within(&["cac:AccountingCustomerParty", "cac:Party"], |it| {
            it.within(&["cac:PostalAddress"], |it| {
                if let Some(address) = &buyer.address {
                    it.text("cbc:StreetName", address)?;
                }
                it.country(&buyer.country)
            })?;
            it.within(&["cac:PartyLegalEntity"], |it| {
                it.text("cbc:RegistrationName", &buyer.name)?;
                buyer.ice.iter().try_for_each(|ice| it.text("cbc:CompanyID", ice))
            })
        })
    }

    fn payment(&mut self) -> Result<()> {
        if let Some(account) = &self.content.seller.account {
            self.within(&["cac:PaymentMeans"], |it| {
                it.text("cbc:PaymentMeansCode", "30")?;
                it.within(&["cac:PayeeFinancialAccount"], |it| it.text("cbc:ID", account))
            })?;
        }
        let mut terms: Vec<String> =
            self.content.terms.iter().map(|code| self.w.t2("sale_quotation.terms", code)).collect();
        terms.extend(self.incoterm());
        if terms.is_empty() {
            return Ok(());
        }
        self.within(&["cac:PaymentTerms"], |it| it.text("cbc:Note", &terms.join(" · ")))
    }

    /// The category of tax; where it stands beside the totals, with the reason for which none is due.
    fn category(&mut self, name: &str, reason: bool) -> Result<()> {
        let treatment = &self.content.treatment;
        self.within(&[name], |it| {
            it.text("cbc:ID", &treatment.category)?;
            if treatment.category != "O" {
                it.text("cbc:Percent", &treatment.rate.to_string())?;
            }
            if reason && treatment.category != "S" {
                it.text("cbc:TaxExemptionReason", treatment.wording.best(Lang::Fr))?;
            }
            it.within(&["cac:TaxScheme"], |it| it.text("cbc:ID", "VAT"))
        })
    }

    fn taxes(&mut self) -> Result<()> {
        let (net, tax) = (self.content.net, self.content.tax);
        self.within(&["cac:TaxTotal"], |it| {
            it.amount("cbc:TaxAmount", tax)?;
            it.within(&["cac:TaxSubtotal"], |it| {
                it.amount("cbc:TaxableAmount", net)?;
                it.amount("cbc:TaxAmount", tax)?;
                it.category("cac:TaxCategory", true)
            })
        })
    }

    fn totals(&mut self) -> Result<()> {
        let Content { net, tax, rounding, total, .. } = *self.content;
        self.within(&["cac:LegalMonetaryTotal"], |it| {
            it.amount("cbc:LineExtensionAmount", net)?;
            it.amount("cbc:TaxExclusiveAmount", net)?;
            it.amount("cbc:TaxInclusiveAmount", net + tax)?;
            if rounding != 0 {
                it.amount("cbc:PayableRoundingAmount", rounding)?;
            }
            it.amount("cbc:PayableAmount", total)
        })
    }

    fn line(&mut self, number: usize, line: &Line) -> Result<()> {
        let credit = self.invoice.is_credit();
        let (name, quantity) = match credit {
            true => ("cac:CreditNoteLine", "cbc:CreditedQuantity"),
            false => ("cac:InvoiceLine", "cbc:InvoicedQuantity"),
        };
        self.within(&[name], |it| {
            it.text("cbc:ID", &number.to_string())?;
            let unit = [("unitCode", &*line.unit)];
            it.xml.text_with(quantity, &unit, &line.count.to_string())?;
            it.amount("cbc:LineExtensionAmount", line.net)?;
            it.item(line)?;
            // The price of all of them, said to be that of so many: nothing is rounded.
            it.within(&["cac:Price"], |it| {
                it.amount("cbc:PriceAmount", line.net)?;
                it.xml.text_with("cbc:BaseQuantity", &unit, &line.count.to_string())
            })
        })
    }

    fn item(&mut self, line: &Line) -> Result<()> {
        self.within(&["cac:Item"], |it| {
            it.text("cbc:Name", line.name.best(Lang::Fr))?;
            if let Some(code) = &line.origin {
                it.within(&["cac:OriginCountry"], |it| it.text("cbc:IdentificationCode", code))?;
            }
            if let Some(hs) = &line.hs {
                it.within(&["cac:CommodityClassification"], |it| {
                    it.xml.text_with("cbc:ItemClassificationCode", &[("listID", "HS")], hs)
                })?;
            }
            it.category("cac:ClassifiedTaxCategory", false)?;
            for lot in &line.lots {
                it.within(&["cac:AdditionalItemProperty"], |it| {
                    it.text("cbc:Name", "Lot")?;
                    it.text("cbc:Value", lot)
                })?;
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests;
