# The same steps as `make run`, once, and then only what runs: no compiler, no Node, no installer, no root.
#   docker build -t convosphere . && docker run -p 8000:8000 -v convosphere:/data convosphere
# With PostgreSQL and Redis of their own: deploy/compose.yaml.

FROM python:3.12-slim-bookworm AS build
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_NO_CACHE=1
WORKDIR /app
COPY deploy/setup.py deploy/uv.txt deploy/
COPY requirements.txt ./
RUN ["python", "deploy/setup.py"]
COPY . .
RUN .venv/bin/python -m convosphere build && .venv/bin/python deploy/slim.py

FROM python:3.12-slim-bookworm
# PostgreSQL runs only for a user that /etc/passwd knows.
RUN useradd --uid 10001 --no-create-home --home-dir /data convosphere && install -d -o 10001 -m 0700 /data
COPY --from=build /app /app
WORKDIR /app
ENV CONVOSPHERE_DATA=/data HOST=0.0.0.0 PORT=8000 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=90s --retries=3 \
    CMD [".venv/bin/python", "deploy/health.py"]
STOPSIGNAL SIGTERM
CMD [".venv/bin/python", "-m", "convosphere", "run"]
