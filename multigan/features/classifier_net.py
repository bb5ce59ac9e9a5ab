"""The nets of the classifier and how they are trained."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from multigan.core.draw import Draw

__all__ = ["HIDDEN", "ConvNet", "VectorNet", "fit", "initialise"]

HIDDEN = 128
BATCH = 64
LEARNING_RATE = 2e-3
WEIGHT_DECAY = 0.05
LARGEST_SIDE = 64
GRID = 4
SHIFT = 2


class _Net(nn.Module):
    """Inputs are standardised by what the training part was like; `hidden` is what `out` sees."""

    mean: Tensor
    deviation: Tensor
    out: nn.Linear

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(1))
        self.register_buffer("deviation", torch.ones(1))

    def hidden(self, x: Tensor) -> Tensor:
        """What the last layer sees: `(batch, 128)`."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """x `(batch, ...)` -> scores `(batch, classes)`."""
        scores: Tensor = self.out(self.hidden(x))
        return scores

    def standardised(self, x: Tensor) -> Tensor:
        """Zero mean, deviation 1 over the training part."""
        return (x - self.mean) / self.deviation


class ConvNet(_Net):
    """Three 3 × 3 convolutions with pooling, a hidden layer, a linear layer. Pictures of any size.

    Args:
        channels: of the pictures.
        classes: number of classes.
    """

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, 32, 3, padding=1)
        self.second, self.third = nn.Conv2d(32, 64, 3, padding=1), nn.Conv2d(64, 128, 3, padding=1)
        self.flat = nn.Linear(128 * GRID * GRID, HIDDEN)
        self.out = nn.Linear(HIDDEN, classes)

    def hidden(self, x: Tensor) -> Tensor:
        """x `(batch, channels, height, width)` -> `(batch, 128)`, not negative."""
        x = self.standardised(x)
        if max(x.shape[2:]) > LARGEST_SIDE:
            size = [min(side, LARGEST_SIDE) for side in x.shape[2:]]
            x = F.interpolate(x, size=size, mode="bilinear", antialias=True, align_corners=False)
        x = F.relu(self.first(x))
        for layer in (self.second, self.third):
            x = F.relu(layer(F.max_pool2d(x, 2, ceil_mode=True)))
        return F.relu(self.flat(F.adaptive_avg_pool2d(x, GRID).flatten(1)))


class VectorNet(_Net):
    """One hidden layer on feature vectors.

    Args:
        inputs: length of a vector.
        classes: number of classes.
    """

    def __init__(self, inputs: int, classes: int) -> None:
        super().__init__()
        self.flat, self.out = nn.Linear(inputs, HIDDEN), nn.Linear(HIDDEN, classes)

    def hidden(self, x: Tensor) -> Tensor:
        """x `(batch, inputs)` -> `(batch, 128)`, not negative."""
        return F.relu(self.flat(self.standardised(x)))


def fit(net: _Net, x: Tensor, labels: Tensor, seed: int, epochs: int) -> None:
    """Train in place by cross-entropy with AdamW; pictures are moved by up to two pixels.

    Args:
        net: gets new weights.
        x: inputs `(n, ...)`.
        labels: int64 `(n,)`.
        seed: of weights, order and moves.
        epochs: passes.

    Source: Loshchilov & Hutter 2019 (AdamW); cosine decay to 0: Loshchilov & Hutter 2017.
    """
    initialise(net, Draw(seed).generator("classifier/weights"))
    net.mean.fill_(x.mean().item())
    net.deviation.fill_(max(x.std(correction=0).item(), 1e-6))
    optimizer = torch.optim.AdamW(net.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    for epoch in range(epochs):
        draw = Draw(seed, epoch, "classifier/")
        order = torch.randperm(len(x), generator=draw.generator("order"))
        for number, rows in enumerate(order.split(BATCH)):
            inputs = x[rows]
            if x.ndim == 4:
                down, right = draw.integers(f"shift/{number}", -SHIFT, SHIFT + 1, (2,)).tolist()
                inputs = inputs.roll((down, right), (2, 3))
            optimizer.zero_grad()
            F.cross_entropy(net(inputs), labels[rows]).backward()
            optimizer.step()
        schedule.step()


def initialise(net: nn.Module, generator: torch.Generator) -> None:
    """Draw weights for layers followed by ReLU, `N(0, 2 / fan_in)`, in place; biases become 0.

    Source: He et al. 2015 (Delving deep into rectifiers), Eq. 10.
    """
    for name, param in net.named_parameters():
        if name.endswith("bias"):
            nn.init.zeros_(param)
        else:
            nn.init.kaiming_normal_(param, nonlinearity="relu", generator=generator)
