"""What do features of texts see? Tables of docs/eye.md, from a file of lines; generators are made on the spot.

    python benchmarks/eye_texts.py DATA [--ages 3 8 20 45] [--lines 10000] [--n 2000]
    python benchmarks/eye_texts.py DATA --damage [--n 300] [--repeats 4]

Reals are dealt in two. On the first half generators learn: Markov chains of order 0 to 3, on a twentieth and on all of
it, a plain LSTM looked at after so many processor seconds, colder and hotter, and chains that repeat few lines. On
the second half learns the judge, another LSTM. Its distance of a generator is the excess, in nats a token, of fakes
under the judge over held-out reals under it (either way), plus that of held-out reals under a trigram model of the
fakes over that under one of as many reals: what is unlikely, and what is missing. Two parts of one Jeffreys divergence.
"""

import argparse
import math
import random
import time
from collections import Counter, defaultdict

import torch
from eye import damages, spearman
from eye_sounds import VITALS, Whitened, features, ordered
from monotonicity import duplicates, shuffle
from torch import nn

from multigan.core.draw import Draw
from multigan.features import make_extractor
from multigan.metrics.frechet import frechet_distance
from multigan.metrics.kernel_distance import Distance, mean_distance, mmd
from multigan.plugins import modalities

TEXT = modalities.get("text")
END = 0


class Chain:
    """Markov chain with Witten-Bell interpolation down to a uniform choice (Bell et al. 1990)."""

    def __init__(self, lines, order, vocab):
        self.order, self.vocab = order, vocab
        self.counts = [defaultdict(Counter) for _ in range(order + 1)]
        for line in lines:
            row = [END] * order + line + [END]
            for k in range(order, len(row)):
                for n in range(order + 1):
                    self.counts[n][tuple(row[k - n : k])][row[k]] += 1

    def share(self, past, word):
        """P(word | past)."""
        found = 1 / self.vocab
        for n in range(self.order + 1):
            seen = self.counts[n].get(tuple(past[len(past) - n :]))
            if seen is None:
                break
            total, kinds = sum(seen.values()), len(seen)
            found = (seen[word] + kinds * found) / (total + kinds)
        return found

    def nats(self, lines):
        """Mean of a token, ends included."""
        total = tokens = 0
        for line in lines:
            row = [END] * self.order + line + [END]
            for k in range(self.order, len(row)):
                total -= math.log(self.share(row[k - self.order : k], row[k]))
                tokens += 1
        return total / tokens

    def line(self, rng, longest):
        """One, drawn by the same shares without the uniform part."""
        row = [END] * self.order
        while len(row) - self.order < longest:
            n = self.order
            while n:
                seen = self.counts[n].get(tuple(row[len(row) - n :]))
                total = sum(seen.values()) if seen else 0
                if seen and rng.random() < total / (total + len(seen)):
                    break
                n -= 1
            seen = self.counts[n][tuple(row[len(row) - n :])] if n else self.counts[0][()]
            word = rng.choices(list(seen), list(seen.values()))[0]
            if word == END:
                break
            row.append(word)
        return row[self.order :]


class Model(nn.Module):
    """Words `(n, length)` -> logits of the next ones."""

    def __init__(self, vocab, hidden):
        super().__init__()
        self.embed, self.lstm = nn.Embedding(vocab, hidden), nn.LSTM(hidden, hidden, batch_first=True)
        self.out = nn.Linear(hidden, vocab)

    def forward(self, ids, state=None):
        """Logits and state."""
        hidden, state = self.lstm(self.embed(ids), state)
        return self.out(hidden), state

    def nats(self, ids):
        """Of every token up to the first end: `(tokens,)`."""
        logits = self(torch.cat([torch.zeros_like(ids[:, :1]), ids[:, :-1]], 1))[0]
        counted = torch.cat([torch.ones(len(ids), 1, dtype=torch.bool), (ids[:, :-1] != END).cumprod(1).bool()], 1)
        return nn.functional.cross_entropy(logits.transpose(1, 2), ids, reduction="none")[counted]

    @torch.no_grad()
    def draw(self, n, longest, heat):
        """Ids `(n, longest)`."""
        ids, state = torch.zeros(n, 1, dtype=torch.long), None
        for _ in range(longest):
            logits, state = self(ids[:, -1:], state)
            ids = torch.cat([ids, torch.multinomial((logits[:, 0] / heat).softmax(1), 1)], 1)
        return cut(ids[:, 1:])


def cut(ids):
    """Nothing after the first end."""
    return ids * (ids != END).cumprod(1)


def trained(rows, vocab, ages, seed, width=128):
    """An LSTM after so many processor seconds each, as it is then: yields (age, model)."""
    torch.manual_seed(seed)
    model, spent = Model(vocab, width), 0.0
    optim = torch.optim.Adam(model.parameters(), 2e-3)
    for age in ages:
        while spent < age:
            start = time.process_time()
            loss = model.nats(rows[torch.randint(len(rows), (64,))]).mean()
            optim.zero_grad()
            loss.backward()
            optim.step()
            spent += time.process_time() - start
        yield age, model


def lines_of(ids):
    """Lists of tokens before the end."""
    return [row[: row.index(END)] if END in row else row for row in ids.tolist()]


def ids_of(lines, longest):
    """Ids `(n, longest)`, filled up with ends."""
    return torch.tensor([(line + [END] * longest)[:longest] for line in lines])


def zoo(half, vocab, n, ages):
    """Name to ids of fakes `(n, longest)`."""
    longest, lines, rng = half.shape[1], lines_of(half), random.Random(0)
    found = {}
    for order in range(4):
        for share in (20, 1):
            chain = Chain(lines[: len(lines) // share], order, vocab)
            found[f"chain of {order}, 1/{share} of the lines"] = ids_of(
                [chain.line(rng, longest) for _ in range(n)], longest
            )
    few = found["chain of 3, 1/1 of the lines"]
    found["chain of 3, 50 lines repeated"] = few[:50].repeat(n // 50 + 1, 1)[:n]
    found["200 real lines repeated"] = half[:200].repeat(n // 200 + 1, 1)[:n]
    for age, model in trained(half, vocab, ages, 0):
        found[f"LSTM, {age:g} s"] = model.draw(n, longest, 1.0)
    for heat in (0.5, 0.8, 1.3):
        found[f"LSTM, {ages[-1]:g} s, heat {heat}"] = model.draw(n, longest, heat)
    return found


def one_hot(ids, vocab):
    """D's space."""
    return nn.functional.one_hot(ids.long(), vocab).float()


def extractors_of(data, real):
    """`default`, and the same brought to like spread over reals."""
    default = make_extractor("default", data.spec, TEXT)
    return [default, Whitened("default, whitened", default, real)]


def vectors(extractor, ids, vocab):
    """`(n, dim)`, a few hundred at a time."""
    return torch.cat([features(extractor, one_hot(part, vocab)) for part in ids.split(250)])


def ranked(data, ids, n, ages):
    """Lines: every generator, by the judge and by us."""
    vocab = data.spec.shape[1]
    first, second, held, other = (
        ids[: len(ids) // 2],
        ids[len(ids) // 2 :][n:],
        *ids[len(ids) // 2 :][:n].tensor_split(2),
    )
    ((_, judge),) = trained(second, vocab, [2 * ages[-1]], 7, 192)
    fakes = {"other reals (floor)": torch.cat([other, second[: n - len(other)]]), **zoo(first, vocab, n, ages)}
    with torch.no_grad():
        plain = judge.nats(held).mean().item()
        forward = {name: abs(judge.nats(x).mean().item() - plain) for name, x in fakes.items()}
    reverse = {name: Chain(lines_of(x), 2, vocab).nats(lines_of(held)) for name, x in fakes.items()}
    floor = reverse["other reals (floor)"]
    judged = {name: forward[name] + max(0.0, reverse[name] - floor) for name in fakes}
    names = sorted((name for name in fakes if "floor" not in name), key=judged.get)
    made = extractors_of(data, one_hot(first[:1000], vocab))
    rows, heads = {name: [] for name in fakes}, []
    reals = torch.cat([held, other])
    for extractor in made:
        reference = vectors(extractor, reals, vocab)
        near = reference[:VITALS]
        heads, scale = [*heads, extractor.name, "vitals"], Distance(mean_distance(near))
        for name, x in fakes.items():
            found = vectors(extractor, x, vocab)
            rows[name] += [frechet_distance(reference, found), float(mmd(found[:VITALS], near, scale))]
    yield f"{len(first)} lines to learn from, judge: {plain:.2f} nats a token of held-out reals"
    yield "| generator | judge | unlikely | missing | " + " | ".join(heads) + " |"
    yield "|" + "---|" * (len(heads) + 4)
    for name in ("other reals (floor)", *names):
        own = (judged[name], forward[name], reverse[name] - floor)
        yield f"| {name} | " + " | ".join(f"{value:.3g}" for value in (*own, *rows[name])) + " |"
    columns = list(zip(*(rows[name] for name in names), strict=True))
    for what, by in (("judge", judged), ("unlikely", forward), ("missing", reverse)):
        found = [spearman([by[name] for name in names], list(column)) for column in columns]
        yield f"| **Spearman over {len(names)}, {what}** | | | | " + " | ".join(f"**{v:.3f}**" for v in found) + " |"
    yield (
        "| pairs 1.25 apart | | | | " + " | ".join(ordered([judged[name] for name in names], c) for c in columns) + " |"
    )


def unigrams(x, strength, draw):
    """This share of tokens is dealt anew over all texts, ends stay: order is lost, shares are kept."""
    ids = x.argmax(-1)
    flat, inside = ids.flatten().clone(), (ids != END).flatten()
    chosen = (inside & (draw.uniform("which", (ids.numel(),)) < strength)).nonzero().flatten()
    order = torch.randperm(len(chosen), generator=draw.generator("anew"))
    flat[chosen] = flat[chosen[order]]
    return one_hot(flat.view_as(ids), x.shape[-1])


def cut_short(x, strength, draw):
    """Every text loses up to its last half."""
    ids = x.argmax(-1)
    kept = ((ids != END).sum(1) * (1 - strength / 2)).ceil().long()
    return one_hot(torch.where(torch.arange(ids.shape[1]) < kept[:, None], ids, END), x.shape[-1])


DAMAGES = {
    "word order shuffled": shuffle,
    "unigram text": unigrams,
    "repeated lines": duplicates,
    "cut short": cut_short,
}


def main():
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("--damage", action="store_true")
    parser.add_argument("--ages", type=float, nargs="+", default=[3, 8, 20, 45])
    parser.add_argument("--lines", type=int, default=10_000)
    parser.add_argument("--n", type=int)
    parser.add_argument("--repeats", type=int, default=4)
    args = parser.parse_args()
    torch.set_num_threads(1)
    data = TEXT.load(args.data)
    order = torch.randperm(len(data.items), generator=Draw(0).generator("lines"))[: args.lines]
    ids = cut(data.items.take(order, Draw(0)).long())
    if args.damage:
        made = extractors_of(data, one_hot(ids[:1000], data.spec.shape[1]))
        lines = damages(data, made, args.n or 300, args.repeats, DAMAGES)
    else:
        lines = ranked(data, ids, args.n or 2000, args.ages)
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    main()
