//! A telephone with ODK Collect.

use kernel::testing::{Answer, House, Visitor};

use super::Given;

/// A telephone with a key of somebody.
pub(crate) struct Collect<'a> {
    pub(crate) phone: Visitor<'a>,
    pub(crate) base: String,
}

impl<'a> Collect<'a> {
    pub(crate) fn of(house: &'a House, given: &Given, who: &Visitor<'_>) -> Collect<'a> {
        let programme = given.programme.to_string();
        let made = who.post("/field/collect", &[("name", "Téléphone"), ("programme", &programme)]).is(200);
        let text = made.text();
        let at = text.find("/v1/key/").unwrap();
        let base = text[at..].split('<').next().unwrap().to_owned();
        Collect { phone: house.visitor(), base }
    }

    pub(crate) fn get(&self, rest: &str) -> Answer<'_> {
        self.phone.get(&format!("{}{rest}", self.base))
    }

    pub(crate) fn send(&self, xml: &str) -> Answer<'_> {
        self.send_with(xml, &[])
    }

    pub(crate) fn send_with(&self, xml: &str, files: &[(&str, &[u8])]) -> Answer<'_> {
        let mut body = b"--edge\r\ncontent-disposition: form-data; name=\"xml_submission_file\"; filename=\"s.xml\"\r\ncontent-type: text/xml\r\n\r\n".to_vec();
        body.extend_from_slice(xml.as_bytes());
        for (name, bytes) in files {
            let head = format!(
                "\r\n--edge\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{name}\"\r\ncontent-type: image/jpeg\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
        }
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let kind = [("content-type", "multipart/form-data; boundary=edge")];
        self.phone.call("POST", &format!("{}/submission?deviceID=collect%3A1", self.base), &kind, body)
    }
}

/// A form that was filled in now.
pub(crate) fn filled(form: &str, instance: &str, answers: &str, entity: &str) -> String {
    let now = jiff::Timestamp::now();
    format!(
        "<?xml version='1.0' ?><data id=\"{form}\" version=\"1\" xmlns:orx=\"http://openrosa.org/xforms\"><start>{now}</start><end>{now}</end>\
         <deviceid>collect:1</deviceid>{answers}<orx:meta><orx:instanceID>uuid:{instance}</orx:instanceID>{entity}</orx:meta></data>"
    )
}
