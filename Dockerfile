# syntax=docker/dockerfile:1
# Two stages: what is needed to build stays behind. Nothing is compiled and nothing of the target is run, so that one machine builds for all:
#   docker buildx build --platform linux/amd64,linux/arm64 --tag ostiary .
ARG BUILD_IMAGE=docker.io/library/node:24-bookworm-slim
# Node needs glibc 2.28, libstdc++ (GLIBCXX_3.4.21) and libgcc, which `cc` has and `static` and `base` have not.
ARG RUN_IMAGE=gcr.io/distroless/cc-debian12:nonroot

FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS build
WORKDIR /source
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm pack --silent --pack-destination /package
ARG TARGETARCH
RUN arch="$(echo "${TARGETARCH:?}" | sed s/amd64/x64/)" \
  && node scripts/assemble.mjs /ostiary --platform linux --arch "$arch" --package "$(ls /package/*.tgz)" \
  && cp deploy/docker/healthcheck.mjs /ostiary/bin/ \
  && mkdir /data

FROM ${RUN_IMAGE}
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Ostiary" \
      org.opencontainers.image.description="An identity and user-management server" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0"
# The program belongs to root, so that who runs it cannot change it.
COPY --from=build /ostiary /opt/ostiary
# What is kept in files, such as a SQLite database: nothing else is written to, but for /tmp.
COPY --from=build --chown=65532:65532 /data /var/lib/ostiary
ENV NODE_ENV=production \
    PATH=/opt/ostiary/bin:/usr/bin:/bin
WORKDIR /var/lib/ostiary
USER 65532:65532
EXPOSE 4433 4434
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["/opt/ostiary/bin/node", "/opt/ostiary/bin/healthcheck.mjs"]
ENTRYPOINT ["/opt/ostiary/bin/node", "/opt/ostiary/bin/ostiary.js"]
CMD ["serve"]
