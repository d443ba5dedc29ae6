//! What the scripts do: everything that is missing, nothing twice, and nothing away.

use std::{fs, os::unix::fs::PermissionsExt};

use certkit::connector::{Profile, Registry, profile::Kind};
use serde_json::{Value, json};

use crate::{
    HOSTILE,
    world::{FORMS, REDIRECT, SUBSCRIPTION, TENANT, World},
};

const MICROSOFT_GRAPH: &str = "00000003-0000-0000-c000-000000000000";

/// Everything that a connector has a use for.
fn options<'a>(profile: &Profile, certificate: &'a str) -> Vec<&'a str> {
    let mut options = vec!["--tenant-id", TENANT, "--secret-file", "secret file.txt"];
    if profile.registration.redirect.is_some() {
        options.extend(["--redirect-uri", REDIRECT]);
    }
    if profile.needs_certificate() {
        options.extend(["--cert", certificate]);
    }
    if !profile.roles.is_empty() {
        options.extend(["--subscription", SUBSCRIPTION]);
    }
    options
}

fn permissions(profile: &Profile, kind: Kind) -> usize {
    profile.permissions().filter(|(_, permission)| permission.kind == kind).count()
}

/// `requiredResourceAccess` as Microsoft's pages show it.
fn required_resource_access(profile: &Profile) -> Value {
    let apis = profile.apis.iter().map(|api| {
        let access = api.permissions.iter();
        let access: Vec<Value> =
            access.map(|one| json!({"id": one.id.as_str(), "type": one.kind.word()})).collect();
        json!({"resourceAppId": api.id.as_str(), "resourceAccess": access})
    });
    apis.collect()
}

fn array(value: &Value) -> &Vec<Value> {
    value.as_array().expect("an array")
}

fn principal_of<'a>(state: &'a Value, appid: &Value) -> &'a Value {
    array(&state["servicePrincipals"]).iter().find(|one| one["appId"] == *appid).expect("a service principal")
}

/// The state holds what the profile says, and nothing else.
fn assert_complete(profile: &Profile, state: &Value) {
    let app = &state["applications"][0];
    assert_eq!(array(&state["applications"]).len(), 1);
    assert_eq!(app["displayName"], json!(&*profile.registration.app));
    assert_eq!(app["signInAudience"], profile.registration.audience.sign_in_audience());
    assert_eq!(app["requiredResourceAccess"], required_resource_access(profile));
    let uris = if profile.registration.redirect.is_some() { json!([REDIRECT]) } else { json!([]) };
    assert_eq!(app["web"], json!({ "redirectUris": uris }));
    let principal = principal_of(state, &app["appId"]);
    assert_eq!(array(&principal["appRoleAssignments"]).len(), permissions(profile, Kind::Role));
    for (api, permission) in profile.permissions() {
        let resource = &principal_of(state, &json!(api.id.as_str()))["id"];
        if permission.kind == Kind::Role {
            let granted = array(&principal["appRoleAssignments"])
                .iter()
                .any(|one| one["resourceId"] == *resource && one["appRoleId"] == permission.id.as_str());
            assert!(granted, "{}", permission.value);
        } else {
            let grants = array(&state["oauth2PermissionGrants"]);
            let grant = grants.iter().find(|one| one["resourceId"] == *resource).expect("a grant");
            assert_eq!(
                (&grant["consentType"], &grant["clientId"]),
                (&json!("AllPrincipals"), &principal["id"])
            );
            assert!(grant["scope"].as_str().expect("text").split(' ').any(|word| word == &*permission.value));
        }
    }
    assert_eq!(array(&app["keyCredentials"]).len(), usize::from(profile.needs_certificate()));
    assert_eq!(array(&app["passwordCredentials"]).len(), 1);
    assert_eq!(array(&state["roleAssignments"]).len(), profile.roles.len());
    for (role, held) in profile.roles.iter().zip(array(&state["roleAssignments"])) {
        let held = &held["properties"];
        let scope = format!("/subscriptions/{SUBSCRIPTION}");
        let definition = format!("{scope}/providers/Microsoft.Authorization/roleDefinitions/{}", role.id);
        let expected = json!({"scope": scope, "roleDefinitionId": definition, "principalId": principal["id"], "principalType": "ServicePrincipal"});
        assert_eq!(*held, expected);
    }
}

/// One connector of every kind: with a certificate, with roles and delegated permissions, with an
/// API that is not there, of one organization, without a redirect URI.
const KINDS: [&str; 5] = [
    "zscaler-sharepoint",
    "zscaler-blob-storage",
    "zscaler-mip",
    "snow-atlas-m365-current",
    "zeron-office365",
];

/// A dry run changes nothing, the first run makes everything, the second changes nothing.
#[test]
fn everything_is_made_and_made_once() {
    for form in FORMS {
        let registry = Registry::built_in();
        // The stand-in for az is a program of its own for every call, which takes time.
        let kinds = if form == "az" { &KINDS[..2] } else { &KINDS };
        for profile in kinds.iter().map(|id| registry.get(id).expect("a profile")) {
            let Some(world) = World::new(form) else { return };
            let certificate = world.certificate("new");
            let options = options(profile, &certificate);
            let id = profile.id.as_str();
            let before = world.state();
            let dry = world.run(id, &options, &[("DRY_RUN", "1")]);
            assert!(dry.status.success(), "{form} {id}: {}", crate::common::text(&dry.stderr));
            assert!(crate::common::text(&dry.stderr).contains("would create the app "), "{form} {id}");
            assert_eq!(world.state(), before, "{form} {id}");

            let (printed, _) = world.ok(id, &options);
            let state = world.state();
            assert_complete(profile, &state);
            let client = state["applications"][0]["appId"].as_str().expect("text");
            assert!(printed.starts_with(&format!("client id  {client}\ntenant id  {TENANT}\n")), "{printed}");
            assert!(!world.changes().is_empty());

            world.ok(id, &options);
            assert_eq!(world.changes(), Vec::<Value>::new(), "{form} {id}");
        }
    }
}

/// The secret is in its file, for its owner alone, and nowhere else; nor is a token anywhere.
#[test]
fn secrets_stay_secret() {
    for form in FORMS {
        let Some(world) = World::new(form) else { return };
        let options =
            ["--redirect-uri", REDIRECT, "--secret-file", "s'ecret", "--subscription", SUBSCRIPTION];
        let (out, err) = world.ok("zscaler-blob-storage", &options);
        let secret = world.state()["secrets"][0].as_str().expect("text").to_owned();
        let file = world.path("s'ecret");
        assert_eq!(fs::read_to_string(&file).expect("the secret").trim_end(), secret);
        assert_eq!(fs::metadata(&file).expect("the file").permissions().mode() & 0o777, 0o600);
        for (place, text) in
            [("standard output", out), ("standard error", err), ("an argument", world.arguments())]
        {
            for word in [secret.as_str(), "graph-token-1", "arm-token-1"] {
                assert!(!text.contains(word), "{form}: {word} is in {place}");
            }
        }
        assert!(world.arguments().lines().count() > 5, "{form}: the arguments were looked at");
    }
}

/// An app that is there keeps what it has: permissions, redirect URIs, certificates, secrets, grants.
#[test]
fn an_existing_app_keeps_everything() {
    for form in FORMS {
        let Some(world) = World::new(form) else { return };
        let registry = Registry::built_in();
        let profile = registry.get("zscaler-sharepoint").expect("a profile");
        let (old, new) = (world.certificate("old"), world.certificate("new"));
        let mut existing = options(profile, &old);
        existing.extend(["--app-name", "Contoso"]);
        world.ok(profile.id.as_str(), &existing);
        let kept = json!({"id": "aaaaaaaa-0000-0000-0000-000000000000", "type": "Scope"});
        world.change(|state| {
            let app = &mut state["applications"][0];
            // Of one API a permission is missing and another is there; another API is there besides.
            let graph = app["requiredResourceAccess"][2]["resourceAccess"].as_array_mut().expect("permissions");
            graph.remove(3);
            graph.insert(0, kept.clone());
            let other = json!({"resourceAppId": "99999999-0000-0000-0000-000000000000", "resourceAccess": [kept]});
            app["requiredResourceAccess"].as_array_mut().expect("APIs").insert(0, other);
            app["web"] = json!({"redirectUris": ["https://old.example.com/\"a'b"], "homePageUrl": "https://x.example"});
            state["servicePrincipals"][0]["appRoleAssignments"].as_array_mut().expect("assignments").remove(0);
        });
        let before = world.state();
        let client = before["applications"][0]["appId"].as_str().expect("text").to_owned();
        world.changes();
        world.ok(
            profile.id.as_str(),
            &[
                "--client-id",
                &client,
                "--cert",
                &new,
                "--redirect-uri",
                REDIRECT,
                "--secret-file",
                "second.txt",
            ],
        );
        let after = world.state();
        let (was, is) = (&before["applications"][0], &after["applications"][0]);
        for kind in ["keyCredentials", "passwordCredentials"] {
            assert_eq!(array(&is[kind]).len(), 2, "{form}: {kind}");
            assert_eq!(is[kind][0], was[kind][0], "{form}: {kind}");
        }
        assert_eq!(is["web"]["redirectUris"], json!([was["web"]["redirectUris"][0], REDIRECT]));
        assert_eq!(is["web"]["homePageUrl"], was["web"]["homePageUrl"]);
        assert_eq!(is["requiredResourceAccess"][0], was["requiredResourceAccess"][0]);
        for (was, is) in
            array(&was["requiredResourceAccess"]).iter().zip(array(&is["requiredResourceAccess"]))
        {
            assert_eq!(was["resourceAppId"], is["resourceAppId"]);
            let (was, is) = (array(&was["resourceAccess"]), array(&is["resourceAccess"]));
            assert_eq!(is[..was.len()], was[..], "{form}: what was there");
        }
        let graph =
            array(&is["requiredResourceAccess"]).iter().find(|api| api["resourceAppId"] == MICROSOFT_GRAPH);
        let graph = array(&graph.expect("Microsoft Graph")["resourceAccess"]);
        assert_eq!(graph.len(), array(&required_resource_access(profile)[2]["resourceAccess"]).len() + 1);
        let granted = array(&after["servicePrincipals"][0]["appRoleAssignments"]);
        assert_eq!(granted.len(), permissions(profile, Kind::Role));
        assert_eq!(is["displayName"], "Contoso");
    }
}

/// A grant of delegated permissions that is there gets the missing ones, and keeps its own.
#[test]
fn delegated_permissions_are_added_to_a_grant() {
    for form in FORMS {
        let Some(world) = World::new(form) else { return };
        world.ok("snow-atlas-m365-current", &[]);
        world.change(|state| state["oauth2PermissionGrants"][0]["scope"] = json!(" openid profile "));
        world.ok("snow-atlas-m365-current", &[]);
        let state = world.state();
        assert_eq!(state["oauth2PermissionGrants"][0]["scope"], "openid profile offline_access", "{form}");
        assert_eq!(array(&state["oauth2PermissionGrants"]).len(), 1);
    }
}

/// Names arrive as they were typed, and are found again.
#[test]
fn hostile_names_arrive_intact() {
    for form in FORMS {
        let Some(world) = World::new(form) else { return };
        let uri = "https://admin.example.com/it's;$(id)?a=%27&b=(1)";
        let options = ["--app-name", HOSTILE, "--redirect-uri", uri];
        world.ok("zscaler-mip", &options);
        let state = world.state();
        assert_eq!(state["applications"][0]["displayName"], HOSTILE, "{form}");
        assert_eq!(state["applications"][0]["web"]["redirectUris"], json!([uri]), "{form}");
        world.changes();
        world.ok("zscaler-mip", &options);
        assert_eq!(world.changes(), Vec::<Value>::new(), "{form}");
        // The same name in other letters is another app's.
        let other = HOSTILE.to_uppercase();
        world.ok("zscaler-mip", &["--app-name", &other, "--redirect-uri", uri]);
        assert_eq!(array(&world.state()["applications"]).len(), 2, "{form}");
    }
}
