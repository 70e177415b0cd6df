"""A whole step of CrIBo in PyTorch, the bench's yardstick: the same step as ours on views given as bytes, weights at random, fp32.

Two views, the teacher's joint clustering, the memory with cycle-consistent neighbours, three losses, AdamW, the teacher's average. Written
for speed: fused attention and AdamW, the clustering batched and without a loop over clusters.

Prints one JSON line: images a second of each round, and the process's peak memory in bytes.
Usage: pytorch_training.py WIDTH DEPTH HEADS BATCH ROUNDS STEPS
"""

import copy
import json
import resource
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

SIZE = 224
SIDE = SIZE // 16
CLUSTERS = 12
PROTOTYPES = 4096
MEMORY_IMAGES = 1000
ITERATIONS = 5
LAMBDA = 20
ALPHA = 1
DROP_PATH = 0.1
TEACHER_TEMPERATURE = 0.07
STUDENT_TEMPERATURE = 0.1
CENTRE_MOMENTUM = 0.9
TEACHER_MOMENTUM = 0.996


class Block(nn.Module):
    def __init__(self, width: int, heads: int, drop: float) -> None:
        super().__init__()
        self.heads, self.drop = heads, drop
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def drop_path(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training or self.drop == 0:
            return x
        return x * (torch.rand(x.shape[0], 1, 1) >= self.drop).float().div(1 - self.drop)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        b, n, d = x.shape
        q, k, v = self.qkv(self.norm1(x)).reshape(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, n, d)
        x = x + self.drop_path(self.proj(attended))
        return x + self.drop_path(self.fc2(F.gelu(self.fc1(self.norm2(x)))))


class Vit(nn.Module):
    def __init__(self, width: int, depth: int, heads: int) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, width, 16, 16)
        self.cls = nn.Parameter(torch.randn(1, 1, width) * 0.02)
        self.pos = nn.Parameter(torch.randn(1, 1 + SIDE**2, width) * 0.02)
        self.blocks = nn.Sequential(*[Block(width, heads, DROP_PATH * i / (depth - 1)) for i in range(depth)])
        self.norm = nn.LayerNorm(width, eps=1e-6)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        x = self.patch(pixels).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(x.shape[0], -1, -1), x], 1) + self.pos
        return self.norm(self.blocks(x))


class Head(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.mlp = nn.Sequential(
            *[nn.Linear(width, 2048), nn.GELU(), nn.Linear(2048, 2048), nn.GELU(), nn.Linear(2048, 256)]
        )
        self.last = nn.utils.parametrizations.weight_norm(nn.Linear(256, PROTOTYPES, bias=False))
        self.last_objects = nn.utils.parametrizations.weight_norm(nn.Linear(256, PROTOTYPES, bias=False))

    def forward(self, x: torch.Tensor, last: nn.Module) -> torch.Tensor:
        return last(F.normalize(self.mlp(x), dim=-1))


class Network(nn.Module):
    def __init__(self, width: int, depth: int, heads: int) -> None:
        super().__init__()
        self.backbone = Vit(width, depth, heads)
        self.head = Head(width)


def join_views(tokens: torch.Tensor) -> torch.Tensor:
    """(2 B, 1 + n, d) -> (B, 2 n, d)"""
    view1, view2 = tokens[:, 1:].chunk(2)
    return torch.cat([view1, view2], 1)


def cluster(tokens: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
    """(B, m, d), (B, m, 2) -> A (B, m, K)"""
    b, m, _ = tokens.shape
    t = F.normalize(tokens, dim=-1)
    between = torch.cdist(positions, positions)
    between[between == 0] = 1e5
    seeds = torch.rand(b, m).topk(CLUSTERS, 1).indices
    assignment = F.one_hot(seeds, m).transpose(1, 2).float()
    centroids = t.gather(1, seeds[..., None].expand(-1, -1, t.shape[2]))
    shares = torch.full((b, CLUSTERS), 1 / CLUSTERS)
    ids = None
    for _ in range(ITERATIONS):
        if ids is None:
            distance = between.gather(2, seeds[:, None].expand(-1, m, -1))
        else:
            least = torch.full((b, CLUSTERS, m), 1e5)
            least.scatter_reduce_(1, ids[..., None].expand(-1, -1, m), between, "amin")
            distance = least.transpose(1, 2)
        distance = torch.where(distance < 1e5, distance, 0)
        filled = torch.where(distance == 0, distance.mean((1, 2), keepdim=True), distance)
        cost = ALPHA * filled / filled.amax((1, 2), keepdim=True) - t @ centroids.transpose(1, 2)
        cost = (cost - cost.min()) / (cost.max() - cost.min())
        plan = (-LAMBDA * cost).exp()
        plan = plan / plan.sum((1, 2), keepdim=True)
        for _ in range(ITERATIONS):
            plan = plan * (1 / m / plan.sum(2, keepdim=True))
            plan = plan * (shares[:, None] / plan.sum(1, keepdim=True))
        ids = plan.nan_to_num(1e-8).argmax(2)
        assignment = F.one_hot(ids, CLUSTERS).float()
        centroids = F.normalize(assignment.transpose(1, 2) @ t, dim=-1)
        counts = assignment.sum(1) + 0.01
        shares = counts / counts.sum(1, keepdim=True)
    return assignment


def objects_of(joint: torch.Tensor, assignment: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """-> means (2, B, K, d), which are in both views (B, K)"""
    counts = torch.stack([view.sum(1) for view in assignment.chunk(2, 1)])
    views = zip(assignment.chunk(2, 1), joint.chunk(2, 1), strict=True)
    sums = torch.stack([a.transpose(1, 2) @ tokens for a, tokens in views])
    return sums / counts.clamp(min=1)[..., None], (counts > 0).all(0)


def neighbours(
    source: torch.Tensor, goal: torch.Tensor, searched: torch.Tensor, paired: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """(N, d), (N, d), (P, d), (P, d) -> what was found (N, d), whether the way back ends at itself (N)"""
    index = (F.normalize(source, dim=-1) @ F.normalize(searched, dim=-1).T).argmax(1)
    back = (F.normalize(paired[index], dim=-1) @ F.normalize(goal, dim=-1).T).argmax(1)
    return searched[index], back == torch.arange(len(source))


def cross_entropy(targets: torch.Tensor, student: torch.Tensor) -> torch.Tensor:
    """(N, H), (N, H): of the mean row, 0 where there is none"""
    rows = -(targets * F.log_softmax(student / STUDENT_TEMPERATURE, -1)).sum(-1)
    return rows.sum() / max(1, len(rows))


class Training:
    def __init__(self, width: int, depth: int, heads: int, batch: int) -> None:
        self.student = Network(width, depth, heads).train()
        self.teacher = copy.deepcopy(self.student).eval().requires_grad_(False)
        decayed = [p for p in self.student.parameters() if p.ndim > 1]
        others = [p for p in self.student.parameters() if p.ndim <= 1]
        groups = [{"params": decayed, "weight_decay": 0.04}, {"params": others, "weight_decay": 0.0}]
        self.optimiser = torch.optim.AdamW(groups, lr=1e-5, fused=True)
        self.centre = torch.zeros(1, PROTOTYPES)
        self.centre_objects = torch.zeros(1, PROTOTYPES)
        self.memory = torch.rand(2, MEMORY_IMAGES * CLUSTERS, width)
        self.pixels = torch.randint(0, 256, (2 * batch, 3, SIZE, SIZE), dtype=torch.uint8)
        rows, columns = torch.meshgrid(torch.arange(SIDE), torch.arange(SIDE), indexing="ij")
        view = 16.0 * torch.stack([columns.flatten(), rows.flatten()], -1)
        self.positions = torch.cat([view, view + SIZE / 2]).expand(batch, -1, -1)
        self.mean = torch.tensor([0.485, 0.456, 0.406])[:, None, None]
        self.std = torch.tensor([0.229, 0.224, 0.225])[:, None, None]

    @torch.no_grad()
    def targets(self, pixels: torch.Tensor) -> dict[str, torch.Tensor]:
        tokens = self.teacher.backbone(pixels)
        joint = join_views(tokens)
        assignment = cluster(joint, self.positions)
        objects, valid = objects_of(joint, assignment)
        view1, view2 = objects[0][valid], objects[1][valid]
        found1, consistent1 = neighbours(view1, view2, self.memory[0], self.memory[1])
        found2, consistent2 = neighbours(view2, view1, self.memory[1], self.memory[0])
        head = self.teacher.head
        cls = head(tokens[:, 0], head.last)
        outputs = head(torch.cat([view1, view2]), head.last_objects)
        matches = head(torch.cat([found1[consistent1], found2[consistent2]]), head.last_objects)
        self.memory = torch.cat([objects.flatten(1, 2), self.memory], 1)[:, : self.memory.shape[1]]

        def sharpen(rows: torch.Tensor, centre: torch.Tensor) -> torch.Tensor:
            return F.softmax((rows - centre) / TEACHER_TEMPERATURE, -1)

        result = {
            "assignment": assignment,
            "valid": valid,
            "consistent1": consistent1,
            "consistent2": consistent2,
            "cls": sharpen(cls, self.centre),
            "objects": sharpen(outputs, self.centre_objects),
            "matches": sharpen(matches, self.centre_objects),
        }
        self.centre.lerp_(cls.mean(0, keepdim=True), 1 - CENTRE_MOMENTUM)
        if len(outputs) > 0:
            self.centre_objects.lerp_(outputs.mean(0, keepdim=True), 1 - CENTRE_MOMENTUM)
        return result

    def losses(self, pixels: torch.Tensor, targets: dict[str, torch.Tensor]) -> torch.Tensor:
        tokens = self.student.backbone(pixels)
        objects, _ = objects_of(join_views(tokens), targets["assignment"])
        head = self.student.head
        cls1, cls2 = head(tokens[:, 0], head.last).chunk(2)
        rows = torch.cat([objects[0][targets["valid"]], objects[1][targets["valid"]]])
        objects1, objects2 = head(rows, head.last_objects).chunk(2)
        target1, target2 = targets["cls"].chunk(2)
        image = (cross_entropy(target1, cls2) + cross_entropy(target2, cls1)) / 2
        target1, target2 = targets["objects"].chunk(2)
        object_level = (cross_entropy(target1, objects2) + cross_entropy(target2, objects1)) / 2
        consistent1, consistent2 = targets["consistent1"], targets["consistent2"]
        target1, target2 = targets["matches"].split([int(consistent1.sum()), int(consistent2.sum())])
        cross1 = cross_entropy(target1, objects2[consistent1])
        cross2 = cross_entropy(target2, objects1[consistent2])
        return image + object_level + (cross1 + cross2) / 2

    def step(self) -> None:
        pixels = (self.pixels / 255 - self.mean) / self.std
        targets = self.targets(pixels)
        loss = self.losses(pixels, targets)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        with torch.no_grad():
            averages = list(self.teacher.parameters())
            torch._foreach_lerp_(averages, list(self.student.parameters()), 1 - TEACHER_MOMENTUM)
        loss.item()


def main() -> None:
    width, depth, heads, batch, rounds, steps = map(int, sys.argv[1:])
    torch.manual_seed(0)
    training = Training(width, depth, heads, batch)
    training.step()
    rates = []
    for _ in range(rounds):
        started = time.perf_counter()
        for _ in range(steps):
            training.step()
        rates.append(batch * steps / (time.perf_counter() - started))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"rates": rates, "peakBytes": peak, "version": torch.__version__, "threads": torch.get_num_threads()}))


main()
