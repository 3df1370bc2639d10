# A stage has the user and the probe of what it is built on.
FROM registry.example/web:1.4.2 AS base
USER 1000
HEALTHCHECK CMD ["./alive"]

FROM base AS middle

# silent: docker-root, docker-no-healthcheck
FROM Middle
COPY site /srv
