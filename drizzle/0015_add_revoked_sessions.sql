CREATE TABLE `revoked_sessions` (
	`id_hash` text PRIMARY KEY NOT NULL,
	`until_ms` integer NOT NULL
);
