from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import false_discovery_control, median_abs_deviation

from tiktok_coach.stats.multiple_testing import false_discovery, robust_spread

CHANCES = arrays(float, st.integers(1, 40), elements=st.floats(0, 1))


@given(CHANCES)
def test_false_discoveries_are_bounded_as_scipy_bounds_them(p: np.ndarray) -> None:
    np.testing.assert_allclose(false_discovery(p), false_discovery_control(p))


@given(arrays(float, st.integers(1, 40), elements=st.floats(-1e6, 1e6)))
def test_the_robust_spread_is_scipys(values: np.ndarray) -> None:
    np.testing.assert_allclose(
        robust_spread(values), median_abs_deviation(values, scale="normal"), rtol=1e-9, atol=1e-9
    )
