"""The WSGI application for granian or any other server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# Below: models can be imported only after the line above.
from home.setup import refuse_demo_people_in_production  # noqa: E402

refuse_demo_people_in_production()
