# silent: docker-no-healthcheck
FROM registry.example/web:1.4.2

# The last user counts.
USER 1000

# fires: docker-root
USER root

HEALTHCHECK CMD ["./alive"]
