"""Writes Programs/*.expected of the examples of linear algebra: what each has to print, computed by NumPy.

The random numbers are Philox's, drawn here after Sources/CKernels/Random.c; the digits are those of
Sources/CDigits. All else is NumPy's, by other ways than the examples' where there are some.
"""

import pathlib
import re

import pins

pins.check("numpy")

import numpy as np

ROOT = pathlib.Path(__file__).parents[2]
PROGRAMS = pathlib.Path(__file__).with_name("Programs")


class Random:
    """Philox 4x32-10 by counters: doubles of 53 bits, two a block."""

    def __init__(self, seed):
        self.seed, self.offset = seed, 0

    def block(self, index):
        c, key0, key1 = [index & 0xFFFFFFFF, index >> 32, 0, 1 << 24], self.seed & 0xFFFFFFFF, self.seed >> 32
        for _ in range(10):
            product0, product1 = c[0] * 0xD2511F53, c[2] * 0xCD9E8D57
            c = [
                product1 >> 32 ^ c[1] ^ key0,
                product1 & 0xFFFFFFFF,
                product0 >> 32 ^ c[3] ^ key1,
                product0 & 0xFFFFFFFF,
            ]
            key0, key1 = (key0 + 0x9E3779B9) & 0xFFFFFFFF, (key1 + 0xBB67AE85) & 0xFFFFFFFF
        return [((c[i] >> 5) * 2.0**26 + (c[i + 1] >> 6)) * 2.0**-53 for i in (0, 2)]

    def units(self, count):
        places = range(self.offset, self.offset + count)
        self.offset += count
        return [(*self.block(place // 2), place % 2) for place in places]

    def uniform(self, shape, lower, upper):
        values = [lower + (upper - lower) * pair[pair[2]] for pair in self.units(int(np.prod(shape)))]
        return np.reshape(values, shape)

    def normal(self, shape, deviation=1.0):
        values = []
        for u, v, odd in self.units(int(np.prod(shape))):
            radius, angle = np.sqrt(-2 * np.log(u + 2.0**-53)), 2 * np.pi * v - np.pi / 4
            values.append(radius * (np.sin(angle) if odd else np.cos(angle)))
        return deviation * np.reshape(values, shape)


def columns(values):
    return "".join(f"{value:9.3f}" for value in values)


def regression():
    truth, random, lines = np.array([2, -1, 0.5, 1]), Random(3), []
    features = random.normal([200, 3])
    repeated = features[:, :1] + random.normal([200, 1], 0.1)
    all_x = np.concatenate([features, repeated], axis=1)
    all_y = 4 + all_x @ truth + random.normal([200])
    x, y, test_x, test_y = all_x[:20], all_y[:20], all_x[20:], all_y[20:]

    def share(y, prediction):
        return 1 - ((y - prediction) ** 2).sum() / ((y - y.mean()) ** 2).sum()

    a = np.concatenate([np.ones([20, 1]), x], axis=1)
    w, residuals, rank, _ = np.linalg.lstsq(a, y)
    lines += [
        f"20 rows to fit, 180 to test; rank {rank}, residual {columns(residuals)}",
        "weights              4 +     x0       x1       x2       x3",
        "truth            " + columns([4, *truth]),
        "lstsq            " + columns(w),
        "normal equations " + columns(np.linalg.inv(a.T @ a) @ a.T @ y),
        "R² of the fit    " + columns([share(y, a @ w)]),
        "",
        "ridge     λ      x0       x1       x2       x3   R² fit  R² test",
    ]
    mean_x, mean_y = x.mean(axis=0), y.mean()
    u, s, vt = np.linalg.svd(x - mean_x, full_matrices=False)
    for penalty in [0, 0.1, 0.3, 1, 3, 10]:
        w = vt.T @ (s / (s**2 + penalty) * (u.T @ (y - mean_y)))
        quality = [share(b, (a - mean_x) @ w + mean_y) for a, b in [(x, y), (test_x, test_y)]]
        lines.append(f"{penalty:11.1f}" + columns([*w, *quality]))
    w, _, rank, _ = np.linalg.lstsq(np.concatenate([a, np.zeros([20, 1])], axis=1), y)
    return lines + [
        "",
        "with a feature that is always 0",
        "solve: the matrix is not positive definite: pivot 5 is not positive, condition number about inf",
        f"lstsq, rank {rank}   " + columns(w),
    ]


def pixels():
    body = re.search(r" pixels\[[^{]*\{([^}]*)\}", (ROOT / "Sources/CDigits/Digits.c").read_text())[1]
    return np.array([int(number) for number in re.findall(r"\d+", body)], float).reshape(-1, 64)


def pca():
    images, lines = pixels(), []
    mean = images.mean(axis=0)
    centred = images - mean
    variances, vectors = np.linalg.eigh(np.cov(images.T))
    variances, vectors = variances[::-1], vectors[:, ::-1]
    ratios = variances / variances.sum()
    lines += [
        "1797 digits of 8 x 8 pixels: variance along the first principal components",
        "component  variance     share  together",
    ]
    for i in range(10):
        lines.append(f"{i + 1:9d}{variances[i]:10.1f}{ratios[i]:10.4f}{ratios[: i + 1].sum():10.4f}")
    lines += ["", "root mean square error of a pixel, rebuilt from k components"]
    for k in [1, 2, 5, 10, 20, 40, 64]:
        guess = centred @ vectors[:, :k] @ vectors[:, :k].T + mean
        if k == 10:
            rebuilt = guess
        lines.append(f"{k:9d}{np.sqrt(((guess - images) ** 2).mean()):10.3f}")
    lines += ["", "a zero and what ten components keep of it"]
    shade = lambda ink: " .:-=+*#%@"[min(max(int(ink * 10 / 16.5), 0), 9)] * 2
    for left, right in zip(images[0].reshape(8, 8), rebuilt[0].reshape(8, 8)):
        lines.append("|" + "".join(map(shade, left)) + "|   |" + "".join(map(shade, right)) + "|")
    return lines


def gaussian_process():
    random = Random(3)
    x = random.uniform([40], -4.0, 4.0)
    y = np.sin(x) + x / 3 + random.normal([40], 0.2)
    logs, first, second = np.zeros(3), np.zeros(3), np.zeros(3)
    lines = ["step  log likelihood    length amplitude     noise"]

    def kernel(a, b):
        return np.exp(2 * logs[1] - ((a[:, None] - b) / np.exp(logs[0])) ** 2 / 2)

    for step in range(201):
        signal, noise = kernel(x, x), np.exp(2 * logs[2]) * np.eye(40)
        inverse = np.linalg.inv(signal + noise)
        alpha = inverse @ y
        value = -y @ alpha / 2 - np.linalg.slogdet(signal + noise)[1] / 2 - 20 * np.log(2 * np.pi)
        if step % 40 == 0:
            lines.append(f"{step:4d}{value:16.2f}" + "".join(f"{number:10.3f}" for number in np.exp(logs)))
        # ∂ log p = ½ tr((α αᵀ − (K + noise²)⁻¹) ∂K).
        squares = ((x[:, None] - x) / np.exp(logs[0])) ** 2
        inner = np.outer(alpha, alpha) - inverse
        gradient = -np.array([(inner * d).sum() / 2 for d in (signal * squares, 2 * signal, 2 * noise)])
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        scale = np.sqrt(second / (1 - 0.999 ** (step + 1))) + 1e-8
        logs = logs - 0.05 * first / (1 - 0.9 ** (step + 1)) / scale
    places = np.array([-6, -4, -2, 0, 1, 2, 4, 6.0])
    inverse = np.linalg.inv(kernel(x, x) + np.exp(2 * logs[2]) * np.eye(40))
    cross = kernel(x, places)
    means = cross.T @ inverse @ y
    deviations = np.sqrt(np.exp(2 * logs[1]) - np.diag(cross.T @ inverse @ cross))
    lines += ["", "    x    truth     mean  deviation"]
    for place, mean, deviation in zip(places, means, deviations):
        lines.append(f"{place:5.1f}{np.sin(place) + place / 3:9.3f}{mean:9.3f}{deviation:11.3f}")
    return lines


def kalman_filter():
    f, h = np.eye(4) + np.eye(4, k=2), np.eye(2, 4)
    push = np.array([[0.5, 0], [0, 0.5], [1, 0], [0, 1]])
    q, r = push @ push.T * 0.1**2, np.eye(2) * 3.0**2
    random, state, truth, measured = Random(7), np.array([0, 0, 1, 0.5]), [], []
    for _ in range(100):
        state = f @ state + push @ random.normal([2], 0.1)
        truth.append(state[:2])
        measured.append(h @ state + random.normal([2], 3.0))
    mean, p, filtered = np.zeros(4), np.eye(4) * 100, []
    for position in measured:
        # The information form: precisions add up.
        ahead, predicted = f @ mean, f @ p @ f.T + q
        p = np.linalg.inv(np.linalg.inv(predicted) + h.T @ np.linalg.inv(r) @ h)
        mean = ahead + p @ h.T @ np.linalg.inv(r) @ (position - h @ ahead)
        filtered.append((mean, p))
    smoothed = list(filtered)
    for i in reversed(range(99)):
        mean, p = filtered[i]
        ahead, predicted = f @ mean, f @ p @ f.T + q
        gain = p @ f.T @ np.linalg.inv(predicted)
        later, later_p = smoothed[i + 1]
        smoothed[i] = mean + gain @ (later - ahead), p + gain @ (later_p - predicted) @ gain.T
    lines = ["step            truth         measured         filtered         smoothed  deviations"]
    for i in range(9, 100, 10):
        places = [truth[i], measured[i], filtered[i][0], smoothed[i][0]]
        deviations = [np.sqrt(belief[i][1][0, 0]) for belief in (filtered, smoothed)]
        lines.append(
            f"{i + 1:4d}" + "".join(f"{a[0]:9.2f}{a[1]:8.2f}" for a in places)
            + "".join(f"{deviation:6.2f}" for deviation in deviations)
        )
    lines += ["", "root mean square distance from the truth"]
    names = ["measured", "filtered", "smoothed"]
    for name, places in zip(names, [measured, [b[0] for b in filtered], [b[0] for b in smoothed]]):
        distances = [((place[:2] - at) ** 2).sum() for place, at in zip(places, truth)]
        lines.append(f"{name} {np.sqrt(np.mean(distances)):6.3f}")
    return lines


if __name__ == "__main__":
    for program in [regression, pca, gaussian_process, kalman_filter]:
        path = PROGRAMS / (program.__name__.replace("_", "-") + ".expected")
        path.write_text("\n".join(program()) + "\n")
