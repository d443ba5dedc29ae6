use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::{ops::Input, secret::SecretBytes};

fn now() -> Instant {
    Instant::from_unix(1_800_000_000).unwrap()
}

fn read(text: &str) -> List {
    let input = Input { name: "list".into(), octets: SecretBytes::new(text.as_bytes().to_vec()) };
    list::read(&input, None).unwrap()
}

fn defaults(words: &[(Item, &str)]) -> Request {
    let mut request = Request::default();
    words.iter().for_each(|(item, value)| request.set(*item, [*value]));
    request
}

#[test]
fn every_row_is_judged_and_said_in_columns() {
    let list = read("name,days,san\na,3,\nb,-1,\nc,,dns:x\n../d,,\ne,,who knows\nf,3,dns:a;dns:b\n");
    let (orders, faults) = orders(list, &Request::default(), now()).unwrap();
    assert_eq!(orders.iter().map(|order| order.line).collect::<Vec<_>>(), [2, 4, 7]);
    let said: Vec<String> = faults.iter().map(|fault| format!("{}: {}", fault.line, fault.error)).collect();
    assert!(said[0].starts_with("3: days \"-1\": "), "{said:?}");
    assert!(said[1].starts_with("5: name \"../d\": "), "{said:?}");
    assert!(said[2].starts_with("6: san \"who knows\": "), "{said:?}");
}

#[test]
fn defaults_are_refused_as_options_before_any_row() {
    let refused = orders(read("a\n"), &defaults(&[(Item::Key, "rsa-1024")]), now());
    assert!(matches!(refused, Err(Error::BadArgument { option: "--key", .. })));
}

#[test]
fn a_password_is_asked_for_where_a_store_is_made() {
    let defaults = defaults(&[(Item::Password, "generate:{name}.pw")]);
    let list = read("name,emit,password\na,cer,\nb,,\nc,pfx,file:own\n");
    let (orders, faults) = orders(list, &defaults, now()).unwrap();
    assert!(faults.is_empty());
    let passwords: Vec<Option<&str>> = orders.iter().map(|order| order.password.as_deref()).collect();
    assert_eq!(passwords, [None, Some("generate:b.pw"), Some("file:own")]);
    assert!(orders.iter().all(|order| order.options.search.alone));
}

#[test]
fn all_items_are_done_once_and_none_after_the_end_is_called() {
    let items: Vec<usize> = (0..500).collect();
    for jobs in [1, 2, 7, 1000] {
        let mut results = Vec::new();
        let begun = each(
            &items,
            jobs,
            || false,
            |item| item * 2,
            |item, twice| {
                results.push((*item, twice));
                true
            },
        );
        assert_eq!(begun.unwrap(), 500);
        results.sort_unstable();
        assert!(
            results.iter().enumerate().all(|(index, (item, twice))| (index, index * 2) == (*item, *twice))
        );
    }
    let worked = AtomicUsize::new(0);
    let begun = each(
        &items,
        3,
        || worked.load(Ordering::SeqCst) >= 10,
        |_| worked.fetch_add(1, Ordering::SeqCst),
        |_, _| true,
    );
    assert_eq!(begun.unwrap(), worked.load(Ordering::SeqCst));
    assert!((10..=12).contains(&worked.load(Ordering::SeqCst)));
    let mut heard = 0;
    let begun = each(
        &items,
        1,
        || false,
        |_| std::thread::sleep(std::time::Duration::from_millis(2)),
        |_, ()| {
            heard += 1;
            heard < 5
        },
    );
    assert_eq!(heard, 5);
    assert!(begun.unwrap() < 500);
    assert_eq!(each(&[(); 0], 4, || false, |()| (), |(), ()| true).unwrap(), 0);
}
