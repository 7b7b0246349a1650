# Backchannel in a container.
#   docker build -t backchannel .
#   docker run -p 127.0.0.1:8000:8000 -v backchannel:/data backchannel
# There is no password, so think before you leave 127.0.0.1 out. Behind a proxy, or on another port, add the address
# that browsers see to the command: backchannel serve ... --public-origin https://models.example.org

FROM python:3.12-slim AS builder
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev make \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN make wheel

FROM python:3.12-slim
COPY requirements.lock /tmp/
RUN pip install --no-cache-dir --require-hashes -r /tmp/requirements.lock
COPY --from=builder /source/dist/*.whl /tmp/
RUN pip install --no-cache-dir --no-deps /tmp/*.whl \
    && useradd --no-create-home --uid 10001 backchannel \
    && install --directory --owner=backchannel --mode=0700 /data
USER backchannel
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD \
    ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["backchannel", "serve", "--host", "0.0.0.0", "--port", "8000", "--allow-remote", "--data-dir", "/data"]
