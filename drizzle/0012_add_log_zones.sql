CREATE TABLE `refused_log_hosts` (
	`app_key` text PRIMARY KEY NOT NULL,
	`at_ms` integer NOT NULL,
	`reason` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `log_positions` ADD `outside` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `proven_hours` ADD `zone_ahead_ms` integer DEFAULT 28800000 NOT NULL;--> statement-breakpoint
ALTER TABLE `proven_hours` ADD `outside` integer DEFAULT 0 NOT NULL;