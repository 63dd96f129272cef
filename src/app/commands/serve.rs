//! `flusso serve`: opens the file, recovers, listens, and stops in order when it is told to.

use super::{backup, check, export, import};
use crate::app::config::{DataFlags, ServeFlags, beside};
use crate::app::data::{key_for, locked_by_server, open};
use crate::app::failure::Failure;
use crate::app::socket::{self, Question, Reply};
use crate::app::{log, runtime, say};
use crate::executor::control::access;
use crate::executor::{Executor, Running, StartError};
use crate::model::operator::By;
use crate::store::StoreError;
use crate::web::crowd::Crowd;
use crate::web::gate::{Gate, Phase};
use crate::web::server::Server;
use crate::web::setup_key::SetupKey;
use crate::web::visitor::Proxies;
use crate::web::{self, Place, Web};
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// How long stopping takes at most (ST-7): after it the program ends as it is, which the file survives.
const STOPPING: Duration = Duration::from_secs(14);

/// Serves until a signal says to stop.
pub fn serve(flags: &ServeFlags) -> Result<(), Failure> {
    log::start(&flags.log).map_err(Failure::usage)?;
    locked_by_server(&flags.data)?;
    let runtime = runtime()?;
    let done = runtime.block_on(run(flags));
    // What is still under way belongs to nobody any more.
    runtime.shutdown_background();
    done
}

async fn run(flags: &ServeFlags) -> Result<(), Failure> {
    let mut stop = Stop::listen()?;
    let listener = TcpListener::bind(flags.listen).await.map_err(|error| not_bound(flags.listen, &error))?;
    let address = listener.local_addr().map_err(|error| not_bound(flags.listen, &error))?;
    let gate = Arc::new(Gate::starting("The appliance is starting: the data file is being opened."));
    let crowd = Crowd::new(flags.connections_max, flags.connections_per_ip);
    let server = Arc::new(Server { gate: gate.clone(), crowd: crowd.clone(), proxies: Proxies(flags.trusted_proxy.clone()) });
    let (closing, mut closed) = watch::channel(false);
    let accepting = tokio::spawn(server.run(listener, async move {
        let _ = closed.wait_for(|closed| *closed).await;
    }));
    let (executor, running) = tokio::select! {
        started = start(&flags.data) => started?,
        // Nothing was acknowledged yet, and the file survives an end at any moment.
        () = stop.wait() => return Ok(()),
    };
    let web = web(flags, address, &executor, crowd)?;
    let commands = answer_commands(&flags.data, address, &executor);
    gate.turn(Phase::Open(web::router(web.clone())));
    announce(address, &web)?;
    drop(web);
    stop.wait().await;
    tracing::info!("stopping");
    gate.turn(Phase::Stopping);
    let _ = closing.send(true);
    if let Some(commands) = commands {
        commands.abort();
    }
    let ended = tokio::time::timeout(STOPPING, async { tokio::join!(accepting, running.stop(executor)) }).await;
    let _ = std::fs::remove_file(beside(&flags.data.data, ".sock"));
    if ended.is_err() {
        tracing::warn!("not everything ended in time; the file is set right at the next start");
    }
    Ok(())
}

/// Opens the file and starts what works on it.
async fn start(data: &DataFlags) -> Result<(Executor, Running), Failure> {
    let opened = data.clone();
    let opened = tokio::task::spawn_blocking(move || {
        let key = key_for(&opened)?;
        open(&opened).map(|store| (store, key))
    });
    let (store, key) = opened.await.map_err(|_| Failure::failed("The data file could not be opened"))??;
    Executor::start(store, key).await.map_err(|error| match error {
        StartError::Store(error @ StoreError::Corrupt { .. }) => Failure::unusable(format!("{}: {error}", data.data.display())),
        other => Failure::failed(other.to_string()),
    })
}

fn not_bound(listen: SocketAddr, error: &std::io::Error) -> Failure {
    let why = match error.kind() {
        std::io::ErrorKind::AddrInUse => "another program listens there; choose another with --listen".to_owned(),
        std::io::ErrorKind::PermissionDenied => "the system does not allow it; ports below 1024 need a privilege".to_owned(),
        std::io::ErrorKind::AddrNotAvailable => "this machine has no such address".to_owned(),
        _ => error.to_string(),
    };
    Failure::failed(format!("Cannot listen on {listen}: {why}"))
}

fn web(flags: &ServeFlags, address: SocketAddr, executor: &Executor, crowd: Arc<Crowd>) -> Result<Web, Failure> {
    let place = Place {
        public_url: flags.public_url.clone(),
        listens_on: format!("http://{address}"),
        backups: flags.backups_folder(),
        started: executor.now(),
    };
    executor.stand_at(place.base_url(None));
    let setup_key = Arc::new(SetupKey::fresh()?);
    Ok(Web {
        executor: executor.clone(),
        counters: Arc::default(),
        crowd,
        place: Arc::new(place),
        setup_key,
        throttle: Arc::default(),
        uploads: Arc::default(),
        streams: Arc::default(),
    })
}

/// Says where it listens and, until there is an owner, how to become one.
fn announce(address: SocketAddr, web: &Web) -> Result<(), Failure> {
    say(&format!("Listening on http://{address}"));
    let view = web.executor.view()?;
    if !access::is_set_up(&view)? {
        let link = format!("http://{address}/setup?k={}", web.setup_key.reveal());
        if let Ok(code) = QrCode::new(&link) {
            say(&code.render::<Dense1x2>().build());
        }
        say(&format!("Open {link}"));
    }
    Ok(())
}

/// Opens the socket for commands. Without it the appliance works, and commands are told that the file is in use.
fn answer_commands(data: &DataFlags, address: SocketAddr, executor: &Executor) -> Option<tokio::task::JoinHandle<()>> {
    let path = beside(&data.data, ".sock");
    let listener = socket::listen(&path).inspect_err(|error| {
        tracing::warn!(path = %path.display(), %error, "commands cannot reach this server: its socket could not be opened");
    });
    let (executor, name) = (executor.clone(), data.data.clone());
    let answer = move |question| answer(question, executor.clone(), name.clone(), address);
    Some(tokio::spawn(socket::serve(listener.ok()?, answer)))
}

async fn answer(question: Question, executor: Executor, name: PathBuf, address: SocketAddr) -> Reply {
    let now = executor.now();
    let reader = executor.reader.clone();
    if let Question::Import { files, collisions, live, look } = &question {
        let done = import::take(&executor, files, collisions.as_deref(), *live, *look).await;
        return done.map_or_else(|failure| Reply::failed(&failure), Reply::done);
    }
    let work = move || match question {
        Question::Backup { to } => backup::take(&reader, &to, now).map(Reply::done),
        Question::Check => check::lines(&crate::store::backup::scrub(&reader)?, &name.display().to_string()).map(Reply::done),
        Question::Export { flows, to } => {
            let (reply, exported) = export::take(&executor.view()?, &executor.facts(), &flows, to.as_deref())?;
            executor.note_export(By::Command, &exported);
            Ok(reply)
        }
        Question::Who | Question::Import { .. } => Ok(Reply::done(vec![format!("process {} on http://{address}", std::process::id())])),
    };
    let done =
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Failure::failed("The server failed at it; its log says more")));
    done.unwrap_or_else(|failure| Reply::failed(&failure))
}

/// The signals that end the program.
struct Stop {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Stop {
    fn listen() -> Result<Stop, Failure> {
        let on = |kind| signal(kind).map_err(|error| Failure::failed(format!("Signals cannot be heard: {error}")));
        Ok(Stop { terminate: on(SignalKind::terminate())?, interrupt: on(SignalKind::interrupt())? })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
