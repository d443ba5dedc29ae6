use proptest::prelude::*;

use super::*;
use crate::secret::SecretBytes;

fn input(text: &[u8]) -> Input {
    Input { name: "list".into(), octets: SecretBytes::new(text.to_vec()) }
}

fn good(text: &str) -> Vec<Row> {
    let list = read(&input(text.as_bytes()), None).unwrap();
    assert!(list.faults.is_empty(), "{:?}", list.faults);
    list.rows
}

/// The faults as lines and words.
fn faults(text: &str) -> Vec<(usize, String)> {
    let list = read(&input(text.as_bytes()), None).unwrap();
    list.faults.into_iter().map(|fault| (fault.line, fault.error.to_string())).collect()
}

#[test]
fn one_list_in_every_form() {
    let csv = "name,cn,emit\ncontoso,\"Contoso, Ltd\",\"pfx,cer\"\nfabrikam,,\n";
    let jsonl = "{\"name\":\"contoso\",\"cn\":\"Contoso, Ltd\",\"emit\":[\"pfx\",\"cer\"]}\n\n{\"name\":\"fabrikam\",\"cn\":null}\n";
    let expected: Vec<Request> = good(csv).into_iter().map(|row| row.request).collect();
    assert_eq!(expected[0].one(Field::Cn), Some("Contoso, Ltd"));
    for same in [
        jsonl,
        "\u{feff}Name;CN;Emit\r\ncontoso;Contoso, Ltd;pfx,cer\r\n;;\r\nfabrikam;;\r\n",
        "name\tcn\temit\ncontoso\tContoso, Ltd\tpfx;cer\nfabrikam\t\t\n",
        "\n\n \"name\",cn ,emit\ncontoso,\"Contoso, Ltd\", pfx;cer\n fabrikam , , \n",
    ] {
        let found: Vec<Request> = good(same).into_iter().map(|row| row.request).collect();
        assert_eq!(found, expected, "{same}");
    }
    let names: Vec<Row> = good("contoso\r\n\n  fabrikam  ");
    assert_eq!(
        names.iter().map(|row| (row.line, row.request.one(Field::Name))).collect::<Vec<_>>(),
        [(1, Some("contoso")), (3, Some("fabrikam"))]
    );
}

#[test]
fn lines_are_counted_as_an_editor_does() {
    let rows = good("name,cn\na,b\n\n\nc,d\r\n\"e\",f\n");
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 5, 6]);
}

#[test]
fn every_fault_is_found_with_its_line() {
    let found = faults("name,cn\n,x\na,b,c\nd\n\"e,f\ng,h\n");
    assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 4, 5], "{found:?}");
    let found = faults(
        "{\"name\":\"a\",\"dayz\":3,\"cn\":{}}\n[]\n{\"name\":\"a\",\"name\":\"b\"}\n{\"cn\":\"x\"}\n{\n",
    );
    assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 1, 2, 3, 4, 5], "{found:?}");
    assert!(found[0].1.contains("did you mean days?"), "{found:?}");
    let found = faults("name,nane,cn,cn\na,b,c,d\n");
    assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 1], "{found:?}");
    assert_eq!(faults("cn,days\nx,3\n").len(), 1);
    assert_eq!(faults("contoso,Contoso Ltd,730\n").len(), 1);
}

#[test]
fn what_is_no_list_is_named() {
    for (octets, word) in [
        (&b"\xff\xfen\0a\0"[..], "UTF-16"),
        (b"PK\x03\x04", "workbook"),
        (b"\n[\n{\"name\":\"a\"}\n]\n", "JSON array"),
        (b"name\nM\xfcller\n", "line 2"),
        (b"", "without rows"),
        (b"name,cn\n", "without rows"),
        (b"\n \n", "without rows"),
    ] {
        let error = read(&input(octets), None).unwrap_err();
        assert!(error.to_string().contains(word), "{error}");
        assert_eq!(error.file(), Some("list"));
    }
}

proptest! {
    /// Whatever the text, it is read to its end: something comes of it, on lines that it has.
    #[test]
    fn any_text_is_rows_and_faults(text in "[\\PC\n\r\t\",;{}]{0,200}", form in 0..4usize) {
        let form = Form::ALL.get(form).map(|(_, form)| *form);
        if let Ok(list) = read(&input(text.as_bytes()), form) {
            let lines = text.lines().count();
            prop_assert!(list.rows.iter().all(|row| row.line >= 1 && row.line <= lines.max(1)));
            prop_assert!(!list.rows.is_empty() || !list.faults.is_empty());
        }
    }

    /// A cell that is quoted as RFC 4180 says is read as it was.
    #[test]
    fn quoted_cells_keep_what_they_hold(name in "[a-z]{1,8}", cn in "[^\\p{C}\\s][^\\p{C}]{0,20}[^\\p{C}\\s]") {
        let text = format!("name,cn\n{name},\"{}\"\n", cn.replace('"', "\"\""));
        let rows = good(&text);
        prop_assert_eq!(rows[0].request.one(Field::Cn), Some(cn.trim()));
    }
}
