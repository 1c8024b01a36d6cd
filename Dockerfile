# docker build -t rongcloud-archive . && docker run -p 127.0.0.1:3000:3000 -v archive:/data rongcloud-archive
# The image of Node.js by its digest: the same files in every build. docs/operations.md says how to check and renew it.
ARG NODE_IMAGE=node:26.10.0-slim@sha256:930557a230abacbc3f4fd9b8648abf8f4bee1e17cb72195dcdfb2f709bc85b33
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY scripts/collect-assets.ts scripts/
COPY src/http/console/client src/http/console/client
RUN npm ci --omit=dev

FROM ${NODE_IMAGE}
WORKDIR /app
# npm writes a log of each run, which nobody needs.
ENV NODE_ENV=production HOST=0.0.0.0 DATABASE_PATH=/data/archive.db npm_config_cache=/tmp/npm
COPY --from=packages /app ./
COPY src src
COPY drizzle drizzle
# Node keeps what it compiled here, so that the next start is faster; where it may not write, it starts all the same.
RUN mkdir -p /data node_modules/.cache && chown node:node /data node_modules/.cache
# The user `node` by its number, so that whoever runs the image can tell that it is not root.
USER 1000:1000
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["npm", "--silent", "start"]
