//! The kinds of models by name: what can be fitted and what can be loaded.

use super::bayes::{self, Bayes, BayesParams};
use super::logistic::{self, Logistic, LogisticParams};
use super::multilabel::{self, MultiLabel};
use super::network::{self, Network, NetworkParams};
use super::stack::{self, Stack, StackParams};
use super::svm::{self, Svm, SvmParams};
use super::tree::boosting::{self, Boosting, BoostingParams};
use super::tree::forest::{self, Forest, ForestParams, TreeParams};
use super::vote::{self, View, Vote, VoteParams, Voter};
use super::{Classifier, Fit, Saved};
use crate::error::{Error, Result};

/// Names of all kinds.
pub const KINDS: [&str; 9] = [logistic::KIND, svm::KIND, network::KIND, forest::TREE, forest::FOREST, boosting::KIND, bayes::KIND, vote::KIND, stack::KIND];

/// The cost of an error for support vectors as a share of the strength of a logistic regression: the squared hinge rises faster.
const COST_OF_STRENGTH: f64 = 0.05;

/// How much weaker the penalty of a second voter by support vectors is: phrases with rare names want a weak one, others a strong one.
const WEAKER: f64 = 4.0;

/// Settings of a vote. Where there are views, support vectors and a network vote on each, support vectors once more on the narrowest.
fn voters(strength: f64, views: Vec<View>) -> Result<VoteParams> {
    let voter = |kind: &str, strength: f64, view: Option<usize>| Ok(Voter { params: settings(kind, strength)?, view });
    let mut voters = Vec::new();
    for view in 0..views.len() {
        voters.push(voter(svm::KIND, strength, Some(view))?);
        voters.push(voter(network::KIND, strength, Some(view))?);
    }
    match views.len().checked_sub(1) {
        Some(narrowest) => voters.push(voter(svm::KIND, WEAKER * strength, Some(narrowest))?),
        None => voters.extend([voter(svm::KIND, strength, None)?, voter(network::KIND, strength, None)?]),
    }
    Ok(VoteParams { voters, views })
}

/// Settings of a kind that may see parts of the columns apart.
///
/// # Errors
/// [`Error::Setting`] where no kind has the name.
pub fn settings_with(kind: &str, strength: f64, views: Vec<(Vec<u32>, usize)>) -> Result<Box<dyn Fit>> {
    if kind == vote::KIND {
        return Ok(Box::new(voters(strength, views.into_iter().map(|(columns, scaled)| View { columns, scaled }).collect())?));
    }
    settings(kind, strength)
}

/// Settings of a kind; `strength` is the inverse of its penalty where it has one.
///
/// # Errors
/// [`Error::Setting`] where no kind has the name.
pub fn settings(kind: &str, strength: f64) -> Result<Box<dyn Fit>> {
    Ok(match kind {
        logistic::KIND => Box::new(LogisticParams { l2: 1.0 / strength, ..LogisticParams::default() }),
        svm::KIND => Box::new(SvmParams { cost: strength * COST_OF_STRENGTH, ..SvmParams::default() }),
        network::KIND => Box::new(NetworkParams::default()),
        forest::TREE => Box::new(TreeParams::default()),
        forest::FOREST => Box::new(ForestParams::default()),
        boosting::KIND => Box::new(BoostingParams::default()),
        bayes::KIND => Box::new(BayesParams::default()),
        // Boosting and the single tree are left out below: the one costs more than all others together, the other is in the forest.
        stack::KIND => {
            let below = [logistic::KIND, svm::KIND, forest::FOREST, bayes::KIND];
            Box::new(StackParams { kinds: below.iter().map(|kind| settings(kind, strength)).collect::<Result<_>>()?, folds: 4, l2: 1.0 })
        }
        vote::KIND => Box::new(voters(strength, Vec::new())?),
        _ => return Err(Error::Setting(format!("--kind: expected one of {}, found `{kind}`", KINDS.join(", ")))),
    })
}

/// A model of a kind from its tensors and settings.
///
/// # Errors
/// [`Error::Model`] where no kind has the name or the tensors do not fit together.
pub fn load(kind: &str, saved: &Saved) -> Result<Box<dyn Classifier>> {
    Ok(match kind {
        logistic::KIND => Box::new(Logistic::load(saved)?),
        svm::KIND => Box::new(Svm::load(saved)?),
        network::KIND => Box::new(Network::load(saved)?),
        forest::TREE => Box::new(Forest::load(forest::TREE, saved)?),
        forest::FOREST => Box::new(Forest::load(forest::FOREST, saved)?),
        boosting::KIND => Box::new(Boosting::load(saved)?),
        bayes::KIND => Box::new(Bayes::load(saved)?),
        vote::KIND => Box::new(Vote::load(saved)?),
        stack::KIND => Box::new(Stack::load(saved)?),
        multilabel::KIND => Box::new(MultiLabel::load(saved)?),
        _ => return Err(Error::Model(format!("expected a kind of {}, found `{kind}`; the model may come from a newer version", KINDS.join(", ")))),
    })
}
