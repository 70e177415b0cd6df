"""ViT-S/16 forward in PyTorch, the bench's yardstick: the same network, weights at random, fp32, no gradient.

Prints one JSON line: images a second of each round, and the process's peak memory in bytes.
Usage: pytorch_vit.py WIDTH DEPTH HEADS SIZE BATCH ROUNDS STEPS
"""

import json
import resource
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        b, n, d = x.shape
        q, k, v = self.qkv(self.norm1(x)).reshape(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, n, d)
        x = x + self.proj(attended)
        return x + self.fc2(F.gelu(self.fc1(self.norm2(x))))


class Vit(nn.Module):
    def __init__(self, width: int, depth: int, heads: int, size: int) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, width, 16, 16)
        self.cls = nn.Parameter(torch.randn(1, 1, width) * 0.02)
        self.pos = nn.Parameter(torch.randn(1, 1 + (size // 16) ** 2, width) * 0.02)
        self.blocks = nn.Sequential(*[Block(width, heads) for _ in range(depth)])
        self.norm = nn.LayerNorm(width, eps=1e-6)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        x = self.patch(pixels).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(x.shape[0], -1, -1), x], 1) + self.pos
        return self.norm(self.blocks(x))


def main() -> None:
    width, depth, heads, size, batch, rounds, steps = map(int, sys.argv[1:])
    torch.manual_seed(0)
    vit = Vit(width, depth, heads, size).eval()
    pixels = torch.randn(batch, 3, size, size)
    rates = []
    with torch.inference_mode():
        vit(pixels)
        for _ in range(rounds):
            started = time.perf_counter()
            for _ in range(steps):
                vit(pixels)
            rates.append(batch * steps / (time.perf_counter() - started))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"rates": rates, "peakBytes": peak, "version": torch.__version__, "threads": torch.get_num_threads()}))


main()
