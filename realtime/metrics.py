"""What one process counts of its streams, for Prometheus and for the page of the system."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

registry = CollectorRegistry()

MOMENTS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)

connections = Gauge("phien_connections", "Sockets that have said who they are.", registry=registry)
streams = Gauge("phien_streams", "Streams this process serves.", registry=registry)
ended = Counter("phien_connections_ended", "Sockets this process ended, by reason.", ["code"], registry=registry)
heard = Counter(
    "phien_entries_heard",
    "Entries of streams taken in: by a wake-up, or found by asking the database because none came.",
    ["way"],
    registry=registry,
)
heads = Counter("phien_heads_compared", "Comparisons of the heads of all streams served.", registry=registry)
lag = Histogram(
    "phien_lag_seconds", "From a commit to this process having heard of it.", buckets=MOMENTS, registry=registry
)
waiting = Gauge("phien_operations_waiting", "Operations in line for the next transaction.", registry=registry)
operations = Counter("phien_operations", "Operations answered.", ["answer"], registry=registry)
batch_size = Histogram("phien_batch_operations", "Operations in one transaction.", buckets=SIZES, registry=registry)
batch_seconds = Histogram(
    "phien_batch_seconds", "Time one transaction of operations takes.", buckets=MOMENTS, registry=registry
)
renderings = Counter(
    "phien_panels_rendered", "Panels rendered, each for everybody at once.", ["how"], registry=registry
)
rendering_seconds = Histogram(
    "phien_rendering_seconds",
    "Time one pass over the changed panels of a stream takes.",
    buckets=MOMENTS,
    registry=registry,
)
snapshots = Counter(
    "phien_snapshots", "Whole states made for those who cannot be told the difference.", registry=registry
)
dropped = Counter(
    "phien_ephemera_dropped", "Pointers and strokes being drawn that a slow line missed.", registry=registry
)


def exposition() -> bytes:
    """Return everything in the text format of Prometheus."""
    return generate_latest(registry)


@dataclass(frozen=True)
class Summary:
    """What a person wants to know: counts since this process began, and means in ms, None where there was nothing."""

    connections: int
    streams: int
    acknowledged: int
    busy: int
    ended_as_slow: int
    by_wake_up: int
    by_comparison: int
    lag_ms: float | None
    batch_ms: float | None
    rendered: int
    rendering_ms: float | None
    failed_renderings: int


def summary() -> Summary:
    found = {(sample.name, *sorted(sample.labels.values())): sample.value for sample in samples()}

    def count(*names: str) -> int:
        return int(found.get(names, 0))

    def mean_ms(name: str) -> float | None:
        times = found.get((f"{name}_count",), 0)
        return 1000 * found[(f"{name}_sum",)] / times if times else None

    return Summary(
        connections=count("phien_connections"),
        streams=count("phien_streams"),
        acknowledged=count("phien_operations_total", "ack"),
        busy=count("phien_operations_total", "busy"),
        ended_as_slow=count("phien_connections_ended_total", "slow"),
        by_wake_up=count("phien_entries_heard_total", "wake_up"),
        by_comparison=count("phien_entries_heard_total", "comparison"),
        lag_ms=mean_ms("phien_lag_seconds"),
        batch_ms=mean_ms("phien_batch_seconds"),
        rendered=count("phien_panels_rendered_total", "well"),
        rendering_ms=mean_ms("phien_rendering_seconds"),
        failed_renderings=count("phien_panels_rendered_total", "failed"),
    )


def samples() -> Iterable[Any]:
    return (sample for family in registry.collect() for sample in family.samples)
