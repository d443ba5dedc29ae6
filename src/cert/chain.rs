//! Ordering certificates into the chain above a leaf. Cycle-safe, linear in their number.

use std::collections::HashMap;

use super::Certificate;

/// Certificates among which issuers are looked for.
pub struct Pool {
    certificates: Vec<Certificate>,
    by_subject: HashMap<Vec<u8>, Vec<usize>>,
    used: Vec<bool>,
}

impl Pool {
    /// A pool of `certificates`, whose order is kept.
    #[must_use]
    pub fn new(certificates: Vec<Certificate>) -> Self {
        let mut by_subject: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
        for (index, certificate) in certificates.iter().enumerate() {
            by_subject.entry(certificate.subject_der.clone()).or_default().push(index);
        }
        Self { used: vec![false; certificates.len()], certificates, by_subject }
    }

    /// The issuers of `leaf`, nearest first, at most `longest` of them.
    ///
    /// A certificate issues another when its subject is the other's issuer and, where both state
    /// one, its subject key identifier is the other's authority key identifier. Signatures are
    /// not checked: the order is the question here, not trust.
    pub fn issuers(&mut self, leaf: &Certificate, longest: usize) -> Vec<Certificate> {
        let mut taken: Vec<usize> = Vec::new();
        let mut current = leaf;
        while !current.is_self_issued() && taken.len() < longest {
            let candidates = self.by_subject.get(&current.issuer_der).map_or(&[][..], Vec::as_slice);
            let next = candidates.iter().copied().find(|index| {
                let issuer = &self.certificates[*index];
                !taken.contains(index) && issuer != leaf && could_have_signed(issuer, current)
            });
            let Some(next) = next else { break };
            taken.push(next);
            current = &self.certificates[next];
        }
        for index in &taken {
            self.used[*index] = true;
        }
        taken.into_iter().map(|index| self.certificates[index].clone()).collect()
    }

    /// For each certificate, in order, whether it was given out as an issuer.
    #[must_use]
    pub fn used(&self) -> &[bool] {
        &self.used
    }
}

fn could_have_signed(issuer: &Certificate, subject: &Certificate) -> bool {
    match (&subject.authority_key_identifier, &issuer.key_identifier) {
        (Some(wanted), Some(has)) => wanted == has,
        _ => true,
    }
}

/// Whether each certificate names the next one as its issuer.
#[must_use]
pub fn is_ordered(chain: &[Certificate]) -> bool {
    chain.windows(2).all(|pair| pair[0].issuer_der == pair[1].subject_der)
}
