"""BibTeX of the methods that a recipe uses."""

from collections.abc import Iterable

from multigan.core.registry import pick

__all__ = ["WORKS", "bibtex"]

WORKS: dict[str, tuple[str, str, str, int]] = {
    "arjovsky2017": (
        "Arjovsky, Martin and Chintala, Soumith and Bottou, Leon",
        "Wasserstein Generative Adversarial Networks",
        "ICML",
        2017,
    ),
    "arjovsky2017towards": (
        "Arjovsky, Martin and Bottou, Leon",
        "Towards Principled Methods for Training Generative Adversarial Networks",
        "ICLR",
        2017,
    ),
    "devries2017": (
        "de Vries, Harm and Strub, Florian and Mary, J{\\'e}r{\\'e}mie and Larochelle, Hugo and Pietquin, Olivier and "
        "Courville, Aaron",
        "Modulating early visual processing by language",
        "NIPS",
        2017,
    ),
    "donahue2019": (
        "Donahue, Chris and McAuley, Julian and Puckette, Miller",
        "Adversarial Audio Synthesis",
        "ICLR",
        2019,
    ),
    "dumoulin2017": (
        "Dumoulin, Vincent and Shlens, Jonathon and Kudlur, Manjunath",
        "A Learned Representation For Artistic Style",
        "ICLR",
        2017,
    ),
    "goodfellow2014": (
        "Goodfellow, Ian and Pouget-Abadie, Jean and Mirza, Mehdi and Xu, Bing and Warde-Farley, David and Ozair, "
        "Sherjil and Courville, Aaron and Bengio, Yoshua",
        "Generative Adversarial Nets",
        "NIPS",
        2014,
    ),
    "gulrajani2017": (
        "Gulrajani, Ishaan and Ahmed, Faruk and Arjovsky, Martin and Dumoulin, Vincent and Courville, Aaron",
        "Improved Training of Wasserstein GANs",
        "NIPS",
        2017,
    ),
    "heusel2017": (
        "Heusel, Martin and Ramsauer, Hubert and Unterthiner, Thomas and Nessler, Bernhard and Hochreiter, Sepp",
        "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium",
        "NIPS",
        2017,
    ),
    "huang2024": (
        "Huang, Yiwen and Gokaslan, Aaron and Kuleshov, Volodymyr and Tompkin, James",
        "The GAN is dead; long live the GAN! A Modern GAN Baseline",
        "NeurIPS",
        2024,
    ),
    "jang2017": (
        "Jang, Eric and Gu, Shixiang and Poole, Ben",
        "Categorical Reparameterization with Gumbel-Softmax",
        "ICLR",
        2017,
    ),
    "jolicoeur2018": (
        "Jolicoeur-Martineau, Alexia",
        "The relativistic discriminator: a key element missing from standard GAN",
        "arXiv:1807.00734",
        2018,
    ),
    "karras2018": (
        "Karras, Tero and Aila, Timo and Laine, Samuli and Lehtinen, Jaakko",
        "Progressive Growing of GANs for Improved Quality, Stability, and Variation",
        "ICLR",
        2018,
    ),
    "karras2020": (
        "Karras, Tero and Laine, Samuli and Aittala, Miika and Hellsten, Janne and Lehtinen, Jaakko and Aila, Timo",
        "Analyzing and Improving the Image Quality of StyleGAN",
        "CVPR",
        2020,
    ),
    "karras2020ada": (
        "Karras, Tero and Aittala, Miika and Hellsten, Janne and Laine, Samuli and Lehtinen, Jaakko and Aila, Timo",
        "Training Generative Adversarial Networks with Limited Data",
        "NeurIPS",
        2020,
    ),
    "kodali2017": (
        "Kodali, Naveen and Abernethy, Jacob and Hays, James and Kira, Zsolt",
        "On Convergence and Stability of GANs",
        "arXiv:1705.07215",
        2017,
    ),
    "kumar2019": (
        "Kumar, Kundan and Kumar, Rithesh and de Boissiere, Thibault and Gestin, Lucas and Teoh, Wei Zhen and Sotelo, "
        "Jose and de Brebisson, Alexandre and Bengio, Yoshua and Courville, Aaron",
        "MelGAN: Generative Adversarial Networks for Conditional Waveform Synthesis",
        "NeurIPS",
        2019,
    ),
    "kusner2016": (
        "Kusner, Matt J. and Hern{\\'a}ndez-Lobato, Jos{\\'e} Miguel",
        "GANS for Sequences of Discrete Elements with the Gumbel-softmax Distribution",
        "arXiv:1611.04051",
        2016,
    ),
    "larsen2016": (
        "Larsen, Anders Boesen Lindbo and S{\\o}nderby, S{\\o}ren Kaae and Larochelle, Hugo and Winther, Ole",
        "Autoencoding beyond pixels using a learned similarity metric",
        "ICML",
        2016,
    ),
    "lim2017": ("Lim, Jae Hyun and Ye, Jong Chul", "Geometric GAN", "arXiv:1705.02894", 2017),
    "lin2018": (
        "Lin, Zinan and Khetan, Ashish and Fanti, Giulia and Oh, Sewoong",
        "PacGAN: The power of two samples in generative adversarial networks",
        "NeurIPS",
        2018,
    ),
    "lin2025": (
        "Lin, Shanchuan and Xia, Xin and Ren, Yuxi and Yang, Ceyuan and Xiao, Xuefeng and Jiang, Lu",
        "Diffusion Adversarial Post-Training for One-Step Video Generation",
        "ICML",
        2025,
    ),
    "mao2017": (
        "Mao, Xudong and Li, Qing and Xie, Haoran and Lau, Raymond Y. K. and Wang, Zhen and Smolley, Stephen Paul",
        "Least Squares Generative Adversarial Networks",
        "ICCV",
        2017,
    ),
    "mescheder2018": (
        "Mescheder, Lars and Geiger, Andreas and Nowozin, Sebastian",
        "Which Training Methods for GANs do actually Converge?",
        "ICML",
        2018,
    ),
    "mirza2014": (
        "Mirza, Mehdi and Osindero, Simon",
        "Conditional Generative Adversarial Nets",
        "arXiv:1411.1784",
        2014,
    ),
    "miyato2018": (
        "Miyato, Takeru and Koyama, Masanori",
        "cGANs with Projection Discriminator",
        "ICLR",
        2018,
    ),
    "miyato2018spectral": (
        "Miyato, Takeru and Kataoka, Toshiki and Koyama, Masanori and Yoshida, Yuichi",
        "Spectral Normalization for Generative Adversarial Networks",
        "ICLR",
        2018,
    ),
    "nie2019": (
        "Nie, Weili and Narodytska, Nina and Patel, Ankit",
        "RelGAN: Relational Generative Adversarial Networks for Text Generation",
        "ICLR",
        2019,
    ),
    "perez2018": (
        "Perez, Ethan and Strub, Florian and de Vries, Harm and Dumoulin, Vincent and Courville, Aaron",
        "FiLM: Visual Reasoning with a General Conditioning Layer",
        "AAAI",
        2018,
    ),
    "radford2016": (
        "Radford, Alec and Metz, Luke and Chintala, Soumith",
        "Unsupervised Representation Learning with Deep Convolutional Generative Adversarial Networks",
        "ICLR",
        2016,
    ),
    "salimans2016": (
        "Salimans, Tim and Goodfellow, Ian and Zaremba, Wojciech and Cheung, Vicki and Radford, Alec and Chen, Xi",
        "Improved Techniques for Training GANs",
        "NIPS",
        2016,
    ),
    "sinha2020": (
        "Sinha, Samarth and Zhao, Zhengli and Goyal, Anirudh and Raffel, Colin and Odena, Augustus",
        "Top-k Training of GANs: Improving GAN Performance by Throwing Away Bad Samples",
        "NeurIPS",
        2020,
    ),
    "sonderby2017": (
        "S{\\o}nderby, Casper Kaae and Caballero, Jose and Theis, Lucas and Shi, Wenzhe and Husz{\\'a}r, Ferenc",
        "Amortised MAP Inference for Image Super-resolution",
        "ICLR",
        2017,
    ),
    "srivastava2017": (
        "Srivastava, Akash and Valkov, Lazar and Russell, Chris and Gutmann, Michael U. and Sutton, Charles",
        "VEEGAN: Reducing Mode Collapse in GANs using Implicit Variational Learning",
        "NIPS",
        2017,
    ),
    "thanhtung2019": (
        "Thanh-Tung, Hoang and Tran, Truyen and Venkatesh, Svetha",
        "Improving Generalization and Stability of Generative Adversarial Networks",
        "ICLR",
        2019,
    ),
    "tseng2021": (
        "Tseng, Hung-Yu and Jiang, Lu and Liu, Ce and Yang, Ming-Hsuan and Yang, Weilong",
        "Regularizing Generative Adversarial Networks under Limited Data",
        "CVPR",
        2021,
    ),
    "yu2017": (
        "Yu, Lantao and Zhang, Weinan and Wang, Jun and Yu, Yong",
        "SeqGAN: Sequence Generative Adversarial Nets with Policy Gradient",
        "AAAI",
        2017,
    ),
    "zhang2020": (
        "Zhang, Han and Zhang, Zizhao and Odena, Augustus and Lee, Honglak",
        "Consistency Regularization for Generative Adversarial Networks",
        "ICLR",
        2020,
    ),
    "zhao2020": (
        "Zhao, Shengyu and Liu, Zhijian and Lin, Ji and Zhu, Jun-Yan and Han, Song",
        "Differentiable Augmentation for Data-Efficient GAN Training",
        "NeurIPS",
        2020,
    ),
    "zhao2021": (
        "Zhao, Zhengli and Singh, Sameer and Lee, Honglak and Zhang, Zizhao and Odena, Augustus and Zhang, Han",
        "Improved Consistency Regularization for GANs",
        "AAAI",
        2021,
    ),
}
"""Authors, title, venue and year by key; the keys are those of `cite = [...]` in recipes."""


def bibtex(keys: Iterable[str]) -> str:
    """BibTeX entries, sorted by key.

    Args:
        keys: such as `"goodfellow2014"`.

    Raises:
        UnknownNameError: a key that is not in `WORKS`.

    Example:
        >>> print(bibtex(["lim2017"]))
        @misc{lim2017,
          author = {Lim, Jae Hyun and Ye, Jong Chul},
          title = {{Geometric GAN}},
          howpublished = {arXiv:1705.02894},
          year = {2017},
        }
    """
    return "\n\n".join(_entry(key) for key in sorted(set(keys)))


def _entry(key: str) -> str:
    authors, title, venue, year = pick("work", WORKS, key)
    kind, place = ("misc", "howpublished") if venue.startswith("arXiv") else ("inproceedings", "booktitle")
    fields = {"author": authors, "title": f"{{{title}}}", place: venue, "year": str(year)}
    return "\n".join([f"@{kind}{{{key},", *(f"  {name} = {{{value}}}," for name, value in fields.items()), "}"])
