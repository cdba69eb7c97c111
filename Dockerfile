# Web and worker; compose.yaml runs it.
FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=config.settings
RUN useradd --uid 10001 --create-home peerdesk && install -d -o peerdesk /data
WORKDIR /site
COPY requirements requirements
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements/prod.txt
COPY . .
# The translations are compiled here, since the site may not write to its own folder.
RUN PEERDESK_VAR=/tmp/build python -c \
    "import django; django.setup(); from home.setup import compile_messages as c; c()"
USER peerdesk
EXPOSE 8000
CMD ["granian", "--interface=wsgi", "--host=0.0.0.0", "--port=8000", "--no-ws", "config.wsgi:application"]
