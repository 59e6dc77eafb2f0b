//! The HTTP side: from the table of routes to a server with its headers, limits, logs and a calm end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequest, Multipart, RawPathParams, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method as HttpMethod, Response, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, get, on};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::csrf::CsrfLayer;

use crate::access::Viewer;
use crate::address::{is_host, is_local};
use crate::ctx::{Ctx, Reply, Upload};
use crate::page::{self, ErrorPage};
use crate::room::{Method, Route};
use crate::{App, Error, Fields, Id, Json, Lang, Result, Words, assets, openapi, sql};

/// What a request brings to say who asks.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// Value of the session cookie.
    pub session: Option<String>,
    /// Value of an `Authorization: Bearer` header.
    pub bearer: Option<String>,
}

/// Name of the session cookie.
pub const SESSION: &str = "tiwizi_session";
/// Name of the language cookie.
pub const LANGUAGE: &str = "tiwizi_lang";
/// Name of the cookie with the language that is listened to.
pub const SPOKEN: &str = "tiwizi_spoken";

const FORM_LIMIT: usize = 1 << 20;
const UPLOAD_LIMIT: usize = 25 << 20;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a client may take to say what it asks for.
const HEAD: Duration = Duration::from_secs(15);

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
connect-src 'self'; media-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";

/// A page whose forms may also lead to this other site, such as `https://payment.example`.
pub fn sends_to(reply: Reply, origin: &str) -> Reply {
    let value = POLICY.replace("form-action 'self'", &format!("form-action 'self' {origin}"));
    Reply::Header { name: "content-security-policy", value, reply: Box::new(reply) }
}

/// A route, found again from its position in the table.
#[derive(Clone, Copy)]
struct Place {
    room: usize,
    route: usize,
}

/// The addresses that the kernel itself answers, beside those of the rooms.
pub fn own_routes() -> Vec<Route> {
    use crate::room::get;
    vec![
        get("/files/{file}", crate::files::download).open(),
        get("/territory", crate::territory::suggest).open().query(&["q"]),
        get("/api", openapi::viewer).open(),
        get("/api/openapi.json", openapi::document).open(),
    ]
}

/// The whole interface as a service.
pub fn router(app: &Arc<App>) -> Result<Router> {
    let mut router: Router<Arc<App>> = Router::new();
    for (room, place) in app.rooms.iter().enumerate().flat_map(|(i, room)| {
        room.routes.iter().enumerate().map(move |(j, route)| (route, Place { room: i, route: j }))
    }) {
        let limit = if room.upload { UPLOAD_LIMIT } else { FORM_LIMIT };
        let answer: MethodRouter<Arc<App>> = on(
            match room.method {
                Method::Get => axum::routing::MethodFilter::GET,
                Method::Post => axum::routing::MethodFilter::POST,
                Method::Head => axum::routing::MethodFilter::HEAD,
                Method::Patch => axum::routing::MethodFilter::PATCH,
                Method::Delete => axum::routing::MethodFilter::DELETE,
            },
            move |State(app): State<Arc<App>>, params: RawPathParams, request: Request| {
                serve(app, place, params, request)
            },
        );
        let answer = answer.layer(DefaultBodyLimit::max(limit));
        // Where no session is asked for, another site's page can do nothing in somebody's name.
        let answer = if room.own_door { answer } else { answer.layer(CsrfLayer::new()) };
        router = router.route(room.path, answer);
    }
    Ok(router
        .route("/assets/{hash}/{*name}", get(asset))
        .route("/health", get(health))
        .route("/metrics", get(metrics))
        .fallback(nothing_here)
        .method_not_allowed_fallback(nothing_here)
        .layer(axum::middleware::from_fn(headers))
        .layer(
            CompressionLayer::new()
                .quality(tower_http::CompressionLevel::Fastest)
                // Sound is compressed already, and a compressed answer has no ranges.
                .compress_when(DefaultPredicate::new().and(NotForContentType::const_new("audio/"))),
        )
        .with_state(Arc::clone(app)))
}

/// Serves until `stop` is ready, then finishes what was accepted.
pub async fn listen(
    app: Arc<App>,
    listener: tokio::net::TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let router = router(&app)?;
    let worker = {
        let app = Arc::clone(&app);
        std::thread::spawn(move || crate::work::serve(&app))
    };
    // Nothing is lost when it ends with the process.
    let tended = Arc::clone(&app);
    std::thread::spawn(move || crate::work::tend(&tended));
    crate::accept::accept(listener, router, HEAD, stop).await;
    app.bell.stop();
    worker.join().map_err(|_| Error::internal("the background worker panicked"))
}

async fn headers(request: Request, next: axum::middleware::Next) -> Response<Body> {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(self), geolocation=(self), microphone=(self)",
        ),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

async fn health(State(app): State<Arc<App>>) -> Response<Body> {
    let alive = tokio::task::spawn_blocking(move || app.read(|db| db.one::<i64>(&sql("select 1")))).await;
    match alive {
        Ok(Ok(_)) => plain(200, "ok"),
        _ => plain(503, "the database does not answer"),
    }
}

async fn metrics(State(app): State<Arc<App>>) -> Response<Body> {
    let text = tokio::task::spawn_blocking(move || {
        let waiting = app.read(crate::work::waiting)?;
        Ok::<_, Error>(app.metrics.text(waiting))
    });
    match text.await {
        Ok(Ok(text)) => plain(200, &text),
        _ => plain(503, "the database does not answer"),
    }
}

async fn asset(request: Request) -> Response<Body> {
    match assets::at(request.uri().path()) {
        None => plain(404, "no such file"),
        Some(asset) => (
            [
                (header::CONTENT_TYPE, asset.media),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ],
            Bytes::from_static(asset.bytes),
        )
            .into_response(),
    }
}

async fn nothing_here(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let json = wants_json(&parts.headers, &Fields::default());
    let w = app.words.speak(language(&parts.headers, &Fields::default(), None));
    let mut ctx = stranger(app, w, parts.uri.path().to_owned());
    ctx.json = json;
    send_error(&ctx, &Error::NotFound, Id::new(), false)
}

/// A request by nobody that says nothing, to be filled in.
pub fn stranger(app: Arc<App>, w: Words, path: String) -> Ctx {
    Ctx {
        app,
        viewer: Viewer::default(),
        w,
        path,
        params: Vec::new(),
        query: Fields::default(),
        form: Fields::default(),
        uploads: Vec::new(),
        body: Vec::new(),
        headers: HeaderMap::new(),
        command: None,
        spoken: None,
        json: false,
        sender: String::new(),
        host: String::new(),
        secure: false,
    }
}

fn plain(status: u16, text: &str) -> Response<Body> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text.to_owned()).into_response()
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .find_map(|pair| {
            let (n, value) = pair.trim().split_once('=')?;
            (n == name && !value.is_empty()).then_some(value)
        })
}

fn text_header(headers: &HeaderMap, name: HeaderName) -> &str {
    headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
}

fn wants_json(headers: &HeaderMap, query: &Fields) -> bool {
    text_header(headers, header::ACCEPT).contains("application/json")
        || text_header(headers, header::CONTENT_TYPE).starts_with("application/json")
        || query.get("format") == Some("json")
}

fn language(headers: &HeaderMap, query: &Fields, account: Option<&str>) -> Lang {
    query
        .get("lang")
        .and_then(Lang::from_code)
        .or_else(|| cookie(headers, LANGUAGE).and_then(Lang::from_code))
        .or_else(|| account.and_then(Lang::from_code))
        .or_else(|| Lang::accepted(text_header(headers, header::ACCEPT_LANGUAGE)))
        .unwrap_or_default()
}

/// Reads the whole request, then answers it on a blocking thread.
async fn serve(app: Arc<App>, place: Place, params: RawPathParams, request: Request) -> Response<Body> {
    let began = Instant::now();
    let id = Id::new();
    app.metrics.begin();
    let asked = Asked::read(&app, place, params, request);
    let task = {
        let app = Arc::clone(&app);
        async move {
            let asked = asked.await;
            tokio::task::spawn_blocking(move || asked.answer(app, place, id)).await.ok()
        }
    };
    let response = match tokio::time::timeout(PATIENCE, task).await {
        Ok(Some(response)) => response,
        Ok(None) => plain(500, "internal error"),
        Err(_) => plain(503, "this took too long"),
    };
    let route = &app.rooms[place.room].routes[place.route];
    let status = response.status().as_u16();
    app.metrics.end(route.path, status, began.elapsed());
    tracing::info!(request = %id, route = route.path, status, millis = began.elapsed().as_millis() as u64, "answered");
    response
}

/// A request, read to its end.
struct Asked {
    head: axum::http::request::Parts,
    query: Fields,
    form: Fields,
    uploads: Vec<Upload>,
    body: Vec<u8>,
    params: Vec<(String, String)>,
    sender: String,
    /// Why the body could not be read; who sent it is told in their language.
    unread: Option<Error>,
}

impl Asked {
    async fn read(app: &Arc<App>, place: Place, params: RawPathParams, request: Request) -> Asked {
        let params = params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let query = Fields::from_query(request.uri().query().unwrap_or_default());
        let (head, body) = request.into_parts();
        let sender = sender(&head);
        let Route { upload, raw, .. } = app.rooms[place.room].routes[place.route];
        let (mut form, mut uploads, mut whole, mut unread) = Default::default();
        if raw {
            let limit = if upload { UPLOAD_LIMIT } else { FORM_LIMIT };
            match axum::body::to_bytes(body, limit).await {
                Ok(bytes) => whole = bytes.to_vec(),
                Err(_) => unread = Some(Error::TooLarge),
            }
        } else if head.method == HttpMethod::POST {
            match body_of(Request::from_parts(head.clone(), body), upload).await {
                Ok(read) => (form, uploads) = read,
                Err(error) => unread = Some(error),
            }
        }
        Asked { head, query, form, uploads, body: whole, params, sender, unread }
    }

    fn answer(self, app: Arc<App>, place: Place, id: Id) -> Response<Body> {
        let headers = &self.head.headers;
        let credentials = Credentials {
            session: cookie(headers, SESSION).map(str::to_owned),
            bearer: text_header(headers, header::AUTHORIZATION).strip_prefix("Bearer ").map(str::to_owned),
        };
        let route = &app.rooms[place.room].routes[place.route];
        let known = if route.own_door { Ok(Viewer::default()) } else { identify(&app, &credentials) };
        let account_language = known.as_ref().ok().and_then(|viewer| viewer.language.clone());
        let w = app.words.speak(language(headers, &self.query, account_language.as_deref()));
        let Some((host, secure)) = reached(&app, text_header(headers, header::HOST)) else {
            return plain(400, "the Host header names no host");
        };
        let mut ctx = Ctx {
            app: Arc::clone(&app),
            viewer: Viewer::default(),
            w,
            path: self.head.uri.path().to_owned(),
            params: self.params,
            spoken: cookie(headers, SPOKEN).map(str::to_owned),
            json: wants_json(headers, &self.query),
            query: self.query,
            form: self.form,
            uploads: self.uploads,
            body: self.body,
            headers: headers.clone(),
            command: None,
            sender: self.sender,
            host,
            secure,
        };
        let reply = known.and_then(|viewer| {
            ctx.viewer = viewer;
            if !route.need.met_by(&ctx.viewer) {
                return Err(if ctx.viewer.signed_in() { Error::Forbidden } else { Error::SignIn });
            }
            self.unread.map_or_else(|| (route.handler)(&ctx), Err)
        });
        let switched = ctx.query.get("lang").and_then(Lang::from_code);
        let mut response = match reply {
            Ok(reply) => send(&ctx, reply, headers),
            Err(error) => send_error(&ctx, &error, id, route.method == Method::Get),
        };
        if let Some(lang) = switched {
            set_cookie(&mut response, LANGUAGE, lang.code(), 31_536_000, ctx.secure);
        }
        response
    }
}

/// Under which name the house is reached, and whether nobody between it and the reader can listen: as it was set, or as
/// the request says. Nothing for a request that names what cannot be a host.
fn reached(app: &App, asked: &str) -> Option<(String, bool)> {
    if let Some(public) = &app.public {
        return Some((public.host.clone(), public.encrypted));
    }
    let host = if asked.is_empty() { "localhost".to_owned() } else { asked.to_ascii_lowercase() };
    is_host(&host).then(|| (host.clone(), !is_local(&host)))
}

/// Who asks: the first room that knows these credentials says it.
pub fn identify(app: &App, credentials: &Credentials) -> Result<Viewer> {
    if credentials.session.is_none() && credentials.bearer.is_none() {
        return Ok(Viewer::default());
    }
    for identify in app.rooms.iter().filter_map(|room| room.identify) {
        let viewer = app.read(|db| identify(db, credentials))?;
        if viewer.signed_in() {
            return Ok(viewer);
        }
    }
    if credentials.bearer.is_some() { Err(Error::SignIn) } else { Ok(Viewer::default()) }
}

/// The address to count attempts by. Behind a proxy the last forwarded address counts, if the administrator says so.
fn sender(head: &axum::http::request::Parts) -> String {
    let forwarded = std::env::var_os("TIWIZI_BEHIND_PROXY").and_then(|_| {
        head.headers.get("x-forwarded-for")?.to_str().ok()?.rsplit(',').next().map(|s| s.trim().to_owned())
    });
    forwarded.unwrap_or_else(|| {
        head.extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or_else(String::new, |ConnectInfo(address)| address.ip().to_string())
    })
}

async fn body_of(request: Request, upload: bool) -> Result<(Fields, Vec<Upload>)> {
    let kind = text_header(request.headers(), header::CONTENT_TYPE).to_owned();
    if kind.starts_with("multipart/form-data") {
        return multipart(request).await;
    }
    let limit = if upload { UPLOAD_LIMIT } else { FORM_LIMIT };
    let bytes = axum::body::to_bytes(request.into_body(), limit).await.map_err(|_| Error::TooLarge)?;
    if kind.starts_with("application/json") {
        let json: Json = serde_json::from_slice(&bytes).map_err(|_| Error::refused("error.json"))?;
        return Ok((Fields::from_json(&json), Vec::new()));
    }
    Ok((Fields::from_query(&String::from_utf8_lossy(&bytes)), Vec::new()))
}

async fn multipart(request: Request) -> Result<(Fields, Vec<Upload>)> {
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Error::refused("error.form"))?;
    let (mut form, mut uploads) = (Fields::default(), Vec::new());
    let refuse = |e: axum::extract::multipart::MultipartError| {
        if e.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Error::TooLarge
        } else {
            Error::refused("error.form")
        }
    };
    while let Some(part) = parts.next_field().await.map_err(refuse)? {
        let field = part.name().unwrap_or_default().to_owned();
        let name = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(refuse)?;
        match name {
            Some(name) if !bytes.is_empty() => uploads.push(Upload { field, name, bytes: bytes.to_vec() }),
            Some(_) => {}
            None => form.push(field, String::from_utf8_lossy(&bytes)),
        }
    }
    Ok((form, uploads))
}

fn set_cookie(response: &mut Response<Body>, name: &str, value: &str, age: i64, secure: bool) {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

fn send(ctx: &Ctx, reply: Reply, asked: &HeaderMap) -> Response<Body> {
    match reply {
        Reply::Body { status, media, body } => {
            let tag = assets::tag(&body);
            let fresh = status == 200 && text_header(asked, header::IF_NONE_MATCH) == tag;
            let status = StatusCode::from_u16(if fresh { 304 } else { status }).unwrap_or(StatusCode::OK);
            let head = [
                (header::CONTENT_TYPE, media),
                (header::CACHE_CONTROL, "private, no-cache"),
                (header::VARY, "accept, accept-language, cookie"),
                (header::ETAG, tag.as_str()),
            ];
            (status, head, if fresh { Vec::new() } else { body }).into_response()
        }
        Reply::Seen(path) => match HeaderValue::from_str(&path) {
            Ok(path) => (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response(),
            Err(_) => plain(500, "an address that cannot be sent"),
        },
        Reply::Download { media, name, inline, produce } => download(ctx, &media, &name, inline, produce),
        Reply::Stored { path, media, tag, keep } => crate::range::answer(&path, &media, &tag, keep, asked)
            .unwrap_or_else(|error| {
                tracing::error!(%error, "a stored file could not be read");
                plain(500, "internal error")
            }),
        Reply::Header { name, value, reply } => {
            let mut response = send(ctx, *reply, asked);
            match HeaderValue::from_str(&value) {
                Ok(value) => drop(response.headers_mut().insert(HeaderName::from_static(name), value)),
                Err(_) => response = plain(500, "a header that cannot be sent"),
            }
            response
        }
        Reply::Cookie { name, value, age, reply } => {
            let mut response = send(ctx, *reply, asked);
            set_cookie(&mut response, name, &value, age, ctx.secure);
            response
        }
    }
}

/// Sends a download while it is made, a bounded piece ahead of the reader.
fn download(
    ctx: &Ctx,
    media: &str,
    name: &str,
    inline: bool,
    produce: crate::ctx::Producer,
) -> Response<Body> {
    let (pieces, stream) = tokio::sync::mpsc::channel::<std::io::Result<Bytes>>(4);
    let app = Arc::clone(&ctx.app);
    tokio::task::spawn_blocking(move || {
        let mut out = std::io::BufWriter::with_capacity(64 << 10, Pieces(pieces.clone()));
        let made = produce(&app, &mut out).and_then(|()| Ok(std::io::Write::flush(&mut out)?));
        if let Err(error) = made {
            // The reader sees a broken transfer, never a file that looks whole.
            tracing::warn!(%error, "a download ended early");
            let _ = pieces.blocking_send(Err(std::io::Error::other("the download failed")));
        }
    });
    let disposition = format!(
        "{}; filename*=UTF-8''{}",
        if inline { "inline" } else { "attachment" },
        crate::fields::encode(name)
    );
    let stream = tokio_stream::wrappers::ReceiverStream::new(stream);
    let head = [
        (header::CONTENT_TYPE, media),
        (header::CONTENT_DISPOSITION, disposition.as_str()),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    (head, Body::from_stream(stream)).into_response()
}

struct Pieces(tokio::sync::mpsc::Sender<std::io::Result<Bytes>>);

impl std::io::Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let gone = |_| std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes))).map_err(gone)?;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// An error as a page, or as a problem document (RFC 9457) for who wants JSON.
fn send_error(ctx: &Ctx, error: &Error, id: Id, reading: bool) -> Response<Body> {
    if let Error::Internal(what) = error {
        tracing::error!(request = %id, what, "internal error");
    }
    let status = error.status();
    if matches!(error, Error::SignIn) && reading && !ctx.json {
        let next = crate::fields::encode(&format!(
            "{}{}",
            ctx.path,
            if ctx.query.0.is_empty() { String::new() } else { format!("?{}", ctx.query.to_query()) }
        ));
        return (StatusCode::SEE_OTHER, [(header::LOCATION, format!("/sign-in?next={next}"))])
            .into_response();
    }
    let w = ctx.w;
    let title = w.t(&format!("error.title.{status}")).into_owned();
    let sentence = match error {
        Error::Refused(wrong) => w.wrong(wrong),
        Error::TooMany(seconds) => w.n("error.wait", *seconds as i64),
        _ => w.t(&format!("error.text.{status}")).into_owned(),
    };
    let errors: Vec<_> = match error {
        Error::Invalid(errors) => {
            errors.iter().map(|e| (e.field.clone(), e.wrong.key.clone(), w.wrong(&e.wrong))).collect()
        }
        _ => Vec::new(),
    };
    let mut response = if ctx.json {
        let fields: Vec<_> = errors
            .iter()
            .map(|(field, key, text)| serde_json::json!({"field": field, "key": key, "detail": text}))
            .collect();
        let key =
            if let Error::Refused(wrong) = error { wrong.key.clone() } else { format!("error.{status}") };
        let problem = serde_json::json!({
            "type": format!("/api#{key}"), "title": title, "status": status, "detail": sentence, "instance": format!("urn:uuid:{id}"), "errors": fields,
        });
        let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (code, [(header::CONTENT_TYPE, "application/problem+json")], problem.to_string()).into_response()
    } else {
        let data = ErrorPage {
            w,
            status,
            sentence,
            request: id.to_string(),
            details: errors.into_iter().map(|(_, _, text)| text).collect(),
            sign_in: status == 401,
            back: crate::fields::encode(&ctx.path),
            title: title.clone(),
        };
        let body = askama::Template::render(&data)
            .map_err(Error::internal)
            .and_then(|body| page::layout(ctx, &title, &body));
        match body {
            Ok(body) => {
                let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                (code, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response()
            }
            Err(error) => {
                tracing::error!(request = %id, %error, "the error page failed");
                plain(500, "internal error")
            }
        }
    };
    if let Error::TooMany(seconds) = error {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}
