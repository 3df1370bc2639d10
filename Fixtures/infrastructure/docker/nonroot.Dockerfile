# silent: docker-root
FROM registry.example/static:nonroot
COPY web /
