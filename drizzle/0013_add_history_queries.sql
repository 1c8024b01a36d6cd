CREATE TABLE `history_asks` (
	`conversation_id` integer NOT NULL,
	`from_ms` integer NOT NULL,
	`until_ms` integer NOT NULL,
	PRIMARY KEY(`conversation_id`, `from_ms`)
);
--> statement-breakpoint
CREATE TABLE `history_pauses` (
	`app_key` text NOT NULL,
	`channel_type` text NOT NULL,
	`until_ms` integer NOT NULL,
	`reason` text NOT NULL,
	PRIMARY KEY(`app_key`, `channel_type`)
);
