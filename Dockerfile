# The emulator alone in an image: a static binary, nobody's user id, its own binary as health check.
FROM rust:1.95-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY src src
COPY keys keys
COPY scenarios scenarios
COPY benches benches
RUN host=$(rustc -vV | sed -n 's/^host: //p') \
    && RUSTFLAGS="-C target-feature=+crt-static" cargo build --release --locked --bin genesys-emulator --target "$host" \
    && cp "target/$host/release/genesys-emulator" /genesys-emulator

FROM scratch
COPY --from=build /genesys-emulator /genesys-emulator
USER 65532:65532
# inside a container, loopback would be reachable by nobody
ENV GENESYS_EMULATOR_LISTEN=0.0.0.0:4363
EXPOSE 4363
HEALTHCHECK --interval=2s --timeout=3s --retries=15 CMD ["/genesys-emulator", "health"]
ENTRYPOINT ["/genesys-emulator"]
CMD ["serve"]
