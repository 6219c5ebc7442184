# The gateway as an image, in two stages: Maven builds the release, a JRE runs it.
#   docker build -t liiklus .
# The base images need glibc: Kafka's compression codecs load libraries that require it.
ARG BUILD_IMAGE=maven:3.9-eclipse-temurin-17
ARG RUNTIME_IMAGE=eclipse-temurin:25-jre

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY . .
# Further options for Maven, such as --settings or --offline.
ARG MAVEN_OPTIONS=""
RUN mvn -q -B ${MAVEN_OPTIONS} -DskipTests -Dspotless.check.skip=true \
  -Dtests.skipCompile=true -Dcompiler.failOnWarning=false -Darchive.skip=true \
  -pl server -am package \
  && mkdir /release \
  && tar -xzf server/target/liiklus-*.tar.gz -C /release --strip-components=1

FROM ${RUNTIME_IMAGE}
COPY --from=build /release /opt/liiklus
WORKDIR /opt/liiklus
# Plugins to enable, as bin/liiklus plugins lists them: "cassandra,aws". None by default.
ARG PLUGINS=""
RUN for plugin in $(echo "${PLUGINS}" | tr ',' ' '); do bin/liiklus plugins enable "$plugin" || exit; done
# An archive of the loaded classes for this JRE: a start takes half of the time.
RUN bin/liiklus --archive \
  && mkdir data && chown 10001:10001 data
# The embedded database, where no other storage is set.
VOLUME /opt/liiklus/data
# A number, so that a cluster that forbids root can check it.
USER 10001:10001
# gRPC; health and metrics.
EXPOSE 6565 8080
# Bash makes the request, so the image needs no other tool. Where another setting than SERVER_PORT
# changes the port, override this with --health-cmd.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["bash", "-c", "\
  exec 3<>/dev/tcp/127.0.0.1/${SERVER_PORT:-${server_port:-8080}} && \
  printf 'GET /health/live HTTP/1.0\\r\\n\\r\\n' >&3 && \
  read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["/opt/liiklus/bin/liiklus"]
