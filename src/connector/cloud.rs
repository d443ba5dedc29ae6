//! Microsoft's clouds: the hosts that serve each, and what Microsoft's programs call it.
//!
//! Signing in and the portal: Microsoft's page "authentication-national-cloud" of Entra's
//! documentation, dated 2025-01-15. Microsoft Graph: the page "deployments" of its own, which for
//! China still names an older host to sign in at. Azure Resource Manager: the hosts in Microsoft's
//! SDK (Azure/azure-sdk-for-js, `getArmEndpoint`). All read on 2026-11-22.

use std::str::FromStr;

use serde::Deserialize;

use crate::error::{Error, Result};

/// A cloud of Microsoft's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cloud {
    /// The commercial cloud, GCC included.
    #[default]
    Global,
    /// US Government L4 (GCC High).
    UsGov,
    /// US Government L5 (DoD).
    Dod,
    /// China, run by 21Vianet.
    China,
}

impl Cloud {
    /// Every cloud, with the word that the command line uses.
    pub const ALL: [(&'static str, Self); 4] =
        [("global", Self::Global), ("usgov", Self::UsGov), ("dod", Self::Dod), ("china", Self::China)];

    /// The word that the command line uses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::UsGov => "usgov",
            Self::Dod => "dod",
            Self::China => "china",
        }
    }

    /// The host where people and apps sign in.
    #[must_use]
    pub fn authority(self) -> &'static str {
        match self {
            Self::Global => "login.microsoftonline.com",
            Self::UsGov | Self::Dod => "login.microsoftonline.us",
            Self::China => "login.partner.microsoftonline.cn",
        }
    }

    /// The host of the Azure portal.
    #[must_use]
    pub fn portal(self) -> &'static str {
        match self {
            Self::Global => "portal.azure.com",
            Self::UsGov | Self::Dod => "portal.azure.us",
            Self::China => "portal.azure.cn",
        }
    }

    /// The host of Microsoft Graph.
    #[must_use]
    pub fn graph(self) -> &'static str {
        match self {
            Self::Global => "graph.microsoft.com",
            Self::UsGov => "graph.microsoft.us",
            Self::Dod => "dod-graph.microsoft.us",
            Self::China => "microsoftgraph.chinacloudapi.cn",
        }
    }

    /// What the Microsoft Graph PowerShell SDK calls it (`Connect-MgGraph -Environment`).
    #[must_use]
    pub fn graph_environment(self) -> &'static str {
        match self {
            Self::Global => "Global",
            Self::UsGov => "USGov",
            Self::Dod => "USGovDoD",
            Self::China => "China",
        }
    }

    /// What the Azure CLI (`az cloud set --name`) and Azure PowerShell (`Connect-AzAccount
    /// -Environment`) call it. They know no name for DoD, whose hosts differ from GCC High's in
    /// Microsoft Graph alone.
    #[must_use]
    pub fn azure_environment(self) -> &'static str {
        match self {
            Self::Global => "AzureCloud",
            Self::UsGov | Self::Dod => "AzureUSGovernment",
            Self::China => "AzureChinaCloud",
        }
    }

    /// The host of Azure Resource Manager.
    #[must_use]
    pub fn resource_manager(self) -> &'static str {
        match self {
            Self::Global => "management.azure.com",
            Self::UsGov | Self::Dod => "management.usgovcloudapi.net",
            Self::China => "management.chinacloudapi.cn",
        }
    }
}

impl FromStr for Cloud {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        Error::parse_word("--cloud", word, &Self::ALL)
    }
}
