"""The product without the layer that counts readers: what `make bench-reach` measures its public pages beside."""

from __future__ import annotations

from config.wsgi import application as counting

application = counting.application
