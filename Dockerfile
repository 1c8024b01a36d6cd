# docker build -t rongcloud-archive . && docker run -p 127.0.0.1:3000:3000 -v archive:/data rongcloud-archive
FROM node:26.10.0-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY scripts/collect-assets.ts scripts/
COPY src/http/console/client src/http/console/client
RUN npm ci --omit=dev

FROM node:26.10.0-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 DATABASE_PATH=/data/archive.db
COPY --from=packages /app ./
COPY src src
COPY drizzle drizzle
# Node keeps what it compiled here, so that the next start is faster.
RUN mkdir -p /data node_modules/.cache && chown node:node /data node_modules/.cache
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["npm", "--silent", "start"]
