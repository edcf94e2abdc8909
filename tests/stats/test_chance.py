from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import false_discovery_control, median_abs_deviation
from statsmodels.stats.meta_analysis import combine_effects

from tiktok_coach.stats.account_effects import paule_mandel, weighted_mean
from tiktok_coach.stats.effects import false_discovery, robust_spread

CHANCES = arrays(float, st.integers(1, 40), elements=st.floats(0, 1))


@given(CHANCES)
def test_false_discoveries_are_bounded_as_scipy_bounds_them(p: np.ndarray) -> None:
    np.testing.assert_allclose(false_discovery(p), false_discovery_control(p))


@given(arrays(float, st.integers(1, 40), elements=st.floats(-1e6, 1e6)))
def test_the_robust_spread_is_scipys(values: np.ndarray) -> None:
    np.testing.assert_allclose(
        robust_spread(values), median_abs_deviation(values, scale="normal"), rtol=1e-9, atol=1e-9
    )


@given(st.integers(0, 2**32))
def test_the_variance_between_accounts_is_that_of_statsmodels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    accounts, questions = int(rng.integers(2, 30)), 5
    variance = rng.uniform(0.01, 1, (accounts, questions))
    effect = rng.normal(0, rng.uniform(0, 2, questions), (accounts, questions)) + rng.normal(0, np.sqrt(variance))
    known_mask = rng.random(effect.shape) < 0.8
    known_mask[:2] = True
    between = paule_mandel(effect, variance, known_mask)
    mean, error = weighted_mean(effect, variance + between, known_mask)
    for place in range(questions):
        rows = known_mask[:, place]
        expected = combine_effects(effect[rows, place], variance[rows, place], method_re="iterated")
        assert between[place] == pytest.approx(float(expected.tau2), abs=1e-9)
        assert (mean[place], error[place]) == pytest.approx((expected.mean_effect_re, expected.sd_eff_w_re))


def test_accounts_without_an_effect_have_no_mean_and_no_variance_between() -> None:
    nothing = np.full((3, 1), np.nan)
    assert paule_mandel(nothing, nothing, np.zeros((3, 1), dtype=bool)).tolist() == [0.0]
    assert np.isnan(weighted_mean(nothing, nothing, np.zeros((3, 1), dtype=bool))).all()
