//! A browser's connection, without the browser: requests one after another, and how many bytes came back.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::Result;

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Head and body as they were on the wire.
    pub(crate) bytes: usize,
    pub(crate) body: Vec<u8>,
}

/// An open connection of somebody who signed in, or of nobody.
pub(crate) struct Browser {
    stream: BufReader<TcpStream>,
    headers: String,
}

impl Browser {
    /// Connects; `headers` go with each request.
    pub(crate) fn open(address: &str, who: Option<&str>, headers: &str) -> Result<Browser> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(120)))?;
        let cookie = who.map_or_else(String::new, |who| {
            format!("Cookie: tiwizi_session={}\r\n", crate::country::secret(who))
        });
        let headers = format!("Host: {address}\r\nAccept-Language: fr\r\n{cookie}{headers}");
        Ok(Browser { stream: BufReader::with_capacity(64 << 10, stream), headers })
    }

    /// Reads a page.
    pub(crate) fn get(&mut self, path: &str) -> Result<Answer> {
        self.stream.get_ref().write_all(format!("GET {path} HTTP/1.1\r\n{}\r\n", self.headers).as_bytes())?;
        self.answer(true)
    }

    /// Reads a page and forgets its body as it comes.
    pub(crate) fn count(&mut self, path: &str) -> Result<Answer> {
        self.stream.get_ref().write_all(format!("GET {path} HTTP/1.1\r\n{}\r\n", self.headers).as_bytes())?;
        self.answer(false)
    }

    /// Sends a form.
    pub(crate) fn post(&mut self, path: &str, form: &str) -> Result<Answer> {
        self.send(path, "application/x-www-form-urlencoded", form.as_bytes())
    }

    /// Sends a document as the one part of a form.
    pub(crate) fn upload(&mut self, path: &str, field: &str, name: &str, bytes: &[u8]) -> Result<Answer> {
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n"
        );
        let body = [head.as_bytes(), bytes, b"\r\n--edge--\r\n"].concat();
        self.send(path, "multipart/form-data; boundary=edge", &body)
    }

    fn send(&mut self, path: &str, media: &str, body: &[u8]) -> Result<Answer> {
        let head = format!(
            "POST {path} HTTP/1.1\r\n{}Content-Type: {media}\r\nContent-Length: {}\r\n\r\n",
            self.headers,
            body.len()
        );
        self.stream.get_ref().write_all(&[head.as_bytes(), body].concat())?;
        self.answer(true)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err("the server closed the connection".into());
        }
        Ok(line)
    }

    fn answer(&mut self, keep: bool) -> Result<Answer> {
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or("no status")?;
        let (mut length, mut chunked, mut bytes, mut body) = (0, false, first.len(), Vec::new());
        loop {
            let line = self.line()?;
            bytes += line.len();
            if line.trim().is_empty() {
                break;
            }
            let line = line.to_ascii_lowercase();
            if let Some(text) = line.strip_prefix("content-length:") {
                length = text.trim().parse()?;
            }
            chunked |= line.starts_with("transfer-encoding: chunked");
        }
        if !chunked {
            self.body(length, keep, &mut body)?;
            return Ok(Answer { status, bytes: bytes + length, body });
        }
        loop {
            let line = self.line()?;
            let size = usize::from_str_radix(line.trim(), 16)?;
            bytes += line.len() + size + 2;
            self.body(size, keep, &mut body)?;
            self.line()?;
            if size == 0 {
                return Ok(Answer { status, bytes, body });
            }
        }
    }

    fn body(&mut self, length: usize, keep: bool, body: &mut Vec<u8>) -> Result {
        let mut part = (&mut self.stream).take(length as u64);
        let read = if keep {
            part.read_to_end(body)? as u64
        } else {
            std::io::copy(&mut part, &mut std::io::sink())?
        };
        if read == length as u64 { Ok(()) } else { Err("the answer broke off".into()) }
    }
}

/// A text as it stands in a query string.
pub(crate) fn encode(text: &str) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(byte).collect()
}
