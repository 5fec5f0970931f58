"""Writes lab/src/test/resources/golden/lab_stats.json: what scipy and numpy, or a calculation from the
definition, give for the intervals and tests of dev.demur.lab.stats.

    python tools/golden/lab_stats.py lab/src/test/resources/golden/lab_stats.json

Where scipy has the method, scipy's number is taken. Tango's and Newcombe's intervals, which it lacks, are
found from their definitions by numeric search: the likelihood is maximised, not solved.
"""

import json
import sys

import numpy as np
import scipy
from scipy import optimize, stats

LEVELS = [0.9, 0.95, 0.99]


def rates():
    for s, n in [(0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (29, 32), (31, 32), (91, 100), (1, 572), (286, 572)]:
        for level in LEVELS:
            test = stats.binomtest(s, n)
            row = {"successes": s, "n": n, "level": level}
            for name, method in [("wilson", "wilson"), ("clopperPearson", "exact")]:
                ci = test.proportion_ci(level, method)
                row[name] = [ci.low, ci.high]
            yield row


def tango(a, b, c, d, level):
    """The differences whose score statistic stays within +-z; nuisance by numeric maximisation."""
    n = a + b + c + d
    z = stats.norm.isf((1 - level) / 2)

    def score(delta):
        # P(only second) = q, P(only first) = q + delta, the rest 1 - 2q - delta.
        low, high = max(0, -delta), (1 - delta) / 2

        def minus_log_likelihood(q):
            terms = [(b, q + delta), (c, q), (a + d, 1 - 2 * q - delta)]
            return -sum(k * np.log(max(p, 1e-300)) for k, p in terms if k)

        grid = np.linspace(low, high, 2001)
        best = grid[np.argmin([minus_log_likelihood(q) for q in grid])]
        step = (high - low) / 2000
        q = optimize.minimize_scalar(
            minus_log_likelihood, bounds=(max(low, best - step), min(high, best + step)),
            method="bounded", options={"xatol": 1e-14}).x
        return (b - c - n * delta) / np.sqrt(n * (2 * q + delta * (1 - delta)))

    estimate = (b - c) / n
    edge = 1 - 1e-9
    low = -1 if estimate <= -1 else optimize.brentq(lambda x: score(x) - z, -edge, estimate, xtol=1e-12)
    high = 1 if estimate >= 1 else optimize.brentq(lambda x: score(x) + z, estimate, edge, xtol=1e-12)
    return [low, high]


def pairs():
    for counts in [(36, 12, 2, 0), (5, 90, 0, 5), (20, 0, 0, 12), (1, 3, 7, 2), (40, 5, 5, 50), (0, 30, 1, 1)]:
        a, b, c, d = counts
        p = stats.binomtest(b, b + c).pvalue if b + c else 1.0
        yield {"counts": counts, "mcNemar": p, "tango": {str(x): tango(a, b, c, d, x) for x in [0.9, 0.95]}}


def fishers():
    for table in [((9, 10), (1, 10)), ((29, 32), (31, 32)), ((0, 5), (0, 9)), ((70, 100), (1, 100))]:
        (a, n), (b, m) = table
        yield {"rates": table, "p": stats.fisher_exact([[a, n - a], [b, m - b]]).pvalue}


def two_samples(random):
    for m, n, digits in [(5, 7, 9), (12, 9, 0), (40, 60, 1), (8, 8, 9)]:
        x = np.round(random.normal(0.5, 1, m), digits)
        y = np.round(random.normal(0, 1, n), digits)
        ties = len(set(x) | set(y)) < m + n
        method = "exact" if not ties and m * n < 2500 else "asymptotic"
        yield {"first": list(x), "second": list(y), "mannWhitney": stats.mannwhitneyu(x, y, method=method).pvalue,
               **auroc(x, y)}
    x, y = np.array([3.0, 4.0, 5.0]), np.array([1.0, 2.0])
    yield {"first": list(x), "second": list(y), "mannWhitney": stats.mannwhitneyu(x, y, method="exact").pvalue,
           **auroc(x, y)}


def auroc(x, y):
    wins = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    area = wins.mean()
    error = np.sqrt(wins.mean(1).var(ddof=1) / len(x) + wins.mean(0).var(ddof=1) / len(y))
    z = stats.norm.isf(0.025)
    half = (len(x) + len(y)) / 2 - 1

    def spread(t):
        return z * np.sqrt(t * (1 - t) * (1 + half * (1 - t) / (2 - t) + half * t / (1 + t)) / (len(x) * len(y)))

    low = 0 if area == 0 else optimize.brentq(lambda t: area - t - spread(t), 0, area - 1e-15, xtol=1e-14)
    high = 1 if area == 1 else optimize.brentq(lambda t: area - t + spread(t), area + 1e-15, 1, xtol=1e-14)
    return {"auroc": area, "deLongError": error, "newcombe": [low, high]}


def agreements():
    for counts in [[[20, 5], [10, 15]], [[118, 5], [2, 0]], [[50, 3, 2], [4, 30, 1], [0, 6, 10]], [[9, 0], [0, 0]]]:
        yield {"counts": counts, **kappa_and_ac1(counts)}


def kappa_and_ac1(counts):
    table = np.array(counts, float)
    n = table.sum()
    first, second = table.sum(1) / n, table.sum(0) / n
    observed = np.trace(table) / n
    chance = sum(p * q for p, q in zip(first, second))
    mean = (first + second) / 2
    gwet = sum(p * (1 - p) for p in mean) / (len(mean) - 1)
    return {"kappa": 1.0 if chance == 1 else (observed - chance) / (1 - chance),
            "ac1": (observed - gwet) / (1 - gwet)}


def holms():
    for p in [[0.01, 0.04, 0.03], [0.5], [0.2, 0.001, 0.001, 0.9, 0.04], [1.0, 0.0]]:
        yield {"p": p, "adjusted": holm_adjusted(p)}


def holm_adjusted(p):
    """From the definition: the largest, over the hypotheses at or before it, of (number left) x p."""
    order = sorted(range(len(p)), key=lambda i: p[i])
    adjusted = [0.0] * len(p)
    for rank, i in enumerate(order):
        adjusted[i] = min(1, max((len(p) - r) * p[order[r]] for r in range(rank + 1)))
    return adjusted


def calibrations():
    """Rogan and Gladen's corrected share, and Lang and Reiczigel's interval of it."""
    for apparent, sens, spec in [((30, 100), (45, 50), (48, 50)), ((0, 40), (20, 20), (19, 20)), ((97, 100), (80, 100), (30, 40))]:
        yield calibrated(apparent, sens, spec)


def calibrated(apparent, sens, spec):
    p, se, sp = (s / n for s, n in (apparent, sens, spec))
    z = stats.norm.isf(0.025)
    n, a, b = apparent[1] + z**2, sens[1] + 2, spec[1] + 2
    p2, se2, sp2 = (apparent[0] + z**2 / 2) / n, (sens[0] + 1) / a, (spec[0] + 1) / b
    centre = (p2 + sp2 - 1) / (se2 + sp2 - 1)
    shift = 2 * z**2 * (centre * se2 * (1 - se2) / a - (1 - centre) * sp2 * (1 - sp2) / b)
    variance = p2 * (1 - p2) / n + centre**2 * se2 * (1 - se2) / a + (1 - centre) ** 2 * sp2 * (1 - sp2) / b
    half = z * np.sqrt(variance) / (se2 + sp2 - 1)
    return {"apparent": apparent, "sensitivity": sens, "specificity": spec,
           "corrected": float(np.clip((p + sp - 1) / (se + sp - 1), 0, 1)),
           "interval": [float(np.clip(centre + shift + s * half, 0, 1)) for s in (-1, 1)]}


def paired_scores(random):
    for n, shift in [(2, 1.0), (7, 0.0), (32, 0.4), (32, -3.0)]:
        x = random.normal(shift, 1, n)
        y = random.normal(0, 2, n)
        test = stats.ttest_rel(x, y)
        yield {"first": list(x), "second": list(y), "mean": (x - y).mean(), "p": test.pvalue,
               "intervals": {str(level): list(test.confidence_interval(level)) for level in LEVELS}}


def bootstraps(random):
    for n, name in [(40, "mean"), (40, "sd")]:
        yield bootstrapped(list(random.exponential(2, n)), name, 200_000)


def bootstrapped(values, name, draws):
    """scipy's bootstrap: of 200,000 draws its own noise is a few thousandths of the interval's width."""
    statistic = np.mean if name == "mean" else lambda v, axis: np.std(v, axis=axis, ddof=1)
    row = {"values": values, "statistic": name}
    for method in ["percentile", "BCa"]:
        ci = stats.bootstrap((np.array(values),), statistic, n_resamples=draws, batch=5000, method=method,
                             random_state=np.random.default_rng(7)).confidence_interval
        row[method] = [float(ci.low), float(ci.high)]
    return row


def summaries(random):
    for n in [1, 2, 7, 40]:
        x = random.normal(3, 2, n)
        yield {"values": list(x), "mean": x.mean(), "sd": x.std(ddof=1) if n > 1 else 0.0,
               "quantiles": {str(q): np.quantile(x, q) for q in [0, 0.025, 0.25, 0.5, 0.9, 1]}}


def main():
    random = np.random.default_rng(20240617)
    out = {
        "made_with": {"scipy": scipy.__version__, "numpy": np.__version__},
        "rates": list(rates()),
        "pairs": list(pairs()),
        "fisher": list(fishers()),
        "twoSamples": list(two_samples(random)),
        "agreement": list(agreements()),
        "holm": list(holms()),
        "calibrations": list(calibrations()),
        "summaries": list(summaries(random)),
        "pairedScores": list(paired_scores(random)),
        "bootstraps": list(bootstraps(random)),
    }
    with open(sys.argv[1], "w") as file:
        json.dump(out, file, indent=1, default=float)
        file.write("\n")


if __name__ == "__main__":
    main()
