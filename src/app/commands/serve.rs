//! `flusso serve`: opens the file, recovers, listens, and stops in order when it is told to.

use super::{backup, check, export, import};
use crate::app::config::{DataFlags, ServeFlags, beside};
use crate::app::failure::Failure;
use crate::app::socket::{self, Question, Reply};
use crate::app::{log, runtime, say};
use crate::base::time::Time;
use crate::executor::clock::Clock;
use crate::executor::control::access;
use crate::executor::{Executor, Running, StartError, chance};
use crate::model::operator::By;
use crate::store::seal::SealKey;
use crate::store::{Birth, OpenError, Options, Store, StoreError, channels};
use crate::web::crowd::Crowd;
use crate::web::gate::{Gate, Phase};
use crate::web::server::Server;
use crate::web::setup_key::SetupKey;
use crate::web::visitor::Proxies;
use crate::web::{self, Place, Web};
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
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

/// Refuses a file that another running Flusso holds, and says which one.
pub fn locked_by_server(data: &DataFlags) -> Result<(), Failure> {
    match socket::ask(&beside(&data.data, ".sock"), &Question::Who) {
        Some(Ok(who)) => Err(Failure::unusable(format!("{} is in use by another running Flusso: {}", data.data.display(), who.join(", ")))),
        _ => Ok(()),
    }
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

/// Opens the data file, or makes it.
pub fn open(data: &DataFlags) -> Result<Store, Failure> {
    let birth = Birth { file: chance::bytes()?, now: Clock::new(Time::default()).now() };
    contained(data, || Store::open(&data.data, &Options { cache_bytes: data.cache.0, birth: Some(birth) }))
}

/// The key of the channel secrets: read, or made where there is nothing yet that another could have sealed. The file is only looked at:
/// where the key is not the right one, not a byte of it changes.
pub fn key_for(data: &DataFlags) -> Result<SealKey, Failure> {
    let path = data.key_file();
    let known = match SealKey::read(&path) {
        Err(OpenError::Missing(_)) => None,
        read => Some(read?),
    };
    let sealed = !key_fits(data, known.as_ref())?;
    match known {
        Some(key) if !sealed => Ok(key),
        None if !sealed => {
            let key = SealKey::new(chance::bytes()?);
            key.create(&path)?;
            Ok(key)
        }
        known => {
            let (key, data) = (path.display(), data.data.display());
            let what = if known.is_some() { "is another one" } else { "is missing" };
            Err(Failure::unusable(format!("{key} {what}, and the channel secrets in {data} cannot be opened; put the right key there")))
        }
    }
}

/// Whether this key, or the lack of one, is enough for all secrets that the file holds.
pub fn key_fits(data: &DataFlags, key: Option<&SealKey>) -> Result<bool, Failure> {
    if data.data.symlink_metadata().is_err() {
        return Ok(true);
    }
    let store = contained(data, || Store::look(&data.data, &Options { cache_bytes: data.cache.0, birth: None }))?;
    let view = store.reader().view()?;
    for channel in channels::all(&view)? {
        if !channels::has_secrets(&view, channel.id)? {
            continue;
        }
        let Some(key) = key else { return Ok(false) };
        match channels::secrets(&view, key, channel.id) {
            Err(StoreError::Sealed) => return Ok(false),
            other => drop(other?),
        }
    }
    Ok(true)
}

/// Whatever is wrong with a file, even what the engine trips over, becomes a sentence (ST-4, ST-6).
fn contained<T>(data: &DataFlags, work: impl FnOnce() -> Result<T, OpenError>) -> Result<T, Failure> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(done) => Ok(done?),
        Err(_) => {
            Err(Failure::unusable(format!("{} is damaged so badly that it cannot be opened; restore a snapshot", data.data.display())))
        }
    }
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
