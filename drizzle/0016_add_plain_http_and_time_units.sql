CREATE TABLE `signed_time_units` (
	`app_key` text PRIMARY KEY NOT NULL,
	`unit` text NOT NULL,
	`learned_at_ms` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `proven_hours` ADD `over_plain_http` integer DEFAULT false NOT NULL;