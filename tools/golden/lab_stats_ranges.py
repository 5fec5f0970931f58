"""Writes lab/src/test/resources/golden/lab_stats_ranges.json: what scipy gives for the tests and intervals of
dev.demur.lab.stats over their whole practical range.

    python tools/golden/lab_stats_ranges.py lab/src/test/resources/golden/lab_stats_ranges.json

Where every input is asked, the file has two sums a row in place of the values: of p and of ln p. A p-value that is wrong
by one part in ten million changes them. Where inputs are drawn, the file has each with its value. Tango's, Newcombe's, and
Lang and Reiczigel's intervals, Gwet's AC1 and Holm's correction, which scipy lacks, come from their definitions.
Takes about five minutes on one core.
"""

import json
import sys

import numpy as np
import scipy
from scipy import stats

from lab_stats import auroc, bootstrapped, calibrated, holm_adjusted, kappa_and_ac1, tango

LEVELS = [0.9, 0.95, 0.99]
MOST_PAIRS = 160
MOST_MARGIN = 40
MOST_N = 200


def sums(values):
    values = np.asarray(values, float)
    return [float(values.sum()), float(np.log(values[values > 0]).sum())]


def mcnemar():
    """Row b: all c from 0 to 160."""
    for b in range(MOST_PAIRS + 1):
        yield sums([stats.binomtest(b, b + c).pvalue if b + c else 1.0 for c in range(MOST_PAIRS + 1)])


def fisher():
    """A row for each pair of totals n <= m: all a of n against all b of m."""
    for n in range(1, MOST_MARGIN + 1):
        for m in range(n, MOST_MARGIN + 1):
            seen = {}  # turning a table round leaves its p-value
            for a in range(n + 1):
                for b in range(m + 1):
                    turned = seen.get((n - a, m - b))
                    seen[a, b] = stats.fisher_exact([[a, n - a], [b, m - b]]).pvalue if turned is None else turned
            p = list(seen.values())
            yield {"totals": [n, m], "sums": sums(p)}


def fisher_large(random):
    for _ in range(300):
        n, m = (int(x) for x in random.integers(41, 1500, 2))
        a = int(random.binomial(n, random.uniform()))
        b = int(np.clip(round(m * (a / n + random.normal(0, 0.05))), 0, m))
        yield {"rates": [[a, n], [b, m]], "p": stats.fisher_exact([[a, n - a], [b, m - b]]).pvalue}


def rates():
    """A row for each n: the ends of all counts 0 to n. Clopper and Pearson's by quantiles of the beta distribution."""
    for n in [*range(1, MOST_N + 1), 572, 1000, 5000]:
        s = np.arange(n + 1)
        row = {"n": n, "levels": {}}
        for level in LEVELS:
            tail = (1 - level) / 2
            low = np.where(s == 0, 0, stats.beta.ppf(tail, np.maximum(s, 1e-9), n - s + 1))
            high = np.where(s == n, 1, stats.beta.isf(tail, s + 1, np.maximum(n - s, 1e-9)))
            wilson = [stats.binomtest(int(k), n).proportion_ci(level, "wilson") for k in s]
            row["levels"][str(level)] = {
                "clopperPearson": [sums(low), sums(high)],
                "wilson": [sums([w.low for w in wilson]), sums([w.high for w in wilson])],
            }
        yield row


def bounds():
    """How many of n may lie above a threshold: the most whose probability stays within 1 - confidence."""
    for rate in [0.001, 0.01, 0.02, 0.05, 0.1, 0.25]:
        for confidence in LEVELS:
            n = np.arange(1, 1501)
            k = np.arange(0, 460)
            allowed = (stats.binom.cdf(k[None, :], n[:, None], rate) <= 1 - confidence).sum(1) - 1
            fewest = int(n[allowed >= 0][0]) if (allowed >= 0).any() else -1
            yield {"rate": rate, "confidence": confidence, "fewest": fewest, "sum": int(allowed[allowed >= 0].sum()),
                   "weighted": int((allowed * n)[allowed >= 0].sum())}


def samples_with_u(m, n, u):
    """Two samples without ties in which m values stand above n others u times in all."""
    below, x = u, []
    for i in range(m):
        x.append(min(n, below) + 0.5 + 0.01 * i / m)
        below -= min(n, below)
    return x, list(range(1, n + 1))


def mann_whitney():
    """A row for each pair of sizes: all values of U, by the exact distribution."""
    for m in range(1, 13):
        for n in range(1, 13):
            p = [stats.mannwhitneyu(*samples_with_u(m, n, u), method="exact").pvalue for u in range(m * n + 1)]
            yield {"sizes": [m, n], "sums": sums(p)}


def two_samples(random):
    """Sizes up to 120, with and without ties. Exact without ties below 50 values each, else asymptotic."""
    for i in range(300):
        m, n = (int(x) for x in random.integers(1 if i % 3 else 2, 40 if i % 2 else 120, 2))
        digits = int(random.integers(0, 2)) if i % 3 else 4
        x = np.round(random.normal(random.uniform(-1, 1), 1, m), digits)
        y = np.round(random.normal(0, random.uniform(0.5, 2), n), digits)
        if len(set(x) | set(y)) < 2 or m < 2 or n < 2:
            continue
        ties = len(set(x) | set(y)) < m + n
        method = "asymptotic" if ties or max(m, n) >= 50 else "exact"
        yield {"first": list(x), "second": list(y),
               "mannWhitney": stats.mannwhitneyu(x, y, method=method).pvalue, **auroc(x, y)}


def student(random):
    """Differences of every size 2 to 200, over twelve orders of magnitude."""
    for n in range(2, MOST_N + 1):
        scale = 10.0 ** random.integers(-6, 7)
        x = random.normal(random.normal(0, 2 / np.sqrt(n)), 1, n) * scale
        x = rounded(x)
        test = stats.ttest_rel(x, np.zeros(n))
        yield {"values": x, "mean": float(np.mean(x)), "p": test.pvalue,
               "intervals": {str(level): list(test.confidence_interval(level)) for level in LEVELS}}


def rounded(values):
    return [float(f"{v:.4g}") for v in values]


def reaches():
    """Quantiles of Student's distribution far out, as bounds corrected for many decisions take them."""
    for n in [2, 3, 4, 8, 16, 32, 64, 128, 256]:
        for error in [0.05, 1e-3, 1e-5, 1e-7]:
            yield {"n": n, "error": error, "quantile": stats.t.isf(error, n - 1)}


def tangos(random):
    made = 0
    while made < 150:
        n = int(random.integers(1, 200))
        counts = [int(x) for x in random.multinomial(n, random.dirichlet([0.5, 0.5, 0.5, 0.5]))]
        if counts[1] + counts[2] in (0, n):  # the score at the estimate is 0/0 there
            continue
        made += 1
        yield {"counts": counts, "interval": tango(*counts, 0.95)}


def agreements(random):
    for _ in range(300):
        k = int(random.integers(2, 6))
        share = random.dirichlet(np.full(k * k, 0.4))
        counts = random.multinomial(int(random.integers(1, 400)), share).reshape(k, k)
        yield {"counts": counts.tolist(), **kappa_and_ac1(counts.tolist())}


def holms(random):
    for _ in range(300):
        p = np.round(random.uniform(0, 1, int(random.integers(1, 40))) ** 3, int(random.integers(1, 9)))
        yield {"p": p.tolist(), "adjusted": holm_adjusted(p.tolist())}


def calibrations(random):
    made = 0
    while made < 300:
        n = [int(x) for x in random.integers(1, 300, 3)]
        share = [random.uniform(), random.uniform(0.5, 1), random.uniform(0.5, 1)]
        apparent, sens, spec = ([int(random.binomial(k, s)), k] for k, s in zip(n, share))
        youden = sens[0] / sens[1] + spec[0] / spec[1]
        adjusted = (sens[0] + 1) / (sens[1] + 2) + (spec[0] + 1) / (spec[1] + 2)
        if youden > 1.001 and adjusted > 1.001:
            made += 1
            yield calibrated(apparent, sens, spec)


def bootstraps(random):
    for n in [8, 20, 100]:
        for name, x in [("mean", random.exponential(2, n)), ("sd", random.normal(0, 3, n)),
                        ("mean", (random.uniform(0, 1, n) < 0.3).astype(float))]:
            yield bootstrapped([float(v) for v in x], name, 100_000)


def quantiles(random):
    for n in range(1, 61):
        x = rounded(random.normal(0, 10.0 ** random.integers(-3, 4), n))
        points = [0, 0.005, 0.025, 0.05, 0.25, 1 / 3, 0.5, 0.9, 0.95, 0.975, 0.995, 1]
        yield {"values": x, "points": points, "quantiles": [float(v) for v in np.quantile(x, points)]}


def main():
    random = np.random.default_rng(20250611)
    out = {
        "made_with": {"scipy": scipy.__version__, "numpy": np.__version__},
        "mcNemar": list(mcnemar()),
        "rates": list(rates()),
        "bounds": list(bounds()),
        "mannWhitney": list(mann_whitney()),
        "fisherLarge": list(fisher_large(random)),
        "twoSamples": list(two_samples(random)),
        "student": list(student(random)),
        "reaches": list(reaches()),
        "tango": list(tangos(random)),
        "agreement": list(agreements(random)),
        "holm": list(holms(random)),
        "calibrations": list(calibrations(random)),
        "quantiles": list(quantiles(random)),
        "bootstraps": list(bootstraps(random)),
        "fisher": list(fisher()),
    }
    with open(sys.argv[1], "w") as file:
        rows = ",\n".join(
            f'"{name}": [\n' + ",\n".join(json.dumps(row, default=float) for row in value) + "\n]"
            if isinstance(value, list) else f'"{name}": {json.dumps(value)}'
            for name, value in out.items())
        file.write("{\n" + rows + "\n}\n")


if __name__ == "__main__":
    main()
