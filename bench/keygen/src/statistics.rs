//! What samples say: means, medians and ratios, with intervals.
//!
//! How long a search for primes takes is luck, and its times are far from normally distributed. So
//! intervals come from the bootstrap: the samples are drawn again with replacement, many times, and
//! the interval holds the middle 95 % of what is then computed. The draws start from a fixed seed, so that
//! the same samples make the same page.

/// How often samples are drawn again.
const RESAMPLES: usize = 10_000;
/// The ranks between which 95 % of the resamples lie.
const RANKS: (usize, usize) = (RESAMPLES * 25 / 1000, RESAMPLES * 975 / 1000);

/// A figure and its 95 % interval.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Estimate {
    pub(crate) value: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// The mean of at least one sample.
pub(crate) fn mean(samples: &[f64]) -> Estimate {
    estimate(average(samples), resampled_means(samples, 1))
}

/// The mean of the one divided by the mean of the other, each of at least one sample. The two are
/// drawn again independently.
pub(crate) fn ratio(dividend: &[f64], divisor: &[f64]) -> Estimate {
    let (above, below) = (resampled_means(dividend, 1), resampled_means(divisor, 2));
    let quotients = above.iter().zip(&below).map(|(above, below)| above / below).collect();
    estimate(average(dividend) / average(divisor), quotients)
}

/// The median of at least one sample; of an even number, the upper one of the two in the middle.
pub(crate) fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

fn estimate(value: f64, mut resampled: Vec<f64>) -> Estimate {
    resampled.sort_by(f64::total_cmp);
    Estimate { value, low: resampled[RANKS.0], high: resampled[RANKS.1] }
}

fn average(samples: &[f64]) -> f64 {
    samples.iter().sum::<f64>() / samples.len() as f64
}

fn resampled_means(samples: &[f64], seed: u64) -> Vec<f64> {
    let mut random = SplitMix(seed);
    let mut draw = || samples[random.below(samples.len())];
    let mut resample = || (0..samples.len()).map(|_| draw()).sum::<f64>() / samples.len() as f64;
    (0..RESAMPLES).map(|_| resample()).collect()
}

/// The generator SplitMix64 (Steele, Lea, Flood 2014): good enough to draw samples, and four lines.
struct SplitMix(u64);

impl SplitMix {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((u128::from(mixed ^ (mixed >> 31)) * bound as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of an even spread over 0 to 99 the mean's standard error is 28.9 / √100 = 2.89, and its 95 %
    /// interval reaches 1.96 times as far to either side.
    #[test]
    fn the_interval_of_a_mean_is_as_theory_has_it() {
        let samples: Vec<f64> = (0..100).map(f64::from).collect();
        let mean = mean(&samples);
        assert_eq!(mean.value, 49.5);
        for (found, expected) in [(mean.low, 49.5 - 5.66), (mean.high, 49.5 + 5.66)] {
            assert!((found - expected).abs() < 0.3, "{found} where {expected} is expected");
        }
    }

    /// Fieller's interval of the quotient of two such means, 149.5 / 49.5, is 2.69 to 3.43.
    #[test]
    fn the_interval_of_a_ratio_is_as_theory_has_it() {
        let divisor: Vec<f64> = (0..100).map(f64::from).collect();
        let dividend: Vec<f64> = (100..200).map(f64::from).collect();
        let ratio = ratio(&dividend, &divisor);
        assert!((ratio.value - 149.5 / 49.5).abs() < 1e-12);
        for (found, expected) in [(ratio.low, 2.69), (ratio.high, 3.43)] {
            assert!((found - expected).abs() < 0.04, "{found} where {expected} is expected");
        }
    }

    #[test]
    fn the_median_stands_in_the_middle() {
        assert_eq!(median(&[9.0, 1.0, 5.0]), 5.0);
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), 3.0);
    }
}
