"""OpenTelemetry where YG_OTEL=1 and its packages are installed; nothing of it is loaded otherwise.

Where the traces go is said by OpenTelemetry's own variables (OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SERVICE_NAME).
"""

from __future__ import annotations

import importlib
import os

from yangguang.platform.settings import env_bool
from yangguang.platform.unusable import Unusable

#: module and class of what is traced
INSTRUMENTS = (
    ("opentelemetry.instrumentation.django", "DjangoInstrumentor"),
    ("opentelemetry.instrumentation.psycopg", "PsycopgInstrumentor"),
)


def start_telemetry() -> bool:
    """Trace requests and statements from now on where YG_OTEL asks for it; return whether it does."""
    if not env_bool("YG_OTEL", False):
        return False
    os.environ.setdefault("OTEL_SERVICE_NAME", "yangguang")
    try:
        trace = importlib.import_module("opentelemetry.trace")
        sdk = importlib.import_module("opentelemetry.sdk.trace")
        export = importlib.import_module("opentelemetry.sdk.trace.export")
        otlp = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
        instruments = [getattr(importlib.import_module(module), name) for module, name in INSTRUMENTS]
    except ImportError as problem:
        says = f"YG_OTEL is set, but {problem.name} is not installed."
        raise Unusable(says, 'Install the packages (pip install "yangguang[telemetry]"), or remove YG_OTEL.') from None
    provider = sdk.TracerProvider()
    provider.add_span_processor(export.BatchSpanProcessor(otlp.OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    for instrument in instruments:
        instrument().instrument()
    return True
