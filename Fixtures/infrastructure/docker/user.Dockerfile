# silent: docker-root, docker-no-healthcheck
FROM registry.example/web:1.4.2

# silent: docker-root
USER root
RUN chown 1000 /srv

# silent: docker-root
USER 1000
HEALTHCHECK CMD ["./alive"]
