# The inverse of a positive definite matrix by numpy's linalg.inv and by LAPACK's potrf + potri, for bench:models.
# Prints one JSON object: seconds of each round. potrf + potri come from scipy, else from numpy's own OpenBLAS.
import ctypes
import glob
import json
import os
import sys
import time

import numpy as np

n, rounds = int(sys.argv[1]), int(sys.argv[2])
random = np.random.default_rng(1)
matrix = random.random((n, n)) * 0.05
matrix = matrix + matrix.T + n * np.eye(n)


def lapack():
    try:
        from scipy.linalg import lapack as routines

        def run(a):
            factor, _ = routines.dpotrf(a, lower=1, overwrite_a=1)
            routines.dpotri(factor, lower=1, overwrite_c=1)

        return run
    except ImportError:
        pass
    folder = os.path.join(os.path.dirname(os.path.dirname(np.__file__)), "numpy.libs")
    for path in glob.glob(os.path.join(folder, "*openblas*")):
        library = ctypes.CDLL(path)
        for prefix, suffix, whole in (("scipy_", "_64_", ctypes.c_int64), ("", "_64_", ctypes.c_int64), ("", "_", ctypes.c_int32)):
            if not hasattr(library, f"{prefix}dpotrf{suffix}"):
                continue
            potrf = getattr(library, f"{prefix}dpotrf{suffix}")
            potri = getattr(library, f"{prefix}dpotri{suffix}")

            def run(a):
                size, failed = whole(n), whole(0)
                data = a.ctypes.data_as(ctypes.POINTER(ctypes.c_double))
                given = (ctypes.c_char_p(b"L"), ctypes.byref(size), data, ctypes.byref(size), ctypes.byref(failed))
                potrf(*given)
                potri(*given)

            return run
    return None


def timed(work):
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


found = {"inv": [timed(lambda: np.linalg.inv(matrix)) for _ in range(rounds)]}
cholesky = lapack()
if cholesky:
    copies = [np.asfortranarray(matrix) for _ in range(rounds)]
    found["potrf + potri"] = [timed(lambda: cholesky(copy)) for copy in copies]
print(json.dumps(found))
