//! Ordering certificates into the chain above a leaf. Cycle-safe, linear in their number.

use std::collections::{HashMap, HashSet};

use super::Certificate;

/// A subject and, where it is stated, a subject key identifier.
type Identity = (Vec<u8>, Option<Vec<u8>>);

/// Certificates among which issuers are looked for.
pub struct Pool {
    certificates: Vec<Certificate>,
    by_subject: HashMap<Vec<u8>, Vec<usize>>,
    by_identity: HashMap<Identity, Vec<usize>>,
    used: Vec<bool>,
}

impl Pool {
    /// A pool of `certificates`, whose order is kept.
    #[must_use]
    pub fn new(certificates: Vec<Certificate>) -> Self {
        let mut by_subject: HashMap<_, Vec<usize>> = HashMap::new();
        let mut by_identity: HashMap<Identity, Vec<usize>> = HashMap::new();
        let mut seen = HashSet::new();
        for (index, certificate) in certificates.iter().enumerate() {
            // Copies of one certificate are one candidate.
            if seen.insert(certificate.0.der.as_slice()) {
                let subject = certificate.0.subject_der.clone();
                by_subject.entry(subject.clone()).or_default().push(index);
                by_identity.entry((subject, certificate.0.key_identifier.clone())).or_default().push(index);
            }
        }
        Self { used: vec![false; certificates.len()], certificates, by_subject, by_identity }
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
            let free = |index: &usize| !taken.contains(index) && self.certificates[*index] != *leaf;
            let Some(next) = self.candidates(current).find(free) else { break };
            taken.push(next);
            current = &self.certificates[next];
        }
        for index in &taken {
            self.used[*index] = true;
        }
        taken.into_iter().map(|index| self.certificates[index].clone()).collect()
    }

    /// Certificates that could have issued `subject`: by key identifier, then those that state
    /// none. No list is walked past those already taken, so the cost stays linear however many
    /// certificates share one name.
    fn candidates(&self, subject: &Certificate) -> impl Iterator<Item = usize> + '_ {
        let with_key = |key: Option<&Vec<u8>>| {
            self.by_identity.get(&(subject.0.issuer_der.clone(), key.cloned())).map_or(&[][..], Vec::as_slice)
        };
        let (first, second) = match &subject.0.authority_key_identifier {
            Some(wanted) => (with_key(Some(wanted)), with_key(None)),
            None => (self.by_subject.get(&subject.0.issuer_der).map_or(&[][..], Vec::as_slice), &[][..]),
        };
        first.iter().chain(second).copied()
    }

    /// For each certificate, in order, whether it was given out as an issuer.
    #[must_use]
    pub fn used(&self) -> &[bool] {
        &self.used
    }
}

/// Whether each certificate names the next one as its issuer.
#[must_use]
pub fn is_ordered(chain: &[Certificate]) -> bool {
    chain.windows(2).all(|pair| pair[0].0.issuer_der == pair[1].0.subject_der)
}
