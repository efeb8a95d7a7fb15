"""Draws the tokens of a text so that the same are drawn wherever and whenever it is written.

The usual way takes its chances from one generator for all texts of a batch: a text then depends on those beside it.
Here each text has a generator of its own, seeded by the seed of the run, which of the samples it is, and the
prompt; one number of it is spent on each token. Items whose prompts are the same therefore have the same samples.
Top-p is the nucleus of Holtzman et al. 2020; temperature and share are those of Chen et al. 2021 for many samples.
"""

import random

TEMPERATURE, TOP_P = 0.8, 0.95


class Drawing:
    """Leaves of every row's scores the one token that was drawn; transformers calls it as a logits processor."""

    def __init__(self, torch, seed, rows):
        """Take what seeds all rows, and of each row the tokens of its prompt."""
        self.torch = torch
        # a text, whose seed is the same on every machine
        self.chances = [random.Random(f"{seed}|{row}") for row in rows]  # noqa: S311  # no secret is made of it

    def __call__(self, _tokens, scores):
        """Draw by the place in the sum of probabilities, from the most probable down."""
        torch = self.torch
        sorted_, order = torch.softmax(scores.double() / TEMPERATURE, dim=-1).sort(dim=-1, descending=True, stable=True)
        before = sorted_.cumsum(dim=-1) - sorted_
        up_to = sorted_.masked_fill(before >= TOP_P, 0.0).cumsum(dim=-1)
        numbers = torch.tensor([[chance.random()] for chance in self.chances], dtype=up_to.dtype, device=up_to.device)
        place = (up_to <= numbers * up_to[:, -1:]).sum(dim=-1, keepdim=True)
        return torch.full_like(scores, -float("inf")).scatter(-1, order.gather(-1, place), 0.0)


def drawn(generate, torch, processors, seed):
    """Make of the harness's function that writes a batch one that draws; the seed is asked for at each batch.

    `seed()` is None where nothing is drawn, but the most probable token taken.
    """

    def writing(context, *given, attention_mask, **more):
        if seed() is not None:
            rows = [own[mask.bool()].tolist() for own, mask in zip(context.cpu(), attention_mask.cpu(), strict=True)]
            more["logits_processor"] = processors([Drawing(torch, seed(), rows)])
        return generate(context, *given, attention_mask=attention_mask, **more)

    return writing
