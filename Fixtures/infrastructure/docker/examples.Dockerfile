# Each instruction says which check it is an example of.

# fires: docker-untagged-base
FROM registry.example/tools AS tools

# fires: docker-latest-base
FROM registry.example/tools:latest AS newest

# silent: docker-untagged-base, docker-latest-base
FROM registry.example/tools:1.4.2 AS pinned

# silent: docker-untagged-base, docker-latest-base
FROM pinned AS fetched

# fires: docker-add-instead-of-copy
ADD settings.json /etc/web/

# silent: docker-add-instead-of-copy
COPY settings.json /etc/web/

# silent: docker-add-instead-of-copy
ADD site.tar.gz /srv/

# fires: docker-add-remote
ADD https://tools.example/tool.bin /usr/local/bin/tool

# silent: docker-add-remote
ADD --checksum=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef https://tools.example/tool.bin /usr/local/bin/tool

# fires: docker-pipe-to-shell
RUN curl -fsSL https://setup.example/setup.sh | bash

# silent: docker-pipe-to-shell
RUN curl -fsSLo setup.sh https://setup.example/setup.sh && sha256sum --check setup.sha256 && bash setup.sh

# fires: docker-no-verification
RUN curl -k -o setup.sh https://setup.example/setup.sh

# fires: docker-no-verification
RUN curl -fsSLk -o setup.sh https://setup.example/setup.sh

# silent: docker-no-verification
RUN curl -fsSL -o token-key.pem --key client.pem https://setup.example/setup.sh

# fires: docker-sudo
RUN mkdir /srv/files && sudo chown web /srv/files

# silent: docker-sudo
RUN mkdir /srv/files && chown web /srv/files

# Installed, it is not used.
# silent: docker-sudo
RUN dnf install -y sudo procps

FROM pinned AS packages

# fires: docker-apt-unpinned, docker-apt-recommends, docker-apt-lists
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y curl

# silent: docker-apt-unpinned, docker-apt-recommends, docker-apt-lists, docker-apt-update-alone, docker-dist-upgrade
# silent: docker-apt-command
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends curl=8.14.1-2 \
    && rm -rf /var/lib/apt/lists/*

# fires: docker-apt-update-alone
RUN apt-get update && rm -rf /var/lib/apt/lists/*

# fires: docker-apt-command
RUN apt install -y --no-install-recommends curl=8.14.1-2

# fires: docker-dist-upgrade
RUN apt-get update && apt-get dist-upgrade -y && rm -rf /var/lib/apt/lists/*

# fires: docker-pip-unpinned
RUN pip install --no-cache-dir flask

# silent: docker-pip-unpinned, docker-pip-cache
RUN pip install --no-cache-dir flask==3.1.0

# fires: docker-pip-cache
RUN pip install flask==3.1.0

# fires: docker-npm-unpinned
RUN npm install -g eslint

# silent: docker-npm-unpinned
RUN npm install -g eslint@9.17.0

# fires: docker-cd-in-run
RUN cd /srv/web

# silent: docker-cd-in-run
RUN cd /srv/web && ./prepare

# fires: docker-relative-workdir
WORKDIR web

# silent: docker-relative-workdir
WORKDIR /srv/web

# fires: docker-pipefail
RUN ./list | sort > list.txt

FROM pinned AS whole
SHELL ["/bin/bash", "-o", "pipefail", "-c"]

# silent: docker-pipefail
RUN ./list | sort > list.txt

# fires: docker-maintainer
MAINTAINER shop@example.org

# silent: docker-maintainer
LABEL org.opencontainers.image.authors="shop@example.org"

# fires: docker-secret-in-environment
ENV DATABASE_PASSWORD=not-a-real-one

# silent: docker-secret-in-environment
ENV DATABASE_PASSWORD_FILE=/run/secrets/database

# silent: docker-secret-in-environment
ARG DATABASE_PASSWORD

# fires: docker-ssh-port
EXPOSE 22

# silent: docker-ssh-port, docker-bad-port
EXPOSE 2222/tcp

# fires: docker-bad-port
EXPOSE 80800

# fires: docker-shell-form, docker-many-entries
CMD ./web --port 8080

# silent: docker-shell-form
CMD ["./web", "--port", "8080"]

FROM pinned AS once

# silent: docker-many-entries
CMD ["./web"]

# fires: docker-root, docker-no-healthcheck
FROM whole
