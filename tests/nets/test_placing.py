import torch
from torch import nn

from multigan.nets.placing import placed


def test_nets_of_pictures_lie_channels_last():
    conv = placed(nn.Conv2d(3, 4, 3), torch.device("cpu"))
    assert conv.weight.is_contiguous(memory_format=torch.channels_last)
    assert placed(nn.Linear(2, 3), torch.device("cpu")).weight.is_contiguous()
