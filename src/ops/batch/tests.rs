use super::*;
use crate::{ops::Input, secret::SecretBytes};

fn now() -> Instant {
    Instant::from_unix(1_800_000_000).unwrap()
}

fn read(text: &str) -> List {
    let input = Input { name: "list".into(), octets: SecretBytes::new(text.as_bytes().to_vec()) };
    list::read(&input, None).unwrap()
}

fn defaults(words: &[(Field, &str)]) -> Request {
    let mut request = Request::default();
    words.iter().for_each(|(item, value)| request.ask(*item, [*value]));
    request
}

#[test]
fn every_row_is_judged_and_said_in_columns() {
    let list = read("name,days,san\na,3,\nb,-1,\nc,,dns:x\n../d,,\ne,,who knows\nf,3,dns:a;dns:b\n");
    let (orders, faults) = orders(list, &Request::default(), now()).unwrap();
    assert_eq!(orders.iter().map(|order| order.line).collect::<Vec<_>>(), [2, 4, 7]);
    let said: Vec<String> = faults.iter().map(|fault| format!("{}: {}", fault.line, fault.error)).collect();
    assert!(said[0].starts_with("3: days \"-1\": "), "{said:?}");
    assert!(
        said[1]
            .starts_with("5: name \"../d\": expected a name without folders; choose the folder with out_dir"),
        "{said:?}"
    );
    assert!(said[2].starts_with("6: san \"who knows\": "), "{said:?}");
}

#[test]
fn defaults_are_refused_as_options_before_any_row() {
    let refused = orders(read("a\n"), &defaults(&[(Field::Key, "rsa-1024")]), now());
    assert!(matches!(refused, Err(Error::BadArgument { option: "--key", .. })));
}

#[test]
fn a_password_is_asked_for_where_a_store_is_made() {
    let defaults = defaults(&[(Field::Password, "generate:{name}.pw")]);
    let list = read("name,emit,password\na,cer,\nb,,\nc,pfx,file:own\n");
    let (orders, faults) = orders(list, &defaults, now()).unwrap();
    assert!(faults.is_empty());
    let passwords: Vec<Option<&str>> = orders.iter().map(|order| order.password_source.as_deref()).collect();
    assert_eq!(passwords, [None, Some("generate:b.pw"), Some("file:own")]);
}
