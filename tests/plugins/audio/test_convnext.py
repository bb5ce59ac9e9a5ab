import torch

from multigan.plugins.audio.convnext import FrameBlock, frame_blocks


def test_a_block_adds_what_its_layers_say():
    block, x = FrameBlock(4, 2), torch.randn(2, 4, 9)
    hidden = torch.nn.functional.layer_norm(block.depthwise(x).transpose(1, 2), (4,))
    change = block.narrow(torch.nn.functional.gelu(block.wide(hidden))).transpose(1, 2)
    assert torch.allclose(block(x), x + 0.1 * change, atol=1e-6)


def test_frames_see_three_to_either_side_of_each_block():
    blocks, x = frame_blocks(4, 2), torch.randn(1, 4, 20)
    other = x.clone()
    other[..., 10] += 1
    moved = (blocks(x) - blocks(other)).abs().amax((0, 1)) > 0
    assert moved.nonzero().flatten().tolist() == list(range(4, 17))
