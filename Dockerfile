# One image for API, worker, sandbox and prepare-namespace: what runs is the command.
FROM node:24.22.3-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY client/package.json client/
COPY cli/package.json cli/
RUN npm ci
COPY . .
# Compiles to dist/ and bundles the workflows there; then the compilers go.
RUN npm run build && npm ci --omit=dev --workspaces=false

FROM node:24.22.3-bookworm-slim
RUN rm -rf /usr/local/lib/node_modules /opt/yarn-* \
  /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/yarn /usr/local/bin/yarnpkg /usr/local/bin/corepack \
  && mkdir -p /data /var/log/waybill/audit && chown node:node /data /var/log/waybill/audit
# Whom Temporal's client trusts: the slim image has no certificates.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
WORKDIR /app
COPY --from=build /app/package.json /app/package-lock.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# At this address a worker answers the HEALTHCHECK, unless it is told another.
ENV NODE_ENV=production WAYBILL_HOME=/data WORKER_HEALTH_ADDRESS=127.0.0.1:9465
# The user `node`, by number: Kubernetes can then see that it is not root.
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["node", "dist/dev/healthcheck.js"]
CMD ["node", "--enable-source-maps", "dist/api/main.js"]
