"""A plain LSTM language model by maximum likelihood: words by spaces, Adam 1e-3, batch 64, sampled word by word.

python benchmarks/rivals/lstm.py ITEMS.npz CPU_SECONDS SEED OUT.npz [--width 256]
"""

import numpy as np
import torch
from frame import out_of_time, parse
from torch import nn

BATCH, EMBED, LONGEST, END = 64, 128, 40, 0


class Model(nn.Module):
    """Word numbers `(batch, length)` -> logits `(batch, length, words)`; 0 begins and ends a line."""

    def __init__(self, words, hidden):
        super().__init__()
        self.embed, self.lstm = nn.Embedding(words, EMBED), nn.LSTM(EMBED, hidden, batch_first=True)
        self.out = nn.Linear(hidden, words)

    def forward(self, words, state=None):
        """Logits and the state after the last word."""
        hidden, state = self.lstm(self.embed(words), state)
        return self.out(hidden), state


def numbered(lines):
    """(words by number, int64 `(n, length)` of lines with an end before and after)."""
    words = ["", *sorted({word for line in lines for word in line.split()})]
    number = {word: k for k, word in enumerate(words)}
    rows = [[END, *(number[word] for word in line.split()[:LONGEST]), END] for line in lines]
    longest = max(map(len, rows))
    return words, torch.tensor([row + [-1] * (longest - len(row)) for row in rows])


@torch.no_grad()
def sample(model, words, n):
    """n lines, drawn from the model's own distribution."""
    current, state = torch.zeros(n, 1, dtype=torch.long), None
    columns = []
    for _ in range(LONGEST):
        logits, state = model(current, state)
        current = torch.multinomial(logits[:, 0].softmax(1), 1)
        columns.append(current)
    return [" ".join(words[k] for k in _until_end(row)) for row in torch.cat(columns, 1).tolist()]


def _until_end(row):
    return row[: row.index(END)] if END in row else row


def main():
    """Train, draw, write."""
    args = parse(__doc__)
    words, rows = numbered(np.load(args.items)["x"].tolist())
    model, seen = Model(len(words), args.width), 0
    optim = torch.optim.Adam(model.parameters(), 1e-3)
    while not out_of_time(args):
        for chosen in torch.randperm(len(rows)).split(BATCH):
            if out_of_time(args):
                break
            batch = rows[chosen]
            batch = batch[:, : int((batch >= 0).sum(1).max())]
            logits, _ = model(batch[:, :-1].clamp(min=0))
            loss = nn.functional.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten(), ignore_index=-1)
            optim.zero_grad()
            loss.backward()
            optim.step()
            seen += len(chosen)
    lines = [line for _ in range(-(-args.fakes // 200)) for line in sample(model, words, 200)]
    np.savez_compressed(args.out, x=np.array(lines[: args.fakes]), seen=seen)


if __name__ == "__main__":
    main()
