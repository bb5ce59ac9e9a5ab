import torch

from multigan.core.owners import mirrored_of, owners_of


class Alone:
    def __len__(self):
        return 3


class Together(Alone):
    groups = torch.tensor([4, 4, 7])


def test_items_are_of_their_groups_or_each_of_its_own():
    assert owners_of(Alone()).tolist() == [0, 1, 2]
    assert owners_of(Together()) is Together.groups


def test_items_are_no_mirror_images_unless_they_say_so():
    assert mirrored_of(Alone()).tolist() == [False, False, False]
