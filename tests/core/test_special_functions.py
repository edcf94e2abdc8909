"""SciPy's special functions come alone, and the rest of their package is there as soon as it is wanted."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import scipy.special

from tiktok_coach.core import special_functions


def answer(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_they_are_scipys_own() -> None:
    for name in special_functions.__all__:
        assert getattr(special_functions, name) is getattr(scipy.special, name)


def test_the_rest_of_the_package_waits_until_it_is_wanted() -> None:
    code = """
import sys
from tiktok_coach.core.special_functions import ndtr
import scipy.special
print(ndtr(0.0), scipy.special.ndtr is ndtr, "numpy.f2py" in sys.modules, "scipy.linalg" in sys.modules)
print(round(float(scipy.special.logsumexp([0.0, 0.0])), 3), scipy.special.ndtr is ndtr, type(scipy.special).__name__)
"""
    assert answer(code).splitlines() == ["0.5 True False False", "0.693 True module"]


def test_libraries_that_rest_on_the_package_find_all_of_it() -> None:
    code = """
from tiktok_coach.core.special_functions import stdtrit
import scipy.stats, scipy.signal, scipy.optimize
from scipy.special import comb
print(round(float(scipy.stats.t.ppf(0.9, 3) - stdtrit(3, 0.9)), 9), int(comb(4, 2)))
"""
    assert answer(code) == "0.0 6"


def test_a_name_that_there_is_not_is_an_error_as_ever() -> None:
    code = """
import tiktok_coach.core.special_functions, scipy.special
for time in range(2):
    try:
        scipy.special.nonesuch
    except AttributeError as error:
        print("nonesuch" in str(error))
"""
    assert answer(code).splitlines() == ["True", "True"]


@pytest.mark.parametrize("first", ["import scipy.special", "import scipy.stats", "pass"])
def test_what_was_imported_before_stays_as_it_is(first: str) -> None:
    code = f"""
{first}
import sys
before = sys.modules.get("scipy.special")
from tiktok_coach.core.special_functions import ndtr
print(before is None or (sys.modules["scipy.special"] is before and before.ndtr is ndtr))
"""
    assert answer(code) == "True"


def test_they_work_on_arrays() -> None:
    assert special_functions.ndtr(np.array([0.0, np.inf])).tolist() == [0.5, 1.0]
