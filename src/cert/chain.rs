//! Ordering certificates into the chain above a leaf. Cycle-safe, linear in their number.

use std::collections::{HashMap, HashSet};

use super::{Certificate, signature};

/// A subject and, where it is stated, a subject key identifier.
type Identity = (Vec<u8>, Option<Vec<u8>>);

/// Certificates among which issuers are looked for.
pub struct Pool {
    certificates: Vec<Certificate>,
    by_subject: HashMap<Vec<u8>, Vec<usize>>,
    by_identity: HashMap<Identity, Vec<usize>>,
    used: Vec<bool>,
    /// How many signatures may still be checked.
    checks_left: usize,
}

/// How many certificates of one name are looked at for one link.
const MOST_CANDIDATES: usize = 16;

/// How many signatures are checked for one file, at some 0.1 ms each. Beyond, names decide.
const MOST_CHECKS: usize = 2_000;

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
        Self {
            used: vec![false; certificates.len()],
            checks_left: MOST_CHECKS,
            certificates,
            by_subject,
            by_identity,
        }
    }

    /// The issuers of `leaf`, nearest first, at most `longest` of them.
    ///
    /// A certificate issues another when its subject is the other's issuer and, where both state
    /// one, its subject key identifier is the other's authority key identifier. Names are not
    /// always enough: a renewed authority keeps its own. So whoever does not state that identifier,
    /// or shares it, is asked for the signature; of several that signed, one whose own issuer is
    /// here comes first, then the one that lasts longest.
    pub fn issuers(&mut self, leaf: &Certificate, longest: usize) -> Vec<Certificate> {
        let mut taken: Vec<usize> = Vec::new();
        let mut current = leaf.clone();
        while !current.is_self_issued() && taken.len() < longest {
            let Some(next) = self.issuer(&current, leaf, &taken) else { break };
            taken.push(next);
            current = self.certificates[next].clone();
        }
        for index in &taken {
            self.used[*index] = true;
        }
        taken.into_iter().map(|index| self.certificates[index].clone()).collect()
    }

    fn issuer(&mut self, current: &Certificate, leaf: &Certificate, taken: &[usize]) -> Option<usize> {
        let free = |index: &usize| !taken.contains(index) && self.certificates[*index] != *leaf;
        let all: Vec<usize> = self.candidates(current).filter(free).take(MOST_CANDIDATES).collect();
        let by_identifier = current.0.authority_key_identifier.is_some();
        if let [only] = all[..]
            && by_identifier
            && self.certificates[only].0.key_identifier == current.0.authority_key_identifier
        {
            return Some(only);
        }
        let mut best = None;
        for index in all {
            let candidate = &self.certificates[index];
            let signed = match self.checks_left {
                0 => None,
                _ => signature::signed_by(current, candidate),
            };
            self.checks_left = self.checks_left.saturating_sub(1);
            if signed == Some(false) {
                continue;
            }
            let goes_on = candidate.is_self_issued() || self.candidates(candidate).next().is_some();
            let rank = (signed == Some(true), goes_on, candidate.not_after());
            if best.as_ref().is_none_or(|(highest, _)| rank > *highest) {
                best = Some((rank, index));
            }
        }
        best.map(|(_, index)| index)
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
