//! Takes connections and hands their requests to the router. Whoever sends the head of a request too slowly, or
//! nothing at all, is let go, so that slow connections cannot use the server up.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};

/// Serves until `stop` is ready, then finishes what was accepted. `patience` is how long a client may take for the
/// head of a request, and for the next one on an open connection.
pub(crate) async fn accept(
    listener: TcpListener,
    router: Router,
    patience: Duration,
    stop: impl Future<Output = ()>,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(patience);
    let open = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, from)) => {
                    let answered = open.watch(answer(&http, stream, from, router.clone()));
                    // A client that leaves early or speaks no HTTP is no concern of ours.
                    tokio::spawn(async { drop(answered.await) });
                }
                Err(error) => {
                    // Most often there is no descriptor left: others must end first.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }
    drop(listener);
    open.shutdown().await;
}

/// Answers the requests of one connection.
fn answer(
    http: &http1::Builder,
    stream: TcpStream,
    from: SocketAddr,
    router: Router,
) -> impl GracefulConnection<Error = hyper::Error> + Send + use<> {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(from));
        TowerToHyperService::new(router.clone()).call(request)
    });
    http.serve_connection(TokioIo::new(stream), service)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[test]
    fn who_dawdles_is_let_go_and_who_asks_is_answered() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let router = Router::new().route(
                "/",
                axum::routing::get(|ConnectInfo(from): ConnectInfo<SocketAddr>| async move {
                    from.ip().to_string()
                }),
            );
            let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
            let serving = tokio::spawn(accept(listener, router, Duration::from_millis(200), async {
                let _ = stopped.await;
            }));
            let mut slow = TcpStream::connect(address).await.unwrap();
            slow.write_all(b"GET / HTTP/1.1\r\nhost: ").await.unwrap();
            let mut quick = TcpStream::connect(address).await.unwrap();
            quick.write_all(b"GET / HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n").await.unwrap();
            let mut answer = String::new();
            quick.read_to_string(&mut answer).await.unwrap();
            assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("127.0.0.1"), "{answer}");
            let mut nothing = String::new();
            let ended = tokio::time::timeout(Duration::from_secs(5), slow.read_to_string(&mut nothing)).await;
            assert!(ended.is_ok(), "the slow one is still connected");
            assert!(!nothing.starts_with("HTTP/1.1 200"), "{nothing}");
            stop.send(()).unwrap();
            serving.await.unwrap();
        });
    }
}
