CREATE TABLE `console_accesses` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`session_id` text NOT NULL,
	`remote_address` text,
	`at_ms` integer NOT NULL,
	`action` text NOT NULL,
	`subject_id` integer,
	`detail` text
);
--> statement-breakpoint
CREATE INDEX `console_accesses_by_subject` ON `console_accesses` (`subject_id`,`action`) WHERE subject_id IS NOT NULL;