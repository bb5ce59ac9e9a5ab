"""Text at SeqGAN's size (5,000 words, 20 tokens, batch 64, LSTM of 32): one step of each kind.

    python benchmarks/text_step.py [--rounds 10] [--policy-gradient] [--out text_step.json]

Maximum likelihood is compared with the plain way to write it: `nn.LSTM` over ids, `cross_entropy`, Adam as it comes.
"""

import torch
import torch.nn.functional as F
from our_steps import trainer_of, turn
from timing import arguments, contest, parse, report
from torch import nn


class Plain(nn.Module):
    """A language model as it is usually written."""

    def __init__(self, vocab, size=32):
        super().__init__()
        self.embedding, self.lstm = nn.Embedding(vocab, size), nn.LSTM(size, size, batch_first=True)
        self.out = nn.Linear(size, vocab)

    def forward(self, tokens):
        """Ids `(batch, length)` -> logits of each token given those before it."""
        before = F.pad(tokens[:, :-1], (1, 0))
        return self.out(self.lstm(self.embedding(before))[0])


def plain_mle(ids, args):
    torch.manual_seed(0)
    net = Plain(args.vocab).to(args.device)
    adam = torch.optim.Adam(net.parameters(), lr=1e-2)

    def step():
        tokens = ids[torch.randint(0, len(ids), (args.batch,))].long().to(args.device)
        loss = F.cross_entropy(net(tokens).transpose(1, 2), tokens)
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        adam.step()
        return loss.item()

    return step


def main():
    """Measure and print."""
    parser = arguments(__doc__, rounds=10, iterations=2)
    parser.add_argument("--vocab", type=int, default=5000)
    parser.add_argument("--length", type=int, default=20)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--policy-gradient", action="store_true", help="also SeqGAN's turn of G with 16 rollouts")
    args = parse(parser)
    if args.tiny:
        args.vocab, args.length, args.batch = 20, 5, 4
    size = [f"data.vocab={args.vocab}", f"data.length={args.length}", f"train.batch={args.batch}", "data.n=1000"]
    relgan = trainer_of("text/relgan", args, size)
    steps = {
        "plain MLE": plain_mle(relgan.batches.data.items.ids, args),
        "MLE": turn(relgan, "mle"),
        "D (Gumbel-softmax)": turn(relgan, "d"),
        "G (Gumbel-softmax)": turn(relgan, "g"),
    }
    if args.policy_gradient:
        seqgan = trainer_of("text/seqgan", args, size, relgan.batches.data)
        steps |= {"D (policy gradient)": turn(seqgan, "d"), "G (policy gradient)": turn(seqgan, "g")}
    facts = {"vocab": args.vocab, "length": args.length, "batch": args.batch}
    report("text_step", contest(steps, args), args, baseline="plain MLE", facts=facts)


if __name__ == "__main__":
    main()
