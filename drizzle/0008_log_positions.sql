CREATE TABLE `log_positions` (
	`app_key` text NOT NULL,
	`hour_start_ms` integer NOT NULL,
	`sha256` text NOT NULL,
	`lines` integer NOT NULL,
	`read_at_ms` integer NOT NULL,
	`read` integer NOT NULL,
	`known` integer NOT NULL,
	`filled` integer NOT NULL,
	`different` integer NOT NULL,
	`unreadable` integer NOT NULL,
	PRIMARY KEY(`app_key`, `hour_start_ms`)
);
