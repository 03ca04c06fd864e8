//! How many sockets can be opened in a second: TCP and the upgrade, nothing more.

use std::time::Instant;

use super::{
    super::{
        Outcome, Plan, bare,
        server::Server,
        table::{Row, Share},
    },
    client::{self, Client},
    path, raise_open_files,
};

pub fn measure(plan: &Plan) -> Outcome<Vec<Row>> {
    raise_open_files(plan.upgrades)?;
    let (emulator, bare) = (Server::emulator()?, Server::bare(64)?);
    let paths = [path(&emulator.org()?.deployment_id), bare::sockets::echo(64)];
    let mut rates: [Vec<f64>; 2] = Default::default();
    for _ in 0..plan.rounds {
        for ((server, path), rates) in [&emulator, &bare].into_iter().zip(&paths).zip(&mut rates) {
            rates.push(rate(server, path, plan.upgrades)?);
        }
    }
    Ok(vec![Row::of_rates("upgrades of sockets".to_owned(), &rates, Share::MOST)])
}

fn rate(server: &Server, path: &str, sockets: usize) -> Outcome<f64> {
    let files = server.process.open_files()?;
    let begin = Instant::now();
    let all = client::open(0..sockets, |_| Client::upgrade(server.address, path))?;
    let took = begin.elapsed();
    drop(all);
    // closing them is not to be taken for the next server's work
    server.process.closes_down_to(files)?;
    Ok(sockets as f64 / took.as_secs_f64())
}
