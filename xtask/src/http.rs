//! Just enough of an HTTP client: one request, one connection, nothing between the test and the wire.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

/// Someone who asks: a server's address and, once signed in, a cookie.
#[derive(Clone, Default)]
pub(crate) struct Client {
    pub(crate) address: String,
    pub(crate) cookie: String,
}

impl Client {
    /// Reads a page as data.
    pub(crate) fn get(&self, path: &str) -> io::Result<Answer> {
        answer(self.send("GET", path, "")?)
    }

    /// Reads a page as a browser does.
    pub(crate) fn page(&self, path: &str) -> io::Result<Vec<u8>> {
        let answer = answer(self.ask("GET", path, "", "text/html")?)?;
        if answer.status == 200 {
            Ok(answer.body)
        } else {
            Err(io::Error::other(format!("{path} answers {}", answer.status)))
        }
    }

    /// Sends a form.
    pub(crate) fn post(&self, path: &str, form: &[(&str, &str)]) -> io::Result<Answer> {
        let pairs: Vec<String> =
            form.iter().map(|(name, text)| format!("{}={}", encode(name), encode(text))).collect();
        answer(self.send("POST", path, &pairs.join("&"))?)
    }

    /// Signs in.
    pub(crate) fn sign_in(mut self, login: &str, password: &str) -> io::Result<Client> {
        let answer = self.post("/sign-in", &[("login", login), ("password", password)])?;
        let cookies = answer
            .head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        self.cookie =
            cookies.filter_map(|(_, cookie)| cookie.split(';').next()).collect::<Vec<_>>().join("; ");
        if self.cookie.is_empty() {
            Err(io::Error::other(format!("nobody signs in: status {}", answer.status)))
        } else {
            Ok(self)
        }
    }

    /// Sends a request and leaves the answer unread. HTTP/1.0, so that its end is the connection's.
    pub(crate) fn send(&self, method: &str, path: &str, form: &str) -> io::Result<TcpStream> {
        self.ask(method, path, form, "application/json")
    }

    fn ask(&self, method: &str, path: &str, form: &str, accept: &str) -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let mut request =
            format!("{method} {path} HTTP/1.0\r\nHost: {}\r\nAccept: {accept}\r\n", self.address);
        if !self.cookie.is_empty() {
            request += &format!("Cookie: {}\r\n", self.cookie);
        }
        if method == "POST" {
            request += &format!(
                "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
                form.len()
            );
        }
        stream.write_all(format!("{request}\r\n{form}").as_bytes())?;
        Ok(stream)
    }
}

/// What the connection brought. A server that dies after it answered has answered.
fn answer(mut stream: TcpStream) -> io::Result<Answer> {
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes);
    let Some(split) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Err(end.err().unwrap_or_else(|| io::ErrorKind::UnexpectedEof.into()));
    };
    let body = bytes.split_off(split + 4);
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Ok(Answer { status: status.ok_or(io::ErrorKind::InvalidData)?, head, body })
}

fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |out, byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            out + &char::from(byte).to_string()
        }
        _ => out + &format!("%{byte:02X}"),
    })
}
