"""A fresh judge: a small critic that has seen neither side before tells reals from fakes."""
