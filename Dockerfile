# One program, nothing else: docker build -t songferry . && docker run -p 8080:8080 -v songferry:/data songferry
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN make build && mkdir /empty

FROM scratch
COPY --from=build /src/songferry /songferry
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build --chown=65532:65532 /empty /data
COPY --from=build --chown=65532:65532 /empty /tmp
# Inside a container the port is public only as far as the container's is.
ENV SONGFERRY_DATA=/data SONGFERRY_LISTEN=:8080
USER 65532:65532
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=1m --timeout=10s --start-period=1m CMD ["/songferry", "healthcheck"]
ENTRYPOINT ["/songferry"]
CMD ["serve"]
