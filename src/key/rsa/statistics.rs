//! What the search finds, judged by numbers: as many candidates as theory says, any prime of a
//! window as likely as any other, and bits that tell nothing.
//!
//! The generator of these tests is repeatable, so they pass always or never; the bounds are such that
//! for a new seed each would fail a good search less than once in 10^8 times. Of more primes they see
//! finer faults:
//!
//! ```text
//! CERTKIT_KEYS=10000 cargo test --lib key::rsa::statistics
//! ```
#![allow(clippy::disallowed_methods)] // It reads how many keys are asked for.

use std::{collections::HashSet, env};

use super::{sieve::Limbs, tests::Repeatable, *};

/// How many pairs of primes are looked at, unless the environment asks for more.
const KEYS: usize = 820;

struct Found {
    prime: Limbs,
    start: Limbs,
    tested: usize,
    window: usize,
}

/// Primes of 1024 bits from as many windows.
fn found() -> Vec<Found> {
    let more = env::var("CERTKIT_KEYS").map_or(0, |keys| keys.parse().expect("CERTKIT_KEYS is a number"));
    let keys = KEYS.max(more);
    let mut rng = Repeatable(2026, 0);
    let mut found = Vec::with_capacity(2 * keys);
    for _ in 0..keys {
        let searches = [(); 2].map(|()| Search::new(Window::draw(1024, Screen::fastest(), &mut rng)));
        search::run(searches.each_ref(), Screen::fastest(), false);
        for search in searches {
            // One window of 60,000 holds no prime.
            let Some(prime) = search.found() else { continue };
            found.push(Found { prime, start: search.start(), tested: search.tested(), window: 4 * 1024 });
        }
    }
    found
}

/// Pearson's statistic for 16 classes that should be equally frequent. Its distribution with 15
/// degrees of freedom is above 80 less than once in 10^9 times.
fn assert_uniform(what: &str, classes: impl Iterator<Item = usize>) {
    let mut counts = [0usize; 16];
    classes.for_each(|class| counts[class] += 1);
    let expected = counts.iter().sum::<usize>() as f64 / 16.0;
    let statistic: f64 = counts.iter().map(|count| (*count as f64 - expected).powi(2) / expected).sum();
    assert!(expected > 100.0 && statistic < 80.0, "{what}: {counts:?} give {statistic}");
}

#[test]
fn primes_are_what_chance_makes_of_them() {
    let found = found();
    let distinct: HashSet<&[u64]> = found.iter().map(|found| found.prime.as_slice()).collect();
    assert_eq!(distinct.len(), found.len(), "moduli of distinct primes share no factor");
    assert!(found.iter().all(|found| found.prime[15] >> 62 == 0b11), "products have full length");

    assert_uniform("bits below the top two", found.iter().map(|found| (found.prime[15] >> 58 & 15) as usize));
    assert_uniform("lowest bits but the last", found.iter().map(|found| (found.prime[0] >> 1 & 15) as usize));
    assert_uniform("bits in the middle", found.iter().map(|found| (found.prime[8] >> 30 & 15) as usize));
    // An incremental search would take the first prime of most windows.
    assert_uniform(
        "places in the window",
        found.iter().map(|found| {
            let distance = found.prime[0].wrapping_sub(found.start[0]) as usize / 2;
            distance * 16 / found.window
        }),
    );
    // An odd number near 1.75 · 2^1023 is prime with probability 2/709.6, and Mertens' theorem leaves
    // 2e^-γ/ln 2^18 of them after the sieve. How many are tested until one passes is geometric, with a
    // deviation as large as the mean; six of its deviations of the mean are allowed.
    let expected = 0.561_459_5 * 709.6 / f64::ln(262_144.0);
    let mean = found.iter().map(|found| found.tested as f64).sum::<f64>() / found.len() as f64;
    let deviation = expected / (found.len() as f64).sqrt();
    assert!((mean - expected).abs() < 6.0 * deviation, "{mean} candidates a prime, {expected} expected");
}

/// The sieve leaves what division by every small prime leaves, and nothing that is 1 modulo e.
#[test]
fn the_sieve_leaves_what_trial_division_leaves() {
    let small: Vec<u64> = (3..1 << 18)
        .step_by(2)
        .filter(|odd| (3..).step_by(2).take_while(|d| d * d <= *odd).all(|d| odd % d != 0))
        .collect();
    for bits in [1024, 1536, 2048] {
        let window = |screen| Window::draw(bits, screen, &mut Repeatable(3, bits as u64));
        let windows = [window(Screen::fastest()), window(Screen::Portable)];
        let start = windows[0].start();
        let mut left = vec![true; 4 * bits];
        for prime in &small {
            let remainder = start
                .iter()
                .rev()
                .fold(0, |sum: u128, limb| (sum << 64 | u128::from(*limb)) % u128::from(*prime));
            for (half, left) in left.iter_mut().enumerate() {
                let remainder = (remainder as u64 + 2 * half as u64) % prime;
                *left &= remainder != 0 && (remainder != 1 || *prime != 65_537);
            }
        }
        let expected: Vec<u64> = (0..4 * bits as u64).filter(|half| left[*half as usize]).collect();
        for window in windows {
            let distance = |position| window.candidate(position)[0].wrapping_sub(start[0]) / 2;
            let mut distances: Vec<u64> = (0..window.len()).map(distance).collect();
            distances.sort_unstable();
            assert_eq!(distances, expected, "{bits} bits");
        }
    }
}
