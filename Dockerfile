# Waymark's worker. The same image runs the console, and the command line:
# docker compose run --rm worker python starter.py --help
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /waymark

# Before the code, so that a change of the code does not install everything again.
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY starter.py worker.py console.py pyproject.toml ./
COPY activities activities
COPY cli cli
COPY demo demo
COPY domain domain
COPY engine engine
COPY examples examples
COPY policies policies
COPY languages languages
COPY presentation presentation
COPY records records
COPY service service
COPY simulated simulated
COPY web web
COPY rehearsal rehearsal
COPY workflows workflows

# /waymark/data is where local mail and records go when no server is named for them.
RUN useradd --system --no-create-home waymark && install -d -o waymark data
USER waymark

CMD ["python", "worker.py"]
